import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, expectClean } from "../browser/page-checks.ts";
import {
  makeTransfer,
  openPeraScene,
  PERA,
  type PeraScene,
  readLink,
  scanCode,
  signInByPera,
  startGroup,
} from "./support/pera-scene.ts";
import { addressOf, dialog, dialogButton, heading, trigger, untilStatus } from "./support/scene.ts";

let pera: PeraScene;
beforeAll(async () => {
  pera = await openPeraScene();
});
afterAll(() => pera.close());

const code = { name: "Code for Pera Wallet" };

describe("every state of Pera's is accessible, in light and dark, on a phone and on a desk", () => {
  test("from the list to the account", { timeout: 120_000 }, async () => {
    const seeds = [51, 52].map((byte) => new Uint8Array(32).fill(byte));
    const visit = await pera.visit({ announce: "sign-in", families: ["solana", "algorand"], phone: { seeds } });
    const { page, watch } = visit;
    await trigger(page).click();
    await dialogButton(page, PERA).waitFor();
    await captureState(page, "pera-wallets");
    await dialogButton(page, PERA).click();
    await dialog(page).getByRole("img", code).waitFor();
    await captureState(page, "pera-code");
    visit.pera.behave({ signing: "hang" });
    await visit.pera.open(await readLink(page));
    await heading(page).getByText("Choose an account").waitFor();
    await captureState(page, "pera-choice");
    await dialogButton(page, visit.pera.addresses[1] ?? "").click();
    await expect.poll(() => visit.pera.requests.length).toBe(1);
    await captureState(page, "pera-sign");
    visit.pera.behave({ signing: "approve" });
    visit.pera.answerHeld();
    await untilStatus(page, "signed-in");
    await dialog(page).waitFor({ state: "hidden" });
    visit.pera.behave({ signing: "hang" });
    const outcome = await startGroup(page, [await makeTransfer(pera, await addressOf(page), pera.createAsset())]);
    await heading(page).getByText("Approve in").waitFor();
    await expect.poll(() => visit.pera.requests.length).toBe(2);
    await captureState(page, "pera-approve");
    visit.pera.behave({ signing: "approve" });
    visit.pera.answerHeld();
    await heading(page).getByText("confirmed").waitFor();
    await captureState(page, "pera-confirmed");
    expect(await outcome()).toMatchObject({ state: "finalized" });
    await dialog(page).waitFor({ state: "hidden" });
    await trigger(page).click();
    await dialog(page).getByText("Done").waitFor();
    await captureState(page, "pera-account");
    await visit.pera.disconnect();
    await dialog(page).getByText("has ended the connection").waitFor();
    await captureState(page, "pera-gone");
    // While the pictures were taken, the group's rounds were over: it was prepared anew.
    const allowedErrors = [/the server responded with a status of 422/];
    await expectClean(watch, { allowedOrigins: [pera.scene.stack.api, pera.bridge.url], allowedErrors });
  });

  test("and where something is in the way, or reads from right to left", { timeout: 120_000 }, async () => {
    const visit = await pera.visit({ attributes: 'locale="ar"' });
    const { page } = visit;
    await trigger(page).click();
    await dialogButton(page, PERA).click();
    await dialog(page).locator("svg[role=img]").waitFor();
    await captureState(page, "pera-code-arabic");
    await pera.bridge.drop();
    await dialog(page).getByText("انقطع الاتصال").waitFor();
    await captureState(page, "pera-interrupted-arabic");
    await pera.bridge.revive();

    const rejected = await pera.visit({ phone: { behaviour: { session: "reject" } } });
    await trigger(rejected.page).click();
    await scanCode(rejected);
    await dialog(rejected.page).getByText("You declined the request").waitFor();
    await captureState(rejected.page, "pera-rejected");
  });
});

const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
const ANDROID =
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

describe("on a phone", () => {
  const context = (userAgent: string) => ({ userAgent, viewport: { width: 390, height: 844 }, hasTouch: true });

  test("the way into the app on it comes before the code, and the second request has a way of its own", async () => {
    const visit = await pera.visit({ context: context(IPHONE) });
    const { page } = visit;
    await trigger(page).click();
    await dialogButton(page, PERA).click();
    const link = dialog(page).getByRole("link", { name: "Open Pera Wallet" });
    await link.waitFor();
    const [above, below] = [await link.boundingBox(), await dialog(page).getByRole("img", code).boundingBox()];
    expect(above?.y).toBeLessThan(below?.y ?? 0);
    await captureState(page, "pera-phone");
    const address = (await link.getAttribute("href")) ?? "";
    expect(address).toMatch(/^perawallet-wc:\/\/wc\?uri=wc%3A/);
    await visit.pera.open(address);
    // A page that comes back to the front needs a tap to open the app again.
    await dialogButton(page, "Sign in").waitFor();
    expect(visit.pera.requests).toEqual([]);
    visit.pera.behave({ signing: "hang" });
    await dialogButton(page, "Sign in").click();
    await expect.poll(() => link.getAttribute("href")).toBe("perawallet-wc://");
    await expect.poll(() => visit.pera.requests.length).toBe(1);
    await captureState(page, "pera-phone-sign");
    visit.pera.answerHeld();
    await untilStatus(page, "signed-in");
    expect(await addressOf(page)).toBe(visit.pera.addresses[0]);
  });

  test("of Android, the link names the app and where to get it", async () => {
    const visit = await pera.visit({ context: context(ANDROID) });
    await trigger(visit.page).click();
    await dialogButton(visit.page, PERA).click();
    const link = dialog(visit.page).getByRole("link", { name: "Open Pera Wallet" });
    const address = (await link.getAttribute("href")) ?? "";
    expect(address).toMatch(
      /^intent:[\w-]+@1\?bridge=.*&key=[\da-f]{64}&algorand=true#Intent;scheme=wc;package=com\.algorand\.android;/,
    );
    expect(address).toContain(`S.browser_fallback_url=${encodeURIComponent("https://perawallet.app/download/")};end`);
    await visit.pera.open(`wc:${address.slice("intent:".length, address.indexOf("#"))}`);
    await dialogButton(visit.page, "Sign in").click();
    await untilStatus(visit.page, "signed-in");
  });
});

test("by keyboard alone: to the code, its link, and back to where one came from", async () => {
  const { page } = await pera.visit();
  const focused = () =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return `${element?.localName} ${element?.textContent?.trim().replaceAll(/\s+/g, " ").slice(0, 24)}`;
    });
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("h2 Connect a wallet");
  await dialogButton(page, PERA).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  expect(await focused()).toMatch(/^button .*Pera Wallet/);
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("h2 Connect Pera Wallet");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("a Get Pera Wallet");
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("button Copy the link instead");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("button Copied");
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("button Cancel");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("h2 Connect a wallet");
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe("button Connect wallet");
});

test("who is signed in by Pera is asked about nothing after a reload, and nobody is called before the first click", async () => {
  const visit = await pera.visit();
  await signInByPera(visit);
  await visit.watch.clear();
  await visit.page.reload();
  await untilStatus(visit.page, "signed-in");
  await visit.page.waitForLoadState("networkidle");
  expect(visit.watch.requests.filter((url) => !url.startsWith(visit.url))).toEqual([]);
});
