import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean, type PageWatch } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";

const POLICY = `/dashboard/p/${PROJECT_ID}/policy`;
const DRAFT = "Plain transfers too";
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

const clean = (watch: PageWatch) => expectClean(watch, { allowedOrigins: [] });
const main = (page: Page) => page.locator("main");
const dialog = (page: Page) => page.getByRole("dialog");
const saveState = (page: Page) => page.locator(".save-state");
const json = async (page: Page): Promise<{ allow: { instruction: string }[]; maxFee: string }> =>
  JSON.parse(await page.getByLabel("The policy in JSON").inputValue()) as never;

async function openDraft(
  visit: Parameters<DashboardScene["visit"]>[1] = {},
): Promise<{ page: Page; watch: PageWatch }> {
  const opened = await scene.visit(POLICY, visit);
  await opened.page.getByRole("link", { name: DRAFT }).click();
  await opened.page.getByRole("tab", { name: "Form" }).waitFor();
  return opened;
}

describe("what is in force", () => {
  test("is told in plain words, beside its versions and drafts", async () => {
    const { page, watch } = await scene.visit(POLICY);
    await main(page).getByText("In force: version 3").waitFor();
    await main(page).getByText("One transaction costs at most 0.000025 SOL (25,000 lamports)").waitFor();
    await captureState(page, "policy");
    await page.getByRole("link", { name: "Compare" }).first().click();
    await main(page).getByText("From version 2 to version 3:").waitFor();
    await main(page).getByText("New", { exact: true }).first().waitFor();
    await main(page).getByText("In JSON").first().click();
    await captureState(page, "policy-version");
    await clean(watch);
  });

  test("is not begun anew on another network by going back", async () => {
    const { page } = await scene.visit(`${POLICY}?network=algorand:testnet`);
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Policy" }).click();
    await page.getByRole("link", { name: DRAFT }).waitFor();
    await page.getByRole("button", { name: "Change it" }).click();
    await dialog(page).getByText("Begin a draft").waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole("link", { name: DRAFT }).count()).toBe(0);
    expect(await dialog(page).count()).toBe(0);
  });

  test("is rolled back after asking, and a roll-back that comes too late changes nothing", async () => {
    const { page, watch } = await scene.visit(POLICY);
    await page.getByRole("button", { name: "Roll back to version 2" }).click();
    await dialog(page).getByText("It replaces version 3").waitFor();
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await main(page).getByText("In force: version 3").waitFor();
    await page.getByRole("button", { name: "Roll back to version 2" }).click();
    await dialog(page).getByRole("button", { name: "Roll back to version 2" }).click();
    await page.getByText("Version 3 is no longer in force").waitFor();
    await main(page).getByText("In force: version 4").waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Roll back to version 1" }).click();
    await dialog(page).getByRole("button", { name: "Roll back to version 1" }).click();
    await main(page).getByText("In force: version 1").waitFor();
    await clean(watch);
  });

  test("of a new project is nothing, and the first policy begins with a template", async () => {
    const { page, watch } = await scene.visit(POLICY, { state: "empty" });
    await main(page).getByText("Nothing is sponsored on this network yet").waitFor();
    await page.getByRole("button", { name: "Write the first policy" }).click();
    await captureState(page, "policy-begin");
    await dialog(page).getByText("Say something").click();
    await dialog(page).getByRole("button", { name: "Begin" }).click();
    await main(page).locator("summary", { hasText: "memo" }).waitFor();
    await page.getByRole("button", { name: "Publish…" }).click();
    await dialog(page).getByText("It is the first policy of this network.").waitFor();
    await dialog(page).getByRole("button", { name: "Publish" }).click();
    await main(page).getByText("In force: version 1").waitFor();
    await clean(watch);
  });
});

describe("a draft is changed", () => {
  test("in the form, where each finding leads to its place, down to conditions within conditions", async () => {
    const { page, watch } = await openDraft();
    await page.locator(".policy-check").getByText("Transfers of other signers").waitFor();
    await captureState(page, "policy-editor");

    await page.locator(".policy-check").getByText("Transfers of other signers").click();
    const entry = page.locator('[data-pointer="/allow/6"]');
    await entry.getByText("must be the signed-in wallet").last().click();
    await expect.poll(() => page.locator(".policy-check").getByText("Nothing is wrong with it.").count()).toBe(1);
    await entry.locator("select").selectOption("amount");
    await entry.getByLabel("Value of amount").fill("1,000");
    await entry.locator("summary", { hasText: "amount is at most 1000" }).waitFor();
    await entry.getByRole("button", { name: "And also on amount" }).click();
    await entry.getByLabel("And amount also").selectOption({ label: "any of these holds" });
    await entry.getByRole("button", { name: "Add another way" }).click();
    await entry.locator(".alternatives").getByLabel("Value of amount").first().fill("7");
    await entry
      .locator("summary", { hasText: "amount is at most 1000 and either (is at most 7 or is at most 0)" })
      .waitFor();
    // What the head of the page half covers is no target for axe.
    await page.evaluate(() => scrollTo(0, 0));
    await captureState(page, "policy-entry");
    await entry.locator(".alternatives").getByRole("button", { name: "Remove" }).first().click();
    await entry.locator(".alternatives").getByRole("button", { name: "Remove" }).first().click();
    await entry.locator("summary", { hasText: /amount is at most 1000\s*$/ }).waitFor();
    await clean(watch);
  });

  test("in JSON alike, checked while it is typed, and saved by itself", async () => {
    const { page, watch } = await openDraft();
    await page.getByLabel("Fee of one transaction").fill("0.00000");
    await page.getByText("The sponsor and the wallet both sign").first().waitFor();

    await page.getByRole("tab", { name: "JSON" }).click();
    expect((await json(page)).maxFee).toBe("0");
    await captureState(page, "policy-json");
    await page
      .locator("json-tab")
      .getByRole("button", { name: /both sign/ })
      .click();
    const selected = await page.evaluate(() => {
      const area = document.activeElement as HTMLTextAreaElement;
      return area.value.slice(area.selectionStart, area.selectionEnd);
    });
    expect(selected).toBe('"0"');

    await page.getByRole("button", { name: "Apply all fixes" }).click();
    await expect.poll(async () => (await json(page)).maxFee).toBe("10000");
    await page.getByLabel("The policy in JSON").fill('{ "allow": [');
    await page.getByText("This is no JSON yet").waitFor();
    await expect.poll(() => saveState(page).textContent()).toBe("Not saved yet");
    await page.getByRole("region", { name: "Check" }).getByText("The text is no policy yet").waitFor();
    await captureState(page, "policy-half");
    expect(await page.getByRole("button", { name: "Publish…" }).getAttribute("aria-disabled")).toBe("true");
    await page.getByRole("tab", { name: "Form" }).click();
    await page.locator("ui-toasts").getByText("The text is no policy yet").first().waitFor();
    expect(await page.getByLabel("The policy in JSON").inputValue()).toBe('{ "allow": [');
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Members" }).click();
    await dialog(page).getByText("Leave without saving?").waitFor();
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Back to what is saved" }).click();
    expect((await json(page)).maxFee).toBe("10000");
    await expect.poll(() => saveState(page).textContent()).toBe("Saved");
    await page.getByLabel("The policy in JSON").fill('{ "allow": "everything" }');
    await page.getByRole("tab", { name: "Form" }).click();
    await main(page).getByText("it can be edited as JSON").waitFor();
    await expect.poll(() => saveState(page).textContent()).toBe("Saved");
    await clean(watch);
  });

  test("by instructions out of the catalogue, found by any of their words", async () => {
    const { page, watch } = await openDraft();
    await page.getByRole("button", { name: "Add instructions" }).click();
    await dialog(page).getByLabel("Search").fill("delegate");
    await dialog(page).getByText("1 instruction in 1 program").waitFor();
    await captureState(page, "policy-catalogue");
    await dialog(page).getByRole("button", { name: "Add approve" }).click();
    await dialog(page).getByRole("button", { name: "Done" }).click();
    await page.getByRole("tab", { name: "Changes" }).click();
    await main(page).getByText("SPL Token · approve without conditions").waitFor();
    await captureState(page, "policy-changes");
    await clean(watch);
  });

  test("with a program of the project's own, read from its IDL; what is left out is named", async () => {
    const { page, watch } = await openDraft();
    await page.getByRole("button", { name: "Add a program" }).click();
    await dialog(page).getByLabel("Or paste it").fill("not JSON");
    await dialog(page).getByRole("button", { name: "Read it" }).click();
    await dialog(page).getByText("This is no JSON").waitFor();
    await dialog(page).getByLabel("Or paste it").fill("{}");
    await dialog(page).getByRole("button", { name: "Read it" }).click();
    await dialog(page).getByText("must be a list").waitFor();
    const file = { name: "tickets.json", mimeType: "application/json", buffer: Buffer.from('{ "instructions": [] }') };
    await dialog(page).getByLabel("Drop the IDL here, or choose its file").setInputFiles(file);
    await dialog(page).getByRole("button", { name: "Read it" }).click();
    await dialog(page).getByText("its argument settings is a struct").waitFor();
    await captureState(page, "policy-idl");
    await dialog(page).getByText("buyTicket").click();
    await dialog(page).getByRole("button", { name: "Add it" }).click();
    await main(page).locator("summary", { hasText: "buyTicket" }).waitFor();
    await page.getByRole("button", { name: "Add a program" }).click();
    await dialog(page).getByRole("tab", { name: "By hand" }).click();
    await dialog(page).getByRole("button", { name: "Go on" }).click();
    await dialog(page).getByText("The base58 address of the program.").waitFor();
    await captureState(page, "policy-by-hand");
    await clean(watch);
  });

  test("on Algorand with the same look", async () => {
    const { page, watch } = await scene.visit(`${POLICY}?network=algorand:testnet`);
    await main(page).getByText("Asset opt-in, when asset is 31566704").waitFor();
    await captureState(page, "policy-algorand");
    await page.getByRole("button", { name: "Change it" }).click();
    await dialog(page).getByRole("button", { name: "Begin" }).click();
    await main(page).locator("summary", { hasText: "Application call to 1002541853" }).click();
    await page.getByRole("button", { name: "Payment to what is sponsored" }).click();
    await main(page).locator("summary", { hasText: "Payment, when amount is at most 1 ALGO" }).waitFor();
    await captureState(page, "policy-editor-algorand");
    await clean(watch);
  });

  test("by nobody who may not: a viewer sees all of it, and why it cannot be changed", async () => {
    const { page, watch } = await openDraft({ role: "viewer" });
    await expect.poll(() => page.getByLabel("Fee of one transaction").isDisabled()).toBe(true);
    // It is there to be pressed, and says no.
    await page.getByRole("button", { name: "Publish…" }).click({ force: true });
    await page.getByText("Only owners, admins, and developers can do this; your role is viewer.").first().waitFor();
    expect(await dialog(page).count()).toBe(0);
    await captureState(page, "policy-viewer");
    await clean(watch);
  });
});

describe("two people at once", () => {
  test("whoever publishes second is shown what the first one changed, before it is taken back", async () => {
    const { page, watch } = await openDraft();
    await page.getByLabel("Draft", { exact: true }).fill("Overtaken");
    await expect.poll(() => saveState(page).textContent()).toBe("Saved");
    await page.getByRole("button", { name: "Publish…" }).click();
    await captureState(page, "policy-publish");
    await dialog(page).getByRole("button", { name: "Publish" }).click();
    await dialog(page).getByText("published version 4 meanwhile").waitFor();
    await dialog(page).getByText("0.00005 SOL").first().waitFor();
    await captureState(page, "policy-overtaken");
    await dialog(page).getByRole("button", { name: "Publish on top of version 4" }).click();
    await main(page).getByText("In force: version 5").waitFor();
    await clean(watch);
  });

  test("whoever saves a draft second overwrites nothing, and leaves with nothing lost unless told so", async () => {
    const { page, watch } = await openDraft();
    await page.getByLabel("Draft", { exact: true }).fill("Taken");
    await main(page).getByText("Somebody else changed this draft meanwhile.").waitFor();
    await captureState(page, "policy-conflict");

    await page.getByRole("link", { name: "Budgets" }).click();
    await dialog(page).getByText("Leave without saving?").waitFor();
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    await page.goBack();
    await dialog(page).getByText("Leave without saving?").waitFor();
    await dialog(page).getByRole("button", { name: "Cancel" }).click();
    expect(new URL(page.url()).searchParams.get("draft")).not.toBeNull();

    await page.getByRole("button", { name: "Keep mine as another draft" }).click();
    await expect.poll(() => page.getByLabel("Draft", { exact: true }).inputValue()).toBe("Taken (mine)");
    await clean(watch);
  });
});
