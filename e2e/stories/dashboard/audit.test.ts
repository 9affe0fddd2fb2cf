import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, ORGANIZATION_ID, PROJECT_ID } from "../support/dashboard-scene.ts";

const AUDIT = `/dashboard/p/${PROJECT_ID}/audit`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

test("the log tells in words who changed what, and what is sealed", async () => {
  const { page, watch } = await scene.visit(AUDIT);
  const first = page.locator(".audit > li").first();
  await first.getByText("changed a budget").waitFor();
  await first.getByText("not sealed yet").waitFor();
  await page.getByText("sealed · 26").waitFor();
  await captureState(page, "audit");
  await page.getByRole("button", { name: "Older" }).click();
  await page.getByText("sealed · 1", { exact: true }).waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});

test("the sealed log is exported whole, part by part", async () => {
  const { page, watch } = await scene.visit(AUDIT);
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export the sealed log" }).click(),
  ]);
  await page.getByText("Saved 26 sealed entries.").waitFor();
  expect(saved.suggestedFilename()).toBe(`audit-${PROJECT_ID}.ndjson`);
  const lines = (await readFile(await saved.path(), "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { sequence: string }).sequence)).toEqual(
    Array.from({ length: 26 }, (_, index) => String(index + 1)),
  );
  await expectClean(watch, { allowedOrigins: [] });
});

test("an organization has a log of its own", async () => {
  const { page, watch } = await scene.visit(`/dashboard/o/${ORGANIZATION_ID}/audit`);
  await page.locator(".audit > li").first().waitFor();
  await captureState(page, "organization-audit");
  await expectClean(watch, { allowedOrigins: [] });
});

test("a developer is told who reads the log, and nothing is asked for", async () => {
  const { page, watch } = await scene.visit(AUDIT, { role: "developer" });
  await page.getByText("Your role does not show this").waitFor();
  await captureState(page, "audit-refused");
  await expectClean(watch, { allowedOrigins: [] });
});
