import { createMiddleware } from "hono/factory";
import { AppError } from "../../errors.ts";
import { type AppContext, type AppEnv, portsOf } from "../context.ts";

const SMALL_BYTES = 8 * 1024;
const LARGE_BYTES = 64 * 1024;
/** How much of a body that is too large is still read, so that its sender gets the answer instead of a reset. */
const DRAIN_BYTES = 16 * 1024 * 1024;

const BODY_DEADLINE_MS = 15_000;

/** Lists and IDLs come as files. */
const FILE_BYTES = 2 * 1024 * 1024;

function limitOf(path: string): number {
  if (/^\/v1\/manage\/.+\/(?:import|idl)$/.test(path)) return FILE_BYTES;
  return /^\/v1\/(?:challenges|sessions|wallets)/.test(path) ? SMALL_BYTES : LARGE_BYTES;
}

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

/** A sender that stops half-way, or goes away, is told so and is no fault of ours. @throws request.malformed */
async function readInTime(context: AppContext, limit: number): Promise<Uint8Array | undefined> {
  const stream = context.req.raw.body;
  if (!stream) return new Uint8Array();
  const late = portsOf(context)
    .clock.sleep(BODY_DEADLINE_MS)
    .then(() => Promise.reject(new Error("late")));
  try {
    return await Promise.race([readBody(stream, limit), late]);
  } catch (cause) {
    throw new AppError("request.malformed", "The body did not arrive whole.", { cause });
  }
}

export const bodyLimit = createMiddleware<AppEnv>(async function bodyLimit(context, next) {
  const limit = limitOf(context.req.path);
  const body = await readInTime(context, limit);
  if (!body) {
    throw new AppError("request.too_large", `The body has more than ${limit} bytes.`, {
      context: { limitBytes: limit },
    });
  }
  context.set("body", body);
  await next();
});
