import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { createClaimCode } from "@gasless/db/claim";
import { type Stack, startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import type { Page } from "playwright-core";
import { inject } from "vitest";
import { launchChromium } from "../../browser/chromium.ts";
import { type PageWatch, watchPage } from "../../browser/page-checks.ts";
import { buildTestWallets } from "./test-page.ts";

/** A deployment of its own, and the person who claimed it in a browser. */
export interface ClaimedConsole {
  readonly stack: Stack;
  readonly page: Page;
  readonly watch: PageWatch;
  close(): Promise<void>;
}

/** What belongs to nobody when the installation is claimed becomes the first owner's: `prepare` makes it. */
export async function openClaimedConsole(prepare: (stack: Stack) => Promise<unknown>): Promise<ClaimedConsole> {
  const [stack, browser, wallets] = await Promise.all([
    startStack({ postgresUrl: inject("postgresUrl"), template: TEMPLATE, slotMs: 50, finalityDepth: 8 }),
    launchChromium(),
    buildTestWallets(),
  ]);
  await prepare(stack);
  const code = await createClaimCode(stack.database);
  const page = await browser.newPage({ locale: "en-GB", viewport: { width: 1440, height: 900 } });
  const watch = await watchPage(page);
  await page.goto(`${stack.api}/dashboard/#claim=${code}`);
  // As an extension's script does, it comes past the page's policy.
  await page.evaluate(await readFile(join(wallets, "wallets.js"), "utf8"));
  await page.evaluate("testWallets.announceBurner('sign-in')");
  await page.getByRole("button", { name: "Sign in with a wallet" }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Burner Wallet/ })
    .click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.getByLabel("Name of your organization").fill("Night Market");
  await page.getByRole("button", { name: "Claim", exact: true }).click();
  await page.locator("main h1").getByText("Night Market").waitFor();
  return {
    stack,
    page,
    watch,
    async close() {
      await browser.close();
      await stack.close();
      await rm(wallets, { recursive: true, force: true });
    },
  };
}
