import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { parseJson, stringifyJson } from "../solana/json.ts";
import type { Json } from "../solana/json.ts";
import type { Chain, ChainStart } from "./chain.ts";
import { createGenesis } from "./genesis.ts";
import type { Genesis, GenesisSeed } from "./genesis.ts";
import { toSavedChain, toStart } from "./saved-chain.ts";
import type { SavedChain } from "./saved-chain.ts";

export interface Snapshot {
  /** Null when there is no snapshot to continue from. */
  readonly saved: { readonly seed: GenesisSeed; readonly genesis: Genesis; readonly start: ChainStart } | null;
  /** Saves when something changed; the returned function saves a last time and stops. */
  keepSaving(chain: Chain, seed: GenesisSeed): () => Promise<void>;
}

const FORMAT = "gasless-algorand-localnet-1";
const SAVE_INTERVAL_MS = 5000;

interface SnapshotFile {
  readonly format: string;
  readonly genesisHash: string;
  /** The dispenser's key: of a chain that has no worth. */
  readonly dispenserSeed: string;
  readonly genesisTimeMs: number;
  readonly chain: SavedChain;
}

export async function openSnapshot(file: string | undefined): Promise<Snapshot> {
  if (file === undefined) return { saved: null, keepSaving: () => async () => undefined };
  return { saved: await readSnapshot(file), keepSaving: (chain, seed) => keepSaving(file, chain, seed) };
}

async function readSnapshot(file: string): Promise<Snapshot["saved"]> {
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
    const seed = { dispenserSeed: Buffer.from(saved.dispenserSeed, "base64"), timeMs: saved.genesisTimeMs };
    const genesis = createGenesis(seed);
    if (Buffer.from(genesis.hash).toString("base64") !== saved.genesisHash) {
      throw new Error("it begins from another genesis document");
    }
    return { seed, genesis, start: toStart(genesis, saved.chain) };
  } catch (error) {
    const aside = `${file}.unreadable-${Date.now()}`;
    await rename(file, aside);
    process.emitWarning(
      `the Algorand snapshot ${file} cannot be read (${String(error)}): a new chain begins, it was moved to ${aside}`,
      { code: "ALGORAND_SNAPSHOT_UNREADABLE" },
    );
    return null;
  }
}

function keepSaving(file: string, chain: Chain, seed: GenesisSeed): () => Promise<void> {
  let savedChanges = -1;
  let saving: Promise<void> = Promise.resolve();

  async function save(): Promise<void> {
    if (chain.changes() === savedChanges) return;
    const changes = chain.changes();
    await writeDurably(file, stringifyJson(toFile(chain, seed)));
    savedChanges = changes;
  }

  // One after the other: two writers would share the temporary file.
  const timer = setInterval(() => {
    saving = saving.then(save).catch((error: unknown) => {
      process.emitWarning(`the Algorand snapshot ${file} cannot be written: ${String(error)}`);
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

function toFile(chain: Chain, { dispenserSeed, timeMs }: GenesisSeed): Json {
  return {
    format: FORMAT,
    genesisHash: Buffer.from(chain.genesis.hash).toString("base64"),
    dispenserSeed: Buffer.from(dispenserSeed).toString("base64"),
    genesisTimeMs: timeMs,
    chain: toSavedChain(chain),
  };
}

/** A crash leaves either the old file or the new one, whole. */
async function writeDurably(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  const temporary = `${file}.tmp`;
  const handle = await open(temporary, "w", 0o600);
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
