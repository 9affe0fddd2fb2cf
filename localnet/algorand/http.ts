import type { IncomingMessage, ServerResponse } from "node:http";
import { AlgodError } from "./endpoint.ts";
import type { AlgodContext, AlgodReply } from "./endpoint.ts";
import type { Failure } from "./faults.ts";
import { findRoute } from "./routes.ts";

const MAX_BODY_BYTES = 256 * 1024;

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
} as const;

export async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  context: AlgodContext,
): Promise<void> {
  if (request.method === "OPTIONS") return reply(response, 204, "");
  const url = new URL(request.url ?? "/", "http://localhost");
  const route = findRoute(request.method ?? "GET", url.pathname);
  const body = await readBody(request);
  if (route === undefined) return replyError(response, 404, "Not Found");
  if (body === null) return replyError(response, 413, "request body too large");
  const { gates } = context;
  const failure = await gates.enter(route.endpoint);
  if (failure !== null) return fail(request, response, failure);
  const { params, handler, endpoint } = route;
  const answer = await settle(() => handler({ params, query: url.searchParams, body }, context));
  await gates.leave(endpoint);
  if (answer instanceof AlgodError) return replyError(response, answer.status, answer.message);
  return reply(response, 200, answer.body, answer.type);
}

async function settle(answer: () => AlgodReply | Promise<AlgodReply>): Promise<AlgodReply | AlgodError> {
  try {
    return await answer();
  } catch (error) {
    return error instanceof AlgodError ? error : new AlgodError(500, `internal failure: ${String(error)}`);
  }
}

function fail(request: IncomingMessage, response: ServerResponse, failure: Failure): void {
  switch (failure.kind) {
    case "algod":
      return replyError(response, failure.status, failure.message);
    case "http":
      return reply(response, failure.status, "", "text/plain");
    case "reset":
      return void request.socket.destroy();
    case "garbage":
      return reply(response, 200, "<html>Bad Gateway</html>", "text/html");
  }
}

function replyError(response: ServerResponse, status: number, message: string): void {
  reply(response, status, JSON.stringify({ message }));
}

function reply(response: ServerResponse, status: number, body: string | Uint8Array, type = "application/json"): void {
  response.writeHead(status, { ...CORS, "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    // Read on without keeping it: a client that is still sending would only see a reset.
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  // Not a Buffer: algosdk takes plain bytes only.
  return length > MAX_BODY_BYTES ? null : new Uint8Array(Buffer.concat(chunks));
}
