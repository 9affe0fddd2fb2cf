import * as z from "zod";
import { AppError } from "../../../errors.ts";

/** No wait for a node is longer than this. */
const DEADLINE_MS = 2_500;
/** How long a node that has shown the right genesis hash is believed. */
const GENESIS_LIFE_MS = 30_000;

const Envelope = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).nullish(),
});

/** The node answered, and its answer is a JSON-RPC error. */
export class RpcError extends Error {
  readonly rpcCode: number;

  constructor(rpcCode: number, message: string) {
    super(message);
    this.name = "RpcError";
    this.rpcCode = rpcCode;
  }
}

/** Integers that a double cannot hold come back as bigint; everything else as JSON has it. */
export function parseJson(text: string): unknown {
  const revive = (_name: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source
      ? BigInt(context.source)
      : value;
  return JSON.parse(text, revive);
}

function unavailable(cause: unknown): AppError {
  return new AppError("upstream.rpc_unavailable", "The network's node cannot be used at the moment.", {
    retryAfterSeconds: 1,
    cause,
  });
}

async function post(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  let text: string;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal,
    });
    text = await response.text();
    if (!response.ok) throw new Error(`${method} was answered with status ${response.status}`);
  } catch (error) {
    if (!signal.aborted) throw unavailable(error);
    throw new AppError("upstream.rpc_timeout", "The network's node did not answer in time.", {
      retryAfterSeconds: 1,
      cause: error,
    });
  }
  let envelope: z.infer<typeof Envelope>;
  try {
    envelope = Envelope.parse(parseJson(text));
  } catch (error) {
    throw unavailable(error);
  }
  if (envelope.error) throw new RpcError(envelope.error.code, envelope.error.message);
  return envelope.result;
}

export type Rpc = ReturnType<typeof createRpc>;

/** JSON-RPC calls to one node, whose genesis hash must be the network's. */
export function createRpc(url: string, genesisHash: string, nowMs: () => number) {
  let provenUntilMs = 0;
  const isProven = (): boolean => provenUntilMs > nowMs();

  async function proveGenesis(): Promise<void> {
    const shown = await post(url, "getGenesisHash", []);
    if (shown !== genesisHash) {
      throw unavailable(new Error(`the node is of another network: its genesis hash is ${String(shown)}`));
    }
    provenUntilMs = nowMs() + GENESIS_LIFE_MS;
  }

  return {
    proveGenesis,
    /**
     * One call, its answer checked against `schema`. The node's genesis is proven beside it, not before it.
     * @throws RpcError, upstream.rpc_unavailable, upstream.rpc_timeout
     */
    async read<Schema extends z.ZodType>(method: string, params: readonly unknown[], schema: Schema) {
      const proof = isProven() ? undefined : proveGenesis();
      const [result] = await Promise.all([post(url, method, params), proof]);
      const parsed = schema.safeParse(result);
      if (!parsed.success) throw unavailable(new Error(`${method}: ${z.prettifyError(parsed.error)}`));
      return parsed.data;
    },
    /** A call that changes the chain: only to a node that is proven first. */
    async write(method: string, params: readonly unknown[]): Promise<void> {
      if (!isProven()) await proveGenesis();
      await post(url, method, params);
    },
  };
}
