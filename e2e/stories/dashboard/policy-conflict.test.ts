import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean, type PageWatch } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene } from "../support/dashboard-scene.ts";
import { dialog, DRAFT, main, openDraft, saveState } from "../support/policy-pages.ts";

let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

const clean = (watch: PageWatch) => expectClean(watch, { allowedOrigins: [] });

describe("two people at once", () => {
  test("whoever publishes second is shown what the first one changed, before it is taken back", async () => {
    const { page, watch } = await openDraft(scene);
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
    const { page, watch } = await openDraft(scene);
    await page.getByLabel("Draft", { exact: true }).fill("Taken");
    await main(page).getByText("Somebody else changed this draft meanwhile, or you did on another device.").waitFor();
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

  test("may be one in two tabs: it is said so, and what is kept is kept once and stays in its view", async () => {
    const { page, watch } = await openDraft(scene, { hangs: ["createDraft"] });
    const other = await page.context().newPage();
    await other.goto(page.url());
    await other.getByLabel("Draft", { exact: true }).fill("From the other tab");
    await expect.poll(() => saveState(other).textContent()).toBe("Saved");

    await page.getByRole("tab", { name: "JSON" }).click();
    await page.getByLabel("Draft", { exact: true }).fill("Taken");
    await main(page).getByText("You changed this draft in another tab.").waitFor();
    await captureState(page, "policy-own-conflict");
    const keep = page.getByRole("button", { name: "Keep this as another draft" });
    await keep.click();
    await expect.poll(() => keep.getAttribute("aria-busy")).toBe("true");
    await keep.click({ force: true });
    await page.evaluate(() => dispatchEvent(new Event("fake-answers")));
    await expect.poll(() => page.getByLabel("Draft", { exact: true }).inputValue()).toBe("Taken (mine)");
    expect(await page.getByRole("tab", { name: "JSON" }).getAttribute("aria-selected")).toBe("true");
    await page.getByRole("link", { name: "Policy", exact: true }).last().click();
    await page.getByRole("link", { name: DRAFT }).waitFor();
    expect(await page.getByRole("link", { name: "Taken (mine)" }).count()).toBe(1);
    await clean(watch);
  });
});
