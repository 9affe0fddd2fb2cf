import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean, type PageWatch } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";

const PROJECT = `/dashboard/p/${PROJECT_ID}`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

const clean = (watch: PageWatch) => expectClean(watch, { allowedOrigins: [] });
const main = (page: Page) => page.locator("main");
const row = (page: Page, name: string) => page.getByRole("row", { name });

describe("jobs", () => {
  test("move while they are looked at, and a dead letter is retried", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/jobs`);
    await row(page, "Import of 51 denied addresses").getByText("The database could not be reached").waitFor();
    await row(page, "Import of 9,400 allowed wallets").getByText("succeeded").waitFor();
    await captureState(page, "jobs");
    await page.getByRole("button", { name: "Retry Import of 51 denied addresses" }).click();
    await row(page, "Import of 51 denied addresses").getByText("succeeded").waitFor();
    await clean(watch);
  });

  test("a retry is on its way once, however often it is pressed", async () => {
    const { page } = await scene.visit(`${PROJECT}/jobs`, { hangs: ["retryJob"] });
    const retry = page.getByRole("button", { name: "Retry Import of 51 denied addresses" });
    await retry.click();
    await page.locator("job-tools [aria-busy=true]", { hasText: "Retry" }).waitFor();
    await captureState(page, "job-retrying");
    await retry.click({ force: true });
    await page.getByRole("button", { name: "Discard Import of 51 denied addresses" }).click({ force: true });
    await page.getByText("Wait until the other is done.").first().waitFor();
    await page.evaluate(`dispatchEvent(new Event("fake-answers"))`);
    await row(page, "Import of 51 denied addresses").getByText("succeeded").waitFor();
    expect(await page.getByText("It goes on where it stopped.").count()).toBe(1);
  });

  test("a dead letter is discarded after asking, and one that failed names the lines that were wrong", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/jobs?state=dead`);
    await page.getByRole("button", { name: "Discard Import of 51 denied addresses" }).click();
    await page.getByRole("dialog").getByText("It is not done again.").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Discard it" }).click();
    await main(page).getByText("No dead letters").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("link", { name: "Import of 12 allowed wallets" }).click();
    await main(page).getByText("Line 3: is not a base58 address").waitFor();
    await captureState(page, "job-failed");
    await clean(watch);
  });
});

describe("a backtest", () => {
  test("runs while one looks on, and ends with what would change", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/backtests`);
    await main(page).getByText("Of 1,284 decisions in 7 days").waitFor();
    await captureState(page, "backtests");
    await page.getByRole("button", { name: "Start the backtest" }).click();
    await page.getByRole("progressbar").waitFor();
    await page.clock.install();
    await captureState(page, "backtest-running");
    await page.clock.resume();
    await main(page).getByText("41 would be sponsored that were refused").waitFor();
    await captureState(page, "backtest");
    await page.getByRole("link", { name: "req_01jf8zq0k3f7c9v2m5n8p1r4s2" }).click();
    await main(page).getByText("A past decision").waitFor();
    await clean(watch);
  });

  test("cannot be started by a viewer, who is told why", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/backtests`, { role: "viewer" });
    // It is there to be pressed, and says no.
    await page.getByRole("button", { name: "Start the backtest" }).click({ force: true });
    await page.getByText("your role is viewer").first().waitFor();
    await clean(watch);
  });
});
