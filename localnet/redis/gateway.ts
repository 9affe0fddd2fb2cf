import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { assertPortFree } from "../ports.ts";
import { createBearerCheck, encodeOutcome, isMalformed, parseCommand, parseCommands } from "./protocol.ts";
import { createScriptTranslator } from "./scripts.ts";
import type { ScriptTranslator } from "./scripts.ts";
import { isReplyError, openStore } from "./store.ts";
import type { Store } from "./store.ts";

const BODY_CAP_BYTES = 1024 * 1024;
const DRAIN_CAP_BYTES = 16 * BODY_CAP_BYTES;
const HEADERS_DEADLINE_MS = 10_000;

export type RedisGatewayOptions = {
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly token: string;
  /** A Redis or Valkey to use; without it, the data lives in this process and ends with it. */
  readonly redisUrl?: string;
};

export type RedisGateway = {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
};

type Answer = { readonly status: number; readonly body: unknown };

/** Speaks Upstash's REST protocol in front of a Redis: `/`, `/pipeline`, `/multi-exec`. */
export async function startRedisGateway(options: RedisGatewayOptions): Promise<RedisGateway> {
  const { token, host = "127.0.0.1", port = 0 } = options;
  if (token === "") throw new Error("The Redis gateway needs a token.");
  if (port !== 0) await assertPortFree(host, port, "Redis gateway");
  const store = await openStore(options.redisUrl);
  const server = createServer(createHandler(store, token));
  server.headersTimeout = HEADERS_DEADLINE_MS;
  try {
    const bound = await listen(server, host, port);
    return {
      url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
      token,
      close: async () => {
        await close(server);
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

function createHandler(store: Store, token: string) {
  const isAuthorized = createBearerCheck(token);
  const translate = createScriptTranslator();

  async function answer(request: IncomingMessage): Promise<Answer> {
    if (!isAuthorized(request.headers.authorization)) return refuse(401, "Unauthorized");
    if (request.method !== "POST") return refuse(405, "ERR only POST is supported");
    const text = await readBody(request);
    if (text === undefined) return refuse(413, "ERR max request size exceeded");
    const body = parseJson(text);
    const base64 = request.headers["upstash-encoding"] === "base64";
    switch (request.url ?? "") {
      case "/":
        return runCommand(store, body, translate, base64);
      case "/pipeline":
        return runBatch(store.runAll, body, translate, base64);
      case "/multi-exec":
        return runBatch(store.runAtomically, body, translate, base64);
      default:
        return refuse(404, "ERR unknown path");
    }
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request)
      .catch((error: unknown) => refuse(isReplyError(error) ? 400 : 500, messageOf(error)))
      .then((answered) => send(response, answered))
      .catch(() => response.destroy());
  };
}

async function runCommand(store: Store, body: unknown, translate: ScriptTranslator, base64: boolean): Promise<Answer> {
  const command = parseCommand(body);
  if (isMalformed(command)) return refuse(400, command.malformed);
  const [outcome = { error: "ERR no reply" }] = await store.runAll([translate(command)]);
  return { status: "error" in outcome ? 400 : 200, body: encodeOutcome(outcome, base64) };
}

async function runBatch(
  run: Store["runAll"],
  body: unknown,
  translate: ScriptTranslator,
  base64: boolean,
): Promise<Answer> {
  const commands = parseCommands(body);
  if (isMalformed(commands)) return refuse(400, commands.malformed);
  const outcomes = commands.length === 0 ? [] : await run(commands.map(translate));
  return { status: 200, body: outcomes.map((outcome) => encodeOutcome(outcome, base64)) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refuse(status: number, error: string): Answer {
  return { status, body: { error } };
}

/** A body beyond the cap is read but not kept, so that the answer still reaches the client. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes <= BODY_CAP_BYTES) chunks.push(chunk);
    if (bytes > DRAIN_CAP_BYTES) throw new Error("ERR the request has no end");
  }
  return bytes <= BODY_CAP_BYTES ? Buffer.concat(chunks).toString("utf8") : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
