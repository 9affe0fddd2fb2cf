import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type DashboardScene, LIVE_PROJECT_ID, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";
import { press } from "../support/press.ts";

const PROJECT = `/dashboard/p/${PROJECT_ID}`;
/** May the page read what was copied. */
const CLIPBOARD = { permissions: ["clipboard-read", "clipboard-write"] };
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

describe("relays", () => {
  test("are searched by state, wallet and time, in the address, and paged", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/relays`);
    await page.getByRole("row").nth(20).waitFor();
    await captureState(page, "relays");
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByText("Page 2").waitFor();
    await page.getByLabel("State").selectOption("failed");
    await expect.poll(() => page.getByRole("row").count()).toBe(6);
    // Another filter begins at the first page again.
    expect(await page.getByText("Page 2").count()).toBe(0);
    await page.getByLabel("Time").selectOption("1h");
    await expect.poll(() => new URL(page.url()).search).toBe("?state=failed&period=1h");
    await page.getByLabel("Wallet").fill("solana:nobodyknowsthis");
    await page.getByText("No relay fits").waitFor();
    await captureState(page, "relays-no-match");
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await page.getByRole("row").nth(20).waitFor();
    expect(new URL(page.url()).search).toBe("");
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("one that failed is told in words, with its way, its cost and its accounts", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/relays?state=failed`, { context: CLIPBOARD });
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.getByRole("heading", { name: "What happened" }).waitFor();
    await page.getByText("It landed, and its program failed.").first().waitFor();
    await page.getByText("Program log: Error: insufficient funds").waitFor();
    await captureState(page, "relay-failed");
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await page.getByText("It takes a secret key from GASLESS_SECRET_KEY.").waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    expect(copied).toContain(`/v1/manage/projects/${PROJECT_ID}/relays/rly_`);
    expect(copied).not.toContain("fake");
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("an account goes onto the denylist from the relay that named it, and what every transaction names does not", async () => {
    const { page } = await scene.visit(`${PROJECT}/relays?state=failed`);
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await press(page.getByRole("button", { name: "Deny 11111111111111111111111111111111" }));
    await page.getByText("This is the system program").first().waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.getByRole("button", { name: /^Deny Q7v91/ }).click();
    const dialog = page.getByRole("dialog", { name: "Deny an address" });
    await captureState(page, "deny-account");
    await dialog.getByLabel("Note").fill("Seen in ticket 12");
    await dialog.getByRole("button", { name: "Deny an address" }).click();
    await page.getByText("On the denylist", { exact: true }).waitFor();
  });

  test.each([
    ["decision", "decisions?verdict=refuse&network=solana:devnet"],
    ["relay", "relays?network=solana:devnet"],
  ])("the sponsor is named in the accounts of a %s, and cannot be denied there", async (_what, list) => {
    const { page } = await scene.visit(`${PROJECT}/${list}`);
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.getByRole("row", { name: /D7v91.* Sponsor/ }).waitFor();
    await page
      .getByRole("button", { name: /^Deny / })
      .nth(3)
      .waitFor();
    expect(await page.getByRole("button", { name: /^Deny D7v91/ }).count()).toBe(0);
  });

  test("only the address that was denied is said to be", async () => {
    const { page } = await scene.visit(`${PROJECT}/relays?state=failed`);
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.getByRole("button", { name: /^Deny Q7v91/ }).click();
    const dialog = page.getByRole("dialog", { name: "Deny an address" });
    await dialog.getByLabel(/^Address/).fill("9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin");
    await dialog.getByRole("button", { name: "Deny an address" }).click();
    await page.getByText("is on the denylist of").waitFor();
    await page.getByRole("button", { name: /^Deny Q7v91/ }).waitFor();
  });

  test("another project's list begins at its first page", async () => {
    const { page } = await scene.visit(`${PROJECT}/relays`);
    await page.getByRole("button", { name: "Older" }).click();
    await page.getByText("Page 2").waitFor();
    await page.evaluate(
      `history.pushState(null, "", location.pathname.replace("${PROJECT_ID}", "${LIVE_PROJECT_ID}"))`,
    );
    await page.evaluate(`dispatchEvent(new PopStateEvent("popstate"))`);
    await page.locator("project-switcher").getByText("live").waitFor();
    await page.getByText("Page 1").waitFor();
  });

  test("a new project says how the first relay comes", async () => {
    const { page } = await scene.visit(`${PROJECT}/relays`, { state: "empty" });
    await page.getByText("Nothing has been sponsored yet").waitFor();
    await captureState(page, "relays-empty");
  });

  test("what cannot be loaded says why, and is tried again", async () => {
    const { page } = await scene.visit(`${PROJECT}/relays/rly_00000000000000000000000000`);
    await page.getByRole("alert").getByText("There is nothing with this id in the project.").waitFor();
    await captureState(page, "relay-missing");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("alert").waitFor();
  });
});

describe("decisions", () => {
  test("a refusal is found by its code, explained, and leads to what mends it", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/decisions`);
    await page.getByRole("row").nth(20).waitFor();
    await captureState(page, "decisions");
    await page.getByLabel("Verdict").selectOption("refuse");
    await page.getByLabel("Code").selectOption("policy.argument_not_allowed");
    await expect.poll(() => page.getByRole("row").count()).toBeLessThan(8);
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.getByText("An argument or an account of an instruction is not what the policy takes.").waitFor();
    await page.getByText("2, counted from 1").waitFor();
    await captureState(page, "decision-refused");
    expect(await page.getByRole("link", { name: "Open the policy" }).getAttribute("href")).toContain(
      "/policy?network=",
    );
    const explain = await page.getByRole("link", { name: "Explain", exact: true }).last().getAttribute("href");
    expect(explain).toMatch(/\/explain\?decision=req_/);
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("what was refused is never shown as paid", async () => {
    const { page } = await scene.visit(`${PROJECT}/decisions?verdict=refuse`);
    await page
      .getByRole("row", { name: /refused/ })
      .first()
      .waitFor();
    expect(await page.getByRole("cell", { name: /SOL|ALGO/ }).count()).toBe(0);
    await page.getByRole("row").nth(1).getByRole("link").first().click();
    await page.locator("main").getByText("Fee it would have cost").waitFor();
    expect(await page.locator("main dt", { hasText: /^Fee$/ }).count()).toBe(0);
  });

  test("a code that this dashboard does not know can still be searched for", async () => {
    const { page } = await scene.visit(`${PROJECT}/decisions?code=policy.brand_new`);
    await page.getByText("No decision fits").waitFor();
    expect(await page.getByLabel("Code").inputValue()).toBe("policy.brand_new");
  });
});

describe("users", () => {
  test("one is found by wallet, and signed out of one browser or of all", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/users`);
    await page.getByRole("row").nth(7).waitFor();
    await captureState(page, "users");
    await page.getByRole("row").nth(3).getByRole("link").first().click();
    await page.getByRole("heading", { name: "Open sessions" }).waitFor();
    await captureState(page, "user");
    await page
      .getByRole("button", { name: /^End the session/ })
      .first()
      .click();
    await page.getByRole("dialog").getByRole("button", { name: "End it" }).click();
    await page.getByText("One session was ended.").waitFor();
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
    await page.getByText("No session is open", { exact: true }).waitFor();
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("a viewer is told why nobody can be signed out", async () => {
    const { page } = await scene.visit(`${PROJECT}/users`, { role: "viewer" });
    await page.getByRole("row").nth(3).getByRole("link").first().click();
    await press(page.getByRole("button", { name: "Sign out everywhere" }));
    await page.getByText("Only owners, admins, and developers can do this; your role is viewer.").first().waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });
});
