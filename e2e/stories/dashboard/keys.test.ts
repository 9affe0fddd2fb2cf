import { afterAll, beforeAll, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";
import { press } from "../support/press.ts";

const KEYS = `/dashboard/p/${PROJECT_ID}/keys`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

test("a publishable key is shown once, and stands in the snippet until then", async () => {
  const { page, watch } = await scene.visit(KEYS, { state: "empty" });
  await page.getByText("This project has no key yet").waitFor();
  await captureState(page, "keys-empty");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make the key" }).click();
  const made = page.locator("new-key-panel");
  await made.getByRole("heading", { name: "Your new publishable key" }).waitFor();
  await captureState(page, "key-made");
  const key = await made.locator("pre code").innerText();
  expect(key).toMatch(/^pk_test_/);
  const snippet = page.locator("embed-snippet pre code");
  expect(await snippet.innerText()).toContain(`<gasless-wallet project="${key}" api="${scene.origin}">`);
  await press(made.getByRole("button", { name: "Done" }));
  await page.getByText("Store the key first, and say so.").waitFor();
  await made.getByLabel("I have stored it").check();
  await page.getByRole("link", { name: "Origins", exact: true }).click();
  const leaving = page.getByRole("dialog", { name: "Leave without the key?" });
  await captureState(page, "key-leave");
  await leaving.getByRole("button", { name: "Cancel" }).click();
  await made.getByRole("button", { name: "Done" }).click();
  await made.waitFor({ state: "hidden" });
  expect(await page.content()).not.toContain(key);
  await page.getByLabel("Your key").fill(key);
  await expect.poll(() => snippet.innerText()).toContain(key);
  await expectClean(watch, { allowedOrigins: [] });
});

test("a secret key takes a name and scopes, of which a preset brings what it needs", async () => {
  const { page, watch } = await scene.visit(KEYS);
  await page.getByRole("row").nth(3).waitFor();
  await captureState(page, "keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  const dialog = page.getByRole("dialog", { name: "Make a key" });
  await dialog.getByRole("radio", { name: /^Secret/ }).check();
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await dialog.getByText("Choose at least one.").waitFor();
  await captureState(page, "key-refused");
  await dialog.getByLabel("Name").fill("Pipeline");
  await dialog.getByLabel("What it is for").selectOption("lists");
  expect(await dialog.getByRole("checkbox", { name: /^Change lists/ }).isChecked()).toBe(true);
  await dialog.getByRole("checkbox", { name: /^Read lists/ }).uncheck();
  expect(await dialog.getByRole("checkbox", { name: /^Change lists/ }).isChecked()).toBe(false);
  expect(await dialog.getByLabel("What it is for").inputValue()).toBe("own");
  await captureState(page, "key-scopes");
  await dialog.getByRole("button", { name: "Make the key" }).click();
  await page.getByRole("heading", { name: "Your new secret key" }).waitFor();
  expect(await page.evaluate<string>("document.activeElement.textContent")).toBe("Your new secret key");
  await page.getByRole("row", { name: /Pipeline.*jobs:read/ }).waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});

test("before a key is rolled it is said what happens when, and both open afterwards", async () => {
  const { page } = await scene.visit(KEYS);
  await page.getByRole("button", { name: "Roll tickets.example" }).click();
  const dialog = page.getByRole("dialog", { name: "Roll a key" });
  await dialog.getByText("Both open. Put the new key on your pages meanwhile").waitFor();
  await captureState(page, "roll-key");
  await dialog.getByLabel("How long both open").selectOption("0");
  await dialog.getByText("is refused within five seconds").waitFor();
  await dialog.getByLabel("How long both open").selectOption("604800");
  await dialog.getByRole("button", { name: "Roll the key" }).click();
  await page.getByRole("heading", { name: "Your new publishable key" }).waitFor();
  await page.getByRole("row", { name: /tickets\.example.*mW2c.*in [67] days/ }).waitFor();
  expect(await page.getByRole("row", { name: /^tickets\.example/ }).count()).toBe(2);
});

test("a key is revoked only by who types its end", async () => {
  const { page } = await scene.visit(KEYS);
  await page.getByRole("button", { name: "Revoke Risk service" }).click();
  const dialog = page.getByRole("dialog", { name: "Revoke Risk service?" });
  await captureState(page, "revoke-key");
  await press(dialog.getByRole("button", { name: "Revoke it" }));
  await page.getByText("Type 9fQz first.").first().waitFor();
  await dialog.getByLabel("Type 9fQz to go on").fill("9fQz");
  await dialog.getByRole("button", { name: "Revoke it" }).click();
  await page.getByText("The key …9fQz opens nothing any more.").waitFor();
  await page.getByRole("row", { name: /Risk service.*revoked/ }).waitFor();
});

test("what a page's policy has to allow names the API", async () => {
  const { page } = await scene.visit(KEYS);
  await page.getByRole("tab", { name: "Script tag" }).focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("tab", { name: "Security policy", selected: true }).waitFor();
  expect(await page.locator("embed-snippet pre code").innerText()).toContain(`connect-src ${scene.origin} `);
  await captureState(page, "embed-policy");
});

test("a viewer is not shown the keys, and nothing is asked for", async () => {
  const { page, watch } = await scene.visit(KEYS, { role: "viewer" });
  await page.getByText("Your role does not show this").waitFor();
  await captureState(page, "keys-viewer");
  await press(page.getByRole("button", { name: "Make a key" }));
  await page.getByText("Only owners and admins can do this; your role is viewer.").waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});
