import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { base64 } from "@scure/base";
import { address } from "@solana/kit";
import type { Address } from "@solana/kit";
import type { Block } from "./blocks.ts";
import type { Chain, ChainStart } from "./chain.ts";
import type { LandedTransaction } from "./history.ts";
import { parseJson, stringifyJson } from "./json.ts";
import type { Json } from "./json.ts";
import type { AccountState } from "./svm.ts";
import type { TransactionErrorJson } from "./transaction-errors.ts";

export interface Snapshot {
  /** Null when there is no snapshot to continue from. */
  readonly genesisHash: string | null;
  readonly start: ChainStart | null;
  /** Saves when something changed; the returned function saves a last time and stops. */
  keepSaving(chain: Chain, genesisHash: string): () => Promise<void>;
}

const FORMAT = "gasless-solana-localnet-1";
const SAVE_INTERVAL_MS = 5000;
/** Transactions kept over a restart: enough for every relay that can still be open. */
const MAX_SAVED_TRANSACTIONS = 5000;

interface SnapshotFile {
  readonly format: string;
  readonly genesisHash: string;
  readonly blocks: readonly (readonly [slot: string, height: string, blockhash: string, timeMs: number])[];
  readonly accounts: readonly (readonly [
    address: string,
    lamports: string,
    owner: string,
    executable: boolean,
    data: string,
  ])[];
  readonly transactions: readonly SavedTransaction[];
}

interface SavedTransaction {
  readonly signature: string;
  readonly slot: string;
  readonly timeMs: number;
  readonly error: TransactionErrorJson | null;
  readonly messageHash: string;
  readonly wire: string | null;
  readonly keys: readonly string[];
  readonly meta: { readonly [name: string]: Json };
}

/**
 * Reads the file, if there is one.
 * @throws Error when it belongs to another genesis hash than the one asked for.
 */
export async function openSnapshot(file: string | undefined, wantedGenesis: string | undefined): Promise<Snapshot> {
  if (file === undefined) return { genesisHash: null, start: null, keepSaving: () => async () => undefined };
  const saved = await readSnapshot(file);
  if (saved !== null && wantedGenesis !== undefined && saved.genesisHash !== wantedGenesis) {
    throw new Error(`the Solana snapshot ${file} has genesis hash ${saved.genesisHash}, not ${wantedGenesis}`);
  }
  return {
    genesisHash: saved?.genesisHash ?? null,
    start: saved?.start ?? null,
    keepSaving: (chain, genesisHash) => keepSaving(file, chain, genesisHash),
  };
}

async function readSnapshot(file: string): Promise<{ genesisHash: string; start: ChainStart } | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- wrong content throws while it is converted below
    const saved = parseJson(text) as SnapshotFile;
    if (saved.format !== FORMAT) throw new Error(`its format is ${saved.format}, not ${FORMAT}`);
    return { genesisHash: saved.genesisHash, start: toStart(saved) };
  } catch (error) {
    const aside = `${file}.unreadable-${Date.now()}`;
    await rename(file, aside);
    process.emitWarning(
      `the Solana snapshot ${file} cannot be read (${String(error)}): a new chain begins, it was moved to ${aside}`,
      {
        code: "SOLANA_SNAPSHOT_UNREADABLE",
      },
    );
    return null;
  }
}

function keepSaving(file: string, chain: Chain, genesisHash: string): () => Promise<void> {
  let savedChanges = -1;
  let saving: Promise<void> = Promise.resolve();

  async function save(): Promise<void> {
    if (chain.changes() === savedChanges) return;
    const changes = chain.changes();
    await writeDurably(file, stringifyJson(toFile(chain, genesisHash)));
    savedChanges = changes;
  }

  // One after the other: two writers would share the temporary file.
  const timer = setInterval(() => {
    saving = saving.then(save).catch((error: unknown) => {
      process.emitWarning(`the Solana snapshot ${file} cannot be written: ${String(error)}`);
    });
  }, SAVE_INTERVAL_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await saving;
    savedChanges = -1;
    await save();
  };
}

/** A crash leaves either the old file or the new one, whole. */
async function writeDurably(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, "w");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  const directory = await open(folder);
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function toFile(chain: Chain, genesisHash: string): Json {
  const accounts = [...chain.written].flatMap((key) => {
    const account = chain.svm.readAccount(key);
    if (account === null) return [];
    return [[key, account.lamports.toString(), account.owner, account.executable, base64.encode(account.data)]];
  });
  const transactions = chain.history
    .newestFirst()
    .take(MAX_SAVED_TRANSACTIONS)
    .map(({ slot, details, ...landed }) => ({
      ...landed,
      slot: slot.toString(),
      wire: details === null ? null : base64.encode(details.wire),
      keys: details?.keys ?? [],
      meta: details?.meta ?? {},
    }))
    .toArray()
    .toReversed();
  const blocks = chain.blocks
    .all()
    .map(({ slot, height, blockhash, timeMs }) => [slot.toString(), height.toString(), blockhash, timeMs]);
  return { format: FORMAT, genesisHash, blocks, accounts, transactions };
}

function toStart(saved: SnapshotFile): ChainStart {
  const blocks = saved.blocks.map(([slot, height, blockhash, timeMs]): Block => ({
    slot: BigInt(slot),
    height: BigInt(height),
    blockhash,
    timeMs,
  }));
  if (blocks.length === 0) throw new Error("it has no block");
  return { blocks, accounts: saved.accounts.map(toAccount), transactions: saved.transactions.map(toLanded) };
}

function toAccount([key, lamports, owner, executable, data]: SnapshotFile["accounts"][number]): [
  Address,
  AccountState,
] {
  return [address(key), { lamports: BigInt(lamports), owner: address(owner), executable, data: base64.decode(data) }];
}

function toLanded({ wire, keys, meta, slot, ...landed }: SavedTransaction): LandedTransaction {
  const details = wire === null ? null : { wire: base64.decode(wire), keys: keys.map((key) => address(key)), meta };
  return { ...landed, slot: BigInt(slot), details };
}
