import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean } from "../browser/page-checks.ts";
import {
  dialog,
  dialogButton,
  expectBalances,
  heading,
  openScene,
  type Scene,
  signIn,
  startMemo,
  statusOf,
  trigger,
  untilStatus,
} from "./support/scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());

type Page = Parameters<typeof trigger>[0];
const setMode = (page: Page, mode: "device" | "reject" | "guard" | "wrap") =>
  page.evaluate((wanted) => window.testWallets.setMode(wanted), mode);
const prompts = (page: Page) => page.evaluate(() => window.testWallets.prompts());

/** Up to the refusal of a device that signs no text. */
async function failToSign(page: Page): Promise<void> {
  await setMode(page, "device");
  await trigger(page).click();
  await dialogButton(page, /Burner Wallet/).click();
  await dialogButton(page, "Sign in").click();
  await dialog(page).getByText("Burner Wallet reported a fault.").waitFor();
}

async function signOnDevice(page: Page): Promise<void> {
  await dialogButton(page, "I use a hardware wallet").click();
  await heading(page).getByText("Sign in with a hardware wallet").waitFor();
  await dialogButton(page, "Sign on the device").click();
}

describe("a device that signs transactions alone", () => {
  test(
    "signs in by one that is never sent, is told so before, and then pays nothing",
    { timeout: 120_000 },
    async () => {
      const { page, watch } = await scene.visit({ announce: "message" });
      await failToSign(page);
      await captureState(page, "device-failed");
      await dialogButton(page, "I use a hardware wallet").click();
      await dialog(page).getByText("never sent, can never land, and costs nothing").waitFor();
      await captureState(page, "hardware");
      await dialogButton(page, "Sign on the device").click();
      await untilStatus(page, "signed-in");
      expect(await prompts(page)).toEqual(["standard:connect", "solana:signMessage", "solana:signTransaction"]);

      const outcome = await (await startMemo(page))();
      expect(outcome).toMatchObject({ state: "finalized" });
      const { address, amr } = await page.locator("gasless-wallet").evaluate((element) => {
        const { address, session } = element as unknown as { address: string; session: { amr: string[] } };
        return { address, amr: session.amr };
      });
      await expectBalances(scene.stack, address);
      // The one transaction on the chain that this address signed is the sponsored one.
      const signatures = await scene.stack.callRpc<unknown[]>("getSignaturesForAddress", [address]);
      expect(signatures).toEqual([expect.objectContaining({ signature: outcome.transactionId })]);
      expect(amr.join()).toContain("memo");
      await expectClean(watch, { allowedOrigins: [scene.stack.api] });
    },
  );

  test("is asked right away by who knows that it is one", async () => {
    const { page } = await scene.visit({ announce: "message" });
    await trigger(page).click();
    await dialogButton(page, /Burner Wallet/).click();
    await dialogButton(page, "Sign in").waitFor();
    await setMode(page, "device");
    await signOnDevice(page);
    await untilStatus(page, "signed-in");
    expect(await prompts(page)).toEqual(["standard:connect", "solana:signTransaction"]);
  });

  test("whose wallet has a sign-in that it cannot do is connected first, and then asked", async () => {
    const { page } = await scene.visit({ announce: "sign-in" });
    await setMode(page, "device");
    await trigger(page).click();
    await dialogButton(page, /Burner Wallet/).click();
    await dialog(page).getByText("Burner Wallet reported a fault.").waitFor();
    await signOnDevice(page);
    await untilStatus(page, "signed-in");
    expect(await prompts(page)).toEqual(["solana:signIn", "standard:connect", "solana:signTransaction"]);
  });

  test("that only an adapter of the page knows signs in the same way", async () => {
    const { page } = await scene.visit({ announce: "none" });
    await page.locator("gasless-wallet").evaluate((element) => {
      const adapter = window.testWallets.adapter();
      // As Ledger's own adapter: neither of these is there.
      const bare = new Proxy(adapter, {
        has: (target, property) => !["signIn", "signMessage"].includes(String(property)) && property in target,
        get: (target, property) => {
          const value: unknown = Reflect.get(target, property, target);
          return typeof value === "function" ? (value as () => unknown).bind(target) : value;
        },
      });
      Object.assign(element, { adapters: [bare] });
    });
    await trigger(page).click();
    await dialogButton(page, /Burner Wallet/).click();
    await heading(page).getByText("Sign in with a hardware wallet").waitFor();
    await dialogButton(page, "Sign on the device").click();
    await untilStatus(page, "signed-in");
    expect(await (await startMemo(page))()).toMatchObject({ state: "finalized" });
  });
});

test("a wallet that signs a text in its device's own way signs in without a word about it", async () => {
  const { page } = await scene.visit({ announce: "message" });
  await setMode(page, "wrap");
  await signIn(page);
  expect(await prompts(page)).toEqual(["standard:connect", "solana:signMessage"]);
});

describe("what a wallet makes of that transaction", () => {
  test("a price of its own in it does no harm", async () => {
    const { page } = await scene.visit({ announce: "message" });
    await failToSign(page);
    await setMode(page, "guard");
    await signOnDevice(page);
    await untilStatus(page, "signed-in");
  });

  test("a refusal of it can be thought better of", async () => {
    const { page } = await scene.visit({ announce: "message" });
    await failToSign(page);
    await setMode(page, "reject");
    await signOnDevice(page);
    await dialog(page).getByText("You declined the request in Burner Wallet.").waitFor();
    expect(await statusOf(page)).toBe("connected");
    await setMode(page, "device");
    await dialogButton(page, "Try again").click();
    await untilStatus(page, "signed-in");
  });
});

test("cancelling leads back to the step before, and nothing was asked of the wallet", async () => {
  const { page } = await scene.visit({ announce: "message" });
  await trigger(page).click();
  await dialogButton(page, /Burner Wallet/).click();
  await dialogButton(page, "I use a hardware wallet").click();
  await dialogButton(page, "Cancel").click();
  await heading(page).getByText("One more step").waitFor();
  expect(await prompts(page)).toEqual(["standard:connect"]);
});

test("what is said to an owner of a device fits the screen in a language that reads from right to left", async () => {
  const { page, watch } = await scene.visit({ announce: "message", attributes: 'locale="ar"' });
  await trigger(page).click();
  await dialogButton(page, /Burner Wallet/).click();
  await dialogButton(page, "أستخدم محفظة أجهزة").waitFor();
  await captureState(page, "explain-arabic");
  await dialogButton(page, "أستخدم محفظة أجهزة").click();
  await dialogButton(page, "وقّع على الجهاز").waitFor();
  await captureState(page, "hardware-arabic");
  await expectClean(watch, { allowedOrigins: [scene.stack.api] });
});

test("a server that hands on a transaction of its own does not get it signed", async () => {
  const { page } = await scene.visit({
    announce: "message",
    before: (opening) =>
      opening.route("**/v1/challenges", async (route) => {
        const response = await route.fetch();
        const challenge = (await response.json()) as object;
        await route.fulfill({ response, json: { ...challenge, payload: { transaction: "AQID" } } });
      }),
  });
  const seen = page.waitForRequest("**/v1/sessions");
  await failToSign(page);
  await signOnDevice(page);
  const { transaction } = (await seen).postDataJSON() as { transaction: string };
  expect(Buffer.from(transaction, "base64").toString("latin1")).toContain(
    "wants you to sign in with your Solana account",
  );
  await untilStatus(page, "signed-in");
});

test("who is signed in and fails to switch to a device stays signed in, and can try again", async () => {
  const { page } = await scene.visit({ announce: "message" });
  const first = await signIn(page);
  await trigger(page).click();
  await dialogButton(page, "Switch wallet").click();
  await setMode(page, "device");
  const second = await page.evaluate(() => window.testWallets.switchAccount());
  await dialogButton(page, /Burner Wallet/).click();
  await dialog(page).getByText("Burner Wallet reported a fault.").waitFor();
  expect(await statusOf(page)).toBe("signed-in");
  await signOnDevice(page);
  await expect
    .poll(() =>
      page.locator("gasless-wallet").evaluate((element) => (element as unknown as { address: string }).address),
    )
    .toBe(second);
  expect(second).not.toBe(first);
  await untilStatus(page, "signed-in");
});
