import type { SponsorKey } from "../project.ts";
import type { Refusal } from "../refusal.ts";
import type { Call } from "./call.ts";
import type { CompiledPolicy } from "./compile.ts";
import type { Cost } from "./cost.ts";
import type { DecodedTransaction } from "./decoded-transaction.ts";

/** Everything a rule may look at. */
export interface RuleInput {
  readonly transaction: DecodedTransaction;
  readonly calls: readonly Call[];
  readonly cost: Cost;
  readonly policy: CompiledPolicy;
  readonly sponsorPool: readonly SponsorKey[];
  /** The addresses that may pay for the project. */
  readonly acceptedSponsors: readonly string[];
  /** Base58 address of the session's wallet. */
  readonly sessionAddress: string;
  /** The user's other wallets on this network, where the session's does not sign and they had to be looked up. */
  readonly linkedAddresses?: readonly string[];
}

/** What a rule found; `observed` and `limit` where it compares. */
export type Finding = {
  readonly observed?: string;
  readonly limit?: string;
  /** Index of the top-level instruction that it is about. */
  readonly instruction?: number;
  /** What an integrator or a dapp can do about it. */
  readonly hint?: string;
} & (
  | { readonly verdict: "pass" }
  | { readonly verdict: "skip"; readonly hint: string }
  | { readonly verdict: "fail"; readonly refusal: Refusal; readonly hint: string }
);

/** Pure and total. No finding at all: the rule has nothing against the transaction. */
export interface Rule<Input = RuleInput> {
  readonly name: string;
  readonly check: (input: Input) => readonly Finding[];
}

/** A finding against the transaction, and what to do about it. */
export function fail(
  refusal: Refusal,
  hint: string,
  more: Pick<Finding, "observed" | "limit" | "instruction"> = {},
): Finding {
  return { verdict: "fail", refusal, hint, ...more };
}

/** The first refusal, in the order of the rules: one transaction has one answer. */
export function firstRefusal<Input>(rules: readonly Rule<Input>[], input: Input): Refusal | undefined {
  for (const { check } of rules) {
    for (const finding of check(input)) if (finding.verdict === "fail") return finding.refusal;
  }
  return undefined;
}
