import assert from "node:assert/strict";
import { callApi } from "@gasless/localnet/api-client";
import type { Drill, Scene } from "./drill.ts";
import {
  createIntent,
  createIntents,
  createUser,
  createUsers,
  expectAccepted,
  type Intent,
  outcomeOf,
} from "./intents.ts";
import { relaysOf, usageOf } from "./ledger.ts";
import { inMs, inSeconds, quantile, sleep, tally, timed, until } from "./support.ts";

const DOWN_MS = { full: 60_000, short: 3_000 } as const;
const ANSWER_MS = 1_500;
const USERS = 4;
const PAUSE_MS = 250;

interface Refused {
  readonly outcome: string;
  readonly tookMs: number;
}

async function expectRefused({ post }: Intent): Promise<Refused> {
  const { value: answer, tookMs } = await timed(() => post());
  assert.equal(outcomeOf(answer), "upstream.rpc_unavailable");
  assert.equal(answer.status, 503);
  assert(Number(answer.headers.get("retry-after")) >= 1, "it does not say when to come again");
  return { outcome: outcomeOf(answer), tookMs };
}

/** Signing in and reading need no node. */
async function expectSignInWorks(scene: Scene): Promise<number> {
  const { value: user, tookMs } = await timed(() => createUser(scene));
  const { status } = await callApi(user.target, "GET", "/v1/relays", { token: user.token });
  assert.equal(status, 200);
  return tookMs;
}

/** The first transaction that goes through, with a key and bytes of its own. */
const untilAccepted = (scene: Scene): Promise<true> =>
  until(
    "a relay after the outage",
    () =>
      createIntent(scene)
        .then(({ post }) => post())
        .then((answer): true | undefined => (answer.status === 202 ? true : undefined))
        .catch(() => undefined),
    60_000,
  );

export const nodeRefuses: Drill = {
  number: 7,
  title: "a node that refuses connections costs nobody quota, is said at once, and is used again when it is back",
  stack: () => ({ slotMs: 400, finalityDepth: 8 }),
  async run(scene) {
    const { stack, scale, say } = scene;
    const users = await createUsers(scene, await stack.createProject(), USERS);
    for (const { post } of await createIntents(users, USERS)) expectAccepted(await post());
    const intents = await createIntents(users, USERS);
    await until(
      "the end of the first relays",
      async () => (await relaysOf(stack)).every(({ state }) => state === "finalized") || undefined,
      30_000,
    );
    const before = { usage: await usageOf(stack), relays: await relaysOf(stack) };

    await stack.rpc.setMode("refuse");
    const untilMs = performance.now() + DOWN_MS[scale];
    const refused: Refused[] = [];
    const signInsMs: number[] = [];
    while (performance.now() < untilMs) {
      refused.push(...(await Promise.all(intents.map(expectRefused))));
      signInsMs.push(await expectSignInWorks(scene));
      await sleep(PAUSE_MS);
    }
    assert.deepEqual({ usage: await usageOf(stack), relays: await relaysOf(stack) }, before);
    await stack.rpc.setMode("pass");
    const { tookMs } = await timed(() => untilAccepted(scene));

    const answersMs = refused.map((answer) => answer.tookMs);
    say(
      `node down for ${inSeconds(DOWN_MS[scale])}: ${tally(refused.map(({ outcome }) => outcome))}, median ${inMs(quantile(answersMs, 0.5))}, slowest ${inMs(Math.max(...answersMs))}`,
    );
    say(`meanwhile ${signInsMs.length} sign-ins, slowest ${inMs(Math.max(...signInsMs))}; no relay row, no quota used`);
    say(`first relay ${inMs(tookMs)} after the node was back`);
    assert(Math.max(...answersMs) < ANSWER_MS, "a refusal took too long");
  },
};
