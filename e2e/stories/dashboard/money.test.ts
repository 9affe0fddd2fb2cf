import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";
import { press } from "../support/press.ts";

const PROJECT = `/dashboard/p/${PROJECT_ID}`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

describe("sponsors", () => {
  test("what each has, how long it lasts, and who needs funds", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/sponsors`);
    await page.getByText("It pays for nothing until it is funded.").waitFor();
    await captureState(page, "sponsors");
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("another takes over, chosen by balance and runway", async () => {
    const { page } = await scene.visit(`${PROJECT}/sponsors`);
    await page.getByRole("button", { name: /^Rotate D7v91/ }).click();
    const dialog = page.getByRole("dialog", { name: "Rotate the sponsor" });
    await dialog.getByText("25 SOL · 200 days").waitFor();
    await captureState(page, "rotate-sponsor");
    await dialog.getByRole("radio", { name: /^M7v91/ }).check();
    await dialog.getByRole("button", { name: "Let it take over" }).click();
    await page.getByText("The other sponsor has taken over.").waitFor();
    await page
      .getByRole("article", { name: /M7v91/ })
      .getByRole("button", { name: /^Drain/ })
      .waitFor();
    await page
      .getByRole("article", { name: /D7v91/ })
      .getByRole("button", { name: /^Let it pay/ })
      .waitFor();
  });

  test("the last one that pays is drained only by who typed it", async () => {
    const { page } = await scene.visit(`${PROJECT}/sponsors`);
    await page
      .getByRole("article", { name: /P7v91/ })
      .getByRole("button", { name: /^Drain/ })
      .click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("nothing more is sponsored there").waitFor();
    await press(dialog.getByRole("button", { name: "Drain it" }));
    await page.getByText("Type drain first.").first().waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("article", { name: /P7v91/ }).getByText("active").waitFor();
  });

  test("a project that nobody pays for offers who could", async () => {
    const { page } = await scene.visit(`${PROJECT}/sponsors`, { state: "empty" });
    await page.getByText("until you let one of the sponsors below pay").waitFor();
    await captureState(page, "sponsors-empty");
    await page.getByRole("button", { name: /^Let it pay/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Let it pay" }).click();
    await page.getByRole("button", { name: /^Drain/ }).waitFor();
  });
});

describe("budgets", () => {
  test("all are edited together, with what changes said before", async () => {
    const { page, watch } = await scene.visit(`${PROJECT}/budgets`);
    await page.getByRole("img", { name: /^The whole project, each day, fees: 2\.2914 SOL used/ }).waitFor();
    await captureState(page, "budgets");
    await page.getByRole("button", { name: "Edit the budgets" }).click();
    const row = page.getByRole("group", { name: "Budget 1: Each user, each day, relays" });
    await row.getByLabel("Limit").fill("25");
    await page.getByText("Each user, each day, relays: 20 relays → 25 relays").waitFor();
    await page.getByRole("button", { name: "Add a budget" }).click();
    await page.getByRole("button", { name: "Set the budgets" }).click();
    await page.getByText("Give an amount of SOL, 0 or more, such as 0.05, with at most 9 decimals.").waitFor();
    await captureState(page, "budgets-edit");
    const added = page.getByRole("group", { name: /^Budget 7/ });
    await added.getByLabel("Limit").fill("0");
    await added.getByText("0: nothing that needs rent is sponsored in this time.").waitFor();
    await row.getByLabel("Limit").fill("-1");
    await row.getByText("Give a whole number, 0 or more, such as 20.").waitFor();
    await captureState(page, "budgets-hint");
    await row.getByLabel("Limit").fill("25");
    await page.getByRole("button", { name: "Remove budget 7" }).click();
    await page.getByRole("button", { name: "Set the budgets" }).click();
    await page.getByText("The budgets hold from the next relay on.").waitFor();
    await page.getByRole("cell", { name: "25 relays" }).waitFor();
    await expectClean(watch, { allowedOrigins: [] });
  });

  test("somebody else's change meanwhile is shown, and nothing that was typed is lost", async () => {
    const { page } = await scene.visit(`${PROJECT}/budgets`);
    await page.getByRole("button", { name: "Edit the budgets" }).click();
    const limit = page.getByRole("group", { name: "Budget 1: Each user, each day, relays" }).getByLabel("Limit");
    await limit.fill("4242");
    await page.getByRole("button", { name: "Set the budgets" }).click();
    await page
      .getByText("The budgets were set meanwhile, by somebody else or in another tab of yours. What changed:")
      .waitFor();
    await page.getByText("The whole project, each hour, relays: 3,000 relays → 5,000 relays").waitFor();
    await captureState(page, "budgets-conflict");
    expect(await limit.inputValue()).toBe("4242");
    await page.getByRole("button", { name: "Set mine" }).click();
    await page.getByRole("cell", { name: "4,242 relays" }).waitFor();
  });

  test("what was typed for one network is never set on another", async () => {
    const { page } = await scene.visit(`${PROJECT}/budgets?network=algorand:testnet`);
    await page.getByRole("button", { name: "Edit the budgets" }).click();
    await page.getByRole("group", { name: "Budget 1" }).getByLabel("Limit").first().fill("77");
    // The bare address is about the project's first network.
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Budgets" }).click();
    await page.getByRole("button", { name: "Edit the budgets" }).click();
    await page.getByRole("heading", { name: "Budgets of solana:devnet" }).waitFor();
    expect(await page.getByRole("group", { name: "Budget 1" }).getByLabel("Limit").first().inputValue()).toBe("20");
  });

  test("without a budget it is said what to set before going live", async () => {
    const { page } = await scene.visit(`${PROJECT}/budgets`, { state: "empty" });
    await page.getByText("There is no budget on solana:devnet").waitFor();
    await captureState(page, "budgets-empty");
  });

  test("a developer reads the budgets and is told who sets them", async () => {
    const { page } = await scene.visit(`${PROJECT}/budgets`, { role: "developer" });
    await press(page.getByRole("button", { name: "Edit the budgets" }));
    await page.getByText("Only owners, admins, and billing can do this; your role is developer.").first().waitFor();
    expect(await page.locator("budget-editor").count()).toBe(0);
  });
});
