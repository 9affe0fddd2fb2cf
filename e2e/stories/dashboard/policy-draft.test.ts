import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean, type PageWatch } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene } from "../support/dashboard-scene.ts";
import { dialog, DRAFT, main, openDraft, POLICY, saveState } from "../support/policy-pages.ts";

let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

const clean = (watch: PageWatch) => expectClean(watch, { allowedOrigins: [] });

const json = async (page: Page): Promise<{ allow: { instruction: string }[]; maxFee: string }> =>
  JSON.parse(await page.getByLabel("The policy in JSON").inputValue()) as never;

test("while the editor is on its way its place is held; where its file is gone that is said, and it is loaded anew", async () => {
  const { page } = await scene.visit(POLICY);
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  await page.route("**/policy-editor.js", async (route) => {
    await held;
    await route.abort();
  });
  await page.getByRole("link", { name: DRAFT }).click();
  await main(page).locator(".skeleton").waitFor();
  letGo();
  await page.getByRole("alert").getByText("This page could not be loaded.").waitFor();
  await page.unroute("**/policy-editor.js");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("tab", { name: "Form" }).waitFor();
});

describe("a draft is changed", () => {
  test("in the form, where each finding leads to its place, down to conditions within conditions", async () => {
    const { page, watch } = await openDraft(scene);
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
    await entry.locator(".alternatives").getByLabel("What amount must be").first().selectOption({ label: "is one of" });
    const numbers = entry.locator(".alternatives").getByLabel("Numbers, one a line");
    await numbers.fill("7\n1,500");
    await entry.getByText("“1,500” has a comma").waitFor();
    await captureState(page, "policy-numbers");
    await numbers.fill("7\n1500");
    await entry.locator("summary", { hasText: "is one of 7 or 1500" }).waitFor();
    expect(await numbers.getAttribute("aria-invalid")).toBeNull();
    await entry.locator(".alternatives").getByRole("button", { name: "Remove" }).first().click();
    await entry.locator(".alternatives").getByRole("button", { name: "Remove" }).first().click();
    await entry.locator("summary", { hasText: /amount is at most 1000\s*$/ }).waitFor();
    await clean(watch);
  });

  test("in JSON alike, checked while it is typed, and saved by itself", async () => {
    const { page, watch } = await openDraft(scene);
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
    // What was found in the text before stands nowhere any more, as if it were about this one.
    expect(await page.locator(".finding").count()).toBe(0);
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

  test("to what cannot be published: the dialog says why beside its button, and leads to the place", async () => {
    const { page, watch } = await openDraft(scene);
    await page.getByLabel("Fee of one transaction").fill("a little");
    await page.locator(".policy-check").getByText("1 error").waitFor();
    await main(page).getByText("“a little” is no amount. Write an amount of SOL such as 0.001.").waitFor();
    await captureState(page, "policy-amount-fault");
    await page.getByRole("button", { name: "Publish…" }).click();
    const publish = dialog(page).getByRole("button", { name: "Publish", exact: true });
    const said = await publish.evaluate(
      (element) => document.getElementById(element.getAttribute("aria-describedby") ?? "")?.textContent,
    );
    expect(said?.replaceAll(/\s+/g, " ")).toContain("It cannot be published yet. Fee: must be a whole number");
    await captureState(page, "policy-publish-fault");
    await dialog(page).getByRole("button", { name: "Go to it" }).click();
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await expect.poll(focused).toBe(await page.getByLabel("Fee of one transaction").getAttribute("id"));
    expect(await dialog(page).count()).toBe(0);

    // What has no place in the form is shown in the text.
    await page.getByRole("tab", { name: "JSON" }).click();
    await page.getByLabel("The policy in JSON").fill('{ "allow": "everything" }');
    await page.locator(".policy-check").getByText("expected array").waitFor();
    await page.getByRole("tab", { name: "Changes" }).click();
    await page.getByRole("button", { name: "Publish…" }).click();
    await dialog(page).getByRole("button", { name: "Go to it" }).click();
    const selected = () =>
      page.evaluate(() => {
        const area = document.activeElement as HTMLTextAreaElement;
        return area.value?.slice(area.selectionStart, area.selectionEnd);
      });
    await expect.poll(selected).toBe('"everything"');
    await clean(watch);
  });

  test("from a place in it that an address names", async () => {
    const { page } = await openDraft(scene);
    await page.goto(`${page.url()}&at=%2FmaxSignatures`);
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await expect.poll(focused).toBe("field--maxSignatures");
  });

  test("by instructions out of the catalogue, found by any of their words", async () => {
    const { page, watch } = await openDraft(scene);
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
    const { page, watch } = await openDraft(scene);
    await page.getByRole("button", { name: "Add a program" }).click();
    await dialog(page).getByLabel("Or paste it").fill("not JSON");
    await dialog(page).getByRole("button", { name: "Read it" }).click();
    await dialog(page).getByText("This is no JSON").waitFor();
    await dialog(page).getByLabel("Or paste it").fill("{}");
    await dialog(page).getByRole("button", { name: "Read it" }).click();
    await dialog(page).getByText("must be a list").waitFor();
    const file = { name: "tickets.json", mimeType: "application/json", buffer: Buffer.from('{ "instructions": [] }') };
    await dialog(page).getByLabel("Choose the IDL's file").setInputFiles(file);
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
    const { page, watch } = await openDraft(scene, { role: "viewer" });
    await expect.poll(() => page.getByLabel("Fee of one transaction").isDisabled()).toBe(true);
    // It is there to be pressed, and says no.
    await page.getByRole("button", { name: "Publish…" }).click({ force: true });
    await page.getByText("Only owners, admins, and developers can do this; your role is viewer.").first().waitFor();
    expect(await dialog(page).count()).toBe(0);
    await captureState(page, "policy-viewer");
    await clean(watch);
  });
});
