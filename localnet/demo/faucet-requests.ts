import type { IncomingMessage } from "node:http";

export interface FaucetAnswer {
  readonly status: number;
  readonly body: object;
}

/** What a faucet gives, to whom, and how that is called. */
export interface FaucetDesk<Owner extends string> {
  readonly give: (owner: Owner) => object | Promise<object>;
  readonly isOwner: (text: string) => text is Owner;
  /** Such as "Solana". */
  readonly chain: string;
  /** Such as "tokens". */
  readonly goods: string;
}

/** Nothing can be given to that one, and it is told why. */
export class FaucetRefusal extends Error {}

const MAX_BODY_BYTES = 1024;
const MAX_REQUESTS_PER_MINUTE = 60;
const MINUTE_MS = 60_000;
/** They are served one after the other: more would only wait for what their visitors have given up. */
const MAX_WAITING = 10;

/** Answers a POST with `{address}`, for the page of `origin` alone. */
export function createFaucetRequests<Owner extends string>(
  { give, isOwner, chain, goods }: FaucetDesk<Owner>,
  origin: string,
): (request: IncomingMessage) => Promise<FaucetAnswer> {
  const isWithinLimit = createLimit();
  let waiting = 0;
  return async (request) => {
    const body = await readBody(request);
    if (!isSameOrigin(request, origin)) return refuse(403, `Only the demo page itself may ask for ${goods}.`);
    if (!request.headers["content-type"]?.startsWith("application/json")) return refuse(415, "Send JSON.");
    if (body === undefined) return refuse(413, `A request has at most ${MAX_BODY_BYTES} bytes.`);
    const owner = readAddress(body);
    if (owner === undefined || !isOwner(owner)) {
      return refuse(422, `Expected {"address": "…"} with the address of a wallet on ${chain}.`);
    }
    if (!isWithinLimit()) return refuse(429, `Too many asked for ${goods} in this minute. Try again in the next one.`);
    if (waiting >= MAX_WAITING) return refuse(503, `Too many wait for ${goods} already. Try again in a moment.`);
    waiting += 1;
    try {
      return { status: 200, body: await give(owner) };
    } catch (error) {
      if (error instanceof FaucetRefusal) return refuse(409, error.message);
      return refuse(503, `The localnet did not give any ${goods}. Try again.`);
    } finally {
      waiting -= 1;
    }
  };
}

/** A browser always says where a POST comes from; other sites must not make this one mint. */
function isSameOrigin({ headers }: IncomingMessage, origin: string): boolean {
  const site = headers["sec-fetch-site"];
  return headers.origin === origin && (site === undefined || site === "same-origin");
}

function createLimit(): () => boolean {
  let windowStartMs = 0;
  let count = 0;
  return () => {
    const nowMs = performance.now();
    if (count === 0 || nowMs - windowStartMs >= MINUTE_MS) {
      windowStartMs = nowMs;
      count = 0;
    }
    count += 1;
    return count <= MAX_REQUESTS_PER_MINUTE;
  };
}

/** Read to its end even when it is too long: a client that is still sending would only see a reset. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks).toString("utf8") : undefined;
}

function readAddress(body: string): string | undefined {
  try {
    const { address } = JSON.parse(body) as { readonly address?: unknown };
    return typeof address === "string" ? address : undefined;
  } catch {
    return undefined;
  }
}

function refuse(status: number, detail: string): FaucetAnswer {
  return { status, body: { detail } };
}
