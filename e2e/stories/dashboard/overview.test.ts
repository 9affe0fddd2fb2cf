import { afterAll, beforeAll, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type DashboardScene, LIVE_PROJECT_ID, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";

const OVERVIEW = `/dashboard/p/${PROJECT_ID}/overview`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

test("a busy project shows what happened, in numbers, drawn, and as a table", async () => {
  const { page, watch } = await scene.visit(`${OVERVIEW}?days=30`);
  await page.locator("ui-chart canvas").nth(1).waitFor();
  await page.getByText("half of them, from signed to final").waitFor();
  await captureState(page, "overview-30-days");
  await page.getByText("Show the numbers").first().click();
  const rows = page.getByRole("table", { name: /^Relays and refusals on solana:devnet/ }).getByRole("row");
  expect(await rows.count()).toBe(31);
  await expectClean(watch, { allowedOrigins: [] });
});

test("time and network are in the address, and change what is asked for", async () => {
  const { page } = await scene.visit(OVERVIEW);
  await page.getByRole("heading", { name: "Spend in SOL" }).waitFor();
  await page.getByLabel("Network").selectOption("algorand:testnet");
  await page.getByRole("heading", { name: "Spend in ALGO" }).waitFor();
  await page.getByLabel("Time", { exact: true }).selectOption("1");
  await expect.poll(() => new URL(page.url()).search).toBe("?network=algorand%3Atestnet&days=1");
});

test("a refusal leads to the decisions with its code", async () => {
  const { page } = await scene.visit(OVERVIEW);
  await page.getByRole("link", { name: "budget.user_exhausted" }).click();
  await page.locator("decisions-page h1").waitFor();
  const { pathname, searchParams } = new URL(page.url());
  expect(pathname).toBe(`/dashboard/p/${PROJECT_ID}/decisions`);
  expect(searchParams.get("code")).toBe("budget.user_exhausted");
  expect(searchParams.get("verdict")).toBe("refuse");
});

test("a new project shows the steps to its first relay, the next one first", async () => {
  const { page, watch } = await scene.visit(OVERVIEW, { state: "empty" });
  await page.getByRole("heading", { name: "Getting started" }).waitFor();
  await page.locator(".steps li").nth(5).waitFor();
  await captureState(page, "overview-empty");
  expect(await page.locator('.steps [aria-current="step"]').count()).toBe(1);
  await expectClean(watch, { allowedOrigins: [] });
});

test("until it is there, its place is kept, and the page can be left", async () => {
  const { page } = await scene.visit(OVERVIEW, { hangs: ["readOverview"] });
  await page.locator("main .skeleton").waitFor();
  await captureState(page, "overview-loading");
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Keys" }).click();
  await page.locator("keys-page h1").waitFor();
});

test("what cannot be loaded says why and what helps, and leaves the rest of the page alone", async () => {
  const { page } = await scene.visit(OVERVIEW, { fails: ["listSponsors"] });
  const problem = page.getByRole("alert").filter({ hasText: "The database did not answer in time." });
  await problem.getByText("Usually this is over within a minute.").waitFor();
  await page.getByRole("heading", { name: "Traffic" }).waitFor();
  await captureState(page, "overview-without-sponsors");
  await problem.getByRole("button", { name: "Try again" }).click();
  await problem.waitFor();
});

test("a quiet time of a project that had relays is not taken for a beginning", async () => {
  const { page } = await scene.visit(`/dashboard/p/${LIVE_PROJECT_ID}/overview`);
  await page.getByText("Nothing happened in this time").waitFor();
  expect(await page.getByText("Getting started").count()).toBe(0);
});
