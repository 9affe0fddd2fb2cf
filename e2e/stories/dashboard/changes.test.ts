import { randomBytes } from "node:crypto";
import { proveFirstRelay } from "@gasless/localnet/prove";
import bs58 from "bs58";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectClean } from "../../browser/page-checks.ts";
import { type ClaimedConsole, openClaimedConsole } from "../support/claimed-console.ts";

// Over the API itself: what the dashboard says has happened has happened.

const ORIGIN = "https://tickets.example";
let scene: ClaimedConsole;
beforeAll(async () => {
  scene = await openClaimedConsole(async (stack) => {
    const project = await stack.createProject({ name: "Ticket booth" });
    await proveFirstRelay(project, stack.solana.httpUrl);
    await stack.createProject({ name: "Coat check" });
  });
  await scene.page.getByRole("link", { name: "Ticket booth" }).click();
}, 120_000);
afterAll(() => scene.close());

const open = async (name: string) => {
  await scene.page.getByRole("navigation", { name: "Pages" }).getByText(name, { exact: true }).first().click();
  await scene.page.locator("main h1").getByText(name, { exact: true }).waitFor();
};
const configFor = (key: string) =>
  fetch(`${scene.stack.api}/v1/config`, { headers: { "Gasless-Key": key, Origin: ORIGIN } });
const addresses = (count: number): string =>
  Array.from({ length: count }, () => bs58.encode(randomBytes(32))).join("\n");

test("a key is rolled without a refused request", { timeout: 90_000 }, async () => {
  const { page } = scene;
  await open("Origins");
  await page.getByLabel("Origin", { exact: true }).fill(ORIGIN);
  await page.getByRole("button", { name: "Add the origin" }).click();
  await page.getByRole("row", { name: /tickets\.example/ }).waitFor();
  await open("Keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Booth");
  await page.getByRole("dialog").getByRole("button", { name: "Make the key" }).click();
  const shown = page.locator("new-key-panel pre code");
  const first = await shown.innerText();
  expect((await configFor(first)).status).toBe(200);
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Roll Booth" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Roll the key" }).click();
  const second = await shown.innerText();
  expect(second).not.toBe(first);
  expect([(await configFor(first)).status, (await configFor(second)).status]).toEqual([200, 200]);
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Done" }).click();
});

test("ten thousand addresses are imported with progress, and counted", { timeout: 180_000 }, async () => {
  const { page } = scene;
  await open("Denylist");
  await page.getByText("No address", { exact: false }).or(page.getByText("Nobody is denied here")).first().waitFor();
  await page.getByRole("button", { name: "Import a CSV" }).click();
  const buffer = Buffer.from(addresses(10_000));
  await page.getByLabel("Choose a file").setInputFiles({ name: "bots.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Import 10,000 entries" }).click();
  await page.getByRole("progressbar").waitFor();
  await page.getByText("Done: 10,000 added, 0 changed, 0 removed.").waitFor({ timeout: 120_000 });
  await page.getByText("10,000 on the list").waitFor();
});

test("an answer about a project that was left is shown nowhere", async () => {
  const { page } = scene;
  const [gone] = /prj_\w+/.exec(page.url()) ?? [];
  const left = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const answered = page.waitForResponse((response) => response.url().endsWith(`/manage/projects/${gone}`));
  await page.route(`**/v1/manage/projects/${gone}`, async (route) => {
    asked.resolve();
    await left.promise;
    await route.continue();
  });
  // Settings are read anew when they are opened.
  await open("Settings");
  await asked.promise;
  await page.getByRole("button", { name: /Ticket booth/ }).click();
  await page.getByRole("link", { name: /Coat check/ }).click();
  await page.locator("main h1").getByText("Coat check").waitFor();
  left.resolve();
  await answered;
  await page.evaluate("new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve)))");
  expect(await page.title()).toContain("Coat check");
  await page.unroute(`**/v1/manage/projects/${gone}`);
  await page.getByRole("button", { name: /Coat check/ }).click();
  await page.getByRole("link", { name: /Ticket booth/ }).click();
  await page.locator("main h1").getByText("Ticket booth").waitFor();
});

test("budgets, limits and the log say what was set, and who set it", { timeout: 90_000 }, async () => {
  const { page, watch } = scene;
  await open("Budgets");
  await page.getByRole("button", { name: "Edit the budgets" }).click();
  await page.getByRole("group", { name: "Budget 1" }).getByLabel("Limit").first().fill("33");
  await page.getByRole("button", { name: "Set the budgets" }).click();
  await page.getByText("The budgets hold from the next relay on.").waitFor();
  await open("Settings");
  await page.getByLabel("Relays of a user").fill("12");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved. Pages see it within five seconds.").waitFor();
  await open("Audit log");
  const log = page.locator(".audit");
  await log.getByText("relays a minute and user").first().waitFor();
  await log.getByText("changed the project").first().waitFor();
  await log
    .getByText(/added 1,000 denylist entries/)
    .first()
    .waitFor();
  await log.getByText("added a key").first().waitFor();
  expect(await log.locator("li").first().innerText()).toMatch(/^A member\s+solana:/);
  await expectClean(watch, { allowedOrigins: [] });
});

test("the first relay is told with its way, and its fee as it was charged", { timeout: 90_000 }, async () => {
  const { page, watch } = scene;
  await open("Relays");
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await page.getByRole("heading", { name: "What happened" }).waitFor();
  expect(await page.locator(".timeline li b").allInnerTexts()).toHaveLength(5);
  await page.getByText("It stands for good, and was charged.").waitFor();
  await page.getByRole("link", { name: "See the decision" }).click();
  await page.getByRole("heading", { name: "It was sponsored" }).waitFor();
  await page.getByRole("link", { name: "See the user" }).click();
  await page.getByRole("row", { name: /solana:localnet/ }).waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});
