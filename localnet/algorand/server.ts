import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { createBlock } from "./blocks.ts";
import { createChain } from "./chain.ts";
import type { Chain, ChainStart } from "./chain.ts";
import type { AlgodContext } from "./endpoint.ts";
import { createFaults } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { createGenesis } from "./genesis.ts";
import type { Genesis } from "./genesis.ts";
import { answerHttp } from "./http.ts";
import { createState, EMPTY_ACCOUNT, writeAccount } from "./ledger-state.ts";
import { openSnapshot } from "./snapshot.ts";

export interface AlgorandLocalnetOptions {
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** 1000 when absent; 0 = only `chain.tick` and `chain.warp` move time. */
  readonly roundMs?: number;
  /** In microalgos for each transaction of a group; 1000 when absent. */
  readonly minFee?: bigint;
  /** The chain is kept in this file and continues from it. */
  readonly snapshotFile?: string;
}

export interface AlgorandLocalnet {
  /** Without a trailing slash. */
  readonly url: string;
  /** Base64. */
  readonly genesisHash: string;
  readonly genesisId: string;
  readonly chain: Chain;
  readonly faults: Faults;
  close(): Promise<void>;
}

const DEFAULT_ROUND_MS = 1000;
const DEFAULT_MIN_FEE = 1000n;
const KEEP_ALIVE_MS = 65_000;

/**
 * Starts an algod of one process: its REST paths over a ledger of its own.
 * @throws Error when the port is taken.
 */
export async function startAlgorandLocalnet(options: AlgorandLocalnetOptions = {}): Promise<AlgorandLocalnet> {
  const { host = "127.0.0.1", port = 0, roundMs = DEFAULT_ROUND_MS, minFee = DEFAULT_MIN_FEE } = options;
  const snapshot = await openSnapshot(options.snapshotFile);
  const seed = snapshot.saved?.seed ?? { dispenserSeed: randomBytes(32), timeMs: Date.now() };
  const genesis = snapshot.saved?.genesis ?? createGenesis(seed);
  const chain = createChain({ genesis, minFee, roundMs, start: snapshot.saved?.start ?? begin(genesis) });
  const gates = createFaults(() => chain.releaseKept());
  const closing = new AbortController();
  const context: AlgodContext = { chain, gates, closing: closing.signal };

  const http = createServer((request, response) => {
    answerHttp(request, response, context).catch(() => response.destroy());
  });
  // Longer than clients keep idle connections, or one closes as it is used again.
  http.keepAliveTimeout = KEEP_ALIVE_MS;
  await listen(http, host, port);
  const ticking = roundMs === 0 ? undefined : setInterval(() => chain.tick(), roundMs);
  const stopSaving = snapshot.keepSaving(chain, seed);

  let closed: Promise<void> | undefined;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${portOf(http)}`,
    genesisHash: Buffer.from(genesis.hash).toString("base64"),
    genesisId: genesis.id,
    chain,
    faults: gates.control,
    close() {
      closed ??= (async () => {
        clearInterval(ticking);
        closing.abort();
        gates.control.clear();
        await closeServer(http);
        await stopSaving();
      })();
      return closed;
    },
  };
}

/** Round 0, in which the genesis balances are there and nothing else. */
function begin(genesis: Genesis): ChainStart {
  const state = createState();
  for (const [address, microAlgos] of genesis.balances) writeAccount(state, address, { ...EMPTY_ACCOUNT, microAlgos });
  const block = createBlock(genesis, {
    round: 0n,
    timeMs: genesis.timeMs,
    transactions: [],
    transactionCount: state.transactionCount,
    previousHash: new Uint8Array(32),
  });
  return { state, blocks: [block], pending: [] };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (error: NodeJS.ErrnoException) => {
    const reason = error.code === "EADDRINUSE" ? "is already in use" : `cannot be used (${error.message})`;
    reject(new Error(`port ${port} for algod ${reason}`, { cause: error }));
  });
  server.listen(port, host, resolve);
  await promise;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}
