import type { SolanaPolicy } from "../../contract/policy.ts";
import type { SponsorKey } from "../project.ts";
import type { Refusal } from "../refusal.ts";
import type { Cost } from "./cost.ts";
import type { DecodedTransaction } from "./decoded-transaction.ts";

/** Everything a rule may look at. */
export interface RuleInput {
  readonly transaction: DecodedTransaction;
  readonly cost: Cost;
  readonly policy: SolanaPolicy;
  readonly sponsorPool: readonly SponsorKey[];
  /** The addresses that may pay for the project. */
  readonly acceptedSponsors: readonly string[];
  /** Base58 address of the session's wallet. */
  readonly sessionAddress: string;
}

/** Pure and total: a refusal, or undefined when the rule has nothing against the transaction. */
export type Rule = (input: RuleInput) => Refusal | undefined;
