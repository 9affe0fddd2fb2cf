import assert from "node:assert/strict";
import { type ApiTarget, expectStatus } from "@gasless/localnet/api-client";
import { createProofKey, type ProofKey } from "@gasless/localnet/proof-key";
import type { Stack } from "@gasless/localnet/testing/stack";
import type { Drill, Scene } from "./drill.ts";
import { NO_RATE_LIMITS } from "./intents.ts";
import { lockRows, untilBlocked } from "./ledger.ts";
import {
  codeOf,
  createOwner,
  hide,
  type Owner,
  postRefresh,
  readCurrent,
  readStored,
  refresh,
  untilRotated,
} from "./sessions.ts";
import { inDigits, sleep, tally } from "./support.ts";
import { listAttacks, listForgeries, replayProof } from "./token-thief.ts";

const AT_ONCE = 20;
const STORM_MS = { full: 10_000, short: 1_500 } as const;
const FAMILIES = { full: 8, short: 3 } as const;
const PAUSE_MS = 30;

type Bound = Owner & { readonly key: ProofKey };

const createBound = async (scene: Scene, target: ApiTarget): Promise<Bound> => {
  const key = await createProofKey();
  return { ...(await createOwner(scene, target, key)), key };
};

/** The session's own generations, oldest first: the last one is current. */
async function refreshTimes(scene: Scene, owner: Owner, times: number): Promise<Owner[]> {
  const generations = [owner];
  for (let turn = 0; turn < times; turn++) generations.push(await refresh(scene, generations.at(-1) ?? owner));
  return generations;
}

/** Its owner can go on: with the present token, and with what that gives. */
async function expectAlive(scene: Scene, owner: Owner): Promise<Owner> {
  const next = await refresh(scene, owner);
  expectStatus(await readCurrent(next), 200);
  return next;
}

async function expectEnded(owner: Owner): Promise<void> {
  assert.equal(codeOf(await postRefresh(owner.target, owner.refreshToken, owner.key)), "auth.session_revoked");
  assert.equal(codeOf(await readCurrent(owner)), "auth.session_revoked");
}

async function expectThiefGainsNothing(scene: Scene, target: ApiTarget): Promise<string> {
  const owner = await createBound(scene, target);
  const generations = await refreshTimes(scene, owner, 3);
  const current = generations.at(-1) ?? owner;
  const attacks = [...(await listAttacks(target, owner.key)), await replayProof(target, owner.key)];
  const before = await readStored(scene.stack, owner.sessionId);
  const outcomes: string[] = [];
  for (const { refreshToken } of generations) {
    for (const attack of attacks) outcomes.push(await attack(refreshToken));
  }
  assert.equal(tally(outcomes), `${outcomes.length} × auth.proof_invalid`);
  const other = await createBound(scene, target);
  for (const forged of listForgeries(current.refreshToken, other.sessionId)) {
    assert.equal(codeOf(await postRefresh(target, forged, owner.key)), "auth.token_invalid");
  }
  assert.deepEqual(await readStored(scene.stack, owner.sessionId), before, "an attack has changed the session");
  await expectAlive(scene, current);
  await expectAlive(scene, other);
  return `${outcomes.length} attempts`;
}

/** Where two hold what only one may have, the session ends; for a bound one it takes the key as well. */
async function expectReuseEnds(scene: Scene, target: ApiTarget, key: ProofKey | null): Promise<void> {
  const [oldest, , current] = await refreshTimes(scene, await createOwner(scene, target, key), 2);
  assert(oldest && current);
  assert.equal(codeOf(await postRefresh(target, oldest.refreshToken, oldest.key)), "auth.refresh_reused");
  await expectEnded(current);
}

const age = ({ database }: Stack, sessionId: string, seconds: number): Promise<unknown> =>
  database.query("update sessions set refreshed_at = refreshed_at - make_interval(secs => $2) where id = $1", [
    sessionId,
    seconds,
  ]);

/** One behind is a lost answer or another tab: the same successor, of a Bearer session for half a minute. */
async function expectRepeat(scene: Scene, target: ApiTarget, key: ProofKey | null): Promise<void> {
  const { stack } = scene;
  const [former, current] = await refreshTimes(scene, await createOwner(scene, target, key), 1);
  assert(former && current);
  await age(stack, former.sessionId, key ? 20 * 3_600 : 20);
  const repeated = await refresh(scene, former);
  assert.equal(repeated.refreshToken, current.refreshToken, "another successor than before");
  if (key) return void (await expectAlive(scene, repeated));
  await age(stack, former.sessionId, 20);
  assert.equal(codeOf(await postRefresh(target, former.refreshToken)), "auth.refresh_reused");
  await expectEnded(current);
}

async function expectOneSuccessor(scene: Scene, target: ApiTarget, key: ProofKey | null): Promise<void> {
  const owner = await createOwner(scene, target, key);
  const all = await Promise.all(Array.from({ length: AT_ONCE }, () => refresh(scene, owner)));
  assert.equal(new Set(all.map(({ refreshToken }) => refreshToken)).size, 1, "more than one successor");
  const { refresh_counter: counter } = await readStored(scene.stack, owner.sessionId);
  assert.equal(counter, 1, "more than one rotation");
  await expectAlive(scene, all[0] ?? owner);
}

/** The database has it, the worker dies before it can say so. */
async function expectLostAnswer(scene: Scene, target: ApiTarget, key: ProofKey | null): Promise<void> {
  const { stack } = scene;
  const owner = await createOwner(scene, target, key);
  const release = await lockRows(stack, `select from sessions where id = '${owner.sessionId}' for update`);
  const lost = postRefresh(target, owner.refreshToken, owner.key).then(codeOf, () => "no answer");
  await untilBlocked(stack, "refresh_session");
  await stack.sql.setMode("hang");
  await release();
  await untilRotated(stack, owner.sessionId, 1);
  await stack.restartAfterKill(() => stack.sql.setMode("pass"));
  assert.equal(await lost, "no answer");
  await expectAlive(scene, await expectAlive(scene, owner));
  assert.equal((await readStored(stack, owner.sessionId)).refresh_counter, 2);
}

/** Two tabs that lose every third answer, while somebody without the key sends all that they have ever had. */
async function surviveStorm(scene: Scene, target: ApiTarget, over: AbortSignal): Promise<string[]> {
  const owner = await createBound(scene, target);
  const attacks = await listAttacks(target, owner.key);
  const stolen = [owner.refreshToken];
  const outcomes: string[] = [];
  let current: Owner = owner;
  const refreshOnce = async (isLost: boolean): Promise<void> => {
    const answer = await postRefresh(target, current.refreshToken, owner.key).catch(() => undefined);
    outcomes.push(answer ? codeOf(answer) : "no answer");
    if (answer?.status !== 200 || isLost) return;
    const { accessToken, refreshToken } = answer.body;
    hide(scene, answer.body);
    stolen.push(refreshToken);
    current = { ...current, accessToken, refreshToken };
  };
  // As the widget's tabs do it: one at a time.
  let lastTurn = Promise.resolve();
  const tab = async (): Promise<void> => {
    for (let turn = 1; !over.aborted; turn++) {
      lastTurn = lastTurn.then(() => refreshOnce(turn % 3 === 0));
      await lastTurn;
      await sleep(PAUSE_MS);
    }
  };
  const thief = async (): Promise<void> => {
    for (let turn = 0; !over.aborted; turn++) {
      const attack = attacks[turn % attacks.length] ?? assert.fail();
      const outcome = await attack(stolen[(turn * 7) % stolen.length] ?? owner.refreshToken).catch(() => "no answer");
      assert(outcome === "auth.proof_invalid" || outcome === "no answer", `the thief was answered ${outcome}`);
    }
  };
  await Promise.all([tab(), tab(), thief()]);
  await expectAlive(scene, current);
  return outcomes;
}

async function expectNobodyLoggedOut(scene: Scene, target: ApiTarget): Promise<void> {
  const { stack, scale, say } = scene;
  const over = new AbortController();
  const families = Array.from({ length: FAMILIES[scale] }, () => surviveStorm(scene, target, over.signal));
  const storm = async (): Promise<void> => {
    await sleep(STORM_MS[scale] / 2);
    await stack.restartAfterKill();
    await sleep(STORM_MS[scale] / 2);
    over.abort();
  };
  const [survived] = await Promise.all([Promise.all(families), storm()]);
  const outcomes = survived.flat();
  say(
    `${FAMILIES[scale]} sessions in two tabs each, a thief at each, a kill: ${inDigits(outcomes.length)} refreshes: ${tally(outcomes)}; nobody is logged out`,
  );
  const unexpected = outcomes.filter((outcome) => outcome !== "200" && outcome !== "no answer");
  assert.deepEqual(unexpected, [], "an owner was refused");
}

export const refreshReuse: Drill = {
  number: 20,
  title: "no thief without the key logs an owner out, reuse with it ends the session, and a lost answer loses nothing",
  async run(scene) {
    const target = await scene.stack.createProject({ ...NO_RATE_LIMITS, addressSignInsPerMinute: 1_000_000 });
    scene.say(`a thief without the key gains and breaks nothing: ${await expectThiefGainsNothing(scene, target)}`);
    for (const key of [null, await createProofKey()]) {
      await expectReuseEnds(scene, target, key);
      await expectRepeat(scene, target, key);
      await expectOneSuccessor(scene, target, key);
      await expectLostAnswer(scene, target, key);
      scene.say(
        `${key ? "key-bound" : "Bearer"}: two behind ends the session, one behind repeats, ${AT_ONCE} at once have one successor, a kill before the answer loses nothing`,
      );
    }
    await expectNobodyLoggedOut(scene, target);
  },
};
