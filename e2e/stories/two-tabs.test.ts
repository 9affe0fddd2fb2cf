import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dialog, signIn, startMemo, statusOf, trigger, untilStatus } from "./support/scene.ts";
import { openVirtualTime, type VirtualTime } from "./support/virtual-time.ts";

const MINUTE_MS = 60_000;
const STORY_MS = 5 * 60 * MINUTE_MS;
/** An access token lives five minutes: after some steps it is still good, after others it is not. */
const STEPS_MS = [4, 6, 4.5, 5, 5.5].map((minutes) => minutes * MINUTE_MS);
const REFRESH = "**/v1/sessions/refresh";

let time: VirtualTime;
beforeAll(async () => {
  time = await openVirtualTime();
});
afterAll(() => time.close());

/** What came of it: how many parts the token has, or the code of the refusal. */
const ask = (tab: Page): Promise<string> =>
  tab.locator("gasless-wallet").evaluate((element) => {
    const wallet = element as unknown as { getAccessToken(): Promise<string> };
    return wallet.getAccessToken().then(
      (token) => `${token.split(".").length} parts`,
      ({ code }: { code: string }) => code,
    );
  });

const A_TOKEN = "3 parts";

/** How often the server's answer to a refresh did not arrive. */
let lost = 0;

/** The server does what the next refresh asks for, and the tab never hears of it. */
async function loseNextAnswer(tab: Page): Promise<() => Promise<boolean>> {
  let isLost = false;
  await tab.route(
    REFRESH,
    async (route) => {
      await route.fetch();
      isLost = true;
      await route.abort("connectionreset");
    },
    { times: 1 },
  );
  return async () => {
    await tab.unroute(REFRESH);
    return isLost;
  };
}

/** What the dialog shows of the session's user is read for it. */
async function read(tab: Page): Promise<void> {
  await trigger(tab).click();
  await dialog(tab).getByText("free transactions left today").waitFor();
  await tab.keyboard.press("Escape");
  await dialog(tab).waitFor({ state: "hidden" });
}

type Tabs = readonly [first: Page, second: Page];
type Habit = (tabs: Tabs, turn: number) => Promise<void>;

const inTurns = ([first, second]: Tabs, turn: number): Tabs => (turn % 2 === 0 ? [first, second] : [second, first]);

/** What people do with two tabs, and what happens to them. Only the first one has the wallet that signs. */
const HABITS = {
  async asksInBoth(tabs) {
    expect(await Promise.all(tabs.map(ask))).toEqual([A_TOKEN, A_TOKEN]);
  },
  async losesAnAnswerWhileTheOtherAsks(tabs, turn) {
    const [one, other] = inTurns(tabs, turn);
    const endLoss = await loseNextAnswer(one);
    const [, answer] = await Promise.all([ask(one), ask(other)]);
    expect(answer).toBe(A_TOKEN);
    lost += (await endLoss()) ? 1 : 0;
    expect(await ask(one)).toBe(A_TOKEN);
  },
  async reads(tabs, turn) {
    await Promise.all([read(inTurns(tabs, turn)[0]), ask(inTurns(tabs, turn)[1])]);
  },
  async losesAnAnswerAndLeavesItAtThat(tabs, turn) {
    const [one] = inTurns(tabs, turn);
    const endLoss = await loseNextAnswer(one);
    await ask(one);
    lost += (await endLoss()) ? 1 : 0;
  },
  async reloadsWhileTheOtherAsks([first, second]) {
    const asking = ask(first);
    await second.reload({ waitUntil: "domcontentloaded" });
    await untilStatus(second, "signed-in");
    expect([await asking, await ask(second)]).toEqual([A_TOKEN, A_TOKEN]);
  },
  async sponsors([first, second]) {
    const outcome = await startMemo(first);
    expect(await ask(second)).toBe(A_TOKEN);
    expect(await outcome()).toMatchObject({ state: "finalized" });
  },
} as const satisfies Readonly<Record<string, Habit>>;

test("two tabs are used for five hours, with lost answers and reloads, and nobody is logged out", async () => {
  const { stack, projectId, troubles } = time;
  const tabs = [await time.openTab(), await time.openTab()] as const;
  let refreshes = 0;
  for (const tab of tabs) {
    tab.on("request", (request) => {
      if (request.method() === "POST" && request.url().endsWith("/v1/sessions/refresh")) refreshes += 1;
    });
  }
  await signIn(tabs[0]);
  await untilStatus(tabs[1], "signed-in");
  const habits = Object.values(HABITS);
  let turn = 0;
  for (let elapsedMs = 0; elapsedMs < STORY_MS; turn++) {
    const stepMs = STEPS_MS[turn % STEPS_MS.length] ?? MINUTE_MS;
    await time.travel(stepMs);
    elapsedMs += stepMs;
    await habits[turn % habits.length]?.(tabs, turn);
  }

  expect([await statusOf(tabs[0]), await statusOf(tabs[1])]).toEqual(["signed-in", "signed-in"]);
  expect(await Promise.all(tabs.map(ask))).toEqual([A_TOKEN, A_TOKEN]);
  expect(troubles).toEqual([]);
  const { rows } = await stack.database.query<{ refresh_counter: number; revoked_at: Date | null }>(
    "select refresh_counter, revoked_at from sessions where project_id = $1",
    [projectId],
  );
  expect(rows).toEqual([{ refresh_counter: expect.any(Number), revoked_at: null }]);
  const rotations = rows[0]?.refresh_counter ?? 0;
  // Each tab has an access token of its own for nearly five minutes; an answer that was lost is asked for once more.
  expect(rotations).toBeGreaterThan(turn / 2);
  expect(rotations).toBeLessThanOrEqual(2 * turn);
  expect(lost).toBeGreaterThan(turn / 6);
  expect(refreshes - rotations).toBeLessThanOrEqual(lost);
});
