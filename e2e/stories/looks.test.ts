import { untilRoomInMinute } from "@gasless/localnet/testing/minute";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureState, countAnimations } from "../browser/page-checks.ts";
import { expectClean } from "../browser/page-checks.ts";
import { dialog, dialogButton, heading, openScene, type Scene, signIn, startMemo, trigger } from "./support/scene.ts";

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.close());

describe("every state is accessible, in light and dark, on a phone and on a desk", () => {
  test("from the button to the account", { timeout: 120_000 }, async () => {
    const { page, watch } = await scene.visit({ announce: "message" });
    await captureState(page, "button");
    await trigger(page).click();
    await dialogButton(page, /Burner Wallet/).waitFor();
    await captureState(page, "wallets");
    await page.evaluate(() => window.testWallets.setMode("hang"));
    await dialogButton(page, /Burner Wallet/).click();
    await heading(page).getByText("Opening").waitFor();
    await captureState(page, "opening");
    await page.evaluate(() => window.testWallets.setMode("approve"));
    await dialogButton(page, "Sign in").waitFor();
    await captureState(page, "explain");
    await page.evaluate(() => window.testWallets.setMode("reject"));
    await dialogButton(page, "Sign in").click();
    await dialog(page).getByText("You declined").waitFor();
    await dialog(page).getByText("Details").click();
    await captureState(page, "rejected");
    await page.evaluate(() => window.testWallets.setMode("approve"));
    await dialogButton(page, "Try again").click();
    await dialog(page).waitFor({ state: "hidden" });
    await captureState(page, "signed-in");
    await trigger(page).click();
    await dialog(page).getByText("free transactions left").first().waitFor();
    await dialog(page).getByText("No transaction yet").waitFor();
    await captureState(page, "account-empty");
    await page.keyboard.press("Escape");

    await page.evaluate(() => window.testWallets.setMode("hang"));
    const outcome = await startMemo(page);
    await heading(page).getByText("Approve in").waitFor();
    await captureState(page, "approve");
    await page.evaluate(() => window.testWallets.setMode("approve"));
    await heading(page).getByText("confirmed").waitFor();
    await page.clock.install();
    await captureState(page, "confirmed");
    await page.clock.resume();
    expect(await outcome()).toMatchObject({ state: "finalized" });
    await dialog(page).waitFor({ state: "hidden" });
    await trigger(page).click();
    await dialog(page).getByText("Done").waitFor();
    await captureState(page, "account");
    const second = await page.evaluate(() => window.testWallets.switchAccount());
    await heading(page).getByText("Another account").waitFor();
    await captureState(page, "another-account");
    expect(second).not.toBe("");
    await expectClean(watch, { allowedOrigins: [scene.stack.api] });
  });

  test("and where something is in the way", { timeout: 120_000 }, async () => {
    const none = await scene.visit({ announce: "none" });
    await trigger(none.page).click();
    await dialog(none.page).getByText("No wallet found").waitFor();
    await captureState(none.page, "no-wallet");

    const refused = await scene.visit();
    await signIn(refused.page);
    await startMemo(refused.page, "x", "Stake11111111111111111111111111111111111111");
    await dialog(refused.page).getByText("does not pay for that kind").waitFor();
    await captureState(refused.page, "refused");

    await untilRoomInMinute(15_000);
    const limited = await scene.visit({ seed: { addressRequestsPerMinute: 1 } });
    await trigger(limited.page).click();
    await dialog(limited.page).getByText("Too many requests for the moment").waitFor();
    await captureState(limited.page, "rate-limited");

    const foreign = await scene.visit({ isListed: false });
    await trigger(foreign.page).click();
    await dialog(foreign.page).getByText("to the project’s origins").waitFor();
    await captureState(foreign.page, "origin-refused");

    const arabic = await scene.visit({ attributes: 'locale="ar"' });
    await signInIn(arabic);
    await trigger(arabic.page).click();
    await arabic.page.locator("gasless-wallet section svg").waitFor();
    await captureState(arabic.page, "account-arabic");
    // Chromium writes an error for every answer of 400 and above.
    const allowedErrors = [/Failed to load resource: the server responded with a status of 4\d\d/];
    for (const { watch } of [none, refused, limited, foreign, arabic]) {
      await expectClean(watch, { allowedOrigins: [scene.stack.api], allowedErrors });
    }
  });
});

async function signInIn({ page }: { readonly page: Parameters<typeof signIn>[0] }): Promise<void> {
  await trigger(page).click();
  await dialogButton(page, /Burner Wallet/).click();
  await dialog(page).waitFor({ state: "hidden" });
}

test("by keyboard alone: in to the heading, through every button, and back to where one came from", async () => {
  const { page } = await scene.visit();
  const focused = () =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return `${element?.localName} ${element?.textContent?.trim().slice(0, 20)}`;
    });
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("button Connect wallet");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("h2 Connect a wallet");
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("button ×");
  await page.keyboard.press("Tab");
  expect(await focused()).toMatch(/^button .*Burner Wallet/s);
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe("button Connect wallet");
});

test("nothing moves for people who asked for less motion", async () => {
  const { page } = await scene.visit({ context: { reducedMotion: "reduce" } });
  await page.evaluate(() => window.testWallets.setMode("hang"));
  await trigger(page).click();
  await dialogButton(page, /Burner Wallet/).click();
  await heading(page).getByText("Opening").waitFor();
  expect(await countAnimations(page)).toBe(0);
});

test("text on the accent can be read, whatever the accent is", async () => {
  const { page } = await scene.visit();
  const ratios = await trigger(page).evaluate((button) => {
    const host = button.getRootNode() as ShadowRoot;
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const luminance = (color: string): number => {
      if (!canvas) return 0;
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0] = Array.from(canvas.getImageData(0, 0, 1, 1).data, (part) => part / 255).map((part) =>
        part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const hex = (part: number) =>
      Math.min(255, part * 51)
        .toString(16)
        .padStart(2, "0");
    const found: number[] = [];
    for (let index = 0; index < 216; index++) {
      const accent = `#${hex(index % 6)}${hex(Math.floor(index / 6) % 6)}${hex(Math.floor(index / 36))}`;
      (host.host as HTMLElement).style.setProperty("--gasless-accent", accent);
      const { color, backgroundColor } = getComputedStyle(button);
      const [one, two] = [luminance(color), luminance(backgroundColor)];
      found.push((Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05));
    }
    return found;
  });
  expect(ratios).toHaveLength(216);
  expect(Math.min(...ratios)).toBeGreaterThan(4.5);
});

test("a theme that the page sets holds against the system, and auto follows it live", async () => {
  const { page } = await scene.visit({ context: { colorScheme: "dark" } });
  await trigger(page).click();
  const background = () => dialog(page).evaluate((element) => getComputedStyle(element).backgroundColor);
  const dark = await background();
  await page.emulateMedia({ colorScheme: "light" });
  const light = await background();
  expect(light).not.toBe(dark);
  await page.locator("gasless-wallet").evaluate((element) => element.setAttribute("theme", "dark"));
  await expect.poll(background).toBe(dark);
});
