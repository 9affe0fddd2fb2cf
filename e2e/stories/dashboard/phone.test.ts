import { afterAll, beforeAll, expect, test } from "vitest";
import { type DashboardScene, openDashboardScene, PROJECT_ID } from "../support/dashboard-scene.ts";

const PROJECT = `/dashboard/p/${PROJECT_ID}`;
const WIDTH = 390;
const PAGES = [
  "overview",
  "policy",
  "policy/3",
  "policy?draft=pol_01jf8zq0k3f7c9v2m5n8p1r4s1",
  "explain",
  "explain?decision=req_1",
  "backtests",
  "backtests/job_01jf8zq0k3f7c9v2m5n8p1r4s2",
  "jobs",
  "jobs/job_01jf8zq0k3f7c9v2m5n8p1r4s3",
  "relays/rly_01jf8zq0k3f7c9v2m5n8p1r4s4",
  "relays",
  "decisions",
  "decisions/req_000000000007",
  "users",
  "denylist",
  "allowlist",
  "keys",
  "origins",
  "networks",
  "sponsors",
  "budgets",
  "audit",
  "settings",
];
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

const visit = (path: string) => scene.visit(path, { context: { viewport: { width: WIDTH, height: 844 } } });
type Scene = Awaited<ReturnType<typeof visit>>;
const widthOf = ({ page }: Scene) => page.evaluate<number>("document.documentElement.scrollWidth");

test("no page is wider than a phone, a tablet or a small desk", async () => {
  const wide: string[] = [];
  for (const path of PAGES) {
    const shown = await visit(`${PROJECT}/${path}`);
    await shown.page.locator("main .skeleton").waitFor({ state: "hidden" });
    for (const width of [WIDTH, 930, 1024, 1250]) {
      await shown.page.setViewportSize({ width, height: 844 });
      if ((await widthOf(shown)) > width) wide.push(`${path} at ${width}`);
    }
    await shown.page.context().close();
  }
  expect(wide).toEqual([]);
});

test("what is typed and edited stays as wide as a phone", async () => {
  const list = await visit(`${PROJECT}/denylist`);
  await list.page.getByRole("button", { name: "Import a CSV" }).click();
  await list.page.getByLabel("Or paste it").fill(`${"A".repeat(44)},"a note, ${"o".repeat(80)}"\n,nobody`);
  await list.page.getByRole("cell", { name: "A".repeat(44) }).waitFor();
  expect(await widthOf(list)).toBe(WIDTH);
  const budgets = await visit(`${PROJECT}/budgets`);
  await budgets.page.getByRole("button", { name: "Edit the budgets" }).click();
  await budgets.page.getByRole("group", { name: /^Budget 1/ }).waitFor();
  expect(await widthOf(budgets)).toBe(WIDTH);
});
