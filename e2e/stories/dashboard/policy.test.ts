import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean, type PageWatch } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene } from "../support/dashboard-scene.ts";
import { dialog, DRAFT, main, POLICY } from "../support/policy-pages.ts";
import { press } from "../support/press.ts";

let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

const clean = (watch: PageWatch) => expectClean(watch, { allowedOrigins: [] });

/** To another address without loading the page anew, as by going back to it. */
const go = (page: Page, address: string) =>
  page.evaluate((next) => {
    history.pushState(null, "", next);
    dispatchEvent(new PopStateEvent("popstate"));
  }, address);

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

  test("becomes a draft again, and one alone however often that is pressed", async () => {
    const { page, watch } = await scene.visit(`${POLICY}/2`, { hangs: ["createDraft"] });
    const copy = page.getByRole("button", { name: "Make a draft of it" });
    await copy.click();
    await expect.poll(() => copy.getAttribute("aria-busy")).toBe("true");
    await copy.click({ force: true });
    await page.evaluate(() => dispatchEvent(new Event("fake-answers")));
    await expect.poll(() => page.getByLabel("Draft", { exact: true }).inputValue()).toBe("From version 2");
    await page.getByRole("link", { name: "Policy", exact: true }).last().click();
    await page.getByRole("link", { name: DRAFT }).waitFor();
    expect(await page.getByRole("link", { name: "From version 2" }).count()).toBe(1);
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

  test("is nothing where a network was removed and added again: a version cannot be rolled back to, but published", async () => {
    const { page, watch } = await scene.visit(POLICY, { state: "readded" });
    await press(page.getByRole("button", { name: "Roll back to version 3" }));
    await page.locator("ui-toasts").getByText("Nothing is in force that it could replace").first().waitFor();
    expect(await dialog(page).count()).toBe(0);
    await captureState(page, "policy-readded");
    await page.getByRole("link", { name: "3", exact: true }).click();
    await page.getByRole("button", { name: "Make a draft of it" }).waitFor();
    expect(await page.getByRole("button", { name: /^Roll back/ }).count()).toBe(0);
    await page.getByRole("button", { name: "Make a draft of it" }).click();
    await page.getByRole("button", { name: "Publish…" }).click();
    await dialog(page).getByRole("button", { name: "Publish", exact: true }).click();
    await main(page).getByText("In force: version 4").waitFor();
    await clean(watch);
  });

  test("and what a version or a draft says is never taken for another network's, not even while that is read", async () => {
    const { page } = await scene.visit(`${POLICY}/1?network=algorand:testnet`, { hangs: ["readPolicy", "readDraft"] });
    const answer = () => page.evaluate(() => dispatchEvent(new Event("fake-answers")));
    await page.locator("policy-version .skeleton").first().waitFor();
    await answer();
    await main(page).getByText("Asset opt-in").first().waitFor();
    await go(page, `${POLICY}/1?network=solana:devnet`);
    await main(page).getByText("On solana:devnet.").waitFor();
    expect(await page.getByRole("button", { name: "Make a draft of it" }).count()).toBe(0);
    await answer();
    await main(page).getByText("ComputeBudget").first().waitFor();

    await go(page, POLICY);
    await answer();
    await page.getByRole("link", { name: DRAFT }).click();
    // Its own: before it is there, its place is held.
    await page.locator("policy-editor .skeleton").first().waitFor();
    await answer();
    await page.getByLabel("Draft", { exact: true }).waitFor();
    const address = new URL(page.url());
    address.searchParams.set("network", "algorand:testnet");
    await go(page, `${address.pathname}${address.search}`);
    await main(page).getByText("On algorand:testnet.").waitFor();
    expect(await page.getByLabel("Draft", { exact: true }).count()).toBe(0);
    await answer();
    await main(page).getByText("There is no such version or draft.").waitFor();
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
