import assert from "node:assert/strict";
import { Client } from "pg";
import type { Drill, Scene } from "./drill.ts";
import {
  createIntents,
  createUsers,
  type Intent,
  NO_RATE_LIMITS,
  outcomeOf,
  postUntilAnswered,
  type User,
} from "./intents.ts";
import { methodOf } from "./nodes.ts";
import { inMs, mapLimited, quantile, sleep, tally, timed } from "./support.ts";

const DOWN_MS = { full: 5_000, short: 1_500 } as const;
const USERS = 8;
/** In flight when the fault begins, and as many that come while it lasts. */
const RELAYS = { full: 40, short: 16 } as const;
const CONCURRENCY = 4;
/** So few that they do not wait for each other's share of the processor. */
const LANES = 2;
const PAUSE_MS = 50;
/** A database that says no is not waited for. */
const REFUSED_MS = 500;
/** One that says nothing: connecting ends after 1.5 s, a statement after 2.5 to 3 s. */
const SILENT_MS = 3_500;
/** What a machine with two cores, that does other things too, is held to. */
const NEARLY_ALL = 0.9;
const REFUSALS_TO_BE_FULL = 20;

interface Outage {
  readonly name: string;
  readonly answerMs: number;
  /** Runs the work while the database is in that state. */
  during(scene: Scene, work: () => Promise<void>): Promise<void>;
}

const byProxy =
  (mode: "refuse" | "hang") =>
  async ({ stack }: Scene, work: () => Promise<void>): Promise<void> => {
    await stack.sql.setMode(mode);
    await work();
    await stack.sql.setMode("pass");
  };

/** Settings of a database are changed from another one: it is read-only itself. */
async function alterDatabase({ stack }: Scene, change: string): Promise<void> {
  const url = new URL(String(stack.database.options.connectionString));
  const name = url.pathname.slice(1);
  url.pathname = "/postgres";
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query(`alter database ${name} ${change}`);
  await client.end();
}

/** Takes every connection that PostgreSQL has, and each one that becomes free. */
async function takeEveryConnection({ stack }: Scene, work: () => Promise<void>): Promise<void> {
  const { connectionString } = stack.database.options;
  const taken: Client[] = [];
  const over = new AbortController();
  let refusals = 0;
  const { promise: full, resolve: isFull } = Promise.withResolvers<void>();
  const taking = (async () => {
    while (!over.signal.aborted) {
      const client = new Client({ connectionString });
      client.on("error", () => undefined);
      const isConnected = await client.connect().then(
        () => true,
        () => false,
      );
      if (isConnected) taken.push(client);
      refusals = isConnected ? 0 : refusals + 1;
      if (refusals > REFUSALS_TO_BE_FULL) isFull();
      if (!isConnected) await sleep(5);
    }
  })();
  await full;
  await work();
  over.abort();
  await taking;
  await Promise.all(taken.map((client) => client.end()));
}

const OUTAGES: readonly Outage[] = [
  { name: "refuses connections", answerMs: REFUSED_MS, during: byProxy("refuse") },
  {
    name: "is killed and comes back",
    answerMs: REFUSED_MS,
    during: ({ crashDatabase }, work) => crashDatabase(work),
  },
  {
    name: "has become read-only",
    answerMs: REFUSED_MS,
    async during(scene, work) {
      await alterDatabase(scene, "set default_transaction_read_only = on");
      await work();
      await alterDatabase(scene, "reset default_transaction_read_only");
    },
  },
  { name: "has no connection left", answerMs: REFUSED_MS, during: takeEveryConnection },
  { name: "hangs", answerMs: SILENT_MS, during: byProxy("hang") },
  {
    name: "takes connections and hangs",
    answerMs: SILENT_MS,
    async during({ stack }, work) {
      stack.sql.setQueryDelayMs(60_000);
      await work();
      stack.sql.setQueryDelayMs(0);
    },
  },
];

interface Refused {
  readonly outcome: string;
  readonly tookMs: number;
}

/** Posts one after the other for as long as the outage lasts; each is refused. */
async function postMeanwhile(intents: readonly Intent[], untilMs: number): Promise<Refused[]> {
  const refused: Refused[] = [];
  await mapLimited(intents.slice(0, LANES), LANES, async (_first, lane) => {
    const own = intents.filter((_intent, index) => index % LANES === lane);
    for (let turn = 0; performance.now() < untilMs; turn++) {
      const { value, tookMs } = await timed(() => (own[turn % own.length] ?? assert.fail()).post());
      refused.push({ outcome: `${value.status} ${outcomeOf(value)}`, tookMs });
      await sleep(PAUSE_MS);
    }
  });
  return refused;
}

/** Runs into one outage and through it. Gives how much of the promised time its refusals took. */
async function endure(scene: Scene, users: readonly User[], { name, answerMs, during }: Outage): Promise<number> {
  const { stack, scale, say } = scene;
  const underWay = await createIntents(users, RELAYS[scale]);
  const meanwhile = await createIntents(users, RELAYS[scale]);
  const sent: string[] = [];
  stack.rpc.onRequest((request) => {
    if (methodOf(request) === "sendTransaction") sent.push(request.body);
    return "forward";
  });
  const finishing = mapLimited(underWay, CONCURRENCY, (intent) => postUntilAnswered(intent));
  await sleep(PAUSE_MS);
  let refused: Refused[] = [];
  await during(scene, async () => {
    refused = await postMeanwhile(meanwhile, performance.now() + DOWN_MS[scale]);
  });
  const sentForNothing = meanwhile.filter(({ mark }) => sent.some((body) => body.includes(mark)));
  const recovery = await timed(() => postUntilAnswered(meanwhile[0] ?? assert.fail()));
  const posts = [
    ...(await finishing),
    ...(await mapLimited(meanwhile, CONCURRENCY, (intent) => postUntilAnswered(intent))),
  ];
  stack.rpc.onRequest(undefined);

  const timesMs = refused.map(({ tookMs }) => tookMs);
  say(
    `database ${name}: ${tally(refused.map(({ outcome }) => outcome))}, median ${inMs(quantile(timesMs, 0.5))}, ` +
      `p90 ${inMs(quantile(timesMs, NEARLY_ALL))}, slowest ${inMs(Math.max(...timesMs))} (promised ${inMs(answerMs)}); ` +
      `${inMs(recovery.tookMs)} to the first relay afterwards`,
  );
  assert.deepEqual(tally(refused.map(({ outcome }) => outcome)), `${refused.length} × 503 store.unavailable`);
  assert.equal(sentForNothing.length, 0, "something was sent that nothing holds");
  assert.equal(tally(posts.map(({ answer }) => outcomeOf(answer))), `${posts.length} × 202`);
  return quantile(timesMs, NEARLY_ALL) / answerMs;
}

export const databaseDown: Drill = {
  number: 11,
  title: "without a database that takes writes nothing is sponsored, everybody is told in time, and nothing is lost",
  stack: () => ({ slotMs: 400, finalityDepth: 8 }),
  async run(scene) {
    const users = await createUsers(scene, await scene.stack.createProject({ ...NO_RATE_LIMITS, limits: [] }), USERS);
    let most = 0;
    for (const outage of OUTAGES) most = Math.max(most, await endure(scene, users, outage));
    assert(most <= 1, "refusals took longer than promised");
  },
};
