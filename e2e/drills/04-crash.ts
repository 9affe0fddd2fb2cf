import assert from "node:assert/strict";
import { callApi, followRelay, type RelayBody } from "@gasless/localnet/api-client";
import { untilEnded } from "./audit.ts";
import type { Drill, Scene } from "./drill.ts";
import { createIntent, expectAccepted, type Intent, outcomeOf, postUntilAnswered } from "./intents.ts";
import { lockRows, relaysOf, untilAllEnded, untilBlocked } from "./ledger.ts";
import { holdCalls, methodOf } from "./nodes.ts";
import { inSeconds, mapLimited, tally, until } from "./support.ts";

const ROUNDS = 3;
/** As on Cloudflare. */
const CRON_MS = 60_000;

/** A transaction whose worker was killed, and whether it was signed by then: then its key has its one relay already. */
interface Strike {
  readonly intent: Intent;
  readonly wasSigned: boolean;
}

export interface CrashPoint {
  /** When, and what must become of it. */
  readonly name: string;
  /** Brings a relay to the point, and kills workerd there with SIGKILL. */
  strike(scene: Scene): Promise<Strike>;
}

const newestState = async ({ stack }: Scene): Promise<string | undefined> => (await relaysOf(stack)).at(-1)?.state;
const untilReserved = (scene: Scene): Promise<true> =>
  until("the reservation", async () => ((await newestState(scene)) === "received" ? true : undefined));

const hasLanded = ({ stack }: Scene, transactionId: string | undefined): Promise<object> =>
  until("the landing", async () => {
    const { value } = await stack.callRpc<{ value: (object | null)[] }>("getSignatureStatuses", [[transactionId]]);
    return value[0] ?? undefined;
  });

async function strikeBeforeSend(scene: Scene): Promise<Strike> {
  const { stack } = scene;
  const intent = await createIntent(scene);
  const held = holdCalls(stack.rpc, "sendTransaction", intent.mark);
  expectAccepted(await intent.post());
  await held.arrived;
  await stack.restartAfterKill();
  held.release();
  return { intent, wasSigned: true };
}

/** The worker died when it had set everything in motion, and nobody has been told to go on. */
export const BEFORE_ITS_ALARM: CrashPoint = {
  name: "before its alarm was set: the net of the next minute finds the relay, and alarms see it to its end",
  strike: strikeBeforeSend,
};

export const CRASH_POINTS: readonly CrashPoint[] = [
  {
    name: "while everything is being reserved: nothing is signed, the holds come back, the same key goes through",
    async strike(scene) {
      const { stack } = scene;
      const intent = await createIntent(scene);
      const unlock = await lockRows(stack, "lock table limit_usage in exclusive mode");
      const posting = intent.post().catch(() => undefined);
      await untilBlocked(stack, "reserve_relay");
      await stack.restartAfterKill(unlock);
      await posting;
      return { intent, wasSigned: false };
    },
  },
  {
    name: "while simulating: the reservation is rejected and released, the same key goes through",
    async strike(scene) {
      const { stack } = scene;
      const intent = await createIntent(scene);
      const held = holdCalls(stack.rpc, "simulateTransaction", intent.mark);
      const posting = intent.post().catch(() => undefined);
      await held.arrived;
      await untilReserved(scene);
      await stack.restartAfterKill();
      held.release();
      await posting;
      return { intent, wasSigned: false };
    },
  },
  {
    name: "while marking as signed: whoever wins, there is one landing",
    async strike(scene) {
      const { stack } = scene;
      const intent = await createIntent(scene);
      const held = holdCalls(stack.rpc, "simulateTransaction", intent.mark);
      const posting = intent.post().catch(() => undefined);
      await untilReserved(scene);
      const unlock = await lockRows(stack, "select from relays where state = 'received' for update");
      held.release();
      await untilBlocked(stack, "mark_signed");
      await stack.restartAfterKill(unlock);
      await posting;
      return { intent, wasSigned: (await newestState(scene)) !== "received" };
    },
  },
  {
    name: "after signing, before the send: the sweeper sends the same bytes",
    strike: strikeBeforeSend,
  },
  {
    name: "after the node accepted, before its answer came: it is not sent as anything else",
    async strike(scene) {
      const { stack } = scene;
      const intent = await createIntent(scene);
      stack.rpc.onRequest((request) => (methodOf(request) === "sendTransaction" ? "drop-reply" : "forward"));
      const { transactionId } = expectAccepted(await intent.post());
      await hasLanded(scene, transactionId);
      await stack.restartAfterKill();
      stack.rpc.onRequest(undefined);
      return { intent, wasSigned: true };
    },
  },
  {
    name: "while settling: the charge is written once",
    async strike(scene) {
      const { stack } = scene;
      const intent = await createIntent(scene);
      expectAccepted(await intent.post());
      const unlock = await lockRows(stack, "lock table limit_usage in exclusive mode");
      // The alarm sweeps each second by itself.
      await untilBlocked(stack, "settle_relays");
      await stack.restartAfterKill(unlock);
      return { intent, wasSigned: true };
    },
  },
];

async function countFinalized({ target, token }: Intent): Promise<number> {
  const { body } = await callApi<{ data: RelayBody[] }>(target, "GET", "/v1/relays", { token });
  return body.data.filter(({ state }) => state === "finalized").length;
}

/** One strike to its end, as fast as it goes: the retry of the same key has one answer, and one transaction landed. */
export async function strikeOnce(scene: Scene, point: CrashPoint): Promise<void> {
  const { intent, wasSigned } = await point.strike(scene);
  const before = await untilAllEnded(scene.stack);
  const retried = expectAccepted(await intent.post());
  const ended = await followRelay(intent.target, intent.token, retried.id);
  assert.equal(ended.state, "finalized");
  const after = await untilAllEnded(scene.stack);
  assert.equal(after.length - before.length, wasSigned ? 0 : 1, "relays that the retry has made");
  assert.equal(await countFinalized(intent), 1);
}

/** Once, as cron would: nobody asks for the relay, and no row is touched. */
export async function strikeBeforeItsAlarm(scene: Scene): Promise<void> {
  const { intent } = await BEFORE_ITS_ALARM.strike(scene);
  await scene.stack.worker().runScheduled();
  await until("the end of the relay", async () => ((await countFinalized(intent)) === 1 ? true : undefined));
}

/** Every point, one kill after the other, while the relays of earlier ones are still under way. */
async function strikeAll(scene: Scene): Promise<Intent[]> {
  const retries: Promise<Intent>[] = [];
  for (const point of [...CRASH_POINTS, BEFORE_ITS_ALARM]) {
    const { intent } = await point.strike(scene);
    const isLeftAlone = point === BEFORE_ITS_ALARM;
    if (!isLeftAlone) retries.push(postUntilAnswered(intent, undefined, 2 * scene.lifeMs).then(() => intent));
  }
  return Promise.all(retries);
}

/** At the pace of mainnet: relays end by themselves, and the cron comes each minute. */
async function runAtRealPace(scene: Scene): Promise<void> {
  const { stack, lifeMs, say } = scene;
  const cron = setInterval(
    () =>
      void stack
        .worker()
        .runScheduled()
        .catch(() => undefined),
    CRON_MS,
  );
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const intents = await strikeAll(scene);
      await untilEnded(scene);
      const answers = await mapLimited(intents, 1, ({ post }) => post());
      assert(
        answers.every(({ status }) => status === 202),
        tally(answers.map(outcomeOf)),
      );
      say(`round ${round}: ${CRASH_POINTS.length + 1} kills; each retried key has its relay`);
    }
  } finally {
    clearInterval(cron);
  }
  const { rows } = await stack.database.query<{ state: string; took_ms: number }>(
    "select state, (extract(epoch from updated_at - created_at) * 1000)::float as took_ms from relays order by 2 desc",
  );
  const longestMs = rows[0]?.took_ms ?? 0;
  say(
    `${tally(rows.map(({ state }) => state))}; the longest took ${inSeconds(longestMs)} of a life of ${inSeconds(lifeMs)}`,
  );
  assert(longestMs <= 2 * lifeMs, "a relay took more than twice its life");
}

async function runQuickly(scene: Scene): Promise<void> {
  for (const point of CRASH_POINTS) await strikeOnce(scene, point);
  await strikeBeforeItsAlarm(scene);
  scene.say(`${CRASH_POINTS.length + 1} kills, each transaction landed once`);
}

export const crash: Drill = {
  number: 4,
  title: "killed at any point between reserve and settle, a relay lands at most once and ends within twice its life",
  stack: (scale) => (scale === "full" ? { slotMs: 400, finalityDepth: 32 } : {}),
  run: (scene) => (scene.scale === "full" ? runAtRealPace(scene) : runQuickly(scene)),
};
