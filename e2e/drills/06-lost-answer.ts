import assert from "node:assert/strict";
import type { Drill, Scene } from "./drill.ts";
import { createIntent, createIntents, createUsers, expectAccepted, type Intent, outcomeOf } from "./intents.ts";
import { relaysOf, type StoredRelay, sweepNow, untilAllEnded } from "./ledger.ts";
import { methodOf } from "./nodes.ts";
import { inDigits, mapLimited, tally } from "./support.ts";

const INTENTS = { full: 25, short: 3 } as const;
const CONCURRENCY = 5;
/** So many that the worker tries to prove an end, which it does not at first. */
const LOOKS = 12;
const FINALITY_DEPTH = 4;

interface Posted {
  readonly intent: Intent;
  readonly relayId: string;
}

const SENDS = "sendTransaction";

/** Remembers the bytes of every send, to whichever provider; `verdict` is what becomes of them. */
function watchSends({ stack }: Scene, verdict: "forward" | "drop-reply"): string[] {
  const bodies: string[] = [];
  for (const proxy of stack.rpcs) {
    proxy.onRequest((request) => {
      if (methodOf(request) !== SENDS) return "forward";
      bodies.push(request.body);
      return verdict;
    });
  }
  return bodies;
}

/** However often each was sent, it was sent as the same bytes. */
function expectOneSignature(posted: readonly Posted[], sends: readonly string[]): void {
  for (const { intent } of posted) {
    const own = sends.filter((body) => body.includes(intent.mark));
    assert(own.length > 0, "it was never sent");
    assert.equal(new Set(own).size, 1, "it was signed more than once");
  }
}

async function postAll(scene: Scene): Promise<Posted[]> {
  const users = await createUsers(scene, await scene.stack.createProject(), 5);
  const intents = await createIntents(users, INTENTS[scene.scale]);
  return mapLimited(intents, CONCURRENCY, async (intent) => ({
    intent,
    relayId: expectAccepted(await intent.post()).id,
  }));
}

/** A client that has not heard tries again, with the key that it has and with a new one. */
async function retryAll(posted: readonly Posted[]): Promise<void> {
  for (const { intent, relayId } of posted) {
    assert.equal(expectAccepted(await intent.post()).id, relayId);
    const again = await intent.post(crypto.randomUUID());
    assert.equal(outcomeOf(again), "transaction.already_relayed");
    assert.deepEqual(again.body["context"], { relayId });
  }
}

async function statesOf({ stack }: Scene, posted: readonly Posted[]): Promise<StoredRelay[]> {
  const own = new Set(posted.map(({ relayId }) => relayId));
  return (await relaysOf(stack)).filter(({ id }) => own.has(id));
}

async function expectEnd(scene: Scene, posted: readonly Posted[], state: string, charged: string): Promise<void> {
  await untilAllEnded(scene.stack);
  const ends = (await statesOf(scene, posted)).map((relay) => `${relay.state}, charged ${relay.charged_fee}`);
  assert.equal(tally(ends), `${posted.length} × ${state}, charged ${charged}`);
}

async function loseAnswers(scene: Scene): Promise<void> {
  const { stack, say } = scene;
  const sends = watchSends(scene, "drop-reply");
  const posted = await postAll(scene);
  await retryAll(posted);
  stack.solana.chain.warp(2 * FINALITY_DEPTH);
  await expectEnd(scene, posted, "finalized", "10000");
  expectOneSignature(posted, sends);
  say(`${posted.length} sends whose answer was lost: ${sends.length} sends in all, one signature each, all settled`);
}

async function expectStillOpen(scene: Scene, posted: readonly Posted[], why: string): Promise<void> {
  for (let look = 0; look < LOOKS; look++) await sweepNow(scene.stack);
  const ended = (await statesOf(scene, posted)).filter(({ state }) => state !== "signed" && state !== "submitted");
  assert.deepEqual(ended, [], `ended ${why}`);
}

/** The finalized height as far as it may be without proving anything, and the first that does. */
async function warpToEnd({ stack }: Scene): Promise<void> {
  const { rows } = await stack.database.query<{ newest: string }>(
    "select max(lifetime_end_height)::text as newest from relays where state in ('signed', 'submitted')",
  );
  const { chain } = stack.solana;
  const finalized = chain.blockHeight() - BigInt(FINALITY_DEPTH);
  chain.warp(Number(BigInt(rows[0]?.newest ?? 0) - finalized));
}

async function dropEverything(scene: Scene): Promise<void> {
  const { stack, say } = scene;
  const { chain, faults } = stack.solana;
  faults.stopLanding();
  const sends = watchSends(scene, "forward");
  const posted = await postAll(scene);
  await retryAll(posted);
  await warpToEnd(scene);
  await expectStillOpen(scene, posted, "before its lifetime had");
  await stack.rpcs[1]?.setMode("refuse");
  chain.warp(1);
  await expectStillOpen(scene, posted, "though one provider had not spoken");
  await stack.rpcs[1]?.setMode("pass");
  await expectEnd(scene, posted, "expired", "0");
  faults.resumeLanding();
  expectOneSignature(posted, sends);
  const [first] = posted;
  assert(first);
  assert.equal(outcomeOf(await first.intent.post(crypto.randomUUID())), "transaction.already_relayed");
  say(
    `${posted.length} transactions that never landed: sent ${inDigits(sends.length)} times as the same bytes, ` +
      "expired one block after their end and when the last provider had spoken, nothing charged",
  );
}

/** What the node does not take is sent again, and a new transaction of somebody whose first one expired goes through. */
async function refuseSends(scene: Scene): Promise<void> {
  const { stack, say } = scene;
  const sends = watchSends(scene, "forward");
  stack.solana.faults.failNext(2, { kind: "http", status: 429 }, SENDS);
  const intent = await createIntent(scene);
  const posted = [{ intent, relayId: expectAccepted(await intent.post()).id }];
  await sweepNow(stack);
  stack.solana.chain.warp(2 * FINALITY_DEPTH);
  await expectEnd(scene, posted, "finalized", "10000");
  expectOneSignature(posted, sends);
  say(`a send that was refused twice: sent ${sends.length} times, settled`);
}

export const lostAnswer: Drill = {
  number: 6,
  title: "what may have been sent is not signed again, and expires only when every provider proves it",
  stack: () => ({ slotMs: 0, finalityDepth: FINALITY_DEPTH, providerWeights: [1, 1] }),
  async run(scene) {
    await loseAnswers(scene);
    await dropEverything(scene);
    await refuseSends(scene);
  },
};
