import assert from "node:assert/strict";
import { buildTransaction, callApi, memoBy, type Prepared, toBase64 } from "@gasless/localnet/api-client";
import { address } from "@solana/kit";
import type { Drill, Scene } from "./drill.ts";
import { buildIntent, createIntent, expectAccepted, NO_RATE_LIMITS, outcomeOf } from "./intents.ts";
import { createNeighbour, type Neighbour } from "./neighbours.ts";
import { inDigits, inMs, quantile, sleep, tally, timed, until } from "./support.ts";

const ROUNDS = { full: 4, short: 1 } as const;
const VISITS = { full: 50, short: 10 } as const;
/** In little there are too few for more than a median. */
const SHARE = { full: 0.95, short: 0.5 } as const;
const USERS = 4;
/** Between two calls of one lane of the noise: all of it comes from the same process as what is measured. */
const PACE_MS = 10;
const NOISY_RELAYS = 10n;
const NOISY_RELAYS_PER_MINUTE = 20;
const TOO_MUCH = ["relay budget.lifetime_exhausted", "relay rate.limited", "prepare rate.limited"] as const;
const PATIENCE_MS = 30_000;
/** Side by side; and what nobody would call slow on a machine that does all of this at once. */
const MOST_TIMES_SLOWER = 4;
/** In little it runs beside other tests, which take the same two cores: there it only says that nobody starves. */
const UNNOTICED_MS = { full: 250, short: 2_000 } as const;

const PAGES = ["overview", "relays?limit=100", "decisions?limit=100", "users?limit=100", "audit?limit=100"] as const;

interface Visits {
  readonly relayMs: number[];
  readonly pageMs: number[];
}

/** One user relays, another one's page is read, and so is each page of the console; nothing of it is refused. */
async function visit({ project, users, manage }: Neighbour, scene: Scene, turn: number, seen: Visits): Promise<void> {
  const user = users[turn % users.length] ?? assert.fail();
  const relayed = await timed(async () => (await createIntent(scene, user)).post());
  expectAccepted(relayed.value);
  seen.relayMs.push(relayed.tookMs);
  const read = await timed(() => callApi(project, "GET", "/v1/relays?limit=20", { token: user.token }));
  assert.equal(read.value.status, 200);
  const page = await timed(() => manage(PAGES[turn % PAGES.length] ?? "overview"));
  assert.equal(page.value.status, 200, page.value.text);
  seen.pageMs.push(read.tookMs, page.tookMs);
}

async function visitAll(scene: Scene, quiet: Neighbour, count: number, seen: Visits): Promise<void> {
  const turns = Array.from({ length: count }).keys();
  const one = async (): Promise<void> => {
    for (const turn of turns) await visit(quiet, scene, turn, seen);
  };
  await Promise.all([one(), one()]);
}

/** As the API would: it may refuse the noisy one by now. */
async function prepareBeside({ stack }: Scene): Promise<Pick<Prepared, "feePayer" | "lifetime">> {
  const { value } = await stack.callRpc<{ value: Prepared["lifetime"] }>("getLatestBlockhash", []);
  return { feePayer: address(stack.secrets.sponsorAddress), lifetime: value };
}

/** Everything that one project can ask for, without a pause, from all its users and its console at once. */
async function makeNoise(
  scene: Scene,
  noisy: Neighbour,
  said: string[],
  whileNoisy: () => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const { project, users, manage } = noisy;
  const [first, second] = users;
  assert(first && second);
  const prepared = await prepareBeside(scene);
  const unsigned = toBase64(await buildTransaction(prepared, [memoBy(first.wallet, "why not?")], []));
  const explain = async (): Promise<string> => {
    const { token } = first;
    const body = { network: project.network, transaction: unsigned };
    return `explain ${outcomeOf(await callApi(project, "POST", "/v1/relays/explain", { token, body }))}`;
  };
  const prepare = async (): Promise<string> => {
    const body = { network: project.network };
    return `prepare ${outcomeOf(await callApi(project, "POST", "/v1/relays/prepare", { token: second.token, body }))}`;
  };
  const relay = async (turn: number): Promise<string> =>
    `relay ${outcomeOf(await (await buildIntent(turn % 2 === 0 ? first : second, prepared)).post())}`;
  const read = async (turn: number): Promise<string> => {
    const { status } = await manage(PAGES[turn % PAGES.length] ?? "overview");
    return `page ${status}`;
  };
  const lanes = [explain, prepare, relay, relay, read, read, read].map(async (work) => {
    for (let turn = 0; !over.signal.aborted; turn++) {
      said.push(await work(turn));
      await sleep(PACE_MS);
    }
  });
  const isHeld = async () => TOO_MUCH.every((answer) => said.includes(answer)) || undefined;
  try {
    await whileNoisy();
    await until("the noisy one being held to its limits", isHeld, PATIENCE_MS);
  } finally {
    over.abort();
    await Promise.all(lanes);
  }
}

/** Of the one budget that the project has. */
async function readUsed({ stack }: Scene, { project }: Neighbour): Promise<bigint> {
  const { rows } = await stack.database.query<{ used: string }>(
    `select coalesce(sum(used + held), 0)::text as used from limit_usage join limits on limits.id = limit_id
      where project_id = $1`,
    [project.projectId],
  );
  return BigInt(rows[0]?.used ?? "0");
}

/** @throws AssertionError when the neighbour's noise is more than a nuisance */
function compare({ scale, say }: Scene, what: string, alone: readonly number[], beside: readonly number[]): void {
  const told = [alone, beside].map(
    (timesMs) => `${inMs(quantile(timesMs, 0.5))}, p95 ${inMs(quantile(timesMs, 0.95))}`,
  );
  say(`${what}: median ${told[0]} alone; ${told[1]} beside the noise`);
  const [aloneMs, besideMs] = [quantile(alone, SHARE[scale]), quantile(beside, SHARE[scale])];
  const mostMs = Math.max(MOST_TIMES_SLOWER * aloneMs, UNNOTICED_MS[scale]);
  assert(besideMs <= mostMs, `${what} took ${inMs(besideMs)} beside the noise, ${inMs(aloneMs)} alone`);
}

const budgetOf = (amount: bigint) => [{ subjectKind: "project", window: "lifetime", unit: "relays", amount }] as const;

export const noisyNeighbour: Drill = {
  number: 33,
  title: "a project that asks for all it can get is held to its own limits, and its neighbour hardly notices",
  stack: () => ({ slotMs: 100, finalityDepth: 4 }),
  async run(scene) {
    const { scale, say } = scene;
    const visits = 2 * ROUNDS[scale] * VISITS[scale];
    // How fast it is here is what the machine gives: its own limits are not what is asked.
    const quiet = await createNeighbour(scene, {
      ...NO_RATE_LIMITS,
      name: "The quiet one",
      address: "192.0.2.1",
      users: USERS,
      limits: budgetOf(BigInt(visits)),
    });
    const noisy = await createNeighbour(scene, {
      name: "The noisy one",
      address: "192.0.2.2",
      users: 2,
      limits: budgetOf(NOISY_RELAYS),
      userRelaysPerMinute: NOISY_RELAYS_PER_MINUTE,
    });
    const alone: Visits = { relayMs: [], pageMs: [] };
    const beside: Visits = { relayMs: [], pageMs: [] };
    const said: string[] = [];
    let noisyMs = 0;
    for (let round = 0; round < ROUNDS[scale]; round++) {
      await visitAll(scene, quiet, VISITS[scale], alone);
      const noise = timed(() => makeNoise(scene, noisy, said, () => visitAll(scene, quiet, VISITS[scale], beside)));
      noisyMs += (await noise).tookMs;
    }
    say(`the noise, ${inDigits(Math.round(said.length / (noisyMs / 1_000)))} calls a second: ${tally(said)}`);
    compare(scene, "relays", alone.relayMs, beside.relayMs);
    compare(scene, "pages", alone.pageMs, beside.pageMs);
    assert.equal(await readUsed(scene, noisy), NOISY_RELAYS, "the noisy one has not come to its limit");
    assert.equal(await readUsed(scene, quiet), BigInt(visits), "somebody else has spent of the quiet one's budget");
    const { text } = await quiet.manage("relays?limit=100");
    assert(!text.includes(noisy.project.projectId) && !noisy.users.some(({ wallet }) => text.includes(wallet.address)));
  },
};
