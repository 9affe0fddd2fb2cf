import type { Stack } from "@gasless/localnet/testing/stack";
import { untilRoomInMinute } from "@gasless/localnet/testing/minute";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  addressOf,
  dialog,
  dialogButton,
  expectBalances,
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

const sponsorBalance = ({ secrets, balanceOf }: Stack) => balanceOf(secrets.sponsorAddress);

describe("the way to the service", () => {
  test("is down while somebody signs in: said so, and one click later it is done", async () => {
    const { page } = await scene.visit();
    await scene.stack.restartAfterKill(async () => {
      await trigger(page).click();
      await dialog(page).getByText("The service cannot be reached at the moment").waitFor();
    });
    await dialogButton(page, "Try again").click();
    await dialogButton(page, /Burner Wallet/).click();
    await untilStatus(page, "signed-in");
  });

  test("is down after the wallet has signed: the same bytes are sent again, and land once", async () => {
    const { page } = await scene.visit();
    const user = await signIn(page);
    await page.evaluate(() => window.testWallets.setMode("hang"));
    const outcome = await startMemo(page);
    await dialog(page).getByText("Approve in Burner Wallet").first().waitFor();
    await scene.stack.restartAfterKill(async () => {
      await page.evaluate(() => window.testWallets.setMode("approve"));
      await dialog(page).getByText("Sending the transaction").first().waitFor();
    });
    expect(await outcome()).toMatchObject({ state: "finalized" });
    await expectBalances(scene.stack, user);
  });

  test("is offline: said so, and it goes on when the connection is back", async () => {
    const { page, context } = await scene.visit();
    const prefetching = page.waitForResponse("**/v1/challenges");
    await trigger(page).click();
    await prefetching;
    await page.keyboard.press("Escape");
    await context.setOffline(true);
    const outcome = await startMemo(page);
    await dialogButton(page, /Burner Wallet/).click();
    await dialog(page).getByText("This device is offline. It goes on").waitFor();
    await context.setOffline(false);
    await dialogButton(page, "Try again").click();
    await untilStatus(page, "signed-in");
    expect(await outcome()).toMatchObject({ state: "finalized" });
    await expectBalances(scene.stack, await addressOf(page));
  });
});

test("a dialog that cannot be loaded is said on the button, which tries again", async () => {
  const { page, context } = await scene.visit();
  await context.setOffline(true);
  await trigger(page).click();
  await untilStatus(page, "unavailable");
  expect(await trigger(page).getAttribute("title")).toContain("offline");
  await context.setOffline(false);
  await trigger(page).click();
  await dialogButton(page, /Burner Wallet/).click();
  await untilStatus(page, "signed-in");
});

test("an answer that is lost costs nothing: the same bytes under the same key, one landing", async () => {
  const { page } = await scene.visit();
  const user = await signIn(page);
  const keys: (string | undefined)[] = [];
  await page.route("**/v1/relays", async (route) => {
    const { "idempotency-key": key } = route.request().headers();
    if (route.request().method() !== "POST") return route.continue();
    keys.push(key);
    if (keys.length > 2) return route.continue();
    await route.fetch();
    return route.abort("connectionreset");
  });
  const outcome = await startMemo(page);
  expect(await outcome()).toMatchObject({ state: "finalized" });
  expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
  const { rows } = await scene.stack.database.query(
    "select 1 from relays r join wallets w on w.user_id = r.user_id where w.wallet = $1",
    [`solana:${user}`],
  );
  expect(rows).toHaveLength(1);
  await expectBalances(scene.stack, user);
});

test("a fault after the sponsor has signed is no licence to sign again: the person is told to look first", async () => {
  const { page } = await scene.visit();
  const user = await signIn(page);
  let posts = 0;
  await page.route("**/v1/relays", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    posts += 1;
    const problem = (status: number, code: string) =>
      route.fulfill({ status, json: { code, title: code, requestId: "req_x", status } });
    if (posts > 1) return problem(429, "rate.limited");
    // It was accepted, and is on its way; only the answer is another one.
    await route.fetch();
    return problem(503, "store.unavailable");
  });
  const outcome = await startMemo(page);
  await dialog(page).getByText("Look at your recent transactions before you send it again").waitFor();
  expect(await dialogButton(page, "Try again").count()).toBe(0);
  expect(await outcome()).toEqual({ code: "relay.unfinished" });
  await expect
    .poll(
      async () => {
        await scene.stack.worker().runScheduled();
        const { rows } = await scene.stack.database.query<{ state: string }>(
          "select r.state from relays r join wallets w on w.user_id = r.user_id where w.wallet = $1",
          [`solana:${user}`],
        );
        return rows.map(({ state }) => state);
      },
      { timeout: 20_000 },
    )
    .toEqual(["finalized"]);
  await expectBalances(scene.stack, user);
});

describe("a refusal says what, why and how to go on", () => {
  test("too many requests: a countdown, and at its end one may try again", async () => {
    const seed = { addressRequestsPerMinute: 1 };
    await untilRoomInMinute(15_000);
    const { page } = await scene.visit({ seed, before: (opening) => opening.clock.install() });
    await trigger(page).click();
    const text = dialog(page).getByText(/Too many requests for the moment\. It goes on in \d+ s\./);
    await text.waitFor();
    expect(await dialogButton(page, "Try again").isDisabled()).toBe(true);
    const seconds = async () => Number(/in (\d+) s/.exec((await text.textContent()) ?? "")?.[1]);
    const first = await seconds();
    await page.clock.runFor(2_000);
    await expect.poll(seconds).toBeLessThan(first);
    await page.clock.runFor(first * 1_000);
    await expect.poll(() => dialogButton(page, "Try again").isEnabled()).toBe(true);
  });

  test("today's free gas is used up: the one that is left lands, the next is refused, and the meter says so", async () => {
    const limits = [{ subjectKind: "user", window: "day", unit: "relays", amount: 1n }] as const;
    const { page } = await scene.visit({ seed: { limits } });
    const user = await signIn(page);
    expect(await (await startMemo(page, "one"))()).toMatchObject({ state: "finalized" });
    expect(await (await startMemo(page, "two"))()).toEqual({ code: "budget.user_exhausted" });
    await dialog(page).getByText("Your free gas is used up for now. More from").waitFor();
    await dialogButton(page, "Close").last().click();
    await trigger(page).click();
    await dialog(page).getByText("0 of 1 free transactions left today").first().waitFor();
    await expectBalances(scene.stack, user);
  });

  test("a program that the project does not sponsor", async () => {
    const before = await sponsorBalance(scene.stack);
    const { page } = await scene.visit();
    await signIn(page);
    const outcome = await startMemo(page, "x", "Stake11111111111111111111111111111111111111");
    await dialog(page).getByText("This app does not pay for that kind of transaction").waitFor();
    expect(await outcome()).toEqual({ code: "policy.program_not_allowed" });
    expect(await sponsorBalance(scene.stack)).toBe(before);
  });

  test("an origin that is not on the list: for the developer, with the origin to add", async () => {
    const { page, url } = await scene.visit({ isListed: false });
    await trigger(page).click();
    await dialog(page).getByText(`add ${url} to the project’s origins`).waitFor();
    expect(await statusOf(page)).toBe("unavailable");
  });

  test("a page that did not come by https: for the developer, and nothing is asked of a wallet", async () => {
    const { page } = await scene.visit({
      // As a browser does it where the context is not a secure one.
      before: (opening) =>
        opening.addInitScript(() => Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined })),
    });
    await trigger(page).click();
    await dialog(page).getByText("For its developer: Signing in needs a page that came by https").waitFor();
    expect(await statusOf(page)).toBe("unavailable");
    expect(await page.evaluate(() => window.testWallets.prompts())).toEqual([]);
  });

  test("an element without its attributes says which one is missing, and breaks nothing", async () => {
    const { page, watch } = await scene.visit();
    await page.locator("gasless-wallet").evaluate((element) => element.removeAttribute("project"));
    await untilStatus(page, "unavailable");
    expect(await trigger(page).getAttribute("title")).toContain("needs the attribute project");
    await trigger(page).click();
    expect(watch.pageErrors).toEqual([]);
  });
});

test("a blockhash that died while the wallet was open: prepared again, signed once more, paid once", async () => {
  const { page } = await scene.visit();
  const user = await signIn(page);
  await page.evaluate(() => window.testWallets.setMode("hang"));
  const outcome = await startMemo(page);
  await dialog(page).getByText("Approve in Burner Wallet").first().waitFor();
  scene.stack.solana.chain.warp(400);
  await page.evaluate(() => window.testWallets.setMode("approve"));
  expect(await outcome()).toMatchObject({ state: "finalized" });
  expect(
    await page.evaluate(() => window.testWallets.prompts().filter((name) => name === "solana:signTransaction")),
  ).toHaveLength(2);
  await expectBalances(scene.stack, user);
});

test("a clock that is wrong is pointed out before the wallet refuses", async () => {
  const { page } = await scene.visit({
    before: (opening) => opening.clock.setSystemTime(Date.now() - 6 * 60_000),
  });
  await trigger(page).click();
  await dialog(page).getByText("This device’s clock is off by 6 min").waitFor();
});
