import { afterAll, beforeAll, expect, test } from "vitest";
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

test("a session outlives a reload without a prompt", async () => {
  const { page } = await scene.visit();
  const user = await signIn(page);
  await page.reload();
  await untilStatus(page, "signed-in");
  expect(await addressOf(page)).toBe(user);
  expect(await page.evaluate(() => window.testWallets.prompts())).toEqual([]);
  await trigger(page).click();
  await dialog(page).getByText("20 of 20 free transactions left today").waitFor();
  expect(await page.evaluate(() => window.testWallets.prompts())).toEqual([]);
});

test("two tabs are one session: in, refreshed in turns, and out together", async () => {
  const { page, context, url } = await scene.visit();
  const other = await context.newPage();
  await other.goto(url);
  expect(await statusOf(other)).toBe("disconnected");
  const user = await signIn(page);
  await untilStatus(other, "signed-in");
  expect(await addressOf(other)).toBe(user);

  // Each tab refreshes with what the other one left: the server would end the session if one came twice.
  for (const tab of [other, page, other]) {
    await tab.reload();
    await untilStatus(tab, "signed-in");
    const token = await tab
      .locator("gasless-wallet")
      .evaluate((element) => (element as unknown as { getAccessToken(): Promise<string> }).getAccessToken());
    expect(token.split(".")).toHaveLength(3);
  }
  await trigger(other).click();
  await dialogButton(other, "Sign out").click();
  await untilStatus(other, "disconnected");
  await untilStatus(page, "disconnected");
  await page.reload();
  expect(await statusOf(page)).toBe("disconnected");
});

test("twenty calls at once in two tabs refresh one after the other, and nobody is logged out", async () => {
  const { page, context, url } = await scene.visit();
  await signIn(page);
  const other = await context.newPage();
  await other.goto(url);
  await untilStatus(other, "signed-in");
  await page.reload();
  await untilStatus(page, "signed-in");
  const ask = (tab: typeof page) =>
    tab.locator("gasless-wallet").evaluate((element) => {
      const wallet = element as unknown as { getAccessToken(): Promise<string> };
      return Promise.all(Array.from({ length: 10 }, () => wallet.getAccessToken()));
    });
  const tokens = await Promise.all([ask(page), ask(other)]);
  expect(new Set(tokens.flat()).size).toBe(2);
  expect([await statusOf(page), await statusOf(other)]).toEqual(["signed-in", "signed-in"]);
});

test("signing out in one tab is not undone by another one that is just refreshing", async () => {
  const { page, context, url } = await scene.visit();
  await signIn(page);
  const other = await context.newPage();
  await other.goto(url);
  await untilStatus(other, "signed-in");
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  await other.route("**/v1/sessions/refresh", async (route) => {
    asked.resolve();
    const response = await route.fetch();
    await answered.promise;
    await route.fulfill({ response });
  });
  const token = other
    .locator("gasless-wallet")
    .evaluate((element) =>
      (element as unknown as { getAccessToken(): Promise<string> }).getAccessToken().catch(() => ""),
    );
  await asked.promise;
  await trigger(page).click();
  await dialogButton(page, "Sign out").click();
  answered.resolve();
  await token;
  await untilStatus(page, "disconnected");
  await untilStatus(other, "disconnected");
  await other.reload();
  expect(await statusOf(other)).toBe("disconnected");
});

test("a challenge for another site's name is not put to the wallet", async () => {
  const { page } = await scene.visit({
    before: (opening) =>
      opening.route("**/v1/challenges", async (route) => {
        const response = await route.fetch();
        const challenge = (await response.json()) as { fields: { domain: string } };
        challenge.fields.domain = "bank.example";
        await route.fulfill({ response, json: challenge });
      }),
  });
  await trigger(page).click();
  await dialog(page).getByText("The server's challenge is not for").waitFor({ state: "attached" });
  expect(await page.evaluate(() => window.testWallets.prompts())).toEqual([]);
});

test("a session that ended elsewhere is noticed at the next use, and one click begins anew", async () => {
  const { page } = await scene.visit();
  const user = await signIn(page);
  await scene.stack.database.query(
    "update sessions set revoked_at = now() where user_id in (select user_id from wallets where wallet = $1)",
    [`solana:${user}`],
  );
  const outcome = await startMemo(page);
  expect(await outcome()).toEqual({ code: "auth.session_revoked" });
  await dialog(page).getByText("Your session has ended").waitFor();
  expect(await statusOf(page)).toBe("ended");
  await expectBalances(scene.stack, user);
  await dialogButton(page, "Sign in again").click();
  await dialogButton(page, /Burner Wallet/).click();
  await untilStatus(page, "signed-in");
});
