import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { base58 } from "@scure/base";
import { WebSocketServer } from "ws";
import { createAirdrop } from "./airdrop.ts";
import { createChain } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { createFaults } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { answerHttp } from "./http.ts";
import type { RpcContext } from "./rpc.ts";
import { openSnapshot } from "./snapshot.ts";
import { serveSubscriptions } from "./websocket.ts";
import type { WireTransaction } from "./wire-transaction.ts";

export interface SolanaLocalnetOptions {
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly websocketPort?: number;
  /** 400 when absent; 0 = only `chain.warp` moves time. */
  readonly slotMs?: number;
  /** Slots until a transaction is finalized; 32 when absent. */
  readonly finalityDepth?: number;
  /** The chain is kept in this file and continues from it. */
  readonly snapshotFile?: string;
  /** Random when absent, and kept in the snapshot. */
  readonly genesisHash?: string;
}

export interface SolanaLocalnet {
  /** Without a trailing slash. */
  readonly httpUrl: string;
  readonly websocketUrl: string;
  readonly genesisHash: string;
  readonly chain: Chain;
  readonly faults: Faults;
  close(): Promise<void>;
}

const DEFAULT_SLOT_MS = 400;
const DEFAULT_FINALITY_DEPTH = 32;
const MAX_MESSAGE_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 65_000;
const MAX_KEPT_TRANSACTIONS = 10_000;

/**
 * Starts a Solana node of one process: JSON-RPC over HTTP, subscriptions over websocket, LiteSVM beneath.
 * @throws Error when a port is taken, or a snapshot belongs to another genesis hash.
 */
export async function startSolanaLocalnet(options: SolanaLocalnetOptions = {}): Promise<SolanaLocalnet> {
  const { host = "127.0.0.1", port = 0, websocketPort = 0, slotMs = DEFAULT_SLOT_MS, snapshotFile } = options;
  const finalityDepth = options.finalityDepth ?? DEFAULT_FINALITY_DEPTH;
  const snapshot = await openSnapshot(snapshotFile, options.genesisHash);
  const genesisHash = snapshot.genesisHash ?? options.genesisHash ?? base58.encode(randomBytes(32));
  const chain = createChain({ slotMs, finalityDepth, ...(snapshot.start === null ? {} : { start: snapshot.start }) });

  let kept: WireTransaction[] = [];
  const gates = createFaults(() => {
    const landing = kept;
    kept = [];
    for (const transaction of landing) chain.land(transaction);
  });
  const context: RpcContext = {
    chain,
    gates,
    genesisHash,
    identity: base58.encode(randomBytes(32)),
    airdrop: await createAirdrop(chain, genesisHash),
    keep(transaction) {
      if (kept.length < MAX_KEPT_TRANSACTIONS) kept.push(transaction);
    },
  };

  const http = createServer((request, response) => {
    answerHttp(request, response, context).catch(() => response.destroy());
  });
  // Longer than clients keep idle connections, or one closes as it is used again.
  http.keepAliveTimeout = KEEP_ALIVE_MS;
  const websocketHttp = createServer((_request, response) => response.writeHead(426).end());
  try {
    await listen(http, host, port, "Solana RPC");
    await listen(websocketHttp, host, websocketPort, "Solana websocket");
  } catch (error) {
    await closeServer(http);
    throw error;
  }
  // Only now: it would turn a failure to listen into an error that nobody catches.
  const websocket = new WebSocketServer({ server: websocketHttp, maxPayload: MAX_MESSAGE_BYTES });
  const stopSubscriptions = serveSubscriptions(websocket, context);
  const ticking = slotMs === 0 ? undefined : setInterval(() => chain.tick(), slotMs);
  const stopSaving = snapshot.keepSaving(chain, genesisHash);

  let closing: Promise<void> | undefined;
  const urlHost = host.includes(":") ? `[${host}]` : host;
  return {
    httpUrl: `http://${urlHost}:${portOf(http)}`,
    websocketUrl: `ws://${urlHost}:${portOf(websocketHttp)}`,
    genesisHash,
    chain,
    faults: gates.control,
    close() {
      closing ??= (async () => {
        clearInterval(ticking);
        stopSubscriptions();
        gates.control.clear();
        for (const client of websocket.clients) client.terminate();
        await Promise.all([closeServer(http), closeServer(websocketHttp)]);
        await stopSaving();
      })();
      return closing;
    },
  };
}

async function listen(server: Server, host: string, port: number, purpose: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (error: NodeJS.ErrnoException) => {
    const reason = error.code === "EADDRINUSE" ? "is already in use" : `cannot be used (${error.message})`;
    reject(new Error(`port ${port} for ${purpose} ${reason}`, { cause: error }));
  });
  server.listen(port, host, resolve);
  await promise;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}
