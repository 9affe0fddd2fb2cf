import { type DemoSite, startDemoSite } from "@gasless/localnet/demo/server";
import { openStampFaucet } from "@gasless/localnet/demo/stamp-faucet";
import { findFreePort } from "@gasless/localnet/ports";
import { ALGORAND_NETWORK, type Stack, startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import { type Bridge, startBridge } from "@gasless/localnet/walletconnect/bridge";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { launchChromium } from "../browser/chromium.ts";
import { captureState, expectClean, watchPage } from "../browser/page-checks.ts";
import { addressOf, dialogButton, trigger, untilStatus } from "./support/scene.ts";

let stack: Stack;
let browser: Browser;
let bridge: Bridge;
let site: DemoSite;
beforeAll(async () => {
  [stack, browser, bridge] = await Promise.all([
    startStack({ postgresUrl: inject("postgresUrl"), template: TEMPLATE, algorand: { roundMs: 100 } }),
    launchChromium(),
    startBridge(),
  ]);
  const { createProject, localnet } = stack.algorand ?? expect.fail();
  const port = await findFreePort("127.0.0.1");
  // As `npm start` makes it: one project, two networks.
  const seed = { name: "Gasless Demo", origins: [`http://127.0.0.1:${port}`] };
  const { publishableKey } = await stack.createProject(seed);
  await createProject({ ...seed, publishableKey });
  const faucet = openStampFaucet(localnet.chain);
  site = await startDemoSite({
    host: "127.0.0.1",
    port,
    api: stack.api,
    rpcUrl: stack.solana.httpUrl,
    network: "solana:localnet",
    publishableKey,
    algorand: { network: ALGORAND_NETWORK, algodUrl: localnet.url, bridgeUrl: bridge.url, faucet },
  });
});
afterAll(async () => {
  await site.close();
  await bridge.close();
  await browser.close();
  await stack.close();
});

const approve = async (phone: Page) => {
  await phone.getByRole("button", { name: "Approve" }).click();
  await phone.getByRole("dialog").waitFor({ state: "hidden" });
};

/** As a person without a phone does it: copies the link there, pastes it here. */
async function connect(tab: Page, context: BrowserContext): Promise<Page> {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: site.url });
  const opened = tab.waitForEvent("popup");
  await tab.getByRole("button", { name: "Open the demo phone" }).click();
  const phone = await opened;
  await phone
    .locator("#address")
    .getByText(/^[A-Z2-7]{58}$/)
    .waitFor();
  await trigger(tab).click();
  await tab.getByRole("button", { name: /^Pera Wallet/ }).click();
  await tab.getByRole("img", { name: "Code for Pera Wallet" }).waitFor();
  await dialogButton(tab, "Copy the link instead").click();
  await phone.bringToFront();
  await phone.getByRole("button", { name: "Paste and connect" }).click();
  await approve(phone);
  return phone;
}

test(
  "an empty wallet makes room, gets stamps and sends one, and the chain says who paid",
  { timeout: 120_000 },
  async () => {
    const { localnet, sponsor } = stack.algorand ?? expect.fail();
    const sponsorHad = localnet.chain.balanceOf(sponsor.address);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
    const tab = await context.newPage();
    const watch = await watchPage(tab);
    await tab.goto(`${site.url}/algorand`);
    const phone = await connect(tab, context);
    await phone.getByRole("heading", { name: "Sign in" }).waitFor();
    await approve(phone);
    await untilStatus(tab, "signed-in");
    const user = await addressOf(tab);
    expect(localnet.chain.balanceOf(user)).toBe(0n);
    await tab.getByRole("dialog").waitFor({ state: "hidden" });

    await tab.getByRole("button", { name: "Make room for stamps" }).click();
    await phone.getByText("Make room for stamps in your wallet.").waitFor();
    await phone.getByText("gives you 0.2 ALGO.").waitFor();
    await phone.getByText("You pay nothing.").waitFor();
    await approve(phone);
    await dialogButton(tab, "Done").click();
    await tab.locator("#album-status").getByText("Your wallet has room for stamps, and you paid nothing.").waitFor();
    expect(localnet.chain.balanceOf(user)).toBe(200_000n);

    await tab.getByRole("button", { name: "Get 10 stamps" }).click();
    await tab.locator("#stamp-balance").getByText("10").waitFor();
    await tab.getByRole("button", { name: "Send 1 stamp to the counter" }).click();
    await phone.getByText(/^Send 1 stamp to /).waitFor();
    await approve(phone);
    await dialogButton(tab, "Done").click();
    await tab.locator("#album-status").getByText("The counter has your stamp, and you paid nothing.").waitFor();
    await tab.locator("#stamp-balance").getByText("9").waitFor();
    await captureState(tab, "algorand-receipt");

    // What the page says is what the chain says.
    expect(localnet.chain.balanceOf(user)).toBe(200_000n);
    const { rows } = await stack.database.query<{ charged: string; state: string }>(
      "select state, coalesce(charged_fee + charged_rent, 0) as charged from relays order by created_at",
    );
    expect(rows.map(({ state }) => state)).toEqual(["finalized", "finalized"]);
    const charged = rows.reduce((sum, row) => sum + BigInt(row.charged), 0n);
    expect(sponsorHad - localnet.chain.balanceOf(sponsor.address)).toBe(charged);
    expect(charged).toBe(204_000n);
    const receipt = await tab.locator("#receipt-lines").innerText();
    expect(receipt).toContain("Paid by you\n0 ALGO");

    // A reload finds the session and the phone again, and asks nobody.
    await tab.reload();
    await tab.locator("#stamp-balance").getByText("9").waitFor();
    await tab.getByRole("button", { name: "Send 1 stamp to the counter" }).click();
    await phone.getByText(/^Send 1 stamp to /).waitFor();
    await phone.getByRole("button", { name: "Reject" }).click();
    await tab.getByRole("dialog").getByText("You declined").waitFor();
    await tab.keyboard.press("Escape");
    await tab.locator("#album-status").getByText("You said no, so nothing was sent.").waitFor();
    await expectClean(watch, { allowedOrigins: [stack.api, localnet.url, bridge.url] });
    await context.close();
  },
);

test("who is signed in on the other network is told so", { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "en-GB" });
  const tab = await context.newPage();
  const watch = await watchPage(tab);
  await tab.goto(site.url);
  await trigger(tab).click();
  await tab.getByRole("button", { name: /^Demo Wallet/ }).click();
  await tab.locator("dialog.demo-wallet").getByRole("button", { name: "Approve" }).click();
  await untilStatus(tab, "signed-in");
  await tab.getByRole("dialog").waitFor({ state: "hidden" });
  await tab.getByRole("link", { name: "Algorand" }).click();
  await tab.getByRole("heading", { level: 1, name: /^Collect stamps/ }).waitFor();
  await tab.getByRole("button", { name: "Make room for stamps" }).click();
  await tab.locator("#album-status").getByText("You are signed in on another network.").waitFor();
  await dialogButton(tab, "Switch wallet").click();
  await dialogButton(tab, /^Pera Wallet/).waitFor();
  await expectClean(watch, { allowedOrigins: [stack.api, stack.solana.httpUrl, stack.algorand?.localnet.url ?? ""] });
  await context.close();
});
