import type { AccountState } from "@gasless/localnet/solana/svm";
import { decodeTransaction } from "@gasless/localnet/solana/wire-transaction";
import { base58 } from "@scure/base";
import type { Address } from "@solana/kit";
import { beforeAll, describe, expect, test } from "vitest";
import { SYSTEM_PROGRAM, TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from "../../src/domain/policy/programs/known-programs.ts";
import { drawCase, drawProjects, type FuzzCase, programName } from "./draw-case.ts";
import { createScene, restore, type Scene } from "./scene.ts";
import { FUZZ_SECONDS, FUZZ_SEED } from "./settings.ts";
import { judgeBytes, judgeRun, type Judged, signAsSponsor } from "./service.ts";

/** However slow the machine is, so many are tried. */
const LEAST_TRANSACTIONS = 1_200;
const MOST_SECONDS = 600;
/** A new block now and then, so that the chain forgets. */
const TRANSACTIONS_PER_BLOCK = 50;
/** Then a new chain: one keeps whatever has landed, and its tables can only be made in slots that are recent. */
const TRANSACTIONS_PER_SCENE = 2_000;
const TEST_TIMEOUT_MS = 2 * MOST_SECONDS * 1_000;

let scene: Scene;
let projects: ReturnType<typeof drawProjects>;

beforeAll(async () => {
  scene = await createScene();
  projects = drawProjects(scene, FUZZ_SEED);
});

interface Holding {
  readonly account: string;
  readonly mint: string;
  readonly owner: string;
  readonly amount: bigint;
  /** Delegate and close authority, as bytes. */
  readonly powers: string;
}

const TOKEN_ACCOUNT_BYTES = 165;
const TYPE_ACCOUNT = 2;

/** A token account, told by its bytes and not by the code that is under test. Source: SPL Token, `Account`. */
function readHolding(account: string, state: AccountState | null): Holding | undefined {
  if (state === null || (state.owner !== TOKEN_PROGRAM && state.owner !== TOKEN_2022_PROGRAM)) return undefined;
  const { data } = state;
  const isExtended = state.owner === TOKEN_2022_PROGRAM && data[TOKEN_ACCOUNT_BYTES] === TYPE_ACCOUNT;
  if ((data.length !== TOKEN_ACCOUNT_BYTES && !isExtended) || data[108] === 0) return undefined;
  return {
    account,
    mint: base58.encode(data.subarray(0, 32)),
    owner: base58.encode(data.subarray(32, 64)),
    amount: new DataView(data.buffer, data.byteOffset).getBigUint64(64, true),
    powers: base58.encode(Uint8Array.from([...data.subarray(72, 108), ...data.subarray(129, 165)])),
  };
}

interface Standing {
  readonly sponsor: AccountState | null;
  readonly spareLamports: bigint;
  /** Every token account of a pool key among those that can change. */
  readonly holdings: readonly Holding[];
}

function standing(accounts: readonly string[]): Standing {
  const { chain, sponsor, spare } = scene;
  const read = (address: string): AccountState | null => chain.svm.readAccount(address as Address);
  const holdings = accounts.flatMap((account) => readHolding(account, read(account)) ?? []);
  return {
    sponsor: read(sponsor),
    spareLamports: read(spare)?.lamports ?? 0n,
    holdings: holdings.filter(({ owner }) => owner === sponsor || owner === spare),
  };
}

/** Everything that somebody needs who looks at a failure. */
function describeCase(one: FuzzCase, { transaction, calls, read: { cost } }: Judged, logs: readonly string[]): string {
  const name = (address: string | undefined): string =>
    address === undefined ? "(in a table)" : scene.nameOf(address);
  return [
    `GASLESS_FUZZ_SEED=${FUZZ_SEED}, case ${one.seed}: ${one.kinds.join(", ")}${one.isMutated ? ", mutated" : ""}`,
    `version ${transaction.version}, ${transaction.requiredSignatures} signers of ${transaction.accounts.map(name).join(", ")}`,
    ...transaction.lookupTables.map(({ address, writable }) => `table ${name(address)}, ${writable} writable`),
    ...calls.map(
      (call) =>
        `#${call.instruction} ${programName(call.program)} ${call.named?.shape.name ?? "(unnamed)"} [${call.accounts.map(name).join(", ")}] ${Buffer.from(call.data).toString("hex")}`,
    ),
    `fee ${cost.fee}, rent ${cost.rent}; policy ${JSON.stringify({ ...one.document, allow: one.document.allow.length })}`,
    `wire ${Buffer.from(one.wire).toString("base64")}`,
    ...logs,
  ].join("\n");
}

interface Executed {
  readonly error: unknown;
  readonly before: Standing;
  readonly after: Standing;
  readonly report: () => string;
}

/** Signs as the sponsor, executes, tells what came of it, and puts everything back. */
function execute(one: FuzzCase, judged: Judged, diverge?: (accounts: readonly string[]) => Disturbed): Executed {
  const { chain } = scene;
  const wire = decodeTransaction(signAsSponsor(scene, judged));
  const named = [...judged.transaction.accounts, ...(one.usesTable ? scene.table.entries : [])];
  const pool = scene.tokenAccounts.map(({ address }) => address);
  const watched = [...new Set([...named, ...pool])];
  const disturbed = diverge?.(named) ?? [];
  const before = standing(watched);
  const landing = chain.land(wire);
  const after = standing(watched);
  if (landing.kind === "landed") restore(chain, landing.before);
  restore(chain, disturbed);
  const meta = landing.kind === "landed" ? landing.transaction.details?.meta["logMessages"] : undefined;
  const error = landing.kind === "landed" ? landing.transaction.error : landing.error;
  const report = (): string => {
    const logs = Array.isArray(meta) ? meta.map(String) : [];
    return describeCase(one, judged, [`error ${JSON.stringify(error)}`, ...logs]);
  };
  return { error, before, after, report };
}

/** What a transaction that was accepted may never do, whatever else it does. */
function expectWithinQuote({ before, after, report }: Executed, { read: { cost } }: Judged): void {
  const loss = (before.sponsor?.lamports ?? 0n) - (after.sponsor?.lamports ?? 0n);
  const isWithin = loss <= cost.fee + cost.rent;
  const isWallet = after.sponsor?.owner === SYSTEM_PROGRAM && after.sponsor.data.length === 0;
  const keepsSpare = after.spareLamports >= before.spareLamports;
  // The report is long to write, so it is written only for what fails.
  if (isWithin && isWallet && keepsSpare) return;
  expect({ loss, isWithin, isWallet, keepsSpare }, report()).toEqual({
    loss,
    isWithin: true,
    isWallet: true,
    keepsSpare: true,
  });
}

type Disturbed = readonly (readonly [address: string, before: AccountState | null])[];

/** What can be otherwise when a transaction lands than when it was simulated: accounts made, emptied, filled, exchanged. */
function disturb({ random }: FuzzCase, accounts: readonly string[]): Disturbed {
  const { chain, sponsor, spare, tokenAccounts, table, strangers, user, mints } = scene;
  const { svm } = chain;
  const disturbed: (readonly [string, AccountState | null])[] = [];
  const write = (address: string, state: AccountState): void => {
    disturbed.push([address, svm.readAccount(address as Address)]);
    svm.writeAccount(address as Address, state);
  };
  for (const address of accounts) {
    if (address === sponsor || address === spare || !random.chance(0.5)) continue;
    const state = svm.readAccount(address as Address);
    if (state?.executable === true || mints.some((mint) => mint.address === address)) continue;
    if (state === null) {
      const owner = SYSTEM_PROGRAM as Address;
      write(address, { lamports: BigInt(random.below(3_000_000)), owner, executable: false, data: new Uint8Array() });
    } else if (tokenAccounts.some((account) => account.address === address)) {
      write(address, { ...state, owner: SYSTEM_PROGRAM as Address, lamports: 0n, data: new Uint8Array() });
    } else if (address !== user && strangers.includes(address)) {
      write(address, { ...state, lamports: state.lamports + 1n });
    }
  }
  const tableState = svm.readAccount(table.address as Address);
  if (tableState && random.chance(0.3)) {
    const data = new Uint8Array(tableState.data);
    const at = 56 + 32 * random.below(table.entries.length);
    data.set(base58.decode(random.pick([sponsor, spare, user, ...strangers])), at);
    write(table.address, { ...tableState, data });
  }
  return disturbed.toReversed();
}

interface Counts {
  tried: number;
  accepted: number;
  executed: number;
  /** Of those that were executed to their end. */
  readonly byKind: Map<string, number>;
  readonly refusals: Map<string, number>;
}

const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

function countExecuted(counts: Counts, one: FuzzCase, { transaction, calls, read: { cost } }: Judged): void {
  counts.executed += 1;
  count(counts.byKind, `version ${transaction.version}`);
  if (transaction.lookupTables.length > 0) count(counts.byKind, "lookup table");
  if (one.isMutated) count(counts.byKind, "mutated");
  if (cost.rent > 0n) count(counts.byKind, "rent");
  for (const call of calls) {
    if (call.named) count(counts.byKind, `${programName(call.program)} ${call.named.shape.name}`);
    if (call.accounts.includes(scene.sponsor)) {
      count(counts.byKind, `sponsor in ${programName(call.program)} ${call.named?.shape.name}`);
    }
  }
}

/** Draws transactions until the time is over, and tells how many of them did what. */
async function fuzz(
  name: string,
  first: number,
  tryOne: (one: FuzzCase, counts: Counts) => Promise<void>,
): Promise<Counts> {
  const counts: Counts = { tried: 0, accepted: 0, executed: 0, byKind: new Map(), refusals: new Map() };
  const startedAtMs = performance.now();
  const seconds = (): number => (performance.now() - startedAtMs) / 1_000;
  while (counts.tried < LEAST_TRANSACTIONS || seconds() < FUZZ_SECONDS / 2) {
    if (seconds() > MOST_SECONDS) break;
    if (counts.tried % TRANSACTIONS_PER_SCENE === 0) scene = await createScene();
    if (counts.tried % TRANSACTIONS_PER_BLOCK === 0) scene.chain.warp(1);
    const one = drawCase(first + counts.tried, scene, projects);
    counts.tried += 1;
    await tryOne(one, counts);
  }
  const { tried, accepted, executed } = counts;
  const rate = Math.round(tried / seconds());
  process.stdout.write(
    `${name}: seed ${FUZZ_SEED}, ${tried} transactions (${rate} a second), ${accepted} accepted, ${executed} executed\n`,
  );
  return counts;
}

/** So that nothing is proved of an empty set. */
function expectVariety({ byKind, tried, accepted, executed }: Counts, kinds: readonly string[]): void {
  expect(accepted).toBeGreaterThan(tried / 20);
  expect(accepted).toBeLessThan(tried);
  expect(executed).toBeGreaterThan(tried / 40);
  expect(kinds.filter((kind) => !byKind.has(kind))).toEqual([]);
}

const KINDS = [
  "version legacy",
  "version 0",
  "version 1",
  "lookup table",
  "mutated",
  "rent",
  "Memo memo",
  "System transfer",
  "SPL Token transferChecked",
  "Token-2022 transferChecked",
  "Address Lookup Table extendLookupTable",
  "ComputeBudget setComputeUnitPrice",
  "sponsor in Associated Token Account createIdempotent",
  "sponsor in System createAccount",
  "sponsor in System createAccountWithSeed",
  "sponsor in System transfer",
  "sponsor in Address Lookup Table createLookupTable",
  "sponsor in Address Lookup Table extendLookupTable",
  "sponsor in Address Lookup Table closeLookupTable",
  "sponsor in SPL Token closeAccount",
];

describe("whatever is accepted is signed and executed, and the sponsor loses no more than it was quoted", () => {
  test(
    "with the simulation's word: it also stays a wallet, and no token of any pool key moves",
    async () => {
      const counts = await fuzz("guarded", FUZZ_SEED, async (one, counts) => {
        const judged = await judgeBytes(one, scene);
        if (judged.refusal) return count(counts.refusals, judged.refusal.code);
        const refusal = await judgeRun(one, judged);
        if (refusal) return count(counts.refusals, refusal.code);
        counts.accepted += 1;
        const executed = execute(one, judged);
        expectWithinQuote(executed, judged);
        if (executed.error === null) countExecuted(counts, one, judged);
        const { before, after, error } = executed;
        // What was simulated on this very state succeeds on it.
        if (error !== null) expect(error, executed.report()).toBeNull();
        const isUntouched = JSON.stringify(before.holdings, sayBigint) === JSON.stringify(after.holdings, sayBigint);
        if (!isUntouched) expect(after.holdings, executed.report()).toEqual(before.holdings);
      });
      expectVariety(counts, KINDS);
    },
    TEST_TIMEOUT_MS,
  );

  test(
    "without it, by the bytes alone, on a chain that is no longer what it was: the worst case needs no simulation",
    async () => {
      const counts = await fuzz("by bytes alone", FUZZ_SEED + 1_000_000_000, async (one, counts) => {
        const judged = await judgeBytes(one, scene);
        if (judged.refusal) return count(counts.refusals, judged.refusal.code);
        counts.accepted += 1;
        const isDisturbed = one.random.chance(0.5);
        const executed = execute(one, judged, (accounts) => (isDisturbed ? disturb(one, accounts) : []));
        expectWithinQuote(executed, judged);
        if (executed.error === null) countExecuted(counts, one, judged);
      });
      expectVariety(counts, KINDS);
    },
    TEST_TIMEOUT_MS,
  );
});

function sayBigint(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
