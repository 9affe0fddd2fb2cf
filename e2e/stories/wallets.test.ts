import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectClean } from "../browser/page-checks.ts";
import {
  addressOf,
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

const sponsorBalance = () => scene.stack.balanceOf(scene.stack.secrets.sponsorAddress);

describe("a wallet that nobody here wrote", () => {
  test.each([
    ["in one prompt, by its own sign-in", "sign-in", ["solana:signIn"]],
    ["in two taps, by an off-chain message", "offchain", ["standard:connect", "solana:signOffchainMessage"]],
    ["in two taps, by a signed message", "message", ["standard:connect", "solana:signMessage"]],
  ] as const)("signs in %s, and its owner pays nothing", async (_name, announce, prompts) => {
    const { page, watch } = await scene.visit({ announce });
    const user = await signIn(page);
    expect(await page.evaluate(() => window.testWallets.prompts())).toEqual(prompts);

    const outcome = await (await startMemo(page))();
    expect(outcome).toMatchObject({ state: "finalized" });
    const status = await scene.stack.callRpc<{ value: unknown[] }>("getSignatureStatuses", [[outcome.transactionId]]);
    expect(status.value).toEqual([expect.objectContaining({ confirmationStatus: "finalized", err: null })]);
    await expectBalances(scene.stack, user);
    await expectClean(watch, { allowedOrigins: [scene.stack.api] });
  });

  test("that only an adapter of the page knows signs in and pays nothing either", async () => {
    const { page } = await scene.visit({ announce: "none" });
    await page.locator("gasless-wallet").evaluate((element) => {
      Object.assign(element, { adapters: [window.testWallets.adapter()] });
    });
    const user = await signIn(page);
    expect(await (await startMemo(page))()).toMatchObject({ state: "finalized" });
    await expectBalances(scene.stack, user);
  });

  test("that comes late appears in the open list by itself", async () => {
    const { page } = await scene.visit({ announce: "none" });
    await trigger(page).click();
    await dialog(page).getByText("No wallet found on this device").waitFor();
    await page.evaluate(() => window.testWallets.announceBurner("sign-in"));
    await dialogButton(page, /Burner Wallet/).click();
    await untilStatus(page, "signed-in");
  });
});

describe("a person who does otherwise", () => {
  test("rejects the request: is told so, and tries again with one click", async () => {
    const { page } = await scene.visit();
    await page.evaluate(() => window.testWallets.setMode("reject"));
    await trigger(page).click();
    await dialogButton(page, /Burner Wallet/).click();
    await dialog(page).getByText("You declined the request in Burner Wallet.").waitFor();
    expect(await statusOf(page)).toBe("disconnected");
    await page.evaluate(() => window.testWallets.setMode("approve"));
    await dialogButton(page, "Try again").click();
    await untilStatus(page, "signed-in");
  });

  test("rejects a transaction: nothing is sent, nothing is used up", async () => {
    const before = await sponsorBalance();
    const { page } = await scene.visit();
    await signIn(page);
    await page.evaluate(() => window.testWallets.setMode("reject"));
    const outcome = await startMemo(page);
    await dialog(page).getByText("You declined the request in Burner Wallet.").waitFor();
    await dialogButton(page, "Close").last().click();
    expect(await outcome()).toEqual({ code: "wallet.rejected" });
    expect(await sponsorBalance()).toBe(before);
  });

  test("rejects a transaction and thinks better of it: the page's call goes on as one", async () => {
    const { page } = await scene.visit();
    const user = await signIn(page);
    await page.evaluate(() => window.testWallets.setMode("reject"));
    const outcome = await startMemo(page);
    await dialogButton(page, "Try again").waitFor();
    await page.evaluate(() => window.testWallets.setMode("approve"));
    await dialogButton(page, "Try again").click();
    expect(await outcome()).toMatchObject({ state: "finalized" });
    await expectBalances(scene.stack, user);
  });

  test("closes the dialog in the middle: the page hears of it, and begins anew", async () => {
    const { page } = await scene.visit();
    const outcome = await startMemo(page);
    await dialog(page).waitFor();
    await page.keyboard.press("Escape");
    expect(await outcome()).toEqual({ code: "widget.closed" });
    await signIn(page);
  });
});

describe("a wallet that misbehaves", () => {
  test("hangs: a hint after eight seconds, a way out after a minute", async () => {
    const { page } = await scene.visit({ before: (opening) => opening.clock.install() });
    await page.evaluate(() => window.testWallets.setMode("hang"));
    await trigger(page).click();
    await dialogButton(page, /Burner Wallet/).click();
    await dialog(page).getByText("Approve the request in Burner Wallet.").waitFor();
    await expect.poll(() => page.evaluate(() => window.testWallets.prompts())).toEqual(["solana:signIn"]);
    await page.clock.fastForward(9_000);
    await dialog(page).getByText("Nothing to see?").waitFor();
    await page.clock.fastForward(60_000);
    await dialog(page).getByText("Open it, close what waits there").waitFor();
    await page.evaluate(() => window.testWallets.setMode("approve"));
    await dialogButton(page, "Try again").click();
    await expect
      .poll(async () => {
        await page.clock.fastForward(50);
        return statusOf(page);
      })
      .toBe("signed-in");
  });

  test("never answers a silent connect: it is asked aloud after a moment, and nothing is stuck", async () => {
    const { page } = await scene.visit();
    const user = await signIn(page);
    await page.evaluate(() => window.testWallets.setMode("mute"));
    expect(await (await startMemo(page))()).toMatchObject({ state: "finalized" });
    expect(await page.evaluate(() => window.testWallets.prompts())).toContain("standard:connect");
    await expectBalances(scene.stack, user);
  });

  test("signs another text than it was given: it is connected, and has proved nothing", async () => {
    const { page } = await scene.visit();
    await page.evaluate(() => window.testWallets.setMode("meddle"));
    await trigger(page).click();
    await dialogButton(page, /Burner Wallet/).click();
    await dialog(page).getByText("signed another text than it was asked to").waitFor();
    expect(await statusOf(page)).toBe("connected");
  });
});

test("who is not signed in is asked to first, and the transaction goes on by itself", async () => {
  const { page } = await scene.visit();
  const outcome = await startMemo(page);
  await dialogButton(page, /Burner Wallet/).click();
  expect(await outcome()).toMatchObject({ state: "finalized" });
  await expectBalances(scene.stack, await addressOf(page));
});

test("an element that is put in place first and told who it is afterwards works all the same", async () => {
  const { page } = await scene.visit();
  await page.locator("gasless-wallet").evaluate((element) => {
    const { project, api } = element as unknown as { project: string; api: string };
    element.remove();
    const made = document.createElement("gasless-wallet");
    document.body.append(made);
    Object.assign(made, { project, api });
  });
  await signIn(page);
});

test("an element that leaves the page ends what waits for it", async () => {
  const { page } = await scene.visit();
  const outcomes = [await startMemo(page, "one"), await startMemo(page, "two")];
  await dialog(page).waitFor();
  await page.locator("gasless-wallet").evaluate((element) => element.remove());
  for (const outcome of outcomes) expect(await outcome()).toEqual({ code: "widget.closed" });
});

test("two transactions at once are put to the wallet one after the other, and both land", async () => {
  const { page } = await scene.visit();
  const user = await signIn(page);
  await page.evaluate(() => window.testWallets.setMode("hang"));
  const outcomes = [await startMemo(page, "one"), await startMemo(page, "two")];
  const requests = () =>
    page.evaluate(() => window.testWallets.prompts().filter((name) => name === "solana:signTransaction").length);
  await expect.poll(requests).toBe(1);
  await page.evaluate(() => window.testWallets.setMode("approve"));
  for (const outcome of outcomes) expect(await outcome()).toMatchObject({ state: "finalized" });
  expect(await requests()).toBe(2);
  await expectBalances(scene.stack, user);
});

test("a transaction that is asked for in the moment in which the dialog closes is not given up with what was there", async () => {
  const { page } = await scene.visit();
  await signIn(page);
  await trigger(page).click();
  await heading(page).waitFor();
  const outcome = page.locator("gasless-wallet").evaluate(async (element) => {
    const wallet = element as unknown as { address: string; close(): void; sponsor(input: unknown): Promise<unknown> };
    const accounts = [{ address: wallet.address, role: 2 }];
    const memo = {
      programAddress: "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr",
      accounts,
      data: new Uint8Array([104, 105]),
    };
    wallet.close();
    return await wallet.sponsor([memo]).catch(({ code }: { readonly code: string }) => ({ code }));
  });
  expect(await outcome).toMatchObject({ state: "finalized" });
  await dialog(page).waitFor({ state: "hidden" });
});

test("an icon that is more than shapes is not drawn, and loads nothing from anywhere", async () => {
  const hidden = [
    `<image href="https://elsewhere.example/a.png"/>`,
    `<rect width="9" height="9" mask="image-set('https://elsewhere.example/b.png' 1x)"/>`,
    `<rect width="9" height="9" fill="\\75rl(https://elsewhere.example/c.svg#a)"/>`,
    `<rect width="9" height="9" fill="url(https://elsewhere.example/d.svg#a)"/>`,
    `<style>rect { fill: red }</style>`,
    `<rect width="9" height="9" onclick="alert(1)"/>`,
  ];
  const { page, watch } = await scene.visit({ announce: "none" });
  await page.evaluate((shapes) => {
    for (const [index, shape] of [...shapes, `<rect width="9" height="9" fill="rgb(1, 2, 3)"/>`].entries()) {
      const icon = `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${shape}</svg>`)}`;
      window.testWallets.announcePlain(`W${index}`, icon);
    }
  }, hidden);
  await trigger(page).click();
  await dialogButton(page, /W6/).locator("svg").waitFor();
  for (const index of hidden.keys()) {
    expect(
      await dialogButton(page, new RegExp(`W${index}`))
        .locator(".icon")
        .innerHTML(),
    ).toBe("W");
  }
  await expectClean(watch, { allowedOrigins: [scene.stack.api] });
});

describe("a wallet that changes the transaction", () => {
  test("by adding to it: noticed, checked again by the server, and paid for", async () => {
    const { page } = await scene.visit();
    const user = await signIn(page);
    await page.evaluate(() => window.testWallets.setMode("guard"));
    const outcome = await startMemo(page);
    await dialog(page).getByText("added something of its own to the transaction").waitFor();
    expect(await outcome()).toMatchObject({ state: "finalized" });
    await expectBalances(scene.stack, user);
  });

  test("by paying itself: it is not sent, and the person is told why", async () => {
    const before = await sponsorBalance();
    const { page } = await scene.visit();
    await signIn(page);
    await page.evaluate(() => window.testWallets.setMode("own-fee"));
    const outcome = await startMemo(page);
    await dialog(page).getByText("changed the transaction into one that cannot be sponsored").waitFor();
    await dialogButton(page, "Close").last().click();
    expect(await outcome()).toEqual({ code: "wallet.transaction_changed" });
    expect(await sponsorBalance()).toBe(before);
  });
});

test("switching wallets keeps the session until there is another one, and ends it then", async () => {
  const { page } = await scene.visit();
  const first = await signIn(page);
  await trigger(page).click();
  await dialogButton(page, "Switch wallet").click();
  await page.evaluate(() => window.testWallets.setMode("reject"));
  await dialogButton(page, /Burner Wallet/).click();
  await dialog(page).getByText("You declined the request").waitFor();
  expect([await statusOf(page), await addressOf(page)]).toEqual(["signed-in", first]);
  await page.evaluate(() => window.testWallets.setMode("approve"));
  await page.evaluate(() => window.testWallets.switchAccount());
  await dialogButton(page, "Try again").click();
  await expect.poll(() => addressOf(page)).not.toBe(first);
  await untilStatus(page, "signed-in");
  await expect
    .poll(async () => {
      const { rows } = await scene.stack.database.query(
        "select 1 from sessions s join wallets w on w.user_id = s.user_id where w.wallet = $1 and s.revoked_at is null",
        [`solana:${first}`],
      );
      return rows.length;
    })
    .toBe(0);
});

test.each([
  ["on a desktop", { width: 1440, height: 900 }],
  ["on a phone", { width: 390, height: 844 }],
] as const)("what arrives late moves nothing that is about to be pressed, %s", async (_name, viewport) => {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const { page } = await scene.visit({ context: { viewport } });
  await signIn(page);
  for (const _relay of [1, 2, 3]) expect(await (await startMemo(page))()).toMatchObject({ state: "finalized" });
  await dialog(page).waitFor({ state: "hidden" });
  await page.route("**/v1/allowance?*", async (route) => {
    await released;
    await route.continue();
  });
  await trigger(page).click();
  const button = dialogButton(page, "Switch wallet");
  const before = await button.boundingBox();
  await button.hover();
  await page.mouse.down();
  release();
  await dialog(page).getByRole("img", { name: /of 20/ }).waitFor();
  expect(await dialog(page).getByText("Done", { exact: true }).count()).toBe(3);
  expect(await button.boundingBox()).toEqual(before);
  await page.mouse.up();
  await dialogButton(page, /Burner Wallet/).waitFor();
});

test("another account in the wallet is asked about once, and becomes the one signed in", async () => {
  const { page } = await scene.visit();
  const first = await signIn(page);
  const second = await page.evaluate(() => window.testWallets.switchAccount());
  // The session is still the first one's, and the page is told no other thing.
  expect([await statusOf(page), await addressOf(page)]).toEqual(["signed-in", first]);
  const outcome = await startMemo(page);
  expect(await outcome()).toEqual({ code: "wallet.account_changed" });
  await dialogButton(page, "Close").last().click();

  await trigger(page).click();
  await heading(page).getByText("Another account").waitFor();
  await dialogButton(page, /^Sign in as/).click();
  await expect.poll(() => addressOf(page)).toBe(second);
  await untilStatus(page, "signed-in");
  expect(await (await startMemo(page))()).toMatchObject({ state: "finalized" });
  await expectBalances(scene.stack, second);
});
