import { Redis } from "ioredis";
import { createIoredisMock } from "js-redis-server";

export type Command = readonly string[];
export type Reply = string | number | bigint | Uint8Array | null | readonly Reply[];
/** What one command of a batch came to. */
export type Outcome = { readonly result: Reply } | { readonly error: string };

/** Rejects with a ReplyError when Redis refuses the whole, with another Error when Redis cannot be asked. */
type Run = (commands: readonly Command[]) => Promise<readonly Outcome[]>;

export type Store = {
  /** Runs commands in order; one that fails does not stop the others. */
  readonly runAll: Run;
  /** Runs all commands or none, with nothing in between. */
  readonly runAtomically: Run;
  readonly close: () => void;
};

const COMMAND_DEADLINE_MS = 2000;
const CONNECT_DEADLINE_MS = 2000;

/** A store in this process, or the Redis at `redisUrl`. */
export async function openStore(redisUrl: string | undefined): Promise<Store> {
  const client = redisUrl === undefined ? await openEmbedded() : await connect(redisUrl);
  return {
    runAll: (commands) => Promise.all(commands.map((command) => runOne(client, command))),
    runAtomically: (commands) => runTransaction(client, commands),
    close: () => client.disconnect(),
  };
}

async function openEmbedded(): Promise<Redis> {
  const client = await createIoredisMock();
  if (client instanceof Redis) return client;
  throw new Error("js-redis-server made a cluster although a single server was asked for.");
}

async function connect(redisUrl: string): Promise<Redis> {
  const client = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: CONNECT_DEADLINE_MS,
    commandTimeout: COMMAND_DEADLINE_MS,
    maxRetriesPerRequest: 0,
    // Commands meet a lost connection with an error, as a caller of Upstash would, instead of piling up.
    enableOfflineQueue: false,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    client.disconnect();
    throw new Error(`Redis at ${new URL(redisUrl).host} does not answer.`, { cause });
  }
  return client;
}

/** ioredis reshapes the replies of some commands, which it knows by their lower-case names. */
function verbatim(name: string): string {
  return name.toUpperCase();
}

async function runOne(client: Redis, [name = "", ...args]: Command): Promise<Outcome> {
  try {
    return { result: toReply(await client.callBuffer(verbatim(name), ...args)) };
  } catch (error) {
    if (isReplyError(error)) return { error: error.message };
    throw error;
  }
}

export function isReplyError(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

async function runTransaction(client: Redis, commands: readonly Command[]): Promise<readonly Outcome[]> {
  const transaction = client.multi();
  for (const [name = "", ...args] of commands) transaction.callBuffer(verbatim(name), ...args);
  const outcomes = (await transaction.exec()) ?? [];
  return outcomes.map(([error, result]) => (error === null ? { result: toReply(result) } : { error: error.message }));
}

function toReply(value: unknown): Reply {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value;
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item) => toReply(item));
  if (value instanceof Error) return value.message;
  throw new TypeError(`Redis answered with ${typeof value}.`);
}
