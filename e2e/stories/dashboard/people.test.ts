import { proveFirstRelay } from "@gasless/localnet/prove";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectClean } from "../../browser/page-checks.ts";
import { type ClaimedConsole, openClaimedConsole } from "../support/claimed-console.ts";
import { press } from "../support/press.ts";

// More than one person in one organization, over the API itself.

let scene: ClaimedConsole;
beforeAll(async () => {
  scene = await openClaimedConsole(async (stack) => {
    const project = await stack.createProject({ name: "Ticket booth" });
    await proveFirstRelay(project, stack.solana.httpUrl);
  });
}, 120_000);
afterAll(() => scene.close());

const dialog = (page: Page) => page.getByRole("dialog");

async function open(page: Page, name: string): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).first().click();
  await page.locator("main h1").getByText(name, { exact: true }).waitFor();
}

async function beginDraft(page: Page, name: string): Promise<void> {
  await open(page, "Policy");
  await page.getByRole("button", { name: "Change it" }).click();
  await dialog(page).getByLabel("Name", { exact: true }).fill(name);
  await dialog(page).getByRole("button", { name: "Begin" }).click();
  await page.getByLabel("Draft", { exact: true }).waitFor();
}

/** A bound of its own, so that the draft differs from everything else. */
async function changeFee(page: Page, sol: string): Promise<void> {
  await page.getByLabel("Fee of one transaction").fill(sol);
  await page.locator(".save-state").getByText("Saved", { exact: true }).waitFor();
}

test("who publishes second is shown what the first one changed, and takes nothing back unasked", async () => {
  const first = scene.page;
  const { page: second, watch } = await scene.join("developer");
  for (const page of [first, second]) await page.getByRole("link", { name: "Ticket booth" }).click();
  await beginDraft(first, "Dearer");
  await changeFee(first, "0.00003");
  await beginDraft(second, "Cheaper");
  await changeFee(second, "0.00002");

  await first.getByRole("button", { name: "Publish…" }).click();
  await dialog(first).getByRole("button", { name: "Publish", exact: true }).click();
  await first.locator("main").getByText("In force: version 2").waitFor();

  await second.getByRole("button", { name: "Publish…" }).click();
  await dialog(second).getByRole("button", { name: "Publish", exact: true }).click();
  await dialog(second).getByRole("alert").getByText("published version 2 meanwhile").waitFor();
  await dialog(second).getByText("0.00003 SOL").first().waitFor();
  const { rows } = await scene.stack.database.query("select max(version) as version from policies");
  expect(rows).toEqual([{ version: 2 }]);
  await dialog(second).getByRole("button", { name: "Publish on top of version 2" }).click();
  await second.locator("main").getByText("In force: version 3").waitFor();
  await expectClean(watch, { allowedOrigins: [], allowedErrors: [/\b409\b.*policies/] });
});

test("the last owner cannot leave, neither by the page nor past it, until there is another", async () => {
  const { page, stack } = scene;
  await open(page, "Members");
  await press(page.getByRole("button", { name: /^Leave/ }));
  await page.getByRole("status").getByText("This is the last owner.").waitFor();
  expect(await dialog(page).count()).toBe(0);

  const { page: other } = await scene.join("owner");
  await page.reload();
  await page.locator("main h1").getByText("Members").waitFor();
  await page.getByRole("button", { name: /^Leave/ }).click();
  const leave = dialog(page).getByRole("button", { name: "Leave", exact: true });
  await leave.waitFor();
  // Meanwhile the other one is none any more: what the page knows is old.
  const change = (role: string) =>
    stack.database.query("update members set role = $1 where joined_at = (select max(joined_at) from members)", [role]);
  await change("admin");
  await leave.click();
  await page.getByText("This is the organization's last owner: make somebody else one first.").waitFor();
  const { rows } = await stack.database.query("select count(*)::int as owners from members where role = 'owner'");
  expect(rows).toEqual([{ owners: 1 }]);

  await change("owner");
  await page.getByRole("button", { name: /^Leave/ }).click();
  await leave.click();
  await page.locator("main h1").getByText("You are in no organization yet").waitFor();
  await other.close();
});
