import { isAddress, isSignature } from "@solana/kit";
import type { Address } from "@solana/kit";
import type { Chain, Commitment } from "./chain.ts";
import { isRecord } from "./json.ts";
import type { Json } from "./json.ts";
import { RPC_CODES, RpcError, invalidParams } from "./rpc-error.ts";

export type Params = readonly unknown[];
export type Config = Readonly<Record<string, unknown>>;

const MAX_U64 = 2n ** 64n - 1n;

/** The most keys or signatures that one call may name. */
export const MAX_ACCOUNTS = 100;
export const MAX_SIGNATURES = 256;

export function readAddress(value: unknown): Address {
  if (typeof value !== "string" || !isAddress(value)) throw invalidParams("Invalid param: not an address");
  return value;
}

export function readSignature(value: unknown): string {
  if (typeof value !== "string" || !isSignature(value)) throw invalidParams("Invalid param: not a signature");
  return value;
}

export function readString(value: unknown, name: string): string {
  if (typeof value !== "string") throw invalidParams(`Invalid param: ${name} must be a string`);
  return value;
}

/** A u64, as JSON gives it: number, or bigint when it is large. */
export function readUnsigned(value: unknown, name: string): bigint {
  const isInteger = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
  if (!isInteger || value < 0 || value > MAX_U64)
    throw invalidParams(`Invalid param: ${name} must be an unsigned integer`);
  return BigInt(value);
}

export function readList(value: unknown, name: string, limit: number): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidParams(`Invalid param: ${name} must be a list`);
  if (value.length > limit) throw invalidParams(`Too many inputs provided; max ${limit}`);
  return value;
}

export function readConfig(value: unknown): Config {
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw invalidParams("Invalid param: the configuration must be an object");
  return value;
}

export function readFlag(config: Config, name: string): boolean {
  const value = config[name];
  if (value === undefined || value === null) return false;
  if (typeof value !== "boolean") throw invalidParams(`Invalid param: ${name} must be a boolean`);
  return value;
}

/** Finalized when absent; the old names are accepted as Agave accepts them. */
export function readCommitment(value: unknown): Commitment {
  switch (value) {
    case undefined:
    case null:
    case "finalized":
    case "max":
    case "root":
      return "finalized";
    case "confirmed":
    case "single":
    case "singleGossip":
      return "confirmed";
    case "processed":
    case "recent":
      return "processed";
    default:
      throw invalidParams("Invalid param: unknown commitment");
  }
}

/**
 * The slot of the bank that answers.
 * @throws RpcError -32016 when it lies before `minContextSlot`.
 */
export function readContextSlot(chain: Chain, config: Config, commitment: unknown = config["commitment"]): bigint {
  const slot = chain.slotAt(readCommitment(commitment));
  const minContextSlot = config["minContextSlot"];
  if (
    minContextSlot !== undefined &&
    minContextSlot !== null &&
    readUnsigned(minContextSlot, "minContextSlot") > slot
  ) {
    throw new RpcError(RPC_CODES.minContextSlotNotReached, "Minimum context slot has not been reached", {
      contextSlot: slot,
    });
  }
  return slot;
}

export function withContext(slot: bigint, value: Json): Json {
  return { context: { apiVersion: API_VERSION, slot }, value };
}

export const API_VERSION = "3.1.0";
