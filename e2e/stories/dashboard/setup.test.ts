import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";
import { press } from "../support/press.ts";

const PROJECT = `/dashboard/p/${PROJECT_ID}`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

describe("origins", () => {
  test("a page over http is added with the word that nobody can sign in there, before and after", async () => {
    const { page } = await scene.visit(`${PROJECT}/origins`);
    await page.getByLabel("Origin", { exact: true }).fill("http://192.168.0.7:3000");
    await page.getByRole("status").getByText("Nobody can sign in there").waitFor();
    await page.getByRole("button", { name: "Add the origin" }).click();
    await page.getByRole("row", { name: /http:\/\/192.168.0.7:3000.*no sign-in/ }).waitFor();
    expect(await page.getByText("no sign-in").count()).toBe(1);
    await captureState(page, "origins-http");
  });

  test("one in another script is shown as browsers send it, and a wildcard is refused with its danger", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/origins`);
    await page.getByRole("row", { name: /tickets\.example/ }).waitFor();
    await captureState(page, "origins");
    const field = page.getByLabel("Origin", { exact: true });
    await field.fill("https://*.tickets.example");
    await page.getByText("could spend your budget").waitFor();
    await captureState(page, "origin-wildcard");
    await field.fill("https://büro.example/");
    await page.getByText("https://xn--bro-hoa.example").waitFor();
    await captureState(page, "origin-punycode");
    await page.getByRole("button", { name: "Add the origin" }).click();
    await page.getByRole("row", { name: /xn--bro-hoa\.example/ }).waitFor();
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("what the API refuses is told at the field", async () => {
    const { page } = await scene.visit(`${PROJECT}/origins`);
    await page.getByLabel("Origin", { exact: true }).fill("https://blocked.example");
    await page.getByRole("button", { name: "Add the origin" }).click();
    await page.locator("small.fault", { hasText: "No browser sends an origin like this." }).waitFor();
    expect(await page.getByLabel("Origin", { exact: true }).inputValue()).toBe("https://blocked.example");
  });

  test("the last one goes only after it was said that nothing works then", async () => {
    const { page } = await scene.visit(`${PROJECT}/origins`, { state: "empty" });
    await page.getByText("No origin is listed yet").waitFor();
    await captureState(page, "origins-empty");
    await page.getByLabel("Origin", { exact: true }).fill("localhost:3000");
    await page.getByText("as in http://localhost:3000.").waitFor();
    await page.getByLabel("Origin", { exact: true }).fill("http://localhost:3000");
    await page.getByRole("button", { name: "Add the origin" }).click();
    await page.getByRole("button", { name: "Remove http://localhost:3000" }).click();
    await page.getByRole("dialog").getByText("the project then works nowhere").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Remove it" }).click();
    await page.getByText("No origin is listed yet").waitFor();
  });
});

describe("networks", () => {
  test("one is added, linked to an explorer, and removed by who types its name", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/networks`);
    await page.getByRole("row", { name: /algorand:testnet.*not served here/ }).waitFor();
    await captureState(page, "networks");
    await page.getByLabel("Network").selectOption("solana:localnet");
    await page.getByRole("button", { name: "Add the network" }).click();
    await page.getByRole("row", { name: /solana:localnet.*none: publish one/ }).waitFor();
    await page.getByRole("button", { name: "Change explorer of solana:localnet" }).click();
    const dialog = page.getByRole("dialog");
    await captureState(page, "network-explorer");
    await dialog.getByLabel("Address").fill("javascript:alert(1)");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("is no address of a web page").waitFor();
    await dialog.getByLabel("Address").fill("https://explorer.example");
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("row", { name: /solana:localnet.*explorer\.example/ }).waitFor();
    await page.getByRole("button", { name: "Remove solana:localnet" }).click();
    await dialog.getByLabel("Type solana:localnet to go on").fill("solana:localnet");
    await dialog.getByRole("button", { name: "Remove the network" }).click();
    await page.getByRole("row", { name: /solana:localnet/ }).waitFor({ state: "hidden" });
    await expectClean(watch, { allowedOrigins: [] });
  });
});

describe("settings", () => {
  test("only what was changed is saved, after what cannot be meant was told at its field", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/settings`);
    await captureState(page, "settings");
    await page.getByLabel("Text of the sign-in").fill("Grüße");
    await page.getByLabel("Relays of a user").fill("0");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("takes one line of plain letters").waitFor();
    await captureState(page, "settings-refused");
    await page.getByLabel("Text of the sign-in").fill("Sign in to the box office.");
    await page.getByLabel("Relays of a user").fill("12");
    await page.getByLabel("Name", { exact: true }).fill("Box office");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved. Pages see it within five seconds.").waitFor();
    // Everything else of the page knows the new name too.
    await expect.poll(() => page.title()).toContain("Box office");
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("somebody else's change meanwhile is shown, and nothing that was typed is lost", async () => {
    const { page } = await scene.visit(`${PROJECT}/settings`);
    await page.getByLabel("Name", { exact: true }).fill("Kiosk");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("alert").getByText("Somebody else changed the project meanwhile.").waitFor();
    expect(await page.getByLabel("Text of the sign-in").inputValue()).toBe("Sign in, said somebody else.");
    expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Kiosk");
    await captureState(page, "settings-conflict");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved. Pages see it within five seconds.").waitFor();
    expect(await page.getByLabel("Text of the sign-in").inputValue()).toBe("Sign in, said somebody else.");
  });

  test("a theme that cannot be read in the dark is told, and shown", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/settings`);
    await page.getByText("Text has enough contrast").waitFor();
    await page.getByLabel("Accent optional", { exact: true }).fill("#ffe066");
    expect(
      await page.evaluate<string>(`getComputedStyle(document.querySelector(".sample.light .sample-button")).color`),
    ).toBe("rgb(0, 0, 0)");
    await captureState(page, "theme-changed");
    await page.getByLabel("Text optional", { exact: true }).fill("#222222");
    await page.getByText(/^Text in the dark: 1\.\d+ to 1$/).waitFor();
    await page.getByLabel("Accent optional", { exact: true }).fill("red; background: url(x)");
    await page.getByText("takes a plain CSS value").waitFor();
    await press(page.getByRole("button", { name: "Save the looks" }));
    await page.getByText("One of the values is none.").waitFor();
    await page.getByLabel("Accent optional", { exact: true }).fill("#0f6b5c");
    await page.getByRole("button", { name: "Save the looks" }).click();
    await page.getByText("Saved. Pages see it within five seconds.").waitFor();
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("the project is suspended only by who types its name, and resumed", async () => {
    const { page } = await scene.visit(`${PROJECT}/settings`);
    await page.getByRole("button", { name: "Suspend the project" }).click();
    const dialog = page.getByRole("dialog");
    await captureState(page, "suspend");
    await dialog.getByLabel("Type Ticket booth to go on").fill("Ticket booth");
    await dialog.getByRole("button", { name: "Suspend it" }).click();
    await page.getByText("The project is suspended").waitFor();
    await page.getByRole("button", { name: "Resume the project" }).click();
    await dialog.getByRole("button", { name: "Resume it" }).click();
    await page.getByRole("button", { name: "Suspend the project" }).waitFor();
  });

  test("a viewer reads every setting and can change none", async () => {
    const { page } = await scene.visit(`${PROJECT}/settings`, { role: "viewer" });
    await captureState(page, "settings-viewer");
    expect(await page.getByLabel("Name", { exact: true }).isEditable()).toBe(false);
    await press(page.getByRole("button", { name: "Suspend the project" }));
    await page.getByText("your role is viewer").first().waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });
});
