import type { IncomingMessage, ServerResponse } from "node:http";
import { answerRpc } from "./rpc.ts";
import type { RpcContext } from "./rpc.ts";

/** Agave's own cap on a request body. */
const MAX_BODY_BYTES = 50 * 1024;

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "POST, OPTIONS",
  "access-control-allow-headers": "*",
  "access-control-max-age": "86400",
} as const;

export async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  context: RpcContext,
): Promise<void> {
  if (request.method === "OPTIONS") return reply(response, 204, "");
  if (request.method === "GET" && request.url === "/health") return reply(response, 200, "ok", "text/plain");
  if (request.method !== "POST")
    return reply(response, 405, "Used HTTP Method is not allowed. POST or OPTIONS is required");
  const body = await readBody(request);
  if (body === null) return reply(response, 413, "request body too large", "text/plain");
  const answer = await answerRpc(body, context);
  if ("body" in answer) return reply(response, 200, answer.body);
  if (answer.kind === "reset") return void request.socket.destroy();
  const message = answer.status === 429 ? "Too many requests" : "Service unavailable";
  const text = JSON.stringify({ jsonrpc: "2.0", error: { code: answer.status, message }, id: null });
  return reply(response, answer.status, text);
}

function reply(response: ServerResponse, status: number, body: string, type = "application/json"): void {
  response.writeHead(status, { ...CORS, "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    // Read on without keeping it: a client that is still sending would only see a reset.
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return length > MAX_BODY_BYTES ? null : Buffer.concat(chunks).toString("utf8");
}
