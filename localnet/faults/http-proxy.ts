import { Agent, createServer, request as openRequest } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { openListener } from "./listener.ts";

/**
 * - `refuse`: nobody listens, open connections end.
 * - `hang`: requests are taken and not answered; they go on when the mode changes.
 * - `status`: the proxy answers itself, with the answer given to `setMode`.
 * - `garbage`: status 200, JSON by its headers, not JSON by its body.
 */
export type HttpMode = "pass" | "refuse" | "hang" | "status" | "garbage";

export type CannedAnswer = {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type ProxiedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** What a hook makes of a request: `drop-reply` lets the target do the work and hides that from the client. */
export type HookVerdict = "forward" | "drop-reply" | CannedAnswer;
/** It may hold a request for as long as it likes. */
export type RequestHook = (request: ProxiedRequest) => HookVerdict | Promise<HookVerdict>;

export type HttpProxyCounters = {
  readonly requests: number;
  readonly forwarded: number;
  readonly answeredHere: number;
  readonly droppedReplies: number;
  /** Hanging at this moment. */
  readonly held: number;
};

export type HttpProxy = {
  readonly url: string;
  readonly port: number;
  setDelayMs(delayMs: number): void;
  /** `answer` is for `status`; 502 with a page of HTML when absent. */
  setMode(mode: HttpMode, answer?: CannedAnswer): Promise<void>;
  /** Asked about each request in mode `pass`; undefined removes it. */
  onRequest(hook: RequestHook | undefined): void;
  readonly counters: HttpProxyCounters;
  close(): Promise<void>;
};

const HOST = "127.0.0.1";
const BODY_CAP_BYTES = 16 * 1024 * 1024;
const BAD_GATEWAY: CannedAnswer = {
  status: 502,
  headers: { "content-type": "text/html" },
  body: "<html><body><h1>502 Bad Gateway</h1></body></html>",
};
const GARBAGE: CannedAnswer = { status: 200, headers: { "content-type": "application/json" }, body: '{"result":[1,' };

type Counters = { -readonly [name in Exclude<keyof HttpProxyCounters, "held">]: number };
type State = {
  mode: HttpMode;
  answer: CannedAnswer;
  delayMs: number;
  hook: RequestHook | undefined;
  readonly counters: Counters;
  /** Resolves what waits for the end of `hang`. */
  readonly held: Set<() => void>;
};

/** An HTTP forwarder on loopback that can be told to misbehave. */
export async function startHttpProxy(options: {
  readonly targetUrl: string;
  readonly port?: number;
}): Promise<HttpProxy> {
  const state: State = {
    mode: "pass",
    answer: BAD_GATEWAY,
    delayMs: 0,
    hook: undefined,
    counters: { requests: 0, forwarded: 0, answeredHere: 0, droppedReplies: 0 },
    held: new Set(),
  };
  const agent = new Agent({ keepAlive: true });
  const target = new URL(options.targetUrl);
  const server = createServer((request, response) => {
    handle(request, response, state, (body) => forward(request, body, target, agent)).catch(() => response.destroy());
  });
  const listener = await openListener(server, HOST, options.port ?? 0);

  return {
    url: `http://${HOST}:${listener.port}`,
    port: listener.port,
    setDelayMs: (delayMs) => {
      state.delayMs = delayMs;
    },
    setMode: async (mode, answer = BAD_GATEWAY) => {
      state.mode = mode;
      state.answer = answer;
      if (mode !== "hang") release(state);
      await (mode === "refuse" ? listener.close() : listener.open());
    },
    onRequest: (hook) => {
      state.hook = hook;
    },
    get counters() {
      return { ...state.counters, held: state.held.size };
    },
    close: async () => {
      await listener.close();
      release(state);
      agent.destroy();
    },
  };
}

type Forward = (body: Uint8Array) => Promise<IncomingMessage>;

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  state: State,
  forward: Forward,
): Promise<void> {
  state.counters.requests += 1;
  const body = await readBody(request);
  if (state.delayMs > 0) await sleep(state.delayMs);
  if (state.mode === "hang") await hold(response, state);
  const verdict = await judge(request, body, state);
  if (response.destroyed) return;
  if (typeof verdict === "object") {
    state.counters.answeredHere += 1;
    response.writeHead(verdict.status, verdict.headers).end(verdict.body);
    return;
  }
  const reply = await forward(body);
  state.counters.forwarded += 1;
  if (verdict === "drop-reply") {
    reply.resume();
    state.counters.droppedReplies += 1;
    response.destroy();
    return;
  }
  response.writeHead(reply.statusCode ?? 502, endToEnd(reply.headers));
  await pipeline(reply, response);
}

async function judge(request: IncomingMessage, body: Uint8Array, state: State): Promise<HookVerdict> {
  if (state.mode === "status") return state.answer;
  if (state.mode === "garbage") return GARBAGE;
  return state.hook === undefined ? "forward" : state.hook(describeRequest(request, body));
}

function describeRequest(request: IncomingMessage, body: Uint8Array): ProxiedRequest {
  const { method = "GET", url = "/", headers } = request;
  return { method, path: url, headers, body: Buffer.from(body).toString("utf8") };
}

/** Until the mode changes or the client gives up. */
function hold(response: ServerResponse, state: State): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      state.held.delete(done);
      resolve();
    };
    state.held.add(done);
    response.once("close", done);
  });
}

function release(state: State): void {
  for (const done of state.held) done();
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > BODY_CAP_BYTES) throw new Error("The body is larger than the proxy keeps.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function forward(request: IncomingMessage, body: Uint8Array, target: URL, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = openRequest(
      {
        agent,
        host: target.hostname,
        port: target.port,
        method: request.method ?? "GET",
        path: `${target.pathname.replace(/\/$/, "")}${request.url ?? "/"}`,
        headers: { ...endToEnd(request.headers), host: target.host, "content-length": body.byteLength },
      },
      resolve,
    );
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** Headers that speak of one connection stay on it. */
function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const { connection: _connection, "keep-alive": _keepAlive, "transfer-encoding": _encoding, ...rest } = headers;
  return rest;
}
