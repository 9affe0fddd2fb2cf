import assert from "node:assert/strict";
import type { Stack } from "@gasless/localnet/testing/stack";
import { untilEnded } from "./audit.ts";
import type { Drill, Scene } from "./drill.ts";
import {
  createIntents,
  createUsers,
  describeFaults,
  expectAccepted,
  type Intent,
  NO_RATE_LIMITS,
  postUntilAnswered,
  type User,
} from "./intents.ts";
import { relaysOf, sweepNow, untilAllEnded } from "./ledger.ts";
import { type Lie, lie, readCounter, type RpcAnswer } from "./nodes.ts";
import { mapLimited, tally, until } from "./support.ts";

const RELAYS = { full: 20, short: 4 } as const;
const USERS = 4;
/** So many that each of two providers has been asked. */
const WARM_UP = 8;
const CONCURRENCY = 2;
/** Beyond every lifetime. */
const LIFE_SLOTS = 200;
const LAG_SLOTS = 1_000;
/** So many that the worker tries to prove an end, which it does not at first. */
const LOOKS = 12;
/** While only one of two tells that something landed, the other one is waited for. */
const SETTLED_MS = 120_000;
const DEVNET = "EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG";

interface Falsehood {
  readonly name: string;
  readonly lies: Readonly<Record<string, Lie>>;
  /** From its first question on: what an isolate has proven, it believes for a while. */
  readonly isFromTheStart?: true;
  /** For what the provider is put out of use. */
  readonly quarantine?: string;
  readonly before?: (scene: Scene) => void;
  /** Brings about what the lie might be believed for. */
  readonly tempt?: (scene: Scene, ids: ReadonlySet<string>) => Promise<void>;
}

/** By the chain's own word. */
async function countLanded({ database, solana }: Stack, ids: ReadonlySet<string>): Promise<number> {
  const { rows } = await database.query<{ transaction_id: string }>(
    "select transaction_id from relays where id = any ($1)",
    [[...ids]],
  );
  return rows.filter(({ transaction_id }) => solana.chain.history.get(transaction_id)).length;
}

const nothing: Lie = ({ result }) => {
  const { context, value } = result as { context: unknown; value: unknown[] };
  return { jsonrpc: "2.0", id: 1, result: { context, value: value.map(() => null) } };
};

/** Every number that says where the node stands, in an answer as it came. */
function moveBack(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  const isStanding = (name: string): boolean => /^(slot|absoluteSlot|blockHeight)$/.test(name);
  return Object.fromEntries(
    Object.entries(value).map(([name, part]: [string, unknown]) =>
      isStanding(name) && typeof part === "number" ? [name, part - LAG_SLOTS] : [name, moveBack(part)],
    ),
  );
}

const FALSEHOODS: readonly Falsehood[] = [
  {
    name: "does not know what has landed",
    lies: { getSignatureStatuses: nothing, getTransaction: () => ({ jsonrpc: "2.0", id: 1, result: null }) },
    quarantine: "denied_landed",
    async tempt({ stack }, ids) {
      await until("the landing of all", async () => (await countLanded(stack, ids)) === ids.size || undefined);
      stack.solana.chain.warp(LIFE_SLOTS);
      await sweepNow(stack);
    },
  },
  {
    name: `is ${LAG_SLOTS} slots behind`,
    lies: { "*": (answer: RpcAnswer) => moveBack(answer) },
    quarantine: "stale",
  },
  {
    name: `was ${LAG_SLOTS} slots behind while transactions were taken that land late`,
    lies: { "*": (answer: RpcAnswer) => moveBack(answer) },
    isFromTheStart: true,
    before: ({ stack }) => stack.solana.faults.stopLanding({ keep: true }),
    // The end that it gave them is over by the height of every honest node, and they can land all the same.
    async tempt({ stack }) {
      stack.rpc.onRequest(undefined);
      for (let look = 0; look < LOOKS; look++) await sweepNow(stack);
      stack.solana.faults.resumeLanding();
    },
  },
  {
    name: "is of another cluster",
    lies: { getGenesisHash: () => ({ jsonrpc: "2.0", id: 1, result: DEVNET }) },
    isFromTheStart: true,
    quarantine: "wrong_genesis",
  },
  {
    name: "answers errors in HTTP 200",
    lies: { "*": () => ({ jsonrpc: "2.0", id: 1, error: { code: -32_005, message: "Node is behind by 42 slots" } }) },
  },
];

/** A call that meets the liar, and nobody who may be asked instead, fails: then it is made again. */
const prepareAll = (users: readonly User[], count: number): Promise<Intent[]> =>
  until("an honest answer to all that is prepared", () => createIntents(users, count).catch(() => undefined));

async function postAll(users: readonly User[], count: number): Promise<{ ids: ReadonlySet<string>; faults: string }> {
  const intents = await prepareAll(users, count);
  const posts = await mapLimited(intents, CONCURRENCY, (intent) => postUntilAnswered(intent));
  return { ids: new Set(posts.map(({ answer }) => expectAccepted(answer).id)), faults: describeFaults(posts) };
}

async function believe(scene: Scene, users: readonly User[], falsehood: Falsehood): Promise<void> {
  const { stack, scale, say } = scene;
  const { name, lies, isFromTheStart, quarantine, before, tempt } = falsehood;
  const liar = stack.rpc;
  const readQuarantines = (): Promise<number> =>
    readCounter(stack, "gasless_rpc_quarantines_total", `reason="${quarantine}"`);
  // Another isolate remembers nothing of the lie before.
  if (isFromTheStart) lie(stack, liar, lies);
  await stack.restartAfterKill();
  if (!isFromTheStart) await postAll(users, WARM_UP);
  await untilEnded(scene);
  const quarantinesBefore = await readQuarantines();
  before?.(scene);
  lie(stack, liar, lies);
  const { ids, faults } = await postAll(users, RELAYS[scale]);
  await tempt?.(scene, ids);
  await untilAllEnded(stack, SETTLED_MS);
  const ends = (await relaysOf(stack)).filter(({ id }) => ids.has(id));
  const quarantines = (await readQuarantines()) - quarantinesBefore;
  liar.onRequest(undefined);
  const told = tally(ends.map(({ state, charged_fee }) => `${state}, charged ${charged_fee}`));
  say(
    `one of two providers ${name}: ${told}${faults}${quarantine ? `; ${quarantines} × quarantine for ${quarantine}` : ""}`,
  );
  assert.equal(told, `${ids.size} × finalized, charged 10000`);
  assert(!quarantine || quarantines > 0, "the liar was believed to the end");
}

export const nodeLies: Drill = {
  number: 9,
  title: "a provider that lies brings no relay to a wrong end while another one is honest",
  stack: () => ({ slotMs: 400, finalityDepth: 8, providerWeights: [1, 1] }),
  async run(scene) {
    const users = await createUsers(scene, await scene.stack.createProject({ ...NO_RATE_LIMITS, limits: [] }), USERS);
    for (const falsehood of FALSEHOODS) await believe(scene, users, falsehood);
  },
};
