import type { Airdrop } from "./airdrop.ts";
import type { Chain } from "./chain.ts";
import type { Failure, FaultGates } from "./faults.ts";
import { isRecord, parseJson, stringifyJson } from "./json.ts";
import type { Json } from "./json.ts";
import { ACCOUNT_METHODS } from "./methods/accounts.ts";
import { BLOCK_METHODS } from "./methods/blocks.ts";
import { CLUSTER_METHODS } from "./methods/cluster.ts";
import { FEE_METHODS } from "./methods/fees.ts";
import { SEND_METHODS } from "./methods/send.ts";
import { STATUS_METHODS } from "./methods/statuses.ts";
import { TOKEN_METHODS } from "./methods/tokens.ts";
import type { Params } from "./params.ts";
import { RPC_CODES, RpcError } from "./rpc-error.ts";
import type { WireTransaction } from "./wire-transaction.ts";

export interface RpcContext {
  readonly chain: Chain;
  readonly gates: FaultGates;
  readonly genesisHash: string;
  readonly identity: string;
  readonly airdrop: Airdrop;
  /** Holds back what was sent while landing stands still. */
  readonly keep: (transaction: WireTransaction) => void;
}

export type Method = (params: Params, context: RpcContext) => Json | Promise<Json>;

/** What goes back over HTTP: a body, a bare status, or a cut connection. */
export type RpcReply = { readonly body: string } | Exclude<Failure, { kind: "rpc" }>;

const METHODS: ReadonlyMap<string, Method> = new Map(
  Object.entries({
    ...ACCOUNT_METHODS,
    ...BLOCK_METHODS,
    ...CLUSTER_METHODS,
    ...FEE_METHODS,
    ...SEND_METHODS,
    ...STATUS_METHODS,
    ...TOKEN_METHODS,
  }),
);
const MAX_BATCH = 100;

type Answer = { readonly json: Json } | Exclude<Failure, { kind: "rpc" }>;

/** Answers one JSON-RPC request or a batch, as text. */
export async function answerRpc(text: string, context: RpcContext): Promise<RpcReply> {
  let request: unknown;
  try {
    request = parseJson(text);
  } catch {
    return { body: stringifyJson(describeError(null, RPC_CODES.parseError, "Parse error")) };
  }
  if (!Array.isArray(request)) {
    const answer = await answerOne(request, context);
    return "json" in answer ? { body: stringifyJson(answer.json) } : answer;
  }
  if (request.length === 0 || request.length > MAX_BATCH) {
    return { body: stringifyJson(describeError(null, RPC_CODES.invalidRequest, "Invalid request")) };
  }
  const answers: Json[] = [];
  for (const entry of request) {
    const answer = await answerOne(entry, context);
    if (!("json" in answer)) return answer;
    answers.push(answer.json);
  }
  return { body: stringifyJson(answers) };
}

async function answerOne(request: unknown, context: RpcContext): Promise<Answer> {
  const id = isRecord(request) ? readId(request["id"]) : null;
  if (!isRecord(request) || typeof request["method"] !== "string" || request["jsonrpc"] !== "2.0") {
    return { json: describeError(id, RPC_CODES.invalidRequest, "Invalid request") };
  }
  const { gates } = context;
  const name = request["method"];
  const failure = await gates.enter(name);
  if (failure !== null && failure.kind !== "rpc") return failure;
  if (failure !== null) return { json: describeError(id, failure.code, failure.message) };
  const json = await call(name, request["params"] ?? [], id, context);
  await gates.leave(name);
  return { json };
}

async function call(name: string, params: unknown, id: Json, context: RpcContext): Promise<Json> {
  const method = METHODS.get(name);
  if (method === undefined) return describeError(id, RPC_CODES.methodNotFound, "Method not found");
  if (!Array.isArray(params)) return describeError(id, RPC_CODES.invalidParams, "Invalid params: expected a list");
  try {
    return { jsonrpc: "2.0", result: await method(params, context), id };
  } catch (error) {
    if (error instanceof RpcError) return describeError(id, error.code, error.message, error.data);
    return describeError(id, RPC_CODES.internalError, `Internal error: ${String(error)}`);
  }
}

export function describeError(id: Json, code: number, message: string, data?: Json): Json {
  return { jsonrpc: "2.0", error: { code, message, ...(data === undefined ? {} : { data }) }, id };
}

export function readId(id: unknown): string | number | bigint | null {
  return typeof id === "string" || typeof id === "number" || typeof id === "bigint" ? id : null;
}
