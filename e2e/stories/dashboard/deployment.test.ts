import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createClaimCode } from "@gasless/db/claim";
import { proveFirstRelay } from "@gasless/localnet/prove";
import { type Stack, startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { launchChromium } from "../../browser/chromium.ts";
import { captureState, expectClean, type PageWatch, watchPage } from "../../browser/page-checks.ts";
import { buildTestWallets } from "../support/test-page.ts";

let stack: Stack;
let browser: Browser;
let wallets: string;
beforeAll(async () => {
  [browser, wallets] = await Promise.all([launchChromium(), buildTestWallets()]);
});
// An installation is claimed once: each story has its own.
beforeEach(async () => {
  stack = await startStack({ postgresUrl: inject("postgresUrl"), template: TEMPLATE, slotMs: 50, finalityDepth: 8 });
});
afterEach(() => stack.close());
afterAll(async () => {
  await browser.close();
  await rm(wallets, { recursive: true, force: true });
});

/** A browser with a wallet of its own in it, at an address of the dashboard as the API itself serves it. */
async function visit(path: string): Promise<{ readonly page: Page; readonly watch: PageWatch }> {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const watch = await watchPage(page);
  await page.goto(stack.api + path);
  // As an extension's script does, it comes past the page's policy.
  await page.evaluate(await readFile(join(wallets, "wallets.js"), "utf8"));
  await page.evaluate(() => window.testWallets.announceBurner("sign-in"));
  await page.getByRole("button", { name: "Sign in with a wallet" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Burner Wallet/ })
    .click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  return { page, watch };
}

const heading = (page: Page) => page.locator("main h1");

/** The first owner, at home. */
async function claim(): ReturnType<typeof visit> {
  const code = await createClaimCode(stack.database);
  const { page, watch } = await visit(`/dashboard/#claim=${code}`);
  expect(page.url()).not.toContain(code);
  await heading(page).getByText("Claim this installation").waitFor();
  await page.getByLabel("Name of your organization").fill("Night Market");
  await page.getByRole("button", { name: "Claim", exact: true }).click();
  await heading(page).getByText("Night Market").waitFor();
  return { page, watch };
}

test("the first owner signs in with a wallet, claims the installation and makes a project", async () => {
  const { page, watch } = await claim();
  await page.getByRole("button", { name: "New project" }).first().click();
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Ticket booth");
  await page.getByRole("dialog").getByRole("button", { name: "Make it" }).click();
  await heading(page).getByText("Ticket booth").waitFor();
  await page.getByRole("heading", { name: "Getting started" }).waitFor();
  await page.locator(".steps li").nth(5).waitFor();
  await captureState(page, "dashboard-real-first-steps");
  const kept = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
  );
  expect(kept).toBe('[[],[["gasless-dashboard-session","1"]]]');
  // The token was in memory alone; the wallet's session makes another.
  await page.reload();
  await heading(page).getByText("Ticket booth").waitFor();
  await expectClean(watch, { allowedOrigins: [] });
});

test(
  "a project that had a relay shows it, and every page of it is there, without a problem",
  { timeout: 120_000 },
  async () => {
    const project = await stack.createProject({ name: "Ticket booth" });
    await proveFirstRelay(project, stack.solana.httpUrl);
    // Sums are made by the cron.
    await stack.worker().runScheduled();
    // What belonged to nobody belongs to whoever claims.
    const { page, watch } = await claim();
    await page.getByRole("link", { name: "Ticket booth" }).click();
    await page.locator(".figure", { hasText: "Sponsored" }).getByText("1 landed").waitFor();
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    const names = (await links.allInnerTexts()).map((name) => name.trim());
    for (const name of names.filter((each) => !["Guide", "API reference"].includes(each))) {
      await links.getByText(name, { exact: true }).first().click();
      await page.locator("main[aria-busy]").waitFor({ state: "detached" });
      await page.locator("main .skeleton").first().waitFor({ state: "detached" });
      expect([name, await page.getByRole("alert").allInnerTexts()]).toEqual([name, []]);
    }
    await expectClean(watch, { allowedOrigins: [] });
  },
);

test("somebody who is invited comes in with the role of the invitation, once, and no further", async () => {
  const owner = await claim();
  await owner.page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Members" }).click();
  await owner.page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = owner.page.getByRole("dialog");
  await dialog.getByRole("radio", { name: /^Viewer/ }).check();
  await dialog.getByRole("button", { name: "Make the link" }).click();
  const address = new URL(await dialog.locator("pre").innerText());
  await dialog.getByRole("button", { name: "Done" }).click();

  const guest = await visit(address.pathname + address.hash);
  expect(guest.page.url()).toBe(`${stack.api}/dashboard/`);
  await guest.page.getByRole("button", { name: "Accept" }).click();
  await heading(guest.page).getByText("Night Market").waitFor();
  await guest.page.getByText("Your role here is viewer.").waitFor();
  await guest.page.getByRole("button", { name: "New project" }).first().focus();
  await guest.page.keyboard.press("Enter");
  await guest.page
    .getByRole("status")
    .getByText(/^Only owners, admins, and developers can do this/)
    .waitFor();

  const late = await visit(address.pathname + address.hash);
  await late.page.getByRole("button", { name: "Accept" }).click();
  await late.page.getByRole("alert").waitFor();
  expect(await heading(late.page).innerText()).not.toBe("Night Market");
  await owner.page.reload();
  await owner.page
    .getByRole("table", { name: "Members" })
    .getByRole("row", { name: /viewer/ })
    .waitFor();
  await expectClean(guest.watch, { allowedOrigins: [] });
});
