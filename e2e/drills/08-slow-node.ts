import assert from "node:assert/strict";
import type { HttpProxy } from "@gasless/localnet/faults/http-proxy";
import type { Drill, Scene } from "./drill.ts";
import { createIntent, createUsers, NO_RATE_LIMITS, outcomeOf, type User } from "./intents.ts";
import { methodOf, readCounter } from "./nodes.ts";
import { inDigits, inMs, mapLimited, quantile, sleep, tally, timed } from "./support.ts";

const SLOW_MS = 4_000;
const DEADLINE_MS = 2_500;
/** For everything that is no call to a node, on a machine that does other things too. */
const MARGIN_MS = 500;
const RELAYS = { full: 100, short: 10 } as const;
const SLOW_RELAYS = { full: 10, short: 2 } as const;
const WELL_RELAYS = 20;
const CONCURRENCY = 4;
const USERS = 8;
/** The first retry is everybody's from the beginning. */
const FIRST_RETRY = 1;
const MOST_REQUESTS_A_CALL = 1.2;

interface Watched {
  readonly methods: string[];
  delayMs: number;
}

/** Counts what arrives there, and lets it wait. */
function watchRequests(proxy: HttpProxy): Watched {
  const watched: Watched = { methods: [], delayMs: 0 };
  proxy.onRequest(async (request): Promise<"forward"> => {
    watched.methods.push(methodOf(request));
    await sleep(watched.delayMs);
    return "forward";
  });
  return watched;
}

interface Relayed {
  readonly outcome: string;
  readonly preparedMs: number;
  readonly postedMs: number;
}

async function relayOnce(scene: Scene, user: User): Promise<Relayed> {
  const prepared = await timed(() => createIntent(scene, user).catch((error: unknown) => String(error)));
  const intent = prepared.value;
  if (typeof intent === "string")
    return { outcome: `prepare: ${/"code":"([^"]+)/.exec(intent)?.[1]}`, preparedMs: prepared.tookMs, postedMs: 0 };
  const posted = await timed(() => intent.post());
  return { outcome: outcomeOf(posted.value), preparedMs: prepared.tookMs, postedMs: posted.tookMs };
}

function describe(relays: readonly Relayed[]): string {
  const timesMs = relays.flatMap(({ preparedMs, postedMs }) => [preparedMs, postedMs]);
  return `${tally(relays.map(({ outcome }) => outcome))}; median call ${inMs(quantile(timesMs, 0.5))}, slowest ${inMs(Math.max(...timesMs))}`;
}

function expectInTime(relays: readonly Relayed[]): void {
  for (const { preparedMs, postedMs } of relays) {
    assert(
      Math.max(preparedMs, postedMs) < DEADLINE_MS + MARGIN_MS,
      `a call took ${inMs(Math.max(preparedMs, postedMs))}`,
    );
  }
}

const takeTurns = <Item>(items: readonly Item[], count: number): Item[] =>
  Array.from({ length: count }, (_, turn) => items[turn % items.length] ?? assert.fail());

const relayAll = (scene: Scene, users: readonly User[], count: number): Promise<Relayed[]> =>
  mapLimited(takeTurns(users, count), CONCURRENCY, (user) => relayOnce(scene, user));

/** Both are well at first: by what they are asked then, an isolate earns the retries that it needs when one of them is not. */
async function failOver(scene: Scene, users: readonly User[], [first, second]: readonly Watched[]): Promise<void> {
  const { stack, scale, say } = scene;
  assert(first && second);
  await relayAll(scene, users, WELL_RELAYS);
  first.delayMs = SLOW_MS;
  const askedWhileWell = first.methods.length;
  const relays = await relayAll(scene, users, RELAYS[scale]);
  const atSlow = first.methods.length - askedWhileWell;
  say(`one of two providers at ${inMs(SLOW_MS)}, ${CONCURRENCY} users at a time: ${describe(relays)}`);
  const retries = await readCounter(stack, "gasless_rpc_retries_total");
  const requests = [...first.methods, ...second.methods].filter((method) => method !== "getGenesisHash").length;
  const calls = requests - retries;
  const each = (requests / calls).toFixed(3);
  say(
    `${inDigits(requests)} requests for ${inDigits(calls)} calls: ${each} each; ${retries} retries, ${atSlow} requests at the slow one`,
  );
  expectInTime(relays);
  assert(requests <= MOST_REQUESTS_A_CALL * calls + FIRST_RETRY, "too many retries");
  const served = relays.filter(({ outcome }) => outcome === "202").length;
  assert.equal(served, relays.length, "not everybody was served by the good one");
}

/** With nobody to turn to, the deadline is what ends a call. */
async function endInTime(scene: Scene, users: readonly User[], watched: readonly Watched[]): Promise<void> {
  const { scale, say } = scene;
  for (const provider of watched) provider.delayMs = 0;
  const intents = await mapLimited(users, CONCURRENCY, (user) => createIntent(scene, user));
  for (const provider of watched) provider.delayMs = SLOW_MS;
  const relays = await mapLimited(takeTurns(intents, SLOW_RELAYS[scale]), 2, async ({ post }) => {
    const posted = await timed(() => post());
    return { outcome: outcomeOf(posted.value), preparedMs: 0, postedMs: posted.tookMs };
  });
  for (const provider of watched) provider.delayMs = 0;
  say(`both at ${inMs(SLOW_MS)}: ${describe(relays)}`);
  expectInTime(relays);
  assert.equal(tally(relays.map(({ outcome }) => outcome)), `${relays.length} × upstream.rpc_timeout`);
}

export const slowNode: Drill = {
  number: 8,
  title: "a slow node is given up in time, another one answers, and retries never multiply the load",
  stack: () => ({ slotMs: 400, finalityDepth: 8, providerWeights: [1, 1] }),
  async run(scene) {
    const users = await createUsers(scene, await scene.stack.createProject({ ...NO_RATE_LIMITS, limits: [] }), USERS);
    const watched = scene.stack.rpcs.map(watchRequests);
    await failOver(scene, users, watched);
    await endInTime(scene, users, watched);
  },
};
