import type { Page } from "playwright-core";
import type { PageWatch } from "../../browser/page-checks.ts";
import { type DashboardScene, PROJECT_ID } from "./dashboard-scene.ts";

export const POLICY = `/dashboard/p/${PROJECT_ID}/policy`;
/** The fake's own. */
export const DRAFT = "Plain transfers too";

export const main = (page: Page) => page.locator("main");
export const dialog = (page: Page) => page.getByRole("dialog");
export const saveState = (page: Page) => page.locator(".save-state");

export async function openDraft(
  scene: DashboardScene,
  visit: Parameters<DashboardScene["visit"]>[1] = {},
): Promise<{ page: Page; watch: PageWatch }> {
  const opened = await scene.visit(POLICY, visit);
  await opened.page.getByRole("link", { name: DRAFT }).click();
  await opened.page.getByRole("tab", { name: "Form" }).waitFor();
  return opened;
}
