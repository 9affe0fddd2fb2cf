import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean } from "../../browser/page-checks.ts";
import { type DashboardScene, openDashboardScene, ORGANIZATION_ID, PROJECT_ID } from "../support/dashboard-scene.ts";

const DENYLIST = `/dashboard/p/${PROJECT_ID}/denylist`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

/** Of every control of the page in turn, as Tab comes to it: those that the toast lies on. */
const COVERED = `(() => {
  const toast = document.querySelector(".toast:last-child").getBoundingClientRect();
  const head = document.querySelector(".head");
  const controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")];
  return controls
    .filter((control) => control.checkVisibility() && !control.closest(".toast"))
    .filter((control) => {
      control.focus();
      const { left, right, top, bottom } = control.getBoundingClientRect();
      const seenFrom = head.contains(control) ? top : Math.max(top, head.getBoundingClientRect().bottom);
      return left < toast.right && right > toast.left && seenFrom < Math.min(bottom, toast.bottom) && bottom > toast.top;
    })
    .map((control) => control.outerHTML.slice(0, 120));
})()`;
/** The same of where the page is scrolled to. */
const UNDER = COVERED.replace("control.focus();", "");

const copy = (page: Page) => page.getByRole("button", { name: "Copy the address" }).first().click();
/** Nobody has allowed the clipboard: a fault, which stays. */
const fail = copy;
const toastOf = (page: Page) => page.getByRole("status").getByText("This browser did not let it be copied.");

describe("a toast", () => {
  test.each([390, 1024, 1440])(
    "in a window of %i px lies on no control, wherever the page is scrolled to",
    async (width) => {
      const { page, watch } = await scene.visit(DENYLIST, { context: { viewport: { width, height: 844 } } });
      await fail(page);
      await toastOf(page).waitFor();
      expect(await page.evaluate(UNDER)).toEqual([]);
      expect(await page.evaluate(COVERED)).toEqual([]);
      await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
      await page.getByRole("button", { name: "Older" }).click({ trial: true });
      await page.getByRole("button", { name: "Dismiss" }).click();
      await toastOf(page).waitFor({ state: "detached" });
      await expectClean(watch, { allowedOrigins: [] });
    },
  );

  test("is readable in light and dark, on a phone and on a desk", async () => {
    const { page } = await scene.visit(DENYLIST);
    await fail(page);
    await toastOf(page).waitFor();
    await captureState(page, "toast");
  });

  test("of what went well goes by itself on a desk, and on a phone only when the page moves anyway", async () => {
    const context = { permissions: ["clipboard-write"] };
    const { page } = await scene.visit(DENYLIST, { context });
    const toast = page.getByRole("status").getByText("Copied the address.");
    await page.clock.install();
    await copy(page);
    await toast.waitFor();
    await page.clock.runFor(7_000);
    await toast.waitFor({ state: "detached" });
    await page.setViewportSize({ width: 390, height: 844 });
    await copy(page);
    await toast.waitFor();
    await page.clock.runFor(60_000);
    expect(await toast.count()).toBe(1);
    await page.evaluate("scrollBy(0, 200)");
    await toast.waitFor({ state: "detached" });
  });

  test("of a dialog stands in the dialog, where it is heard and can be dismissed", async () => {
    const { page } = await scene.visit(`/dashboard/o/${ORGANIZATION_ID}/members`);
    await page.getByRole("button", { name: "Invite somebody" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Make the link" }).click();
    await dialog.getByRole("button", { name: /^Copy/ }).click();
    await dialog.getByRole("status").getByText("This browser did not let it be copied.").waitFor();
    await dialog.getByRole("button", { name: "Dismiss" }).click();
    await page.getByText("This browser did not let it be copied.").waitFor({ state: "detached" });
    expect(await dialog.count()).toBe(1);
  });
});
