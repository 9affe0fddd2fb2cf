import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, ORGANIZATION_ID } from "../support/dashboard-scene.ts";

const PROJECTS = `/dashboard/o/${ORGANIZATION_ID}/projects`;
const MEMBERS = `/dashboard/o/${ORGANIZATION_ID}/members`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

/** By keyboard: a button that may not be pressed is reached all the same. */
async function press(page: Page, name: string | RegExp): Promise<void> {
  await button(page, name).focus();
  await page.keyboard.press("Enter");
}
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

describe("projects", () => {
  test("a new one leads to its first steps", async () => {
    const { page, watch } = await scene.visit(PROJECTS, { state: "empty" });
    await captureState(page, "organization-empty");
    await button(page, "New project").first().click();
    const dialog = page.getByRole("dialog", { name: "New project" });
    await captureState(page, "new-project");
    await dialog.getByRole("button", { name: "Make it" }).click();
    await dialog.getByText("Give it a name").waitFor();
    await dialog.getByLabel("Name").fill("Night bus");
    await dialog.getByRole("button", { name: "Make it" }).click();
    await page.locator("main h1").getByText("Night bus").waitFor();
    await page.getByRole("heading", { name: "Getting started" }).waitFor();
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("named like markup are shown as they are named: nothing of a name is run", async () => {
    const { page, watch } = await scene.visit(PROJECTS);
    await button(page, "New project").first().click();
    const name = `<img src=x onerror="document.title='run'"><b>bold</b>`;
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("dialog").getByRole("button", { name: "Make it" }).click();
    await page.locator("overview-page h1").getByText(name).waitFor();
    expect(await page.title()).toBe(`Overview · ${name} · Gasless`);
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("are narrowed down to test or live, in the address", async () => {
    const { page } = await scene.visit(PROJECTS);
    await captureState(page, "organization");
    const table = page.getByRole("table", { name: "Projects of Night Market" });
    await table.getByRole("link").nth(1).waitFor();
    await page.getByLabel("Environment").selectOption("live");
    await expect.poll(() => table.getByRole("link").count()).toBe(1);
    expect(new URL(page.url()).search).toBe("?environment=live");
  });
});

test("another organization is made by who is in one, from the list of all", async () => {
  const { page, watch } = await scene.visit("/dashboard/organizations");
  await captureState(page, "organizations");
  await button(page, "New organization").click();
  const dialog = page.getByRole("dialog", { name: "New organization" });
  await dialog.getByLabel("Name").fill("Day Market");
  await dialog.getByRole("button", { name: "Make it" }).click();
  await page.locator("projects-page h1").getByText("Day Market").waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});

describe("members", () => {
  test("a role is changed by who may, with what each may do beside it", async () => {
    const { page, watch } = await scene.visit(MEMBERS);
    await captureState(page, "members");
    await button(page, /^Change role of C7v91/).click();
    const dialog = page.getByRole("dialog", { name: "Change the role" });
    await captureState(page, "change-role");
    await dialog.getByRole("radio", { name: /^Admin/ }).check();
    await dialog.getByRole("button", { name: "Change it" }).click();
    await page.getByText("The role is admin now.").waitFor();
    await page.getByRole("row", { name: /C7v91.*admin/ }).waitFor();
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("the last owner cannot leave, and is told why", async () => {
    const { page } = await scene.visit(MEMBERS);
    await press(page, /^Leave/);
    await page.getByText("This is the last owner.").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  test("nobody is removed before it was confirmed", async () => {
    const { page } = await scene.visit(MEMBERS);
    await button(page, /^Remove C7v91/).click();
    const dialog = page.getByRole("dialog", { name: "Remove this member?" });
    await captureState(page, "remove-member");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("row", { name: /^C7v91/ }).waitFor();
    await button(page, /^Remove C7v91/).click();
    await dialog.getByRole("button", { name: "Remove", exact: true }).click();
    await page.getByRole("row", { name: /^C7v91/ }).waitFor({ state: "hidden" });
  });

  test("an invitation's link is shown once, a field that was refused says so", async () => {
    const { page, watch } = await scene.visit(MEMBERS);
    await button(page, "Invite somebody").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Address of their wallet").fill("not a wallet");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    await dialog.getByText("is no whole address").waitFor();
    await dialog.getByLabel("Address of their wallet").fill("bitcoin:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    await dialog.getByText("must be <family>:<address>").first().waitFor();
    await captureState(page, "invite-refused");
    await dialog.getByLabel("Address of their wallet").fill("");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    await dialog.getByText(`${scene.origin}/dashboard/#invitation=`).waitFor();
    await captureState(page, "invite-link");
    await dialog.getByRole("button", { name: "Done" }).click();
    expect(await page.getByText("/dashboard/#invitation=").count()).toBe(0);
    await expectClean(watch, { allowedOrigins: [] });
  });

  test.each([
    ["Solana", "7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q", "solana:7v"],
    ["Algorand", "GD64YIY3TWGDMCNPP553DZPPR6LDUSFQOIJVFDPPXWEG3FVOJCCDBBHU5A", "algorand:"],
  ])("an invitation is for the %s wallet whose address alone was pasted", async (_family, address, wallet) => {
    const { page } = await scene.visit(MEMBERS);
    await button(page, "Invite somebody").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Address of their wallet").fill(` ${address}`);
    await dialog.getByRole("button", { name: "Make the link" }).click();
    await dialog.getByText(`with the wallet ${wallet}`).waitFor();
  });

  test("a viewer sees everything, can press nothing, and is told whose it is", async () => {
    const { page } = await scene.visit(MEMBERS, { role: "viewer" });
    await page.getByText("Invitations are for owners and admins").waitFor();
    await captureState(page, "members-viewer");
    await press(page, "Invite somebody");
    await page.getByRole("status").getByText("Only owners and admins can do this; your role is viewer.").waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });
});
