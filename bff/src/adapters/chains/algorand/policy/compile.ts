import type { AlgorandPolicy } from "../../../../contract/algorand-policy.ts";
import { type Method, parseMethod } from "./abi.ts";

export type AllowedTransaction = AlgorandPolicy["allow"][number];

/** An entry of the allowlist, with the methods that it names by their selectors. */
export interface CompiledEntry {
  readonly entry: AllowedTransaction;
  readonly methods: ReadonlyMap<string, Method>;
}

/** A policy made ready for decisions: what one transaction needs is found without looking at the rest. */
export interface CompiledAlgorandPolicy {
  readonly family: "algorand";
  readonly document: AlgorandPolicy;
  /** By kind, of calls by their application too, as `allowedKey` writes it. */
  readonly allowed: ReadonlyMap<string, readonly CompiledEntry[]>;
  /** Assets whose opt-in the sponsor pays for; true: any. */
  readonly grantedAssets: true | ReadonlySet<string>;
  readonly grantsAccount: boolean;
  readonly maxTransactions: number;
  readonly maxFee: bigint;
  readonly maxRent: bigint;
}

const DEFAULT_MAX_TRANSACTIONS = 4;

export const allowedKey = (kind: AllowedTransaction["transaction"], application: string | bigint = ""): string =>
  `${kind} ${application}`;

const keyOf = (entry: AllowedTransaction): string =>
  allowedKey(entry.transaction, entry.transaction === "application-call" ? entry.application : "");

function compileEntry(entry: AllowedTransaction): CompiledEntry {
  const names = entry.transaction === "application-call" ? (entry.methods ?? []) : [];
  return { entry, methods: new Map(names.map(parseMethod).map((method) => [method.selector, method])) };
}

export function compileAlgorandPolicy(document: AlgorandPolicy): CompiledAlgorandPolicy {
  const allowed = new Map<string, CompiledEntry[]>();
  for (const entry of document.allow) {
    const key = keyOf(entry);
    allowed.set(key, [...(allowed.get(key) ?? []), compileEntry(entry)]);
  }
  const { minimumBalance, maxTransactions = DEFAULT_MAX_TRANSACTIONS } = document;
  const assets = minimumBalance?.assets ?? [];
  return {
    family: "algorand",
    document,
    allowed,
    grantedAssets: assets === true || new Set(assets),
    grantsAccount: minimumBalance?.account === true,
    maxTransactions,
    maxFee: BigInt(document.maxFee),
    maxRent: BigInt(document.maxRent ?? "0"),
  };
}
