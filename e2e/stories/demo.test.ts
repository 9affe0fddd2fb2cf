import { randomBytes } from "node:crypto";
import { createTokenFaucet } from "@gasless/localnet/demo/faucet";
import { type DemoSite, startDemoSite } from "@gasless/localnet/demo/server";
import { findFreePort } from "@gasless/localnet/ports";
import { type Stack, startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { tokenBalanceOf } from "../browser/chain.ts";
import { launchChromium } from "../browser/chromium.ts";
import { captureState, expectClean, watchPage } from "../browser/page-checks.ts";
import { addressOf, dialogButton, expectBalances, trigger, untilStatus } from "./support/scene.ts";

const NETWORK = "solana:localnet";

let stack: Stack;
let browser: Browser;
let site: DemoSite;
beforeAll(async () => {
  [stack, browser] = await Promise.all([
    startStack({ postgresUrl: inject("postgresUrl"), template: TEMPLATE, slotMs: 50, finalityDepth: 8 }),
    launchChromium(),
  ]);
  const port = await findFreePort("127.0.0.1");
  const { publishableKey } = await stack.createProject({ name: "Gasless Demo", origins: [`http://127.0.0.1:${port}`] });
  const rpcUrl = stack.solana.httpUrl;
  const faucet = createTokenFaucet({ rpcUrl, seed: randomBytes(32) });
  site = await startDemoSite({
    host: "127.0.0.1",
    port,
    api: stack.api,
    rpcUrl,
    network: NETWORK,
    publishableKey,
    faucet,
  });
});
afterAll(async () => {
  await site.close();
  await browser.close();
  await stack.close();
});

/** Chromium's viewport of each kind of visitor. */
const SIZES = [
  ["on a desk", { width: 1440, height: 900 }],
  ["on a phone", { width: 390, height: 844 }],
] as const;

const approve = (page: Page) => page.locator("dialog.demo-wallet").getByRole("button", { name: "Approve" }).click();

test.each(SIZES)(
  "%s, a stranger with nothing goes the whole way, and the chain says who paid",
  async (where, viewport) => {
    const context = await browser.newContext({ viewport, locale: "en-GB" });
    const tab = await context.newPage();
    const watch = await watchPage(tab);
    const startedAtMs = performance.now();
    await tab.goto(site.url);
    if (where === "on a desk") await captureState(tab, "demo-start");

    await trigger(tab).click();
    await tab.getByRole("button", { name: /^Demo Wallet/ }).click();
    await tab.locator("dialog.demo-wallet").waitFor();
    if (where === "on a desk") await captureState(tab, "demo-wallet");
    await approve(tab);
    await untilStatus(tab, "signed-in");
    const user = await addressOf(tab);
    await tab.getByRole("dialog").waitFor({ state: "hidden" });

    await tab.getByRole("textbox", { name: "Your note" }).fill(`A note from somebody ${where}`);
    await tab.getByRole("button", { name: "Sign the guestbook" }).click();
    await approve(tab);
    await dialogButton(tab, "Done").click();
    await tab.locator("#entries").getByText(`A note from somebody ${where}`).waitFor();

    const answering = tab.waitForResponse((response) => response.url().endsWith("/faucet"));
    await tab.getByRole("button", { name: "Get 10 demo tokens" }).click();
    const accounts = (await (await answering).json()) as { tokenAccount: string; guestbookTokenAccount: string };
    await tab.locator("#token-balance").getByText("10").waitFor();
    await tab.getByRole("button", { name: "Send 1 token to the guestbook" }).click();
    await approve(tab);
    await dialogButton(tab, "Done").click();
    await tab.locator("#token-status").getByText("The guestbook has your token, and you paid nothing.").waitFor();
    await tab.locator(".line.state dd").getByText(/final/i).waitFor();
    if (where === "on a desk") await captureState(tab, "demo-receipt");

    // What the page says is what the chain says.
    const transactionIds = await stack.database.query<{ transaction_id: string }>(
      "select r.transaction_id from relays r join wallets w on w.user_id = r.user_id where w.wallet = $1 and r.state = 'finalized'",
      [`solana:${user}`],
    );
    expect(transactionIds.rows).toHaveLength(2);
    await tab.locator("#token-balance").getByText("9").waitFor();
    expect(await tokenBalanceOf(stack, accounts.tokenAccount)).toBe(900n);
    expect(await tokenBalanceOf(stack, accounts.guestbookTokenAccount)).toBe(where === "on a desk" ? 100n : 200n);
    await expectBalances(stack, user);
    // Generous: a stranger has a minute, a machine under load a little less.
    expect(performance.now() - startedAtMs).toBeLessThan(50_000);
    await expectClean(watch, { allowedOrigins: [stack.api, stack.solana.httpUrl] });
    await context.close();
  },
);
