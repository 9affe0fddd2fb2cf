import assert from "node:assert/strict";
import { callApi, expectStatus } from "@gasless/localnet/api-client";
import { createProofKey } from "@gasless/localnet/proof-key";
import { createWallet } from "@gasless/localnet/wallet";
import type { Drill, Scene } from "./drill.ts";
import { createIntents, createUsers, expectAccepted, type Intent, NO_RATE_LIMITS, outcomeOf } from "./intents.ts";
import { relaysOf, untilAllEnded, usageOf } from "./ledger.ts";
import { REDIS_OUTAGES, type RedisOutage, repairRedis, wipeRedis } from "./redis-outages.ts";
import {
  codeOf,
  createOwner,
  from,
  type Owner,
  proveWallet,
  readCurrent,
  redeem,
  refresh,
  sessionsOf,
} from "./sessions.ts";
import { inMs, quantile, sleep, tally, timed } from "./support.ts";

const DOWN_MS = { full: 5_000, short: 800 } as const;
const PAUSE_MS = 50;
/** Signing in and reading ask Redis for 250 ms, then themselves; sponsoring gives up after a second. */
const OPEN_MS = 750;
const CLOSED_MS = 1_500;
/** What a machine with two cores, that does other things too, is held to; in little there are too few for nearly all. */
const HELD = { full: 0.9, short: 0.5 } as const;
const AT_ONCE = 50;
const MINUTE_MS = 60_000;
const LIMIT = { perMinute: 300, tenth: 30, asked: 45 } as const;

/** One call after the other until the outage is over; how long each took. */
async function keepCalling(untilMs: number, call: (turn: number) => Promise<unknown>): Promise<number[]> {
  const tookMs: number[] = [];
  while (performance.now() < untilMs) {
    tookMs.push((await timed(() => call(tookMs.length))).tookMs);
    await sleep(PAUSE_MS);
  }
  return tookMs;
}

async function signInAnew(scene: Scene, { target }: Owner): Promise<void> {
  await createOwner(scene, target);
}

async function expectRefused({ post }: Intent): Promise<void> {
  const answer = await post();
  assert.equal(`${answer.status} ${outcomeOf(answer)}`, "503 store.unavailable");
  assert(Number(answer.headers.get("retry-after")) >= 1, "it does not say when to come again");
}

/** Everybody does what they came for, all at once, and is measured by what they wanted. */
async function trafficMeanwhile(scene: Scene, owner: Owner, intents: readonly Intent[]) {
  const untilMs = performance.now() + DOWN_MS[scene.scale];
  let refreshing = owner;
  const [opening, refreshes, reads, relays] = await Promise.all([
    keepCalling(untilMs, async () => signInAnew(scene, owner)),
    keepCalling(untilMs, async () => (refreshing = await refresh(scene, refreshing))),
    keepCalling(untilMs, async () => expectStatus(await readCurrent(owner), 200)),
    keepCalling(untilMs, (turn) => expectRefused(intents[turn % intents.length] ?? assert.fail())),
  ]);
  const heldMs = (tookMs: readonly number[]): number => quantile(tookMs, HELD[scene.scale]);
  // A sign-in is a challenge and a session: two calls.
  const slowest = {
    signIn: heldMs(opening) / 2,
    refresh: heldMs(refreshes),
    read: heldMs(reads),
    relay: heldMs(relays),
  };
  const told = Object.entries(slowest).map(([name, tookMs]) => `${name} ${inMs(tookMs)}`);
  return {
    refreshing,
    slowest,
    told: `${[...opening, ...refreshes, ...reads].length} calls go on, ${relays.length} relays are refused; p${100 * HELD[scene.scale]}: ${told.join(", ")}`,
  };
}

/** Many at once with one proof of a wallet: the database alone counts now. */
async function expectOneSession(scene: Scene): Promise<void> {
  const target = await scene.stack.createProject(NO_RATE_LIMITS);
  const key = await createProofKey();
  const proof = await proveWallet(target, await createWallet(), key);
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => redeem(target, proof, { key })));
  assert.equal(tally(answers.map(codeOf)), `1 × 201, ${AT_ONCE - 1} × auth.challenge_invalid`);
  assert.equal(codeOf(await redeem(target, proof, { key })), "auth.challenge_invalid");
  assert.equal((await sessionsOf(scene.stack, target.projectId)).length, 1);
}

/** In the worker's minute, from its first second, one address is let through a tenth of its limit. */
async function expectTenth({ stack }: Scene): Promise<void> {
  const target = await stack.createProject({ addressRequestsPerMinute: LIMIT.perMinute });
  await stack.moveClock(-(Date.now() % MINUTE_MS));
  const ask = () => callApi(target, "GET", "/v1/config", { headers: from("203.0.113.7") });
  const answers = await Promise.all(Array.from({ length: LIMIT.asked }, ask));
  await stack.moveClock(0);
  assert.equal(tally(answers.map(codeOf)), `${LIMIT.tenth} × 200, ${LIMIT.asked - LIMIT.tenth} × rate.limited`);
}

/** A call of the owner with a proof that is kept, so that it can be sent again. */
async function proveOnce({ target, accessToken, key }: Owner): Promise<() => Promise<string>> {
  const path = "/v1/sessions/current";
  const dpop = await key?.prove({ method: "GET", url: target.api + path, accessToken });
  const headers = { authorization: `DPoP ${accessToken}`, dpop: dpop ?? assert.fail(), "gasless-key": "" };
  return async () => codeOf(await callApi(target, "GET", path, { headers }));
}

/** A proof of possession is good once, whether the isolate saw it while Redis was there or while it was not. */
async function expectNoReplay(owner: Owner, outage: (work: () => Promise<void>) => Promise<void>) {
  const [before, meanwhile] = [await proveOnce(owner), await proveOnce(owner)];
  const outcomes = [await before()];
  await outage(async () => {
    outcomes.push(await before(), await meanwhile(), await meanwhile());
  });
  outcomes.push(await meanwhile());
  const refused = "auth.proof_invalid";
  assert.deepEqual(outcomes, ["200", refused, "200", refused, refused], "a proof of possession was good twice");
}

/** All of it works again at the first attempt. */
async function expectRecovery(scene: Scene, owner: Owner, intents: readonly Intent[]): Promise<string> {
  const { tookMs } = await timed(async () => {
    for (const { post } of intents) expectAccepted(await post());
    expectStatus(await readCurrent(await refresh(scene, owner)), 200);
    await signInAnew(scene, owner);
  });
  return inMs(tookMs);
}

async function endure(scene: Scene, { name, begin }: RedisOutage): Promise<number> {
  const { stack, say } = scene;
  const { redis, solana } = stack;
  const target = await stack.createProject({ ...NO_RATE_LIMITS, addressSignInsPerMinute: 100_000 });
  const owner = await createOwner(scene, target);
  const intents = await createIntents(await createUsers(scene, target, 2), 6);
  await expectNoReplay(owner, async (work) => {
    await begin(redis);
    await work();
    await repairRedis(redis);
  });

  const seen = async () => ({
    relays: await relaysOf(stack),
    usage: await usageOf(stack),
    sent: solana.faults.calls("sendTransaction"),
  });
  await untilAllEnded(stack);
  const before = await seen();
  const count = (await sessionsOf(stack, target.projectId)).length;
  await begin(redis);
  const { refreshing, slowest, told } = await trafficMeanwhile(scene, owner, intents);
  say(`Redis ${name}: ${told}`);
  await expectOneSession(scene);
  await expectTenth(scene);
  const after = await seen();
  await repairRedis(redis);

  assert.deepEqual(after, before, "something was sponsored without its limits");
  assert((await sessionsOf(stack, target.projectId)).length > count, "nobody signed in");
  say(
    `   one session of ${AT_ONCE} at once, a tenth of the limits; all works ${await expectRecovery(scene, refreshing, intents)} after it is back`,
  );
  const { relay, ...open } = slowest;
  return Math.max(relay / CLOSED_MS, ...Object.values(open).map((tookMs) => tookMs / OPEN_MS));
}

/** What Redis knew was for a minute or two: what counts stands in the database. */
async function endureWipe(scene: Scene): Promise<void> {
  const { stack, say } = scene;
  const target = await stack.createProject({ ...NO_RATE_LIMITS, limits: [] });
  const [key, wallet] = [await createProofKey(), await createWallet()];
  const proof = await proveWallet(target, wallet, key);
  expectStatus(await redeem(target, proof, { key }), 201);
  const owner = await createOwner(scene, target);
  const [intent, fresh] = await createIntents(await createUsers(scene, target, 1), 2);
  assert(intent && fresh);
  const { id } = expectAccepted(await intent.post());
  const replay = await proveOnce(owner);
  assert.equal(await replay(), "200");

  await wipeRedis(stack);
  assert.equal(expectAccepted(await intent.post()).id, id, "a relay was made twice");
  assert.equal(outcomeOf(await intent.post(crypto.randomUUID())), "transaction.already_relayed");
  assert.equal(codeOf(await redeem(target, proof, { key })), "auth.challenge_invalid");
  assert.equal(await replay(), "auth.proof_invalid", "a proof of possession was good twice");
  const again = await refresh(scene, owner);
  expectStatus(await readCurrent(again), 200);
  expectAccepted(await fresh.post());
  say("Redis is wiped: no session, no relay and no used challenge is forgotten");
}

export const redisDown: Drill = {
  number: 10,
  title: "without Redis people sign in and read within a deadline, nothing is sponsored, and no door is open",
  // What was signed before an outage must be good behind it.
  stack: (scale) => ({ slotMs: scale === "full" ? 200 : 100, finalityDepth: 4, hasMovableClock: true }),
  async run(scene) {
    let most = 0;
    for (const outage of REDIS_OUTAGES) most = Math.max(most, await endure(scene, outage));
    await endureWipe(scene);
    assert(most <= 1, "answers took longer than promised");
  },
};
