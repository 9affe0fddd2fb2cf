import type { WebSocket, WebSocketServer } from "ws";
import { isReached } from "./chain.ts";
import type { Commitment } from "./chain.ts";
import type { LandedTransaction } from "./history.ts";
import { isRecord, parseJson, stringifyJson } from "./json.ts";
import type { Json } from "./json.ts";
import { RPC_CODES, RpcError } from "./rpc-error.ts";
import { describeError, readId } from "./rpc.ts";
import type { RpcContext } from "./rpc.ts";
import { SUBSCRIPTIONS, SUBSCRIPTION_KINDS } from "./subscriptions.ts";
import type { Subscription, SubscriptionKind } from "./subscriptions.ts";

const MAX_SUBSCRIPTIONS = 1000;
const PING_INTERVAL_MS = 10_000;
/** A client that reads more slowly than this many bytes behind is cut off. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;
/** Transactions on their way to a later commitment; with no slots passing, more than these are not notified. */
const MAX_PENDING = 20_000;
const LATER: readonly Commitment[] = ["confirmed", "finalized"];

/** Serves subscriptions to every client of the websocket server; gives the function that stops it. */
export function serveSubscriptions(server: WebSocketServer, context: RpcContext): () => void {
  const { chain } = context;
  const subscriptions = new Map<number, Subscription>();
  let nextId = 0;
  let pending: LandedTransaction[] = [];

  function publish(landed: LandedTransaction, commitment: Commitment): void {
    for (const { onTransaction } of subscriptions.values()) {
      if (onTransaction?.commitment === commitment) onTransaction.receive(landed);
    }
  }

  chain.onTransaction((landed) => {
    publish(landed, "processed");
    const isAwaited = subscriptions
      .values()
      .some(({ onTransaction: later }) => later && later.commitment !== "processed");
    if (isAwaited && pending.length < MAX_PENDING) pending.push(landed);
  });
  let previous = chain.slot();
  chain.onSlot(() => {
    for (const landed of pending) {
      for (const commitment of LATER) {
        if (isReached(chain, landed.slot, commitment) && !wasReached(landed, commitment)) publish(landed, commitment);
      }
    }
    pending = pending.filter((landed) => !isReached(chain, landed.slot, "finalized"));
    previous = chain.slot();
    for (const { onSlot } of subscriptions.values()) onSlot?.();
  });

  function wasReached(landed: LandedTransaction, commitment: Commitment): boolean {
    const depth = commitment === "confirmed" ? 1 : chain.finalityDepth;
    return previous - landed.slot >= BigInt(depth);
  }

  function subscribe(socket: WebSocket, own: Set<number>, kind: SubscriptionKind, params: readonly unknown[]): number {
    if (own.size >= MAX_SUBSCRIPTIONS) throw new RpcError(RPC_CODES.internalError, "Too many subscriptions");
    nextId += 1;
    const id = nextId;
    const unsubscribe = (): void => {
      own.delete(id);
      subscriptions.delete(id);
    };
    const notify = (result: Json): void => {
      send(socket, { jsonrpc: "2.0", method: `${kind}Notification`, params: { result, subscription: id } });
    };
    const subscription = SUBSCRIPTIONS[kind](params, { chain, isHidden: context.gates.isHidden, notify, unsubscribe });
    subscriptions.set(id, subscription);
    own.add(id);
    return id;
  }

  function answer(socket: WebSocket, own: Set<number>, request: Record<string, unknown>): Json {
    const id = readId(request["id"]);
    const name = String(request["method"]);
    const params = Array.isArray(request["params"]) ? request["params"] : [];
    const kind = SUBSCRIPTION_KINDS.find((kind) => name === `${kind}Subscribe` || name === `${kind}Unsubscribe`);
    if (kind === undefined) return describeError(id, RPC_CODES.methodNotFound, "Method not found");
    try {
      if (name.endsWith("Subscribe")) {
        return { jsonrpc: "2.0", result: subscribe(socket, own, kind, params), id };
      }
      const target = Number(params[0]);
      if (!own.delete(target)) return describeError(id, RPC_CODES.invalidParams, "Invalid subscription id.");
      subscriptions.delete(target);
      return { jsonrpc: "2.0", result: true, id };
    } catch (error) {
      if (error instanceof RpcError) return describeError(id, error.code, error.message, error.data);
      throw error;
    }
  }

  server.on("connection", (socket) => {
    const own = new Set<number>();
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      for (const id of own) subscriptions.delete(id);
    });
    socket.on("message", (message: Buffer) => {
      const request = tryParse(message.toString("utf8"));
      if (!isRecord(request)) return send(socket, describeError(null, RPC_CODES.parseError, "Parse error"));
      // A request without id wants no answer: kit keeps its connection alive with such a "ping".
      if (request["id"] === undefined) return undefined;
      send(socket, answer(socket, own, request));
      // After the answer, so that the client knows the subscription that is notified.
      for (const id of own) if (subscriptions.get(id)?.kind === "signature") subscriptions.get(id)?.onSlot?.();
      return undefined;
    });
  });

  const pings = setInterval(() => {
    for (const socket of server.clients) socket.ping();
  }, PING_INTERVAL_MS);
  pings.unref();
  return () => clearInterval(pings);
}

function send(socket: WebSocket, message: Json): void {
  if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
  return socket.send(stringifyJson(message));
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}
