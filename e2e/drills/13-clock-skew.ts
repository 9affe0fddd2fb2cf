import assert from "node:assert/strict";
import {
  type ApiTarget,
  buildTransaction,
  callApi,
  expectStatus,
  memoBy,
  postRelay,
  prepareRelay,
} from "@gasless/localnet/api-client";
import { createProofKey, type ProofKey } from "@gasless/localnet/proof-key";
import type { Stack } from "@gasless/localnet/testing/stack";
import { createWallet } from "@gasless/localnet/wallet";
import { moveDatabaseClock, purgeExpired } from "./database-clock.ts";
import type { Drill, Scene } from "./drill.ts";
import { expectAccepted, NO_RATE_LIMITS } from "./intents.ts";
import {
  codeOf,
  createOwner,
  type Owner,
  postRefresh,
  proveWallet,
  readCurrent,
  readStored,
  redeem,
  refresh,
  sessionsOf,
  type SignInProof,
} from "./sessions.ts";
import { inDigits, tally } from "./support.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const AHEAD_MS = 6 * MINUTE_MS;
const SKEWS_MS = [AHEAD_MS, -AHEAD_MS] as const;
const CHALLENGE_MS = 5 * MINUTE_MS;
/** The longest that an isolate can hold a challenge to be good: issued by one that is ahead, shown to one behind. */
const LONGEST_MS = CHALLENGE_MS + 2 * AHEAD_MS;
const STEP_MS = { full: MINUTE_MS, short: 4 * MINUTE_MS } as const;

const inMinutes = (durationMs: number): string => `${durationMs >= 0 ? "+" : ""}${durationMs / MINUTE_MS} min`;

/** The database's time, and the worker's beside it. */
async function setClocks(stack: Stack, elapsedMs: number, skewMs: number): Promise<void> {
  await moveDatabaseClock(stack, elapsedMs);
  await stack.moveClock(elapsedMs + skewMs);
}

/** An isolate with a clock of its own: it remembers nothing of the one before. */
async function changeIsolate(stack: Stack, skewMs: number): Promise<void> {
  await setClocks(stack, 0, skewMs);
  await stack.restartAfterKill();
}

/** A key whose holder goes by the clock that the API's last answer has told. */
async function byDate(target: ApiTarget, key: ProofKey): Promise<ProofKey> {
  const { headers } = await callApi(target, "GET", "/v1/config");
  const aheadMs = Date.parse(headers.get("date") ?? "") - Date.now();
  const now = () => Math.floor((Date.now() + aheadMs) / SECOND_MS);
  return { ...key, prove: (parts) => key.prove({ ...parts, claims: { iat: now(), ...parts.claims } }) };
}

/** By `Date` people sign in; by their own clock they are refused, and nothing is used up by that. */
async function expectSignIn(scene: Scene, target: ApiTarget): Promise<Owner> {
  const [own, wallet] = [await createProofKey(), await createWallet()];
  const key = await byDate(target, own);
  const proof = await proveWallet(target, wallet, key);
  for (let attempt = 0; attempt < 6; attempt++) {
    assert.equal(codeOf(await redeem(target, proof, { key: own })), "auth.proof_invalid");
  }
  expectStatus(await redeem(target, proof, { key }), 201);

  const owner = await createOwner(scene, target, key);
  const wrong = { ...owner, key: own };
  assert.equal(codeOf(await readCurrent(wrong)), "auth.proof_invalid");
  assert.equal(codeOf(await postRefresh(target, owner.refreshToken, own)), "auth.proof_invalid");
  expectStatus(await readCurrent(owner), 200);
  assert.deepEqual(await readStored(scene.stack, owner.sessionId), {
    id: owner.sessionId,
    refresh_counter: 0,
    is_revoked: false,
    life_seconds: (7 * DAY_MS) / SECOND_MS,
    idle_seconds: DAY_MS / SECOND_MS,
  });
  return owner;
}

/** Issued by one isolate, shown to one on time: it lives longer, or ends early, by as much as the clocks differ. */
async function expectElsewhere(scene: Scene, owner: Owner, skewMs: number): Promise<string> {
  const { target, key } = owner;
  await changeIsolate(scene.stack, 0);
  const here = { ...owner, key: key && (await byDate(target, key)) };
  const outcome = codeOf(await readCurrent(here));
  assert.equal(outcome, skewMs > 0 ? "200" : "auth.token_expired");
  expectStatus(await readCurrent(await refresh(scene, here)), 200);
  return outcome;
}

/** A day without use ends a session, and so do seven days: of the database's clock, which is neither early nor late. */
async function expectLife(scene: Scene, target: ApiTarget, skewMs: number): Promise<void> {
  const { stack } = scene;
  await setClocks(stack, 0, skewMs);
  const idle = await createOwner(scene, target, null);
  let used = await createOwner(scene, target, null);
  for (let day = 1; day <= 7; day++) {
    await setClocks(stack, day * DAY_MS - day * 2 * MINUTE_MS, skewMs);
    used = await refresh(scene, used);
    if (day > 1) continue;
    await setClocks(stack, DAY_MS + MINUTE_MS, skewMs);
    assert.equal(codeOf(await postRefresh(target, idle.refreshToken)), "auth.token_expired");
  }
  await setClocks(stack, 7 * DAY_MS - MINUTE_MS, skewMs);
  used = await refresh(scene, used);
  await setClocks(stack, 7 * DAY_MS + MINUTE_MS, skewMs);
  assert.equal(codeOf(await postRefresh(target, used.refreshToken)), "auth.token_expired");
}

/** Until its end, by the clock that issued it, a challenge can be used. */
async function expectWholeLife({ stack }: Scene, target: ApiTarget, skewMs: number): Promise<void> {
  await setClocks(stack, 0, skewMs);
  const [late, tooLate] = [
    await proveWallet(target, await createWallet()),
    await proveWallet(target, await createWallet()),
  ];
  await setClocks(stack, CHALLENGE_MS - 5 * SECOND_MS, skewMs);
  assert.equal(codeOf(await redeem(target, late)), "201");
  await setClocks(stack, CHALLENGE_MS + SECOND_MS, skewMs);
  assert.equal(codeOf(await redeem(target, tooLate)), "auth.challenge_invalid");
}

/** Issued and used by isolates with any clocks: for as long as one of them could hold it to be good, it is not. */
async function expectUsedForGood(scene: Scene): Promise<string> {
  const { stack, scale } = scene;
  const target = await stack.createProject({ ...NO_RATE_LIMITS, addressSignInsPerMinute: 1_000_000 });
  const skews = [...SKEWS_MS, 0];
  const used: SignInProof[] = [];
  for (const issuerMs of skews) {
    for (const userMs of skews) {
      await setClocks(stack, 0, issuerMs);
      const proof = await proveWallet(target, await createWallet());
      await setClocks(stack, 0, userMs);
      // More than its life behind each other, the one says that it is over before the other has told anybody.
      const isOver = userMs - issuerMs >= CHALLENGE_MS;
      assert.equal(codeOf(await redeem(target, proof)), isOver ? "auth.challenge_invalid" : "201");
      if (!isOver) used.push(proof);
    }
  }
  // What Redis knows of it would hide what the database does.
  await stack.redis.setMode("refuse");
  const replays: string[] = [];
  for (let elapsedMs = 0; elapsedMs <= LONGEST_MS + STEP_MS[scale]; elapsedMs += STEP_MS[scale]) {
    await moveDatabaseClock(stack, elapsedMs);
    await purgeExpired(stack);
    for (const skewMs of skews) {
      await stack.moveClock(elapsedMs + skewMs);
      replays.push(...(await Promise.all(used.map(async (proof) => codeOf(await redeem(target, proof))))));
    }
  }
  await stack.redis.setMode("pass");
  await setClocks(stack, 0, 0);
  assert.equal(tally(replays), `${inDigits(replays.length)} × auth.challenge_invalid`);
  assert.equal((await sessionsOf(stack, target.projectId)).length, used.length, "a proof has opened two sessions");
  return `${used.length} proofs, ${inDigits(replays.length)} times again in ${LONGEST_MS / MINUTE_MS} min`;
}

interface Allowance {
  readonly limits: readonly { readonly resetsAt: string }[];
}

/** One message, one key and the one budget that is left are the same to isolates with any clocks. */
async function expectOneRelay(scene: Scene): Promise<void> {
  const { stack } = scene;
  const limits = [{ subjectKind: "user", window: "month", unit: "relays", amount: 2n }] as const;
  const target = await stack.createProject({ ...NO_RATE_LIMITS, limits });
  let owner = await createOwner(scene, target, null);
  const memo = async (): Promise<Uint8Array> => {
    const prepared = await prepareRelay(target, owner.accessToken);
    return buildTransaction(prepared, [memoBy(owner.wallet, crypto.randomUUID())], [owner.wallet]);
  };
  const [first, second, third] = [await memo(), await memo(), await memo()];
  const post = (wire: Uint8Array, key: string) => postRelay(target, owner.accessToken, wire, key);
  const { id } = expectAccepted(await post(first, "first"));
  for (const skewMs of [...SKEWS_MS, 0]) {
    await changeIsolate(stack, skewMs);
    owner = await refresh(scene, owner);
    assert.equal(expectAccepted(await post(first, "first")).id, id, "a relay was made twice");
    assert.equal(codeOf(await post(first, crypto.randomUUID())), "transaction.already_relayed");
    expectAccepted(await post(second, "second"));
    const refused = await post(third, crypto.randomUUID());
    assert.equal(codeOf(refused), "budget.user_exhausted");
    const path = `/v1/allowance?network=${target.network}`;
    const answer = await callApi<Allowance>(target, "GET", path, { token: owner.accessToken });
    const { rows } = await stack.database.query<{ resets_at: Date }>("select limit_window_end('month') as resets_at");
    assert.equal(
      expectStatus(answer, 200).limits[0]?.resetsAt,
      rows[0]?.resets_at.toISOString(),
      "a window that is not the database's",
    );
  }
}

export const clockSkew: Drill = {
  number: 13,
  title: "six minutes before or behind the database and its clients, nobody is locked out and nothing is good twice",
  // Transactions live longer than it takes to change isolates.
  stack: () => ({ slotMs: 400, finalityDepth: 4, hasMovableClock: true }),
  async run(scene) {
    const { stack, say } = scene;
    for (const skewMs of SKEWS_MS) {
      const target = await stack.createProject(NO_RATE_LIMITS);
      await changeIsolate(stack, skewMs);
      const owner = await expectSignIn(scene, target);
      await expectWholeLife(scene, target, skewMs);
      await expectLife(scene, target, skewMs);
      await changeIsolate(stack, skewMs);
      const elsewhere = await expectElsewhere(scene, await createOwner(scene, target, owner.key), skewMs);
      say(
        `worker at ${inMinutes(skewMs)}: people sign in by Date; sessions end by the database; its tokens elsewhere: ${elsewhere}`,
      );
    }
    say(`issued, used and shown again by isolates with all clocks: ${await expectUsedForGood(scene)}, none is good`);
    await expectOneRelay(scene);
    say("a relay, its key and its budget are the same for all of them");
  },
};
