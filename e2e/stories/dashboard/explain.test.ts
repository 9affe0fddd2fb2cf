import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { captureState, expectClean, type PageWatch } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";

const EXPLAIN = `/dashboard/p/${PROJECT_ID}/explain`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

const clean = (watch: PageWatch) => expectClean(watch, { allowedOrigins: [] });
const main = (page: Page) => page.locator("main");

describe("a refusal is explained", () => {
  test("rule by rule, and what in the transaction comes from its author stays text", async () => {
    const { page, watch } = await scene.visit(EXPLAIN);
    await page.getByRole("button", { name: "Explain", exact: true }).click();
    await main(page).getByText("Paste a transaction.").waitFor();
    await captureState(page, "explain-empty");
    await page.getByLabel("Transaction in base64").fill("AQAAAAAA");
    await page.getByRole("button", { name: "Explain", exact: true }).click();
    await main(page).getByRole("heading", { name: "It would be refused" }).waitFor();
    await main(page).getByText("<img src=x onerror=alert(1)> three seats").waitFor();
    await main(page).getByText("The 8 others").click();
    await main(page)
      .getByText("It must fit the budget of")
      .or(main(page).getByText("Budget user day"))
      .first()
      .waitFor();
    await captureState(page, "explain");
    await clean(watch);
  });

  test("and mended: the change becomes a draft, is published, and the same is explained again", async () => {
    const { page, watch } = await scene.visit(EXPLAIN);
    await page.getByLabel("Transaction in base64").fill("AQAAAAAA");
    await page.getByRole("button", { name: "Explain", exact: true }).click();
    await page.getByRole("button", { name: /^Open as a draft/ }).click();
    await main(page).getByText("After publishing, what it was made for is explained again.").waitFor();
    await page.getByRole("button", { name: "Publish…" }).click();
    await page.getByRole("dialog").getByText("SPL Token · approve").waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Publish" }).click();
    await main(page).getByText("The transaction as it was read").waitFor();
    await clean(watch);
  });

  test("then and now, for a past decision; and by what a draft would say", async () => {
    const { page, watch } = await scene.visit(`${EXPLAIN}?decision=req_01jf8zq0k3f7c9v2m5n8p1r4s1`);
    await main(page).getByText("Then", { exact: true }).waitFor();
    await main(page).getByText("by version 2").waitFor();
    await captureState(page, "explain-decision");
    await page.getByLabel("By which policy").selectOption({ label: "Draft: Plain transfers too" });
    await main(page).getByRole("heading", { name: "It would be sponsored" }).waitFor();
    await main(page).getByText("by the draft Plain transfers too").first().waitFor();
    await clean(watch);
  });

  test("and bytes that are none are refused with the reason", async () => {
    const { page, watch } = await scene.visit(EXPLAIN);
    await page.getByLabel("Transaction in base64").fill("AAAA");
    await page.getByRole("button", { name: "Explain", exact: true }).click();
    await main(page).getByText("ends in the middle of an instruction").waitFor();
    await captureState(page, "explain-problem");
    await clean(watch);
  });
});
