import assert from "node:assert/strict";
import type { ApiTarget } from "@gasless/localnet/api-client";
import { createProofKey, type ProofKey } from "@gasless/localnet/proof-key";
import { createWallet } from "@gasless/localnet/wallet";
import type { Drill, Scene } from "./drill.ts";
import { NO_RATE_LIMITS } from "./intents.ts";
import { codeOf, hide, proveWallet, redeem, sessionsOf, type SignInProof } from "./sessions.ts";
import { inDigits, inSeconds, mapLimited, tally, timed } from "./support.ts";

const REPLAYS = { full: 10_000, short: 600 } as const;
/** Each with a proof of its own: making and checking them takes most of the time. */
const BOUND_REPLAYS = { full: 2_000, short: 200 } as const;
const CONCURRENCY = 50;
const ADDRESSES = 40;
/** In which part of the replays Redis is away: the race for the session is run once with it and once without. */
const AWAY = { early: [0, 0.3], late: [0.4, 0.7] } as const;
const UNLIMITED = 10_000_000;

type Away = (typeof AWAY)[keyof typeof AWAY];

/** Half of them of IPv6: each is another household. */
const addressOf = (index: number): string => {
  const subject = index % ADDRESSES;
  return subject % 2 === 0 ? `203.0.113.${subject}` : `2001:db8:0:${subject.toString(16)}::1`;
};

interface Replayed {
  readonly outcomes: readonly string[];
  readonly sessionIds: readonly string[];
}

/** Everybody sends the one proof, from many addresses, while Redis goes and comes back. */
async function replay(
  scene: Scene,
  proof: SignInProof,
  [from, to]: Away,
  target: ApiTarget,
  key?: ProofKey,
): Promise<Replayed> {
  const { stack, scale } = scene;
  const count = key ? BOUND_REPLAYS[scale] : REPLAYS[scale];
  const sessionIds: string[] = [];
  const outcomes = await mapLimited(Array.from({ length: count }), CONCURRENCY, async (_nothing, index) => {
    if (index === Math.floor(from * count)) await stack.redis.setMode("refuse");
    if (index === Math.floor(to * count)) await stack.redis.setMode("pass");
    const answer = await redeem(target, proof, { key, clientAddress: addressOf(index) });
    if (answer.status === 201) {
      hide(scene, answer.body);
      sessionIds.push(answer.body.session.id);
    }
    return codeOf(answer);
  });
  return { outcomes, sessionIds };
}

/** One proof of a wallet; bound to a key, its holder makes a new proof of that for each attempt. */
async function expectOneSession(scene: Scene, when: keyof typeof AWAY, key?: ProofKey): Promise<void> {
  const { stack, say } = scene;
  const target = await stack.createProject({ ...NO_RATE_LIMITS, addressSignInsPerMinute: UNLIMITED });
  const proof = await proveWallet(target, await createWallet(), key);
  scene.hidden.add(proof.signature);
  const { value, tookMs } = await timed(() => replay(scene, proof, AWAY[when], target, key));
  const { outcomes, sessionIds } = value;
  const stored = await sessionsOf(stack, target.projectId);
  say(
    `${key ? "key-bound" : "Bearer"}, ${inDigits(outcomes.length)} times, without Redis from ${AWAY[when].map((share) => `${100 * share} %`).join(" to ")}: ` +
      `${tally(outcomes)} in ${inSeconds(tookMs)}`,
  );
  const others = outcomes.filter((code) => !["201", "auth.challenge_invalid", "rate.limited"].includes(code));
  assert.deepEqual(others, [], "somebody was told something else than that the proof is used");
  assert(outcomes.includes("auth.challenge_invalid"), "nobody was told that the proof is used");
  assert.deepEqual(
    sessionIds,
    stored.map(({ id }) => id),
    "what was answered is not what is there",
  );
  assert.equal(stored.length, 1, "one proof has opened another number of sessions than one");
}

export const authReplay: Drill = {
  number: 19,
  title: "one proof of a wallet, sent ten thousand times with and without Redis, opens one session",
  async run(scene) {
    await expectOneSession(scene, "late");
    await expectOneSession(scene, "early", await createProofKey());
  },
};
