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

/** On the page of the keys, with one behind it; a key is on its way, and no answer. */
async function makeSlowly() {
  const { page } = await scene.visit(`/dashboard/p/${PROJECT_ID}/networks`, { hangs: ["createKey"] });
  await page.getByRole("link", { name: "Keys", exact: true }).click();
  await page.getByRole("button", { name: "Make a key" }).click();
  const making = page.getByRole("dialog", { name: "Make a key" });
  await making.getByRole("button", { name: "Make the key" }).click();
  await making.locator("[aria-busy=true]").waitFor();
  return { page, making, leaving: page.getByRole("dialog", { name: "Leave without the key?" }) };
}

test("while a key is made its dialog and its page are held, and then it is shown", async () => {
  const { page, making, leaving } = await makeSlowly();
  await page.keyboard.press("Escape");
  await making.getByRole("button", { name: "Cancel" }).click();
  await making.getByRole("button", { name: "Close" }).click();
  await page.goBack();
  await leaving.getByText("It is being made at this moment.").waitFor();
  await captureState(page, "key-leave-making");
  await leaving.getByRole("button", { name: "Cancel" }).click();
  await making.getByRole("button", { name: "Make the key" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(KEYS);
  await page.evaluate(`dispatchEvent(new Event("fake-answers"))`);
  await page.getByRole("heading", { name: "Your new publishable key" }).waitFor();
  await making.waitFor({ state: "hidden" });
});

test("a key that is made after one has left is told of, so that no key opens which nobody has", async () => {
  const { page, leaving } = await makeSlowly();
  await page.goBack();
  await leaving.getByRole("button", { name: "Leave it" }).click();
  await page.locator("networks-page h1").waitFor();
  await page.evaluate(`dispatchEvent(new Event("fake-answers"))`);
  await page.getByRole("status").getByText("was made after you had left, and nobody has it").waitFor();
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

test("with the tag it is said where the file comes from that it names", async () => {
  const { page } = await scene.visit(KEYS);
  const snippet = page.locator("embed-snippet");
  await snippet.getByText("makes in widget/dist").waitFor();
  await snippet.getByLabel("Served by").selectOption("https://tickets.example");
  await snippet.locator("p code", { hasText: "https://tickets.example/gasless-wallet.js" }).waitFor();
  await snippet.scrollIntoViewIfNeeded();
  await captureState(page, "embed-tag");
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
