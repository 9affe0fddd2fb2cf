import { createMiddleware } from "hono/factory";
import { AppError } from "../../errors.ts";
import type { AppEnv } from "../context.ts";

const SMALL_BYTES = 8 * 1024;
const LARGE_BYTES = 64 * 1024;
/** How much of a body that is too large is still read, so that its sender gets the answer instead of a reset. */
const DRAIN_BYTES = 16 * 1024 * 1024;

const limitOf = (path: string): number => (/^\/v1\/(?:challenges|sessions)/.test(path) ? SMALL_BYTES : LARGE_BYTES);

/** The body, or undefined when it has more than `limit` bytes. It is always read: a body left unread resets the socket. */
async function readBody(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    if (length > DRAIN_BYTES) break;
  }
  return length > limit ? undefined : new Uint8Array(await new Blob(chunks).arrayBuffer());
}

export const bodyLimit = createMiddleware<AppEnv>(async function bodyLimit(context, next) {
  const limit = limitOf(context.req.path);
  const body = context.req.raw.body ? await readBody(context.req.raw.body, limit) : new Uint8Array();
  if (!body) {
    throw new AppError("request.too_large", `The body has more than ${limit} bytes.`, {
      context: { limitBytes: limit },
    });
  }
  context.set("body", body);
  await next();
});
