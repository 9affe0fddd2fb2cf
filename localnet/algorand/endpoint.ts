import { Address, isValidAddress } from "algosdk";
import type { Chain } from "./chain.ts";
import type { FaultGates } from "./faults.ts";

/** What this server answers, by algod's own paths. */
export type Endpoint =
  | "GET /health"
  | "GET /ready"
  | "GET /genesis"
  | "GET /versions"
  | "GET /v2/status"
  | "GET /v2/status/wait-for-block-after/{round}"
  | "GET /v2/ledger/supply"
  | "GET /v2/transactions/params"
  | "POST /v2/transactions"
  | "POST /v2/transactions/simulate"
  | "GET /v2/transactions/pending"
  | "GET /v2/transactions/pending/{id}"
  | "GET /v2/accounts/{address}"
  | "GET /v2/accounts/{address}/assets/{asset}"
  | "GET /v2/assets/{asset}"
  | "GET /v2/blocks/{round}"
  | "GET /v2/blocks/{round}/txids"
  | "GET /v2/blocks/{round}/hash"
  | "POST /v2/dev/fund";

export interface AlgodRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
}

export interface AlgodReply {
  readonly body: string | Uint8Array;
  readonly type: "application/json" | "application/msgpack";
}

export interface AlgodContext {
  readonly chain: Chain;
  readonly gates: FaultGates;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
}

export type Handler = (request: AlgodRequest, context: AlgodContext) => AlgodReply | Promise<AlgodReply>;

/** Answered as algod answers what goes wrong: a status and a message. */
export class AlgodError extends Error {
  override name = "AlgodError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function readAddress({ params }: AlgodRequest): string {
  const address = params["address"] ?? "";
  // The last character has two spare bits: of four spellings that algosdk reads, one is the address.
  const isCanonical = isValidAddress(address) && Address.fromString(address).toString() === address;
  if (!isCanonical) throw new AlgodError(400, "failed to parse the address");
  return address;
}

/** A round or an asset's number. */
export function readNumber({ params }: AlgodRequest, name: string): bigint {
  const text = params[name] ?? "";
  if (!/^\d{1,20}$/.test(text)) throw new AlgodError(400, `Invalid format for parameter ${name}: ${text}`);
  return BigInt(text);
}
