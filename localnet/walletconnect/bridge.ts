import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { openListener } from "../faults/listener.ts";
import { createMailbox } from "./mailbox.ts";
import { parseSocketMessage } from "./socket-message.ts";

/** A WalletConnect v1 bridge: it passes on what the two sides have encrypted for each other, and reads none of it. */
export interface Bridge {
  /** As a dapp gives it to its wallet library, without a trailing slash; that makes a websocket address of it. */
  readonly url: string;
  readonly websocketUrl: string;
  /** Open sockets at this moment. */
  readonly connections: number;
  /** From here on nobody gets through: open sockets are cut, new ones refused, what was kept stays kept. */
  drop(): Promise<void>;
  /** Back on the same port. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

export interface BridgeOptions {
  /** 127.0.0.1 when absent. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

const MAX_MESSAGE_BYTES = 256 * 1024;
const MAX_TOPICS_PER_SOCKET = 100;
const MAX_SOCKETS = 1_000;
/** A peer that reads more slowly than this many bytes behind is cut off: what follows is kept for its return. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const PING_INTERVAL_MS = 10_000;
const KEPT = { maxMessages: 1_000, maxBytes: 16 * 1024 * 1024, maxAgeMs: 60 * 60 * 1_000 };

/** @throws Error when the port is taken */
export async function startBridge({ host = "127.0.0.1", port = 0 }: BridgeOptions = {}): Promise<Bridge> {
  const kept = createMailbox(KEPT, () => performance.now());
  const listeners = new Map<string, Set<WebSocket>>();
  const websockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const http = createServer(answerHttp);
  http.on("upgrade", (request, socket, head) => {
    if (websockets.clients.size >= MAX_SOCKETS) socket.destroy();
    else websockets.handleUpgrade(request, socket, head, (peer) => websockets.emit("connection", peer));
  });
  websockets.on("connection", serve);

  function serve(socket: WebSocket): void {
    const topics = new Set<string>();
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      for (const topic of topics) leave(topic, socket);
    });
    socket.on("message", (data: Buffer) => {
      const text = data.toString("utf8");
      const message = parseSocketMessage(text);
      if (message === undefined) return socket.close(1_003, "not a message of WalletConnect v1");
      if (message.type === "pub") publish(message.topic, text);
      else if (message.type === "sub") subscribe(message.topic, socket, topics);
      return undefined;
    });
  }

  function publish(topic: string, text: string): void {
    const open = [...(listeners.get(topic) ?? [])].filter((socket) => send(socket, text));
    if (open.length === 0) kept.keep(topic, text);
  }

  function subscribe(topic: string, socket: WebSocket, topics: Set<string>): void {
    if (topics.size >= MAX_TOPICS_PER_SOCKET) return socket.close(1_008, "too many topics");
    topics.add(topic);
    listeners.set(topic, (listeners.get(topic) ?? new Set()).add(socket));
    for (const text of kept.take(topic)) publish(topic, text);
    return undefined;
  }

  function leave(topic: string, socket: WebSocket): void {
    const sockets = listeners.get(topic);
    sockets?.delete(socket);
    if (sockets?.size === 0) listeners.delete(topic);
  }

  const listener = await openListener(http, host, port);
  const stopPinging = keepPinging(websockets);
  const urlHost = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${urlHost}:${listener.port}`,
    websocketUrl: `ws://${urlHost}:${listener.port}`,
    get connections() {
      return websockets.clients.size;
    },
    drop: () => listener.close(),
    revive: () => listener.open(),
    async close() {
      stopPinging();
      await listener.close();
    },
  };
}

/** Whether the peer can still be reached. */
function send(socket: WebSocket, text: string): boolean {
  if (socket.readyState !== socket.OPEN) return false;
  if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
    socket.terminate();
    return false;
  }
  socket.send(text);
  return true;
}

/** A peer that is gone without a word, as phones are, would otherwise swallow the messages for it. */
function keepPinging(websockets: WebSocketServer): () => void {
  const silent = new WeakSet<WebSocket>();
  websockets.on("connection", (socket: WebSocket) => socket.on("pong", () => silent.delete(socket)));
  const timer = setInterval(() => {
    for (const socket of websockets.clients) {
      if (silent.has(socket)) {
        socket.terminate();
      } else {
        silent.add(socket);
        socket.ping();
      }
    }
  }, PING_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function answerHttp(request: IncomingMessage, response: ServerResponse): void {
  const isHello = request.method === "GET" && request.url?.split("?")[0] === "/hello";
  response.writeHead(isHello ? 200 : 426, { "content-type": "text/plain; charset=utf-8" });
  response.end(isHello ? "A WalletConnect v1 bridge, for one machine.\n" : "Connect by websocket.\n");
}
