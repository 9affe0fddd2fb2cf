import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, countAnimations, expectClean, type PageWatch } from "../../browser/page-checks.ts";
import {
  type DashboardScene,
  FAKE_CODE,
  openDashboardScene,
  ORGANIZATION_ID,
  PROJECT_ID,
} from "../support/dashboard-scene.ts";

const OVERVIEW = `/dashboard/p/${PROJECT_ID}/overview`;
let scene: DashboardScene;
beforeAll(async () => {
  scene = await openDashboardScene();
});
afterAll(() => scene.close());

const heading = (page: Page) => page.locator("main h1");
const clean = (watch: PageWatch) => expectClean(watch, { allowedOrigins: [] });
const focused = (page: Page) =>
  page.evaluate(
    () => `${document.activeElement?.localName} ${document.activeElement?.textContent?.trim().slice(0, 30)}`,
  );

describe("coming in", () => {
  test("whoever is not signed in is asked to, and comes to the address that was asked for", async () => {
    const { page, watch } = await scene.visit(OVERVIEW, { isSignedIn: false });
    await heading(page).getByText("Gasless dashboard").waitFor();
    await captureState(page, "dashboard-signed-out");
    await page.getByRole("button", { name: "Sign in with a wallet" }).click();
    await heading(page).getByText("Ticket booth").waitFor();
    expect(new URL(page.url()).pathname).toBe(OVERVIEW);
    await clean(watch);
  });

  test("a claim code leaves the address at once, is filled in, and makes an owner", async () => {
    const { page, watch } = await scene.visit(`/dashboard/#claim=${FAKE_CODE}`, { standing: "unclaimed" });
    expect(new URL(page.url()).search).toBe("");
    await heading(page).getByText("Claim this installation").waitFor();
    await captureState(page, "dashboard-claim");
    expect(await page.getByLabel("Claim code").inputValue()).toBe(FAKE_CODE);
    await page.getByRole("button", { name: "Claim", exact: true }).click();
    await heading(page).getByText("Night Market").waitFor();
    expect(new URL(page.url()).pathname).toBe(`/dashboard/o/${ORGANIZATION_ID}/projects`);
    await clean(watch);
  });

  test("a code that opens nothing says why, where it was typed", async () => {
    const { page } = await scene.visit("/dashboard/", { standing: "outside" });
    await heading(page).getByText("You are in no organization yet").waitFor();
    await page.getByRole("button", { name: "Accept" }).click();
    await page.getByText("Paste the code or the link").waitFor();
    expect(await focused(page)).toMatch(/^input/);
    await page
      .getByLabel("Invitation code or link")
      .fill(`${scene.origin}/dashboard/#invitation=anotherCodeThatIsOver`);
    await page.getByRole("button", { name: "Accept" }).click();
    await page.getByRole("alert").getByText("There is no open invitation with this code.").waitFor();
    await captureState(page, "dashboard-invitation-refused");
  });

  test("an invitation's link leaves the address at once and opens the organization", async () => {
    const { page, watch } = await scene.visit(`/dashboard/#invitation=${FAKE_CODE}`, { standing: "outside" });
    expect(new URL(page.url()).pathname).toBe("/dashboard/");
    await page.getByRole("button", { name: "Accept" }).click();
    await heading(page).getByText("Night Market").waitFor();
    await page.goBack();
    expect(page.url()).not.toContain(FAKE_CODE);
    await clean(watch);
  });

  test("an invitation's link leaves the address of a page that is open, too", async () => {
    const { page } = await scene.visit("/dashboard/", { isSignedIn: false });
    await page.evaluate(`location.hash = "#invitation=${FAKE_CODE}"`);
    await page.getByText("Sign in to accept the invitation you were sent.").waitFor();
    expect(page.url()).not.toContain(FAKE_CODE);
  });

  test("whoever signs out sees nothing of what was there", async () => {
    const { page } = await scene.visit(OVERVIEW);
    await page.getByRole("button", { name: "7v91…6y1Q" }).click();
    await heading(page).getByText("Gasless dashboard").waitFor();
    expect(await page.getByText("Ticket booth").count()).toBe(0);
  });
});

/** From now on these are not answered; then they are. */
const hold = (page: Page, ...operations: string[]) =>
  page.evaluate(`window.fake.hangs.push(...${JSON.stringify(operations)})`);
const release = (page: Page) =>
  page.evaluate(`new Promise((resolve) => {
    window.fake.hangs.length = 0;
    dispatchEvent(new Event("fake-answers"));
    setTimeout(() => requestAnimationFrame(resolve));
  })`);
const go = (page: Page, name: string) =>
  page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name, exact: true }).first().click();

describe("an answer that comes late", () => {
  test("does not bring back who has signed out", async () => {
    const { page } = await scene.visit(OVERVIEW, { hangs: [] });
    await hold(page, "readMe");
    // Settings read everything anew when they are opened.
    await go(page, "Settings");
    await heading(page).getByText("Settings").waitFor();
    await page.getByRole("button", { name: "7v91…6y1Q" }).click();
    await heading(page).getByText("Gasless dashboard").waitFor();
    await release(page);
    expect(await heading(page).innerText()).toBe("Gasless dashboard");
    expect(await page.locator("project-switcher").count()).toBe(0);
  });

  test("moves nobody who has gone on", async () => {
    const { page } = await scene.visit(`/dashboard/p/${PROJECT_ID}/policy/2`, { hangs: [] });
    await hold(page, "createDraft");
    await page.getByRole("button", { name: "Make a draft of it" }).click();
    await go(page, "Members");
    await heading(page).getByText("Members").waitFor();
    await release(page);
    expect(new URL(page.url()).pathname).toBe(`/dashboard/o/${ORGANIZATION_ID}/members`);
  });

  test("moves nobody who is on the way to a page that is still loaded", async () => {
    const { page } = await scene.visit(`/dashboard/p/${PROJECT_ID}/policy/2`, { hangs: [] });
    const loading = Promise.withResolvers<void>();
    await page.route("**/members-page.js", async (route) => {
      await loading.promise;
      await route.continue();
    });
    await hold(page, "createDraft");
    await page.getByRole("button", { name: "Make a draft of it" }).click();
    await go(page, "Members");
    await release(page);
    expect(new URL(page.url()).pathname).toBe(`/dashboard/o/${ORGANIZATION_ID}/members`);
    loading.resolve();
    await heading(page).getByText("Members").waitFor();
  });

  test("of somebody who types leaves the address of the next page alone", async () => {
    const { page } = await scene.visit(`/dashboard/p/${PROJECT_ID}/decisions`);
    const loading = Promise.withResolvers<void>();
    await page.route("**/relays-page.js", async (route) => {
      await loading.promise;
      await route.continue();
    });
    await page.clock.install();
    await page.getByLabel("Account", { exact: true }).fill("7v91");
    await go(page, "Relays");
    await page.clock.fastForward(1_000);
    expect(new URL(page.url()).search).toBe("");
    loading.resolve();
    await heading(page).getByText("Relays").waitFor();
  });

  test("about a project is not lost to a page that was on its way", async () => {
    const { page } = await scene.visit(`/dashboard/p/${PROJECT_ID}/settings`, { hangs: [] });
    const loading = Promise.withResolvers<void>();
    await page.route("**/origins-page.js", async (route) => {
      await loading.promise;
      await route.continue();
    });
    await hold(page, "readMe");
    await page.getByLabel("Name", { exact: true }).fill("Box office");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("Saved. Pages see it within five seconds.").waitFor();
    await go(page, "Origins");
    await release(page);
    loading.resolve();
    await heading(page).getByText("Origins").waitFor();
    expect(await page.title()).toBe("Origins · Box office · Gasless");
  });
});

describe("finding one's way", () => {
  test("what was asked on a page that is left is withdrawn, and not done", async () => {
    const { page } = await scene.visit(OVERVIEW);
    await go(page, "Origins");
    await heading(page).getByText("Origins").waitFor();
    const rows = page.getByRole("row");
    await rows.nth(1).waitFor();
    const before = await rows.count();
    await page
      .getByRole("button", { name: /^Remove/ })
      .first()
      .click();
    await page.getByRole("dialog", { name: "Remove this origin?" }).waitFor();
    await page.goBack();
    await heading(page).getByText("Ticket booth").waitFor();
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await go(page, "Origins");
    await expect.poll(() => rows.count()).toBe(before);
  });

  test("an address that means nothing says so and leads on", async () => {
    const { page, watch } = await scene.visit("/dashboard/nowhere");
    await heading(page).getByText("There is nothing at this address").waitFor();
    await captureState(page, "dashboard-not-found");
    await page.getByRole("link", { name: "Go to your projects" }).click();
    await heading(page).getByText("Night Market").waitFor();
    await clean(watch);
  });

  test("a project that is not one's own is told as one that is not there", async () => {
    const { page } = await scene.visit("/dashboard/p/prj_00000000000000000000000009/keys");
    await page.getByRole("alert").getByText("There is no such project.").waitFor();
    await captureState(page, "dashboard-foreign-project");
  });

  test("a page whose file is gone, as after a new deployment, says so, and is loaded anew", async () => {
    const { page } = await scene.visit(OVERVIEW);
    await page.route("**/members-page.js", (route) => route.abort());
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Members" }).click();
    await page.getByRole("alert").getByText("This page could not be loaded.").waitFor();
    await page.unroute("**/members-page.js");
    await page.getByRole("button", { name: "Try again" }).click();
    await heading(page).getByText("Members").waitFor();
  });

  test("a link moves focus to the page's heading and changes the title, and back goes back", async () => {
    const { page } = await scene.visit(OVERVIEW);
    expect(await page.title()).toBe("Overview · Ticket booth · Gasless");
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Members" }).click();
    await heading(page).getByText("Members").waitFor();
    await expect.poll(() => focused(page)).toBe("h1 Members");
    expect(await page.title()).toBe("Members · Night Market · Gasless");
    await page.goBack();
    await heading(page).getByText("Ticket booth").waitFor();
  });

  test("by keyboard alone: past the navigation, into the switcher and out again", async () => {
    const { page } = await scene.visit(OVERVIEW);
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("a Skip to the content");
    await page.keyboard.press("Enter");
    expect(await focused(page)).toMatch(/^main/);
    await page.getByRole("button", { name: /Ticket booth/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Ticket booth live" }).waitFor();
    await captureState(page, "dashboard-switcher");
    await page.keyboard.press("Escape");
    expect(await focused(page)).toMatch(/^button Ticket booth/);
  });

  test("on a phone the pages are behind a button, and a choice closes them", async () => {
    const { page } = await scene.visit(OVERVIEW, { context: { viewport: { width: 390, height: 844 } } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.getByRole("button", { name: "Pages" }).click();
    const drawer = page.getByRole("dialog", { name: "Pages" });
    await drawer.getByRole("link", { name: "Members" }).waitFor();
    await captureState(page, "dashboard-drawer");
    await drawer.getByRole("link", { name: "Members" }).click();
    await heading(page).getByText("Members").waitFor();
    await drawer.waitFor({ state: "hidden" });
  });

  test("the theme is one's own, and stays after a reload", async () => {
    const { page } = await scene.visit(OVERVIEW, { context: { colorScheme: "light" } });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByRole("button", { name: "Theme: as the system has it" }).click();
    await page.getByRole("button", { name: "Theme: light" }).click();
    await expect.poll(background).not.toBe(light);
    const dark = await background();
    await page.reload();
    await heading(page).waitFor();
    expect(await background()).toBe(dark);
  });

  test("with colours that the system forces, everything is there to be read and found", async () => {
    const { page } = await scene.visit(OVERVIEW, { context: { forcedColors: "active" } });
    await page.locator("ui-chart canvas").first().waitFor();
    await captureState(page, "dashboard-forced-colours");
  });

  test("nothing moves for people who asked for less motion", async () => {
    const { page } = await scene.visit(OVERVIEW, { context: { reducedMotion: "reduce" } });
    expect(await countAnimations(page)).toBe(0);
  });
});
