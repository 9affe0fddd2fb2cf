import { createScriptedPera } from "@gasless/localnet/walletconnect/scripted-pera";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectClean } from "../browser/page-checks.ts";
import {
  expectSponsored,
  holdingOf,
  makeTransfer,
  openPeraScene,
  PERA,
  type PeraScene,
  readLink,
  rekey,
  scanCode,
  signInByPera,
  startGroup,
} from "./support/pera-scene.ts";
import { addressOf, dialog, dialogButton, heading, statusOf, trigger, untilStatus } from "./support/scene.ts";

let pera: PeraScene;
beforeAll(async () => {
  pera = await openPeraScene();
});
afterAll(() => pera.close());

const windowKeys = () => Reflect.ownKeys(window).map(String);

describe("Pera Wallet on a phone", () => {
  test("signs in by a code, and nobody but the page, its BFF and its bridge is asked for anything", async () => {
    const visit = await pera.visit();
    const { page, watch } = visit;
    const before = new Set(await page.evaluate(windowKeys));
    const elements = await page.evaluate(() => customElements.get("pera-wallet-connect-modal") === undefined);
    const chunks = () =>
      page.evaluate(
        () => performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/pera.js")).length,
      );
    await trigger(page).click();
    await dialogButton(page, PERA).waitFor();
    expect(await chunks()).toBe(0);
    await page.keyboard.press("Escape");
    const user = await signInByPera(visit);
    expect([visit.pera.addresses, await chunks()]).toEqual([[user], 1]);
    expect(visit.pera.requests.map(({ method }) => method)).toEqual(["algo_signData"]);
    const added = (await page.evaluate(windowKeys)).filter((key) => !before.has(key));
    expect([added, elements]).toEqual([[], true]);
    expect(await page.evaluate(() => document.querySelectorAll("body > div").length)).toBe(0);
    await expectClean(watch, { allowedOrigins: [pera.scene.stack.api, pera.bridge.url] });
  });

  test.each([
    ["structured texts", "legacy", ["algo_signData", "algo_signData"]],
    ["texts at all", "none", ["algo_signData", "algo_signData", "algo_signTxn"]],
  ] as const)("that knows no %s signs in all the same, in the next way", async (_what, signData, methods) => {
    const visit = await pera.visit({ phone: { behaviour: { signData } } });
    await signInByPera(visit);
    expect(visit.pera.requests.map(({ method }) => method)).toEqual(methods);
  });

  test("takes an empty account to an asset that it holds, and on to the next person, without an ALGO of its own", async () => {
    const asset = pera.createAsset();
    const visit = await pera.visit();
    const user = await signInByPera(visit);
    const optIn = await (await startGroup(visit.page, [await makeTransfer(pera, user, asset)]))();
    expect(optIn).toMatchObject({ state: "finalized", rent: { charged: "200000" } });
    expect(await holdingOf(pera, user, asset)).toBe(0n);
    pera.algorand.localnet.chain.giveAsset(asset, user, 5n);
    expect(await holdingOf(pera, user, asset)).toBe(5n);

    const other = await pera.visit();
    const friend = await signInByPera(other);
    expect(await (await startGroup(other.page, [await makeTransfer(pera, friend, asset)]))()).toMatchObject({
      state: "finalized",
    });
    const gift = await makeTransfer(pera, user, asset, { receiver: friend, amount: 2n });
    const sent = await (await startGroup(visit.page, [gift]))();
    expect(sent).toMatchObject({ state: "finalized", rent: { charged: "0" } });
    expect([sent.transactionIds?.length, await holdingOf(pera, friend, asset)]).toEqual([2, 2n]);
    for (const address of [user, friend]) await expectSponsored(pera, address, 200_000n);
    await expectClean(visit.watch, { allowedOrigins: [pera.scene.stack.api, pera.bridge.url] });
  });
});

describe("once it is paired", () => {
  test("a reload goes on without a prompt, and the next request shows on the phone", async () => {
    const asset = pera.createAsset();
    const visit = await pera.visit();
    const { page } = visit;
    const user = await signInByPera(visit);
    await page.reload();
    await untilStatus(page, "signed-in");
    expect(visit.pera.requests).toHaveLength(1);
    visit.pera.behave({ signing: "hang" });
    const outcome = await startGroup(page, [await makeTransfer(pera, user, asset)]);
    await heading(page).getByText("Approve in Pera Wallet").waitFor();
    await dialog(page).getByText("Your wallet may warn that you have no ALGO").waitFor();
    await expect.poll(() => visit.pera.requests.length).toBe(2);
    visit.pera.behave({ signing: "approve" });
    visit.pera.answerHeld();
    expect(await outcome()).toMatchObject({ state: "finalized" });
    expect(visit.pera.requests[1]?.method).toBe("algo_signTxn");
  });

  test("somebody who signed out signs in again with the same phone, or with another account", async () => {
    const visit = await pera.visit();
    const { page } = visit;
    const user = await signInByPera(visit);
    await trigger(page).click();
    await dialogButton(page, "Sign out").click();
    await untilStatus(page, "disconnected");
    visit.pera.behave({ signing: "hang" });
    await trigger(page).click();
    await dialogButton(page, PERA).click();
    await dialogButton(page, "Use another account").click();
    const other = await pera.visit();
    await other.pera.open(await readLink(page));
    await untilStatus(page, "signed-in");
    expect([await addressOf(page)]).toEqual(other.pera.addresses);
    expect(await addressOf(page)).not.toBe(user);
  });

  test("two tabs share one phone: each has it sign, and a phone that one of them pairs anew is the other one's as well", async () => {
    const visit = await pera.visit({ seed: { limits: [] } });
    const { page, context, url } = visit;
    const user = await signInByPera(visit);
    const other = await context.newPage();
    await other.goto(url);
    await untilStatus(other, "signed-in");
    for (const tab of [other, page, other]) {
      const outcome = await startGroup(tab, [await makeTransfer(pera, user, pera.createAsset())]);
      expect(await outcome()).toMatchObject({ state: "finalized" });
    }
    await page.bringToFront();
    await trigger(page).click();
    await dialogButton(page, "Switch wallet").click();
    visit.pera.behave({ signing: "hang" });
    await dialogButton(page, PERA).click();
    await dialogButton(page, "Use another account").click();
    const phone = createScriptedPera();
    await phone.open(await readLink(page));
    await expect.poll(() => addressOf(other)).toBe(phone.addresses[0]);
    await untilStatus(other, "signed-in");
    const [second = ""] = phone.addresses;
    const outcome = await startGroup(other, [await makeTransfer(pera, second, pera.createAsset())]);
    expect(await outcome()).toMatchObject({ state: "finalized" });
    phone.close();
  });

  test("with several accounts, the person chooses which one signs in", async () => {
    const seeds = [21, 22, 23].map((byte) => new Uint8Array(32).fill(byte));
    const visit = await pera.visit({ phone: { seeds } });
    const { page } = visit;
    await trigger(page).click();
    await scanCode(visit);
    await heading(page).getByText("Choose an account").waitFor();
    const [, second = ""] = visit.pera.addresses;
    await dialogButton(page, second).click();
    await untilStatus(page, "signed-in");
    expect(await addressOf(page)).toBe(second);
    const asset = pera.createAsset();
    const outcome = await startGroup(page, [await makeTransfer(pera, second, asset)]);
    expect(await outcome()).toMatchObject({ state: "finalized" });
  });

  test("another account on the phone is asked about once, and becomes the one signed in", async () => {
    const seeds = [31, 32].map((byte) => new Uint8Array(32).fill(byte));
    const visit = await pera.visit({ phone: { seeds } });
    const { page } = visit;
    const [first = "", second = ""] = visit.pera.addresses;
    await trigger(page).click();
    await scanCode(visit);
    await dialogButton(page, first).click();
    await untilStatus(page, "signed-in");
    await dialog(page).waitFor({ state: "hidden" });
    visit.pera.switchAccount(second);
    await expect
      .poll(async () => {
        if (!(await dialog(page).isVisible())) await trigger(page).click();
        return heading(page).textContent();
      })
      .toBe("Another account");
    await dialogButton(page, /^Sign in as/).click();
    await expect.poll(() => addressOf(page)).toBe(second);
    await untilStatus(page, "signed-in");
  });

  test("a rekeyed account signs in and is sponsored under the key that signs for it", async () => {
    const asset = pera.createAsset();
    const seed = new Uint8Array(32).fill(41);
    const visit = await pera.visit({ phone: { seeds: [seed] } });
    const [user = ""] = visit.pera.addresses;
    await signInByPera(visit);
    pera.algorand.localnet.chain.fund(user, 101_000n);
    const authAddress = visit.pera.rekey(user, new Uint8Array(32).fill(42));
    await rekey(pera, seed, authAddress);
    const { page } = visit;
    await page.reload();
    await untilStatus(page, "signed-in");
    const outcome = await startGroup(page, [await makeTransfer(pera, user, asset)]);
    expect(await outcome()).toMatchObject({ state: "finalized" });
  });
});

describe("beside other wallets", () => {
  test("it is listed where the project has an Algorand network, and Solana's where it has one of theirs", async () => {
    const rows = async (options: Parameters<PeraScene["visit"]>[0]) => {
      const { page } = await pera.visit({ announce: "sign-in", ...options });
      await trigger(page).click();
      await dialog(page).getByText("pays the network fees").waitFor();
      await expect
        .poll(() =>
          dialog(page)
            .getByText(/You need no/)
            .textContent(),
        )
        .not.toContain("no :");
      await expect.poll(() => dialog(page).locator("li").count()).toBeGreaterThan(0);
      await page.waitForLoadState("networkidle");
      return dialog(page).locator("li .name").allTextContents();
    };
    expect(await rows({ families: ["algorand"] })).toEqual(["Pera Wallet"]);
    expect(await rows({ families: ["solana"] })).toEqual(["Burner Wallet"]);
    expect(await rows({ families: ["solana", "algorand"] })).toEqual(["Burner Wallet", "Pera Wallet"]);
    const attributes = 'network="algorand:localnet"';
    expect(await rows({ families: ["solana", "algorand"], attributes })).toEqual(["Pera Wallet"]);
  });

  test("a person goes from a wallet of one network to one of another: one session, each on its own network", async () => {
    const visit = await pera.visit({ announce: "sign-in", families: ["solana", "algorand"] });
    const { page } = visit;
    await trigger(page).click();
    await dialog(page).getByText("You need no SOL or ALGO").waitFor();
    await dialogButton(page, /Burner Wallet/).click();
    await untilStatus(page, "signed-in");
    await dialog(page).waitFor({ state: "hidden" });
    await trigger(page).click();
    await dialogButton(page, "Switch wallet").click();
    await scanCode(visit);
    const [user = ""] = visit.pera.addresses;
    await expect.poll(() => addressOf(page)).toBe(user);
    await untilStatus(page, "signed-in");
    const asset = pera.createAsset();
    expect(await (await startGroup(page, [await makeTransfer(pera, user, asset)]))()).toMatchObject({
      state: "finalized",
    });
    await page.reload();
    await untilStatus(page, "signed-in");
    expect(await addressOf(page)).toBe(user);
  });

  test("the classic script fetches the same chunk, and signs in by it", async () => {
    const visit = await pera.visit({ script: '<script src="/gasless-wallet.iife.js"></script>' });
    const user = await signInByPera(visit);
    expect(await statusOf(visit.page)).toBe("signed-in");
    const refused = await (await startGroup(visit.page, []))();
    expect(refused).toMatchObject({ code: "request.invalid" });
    expect(user).toBe(visit.pera.addresses[0]);
    await expectClean(visit.watch, { allowedOrigins: [pera.scene.stack.api, pera.bridge.url] });
  });
});
