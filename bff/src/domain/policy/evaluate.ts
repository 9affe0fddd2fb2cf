import type { Refusal } from "../refusal.ts";
import type { Rule, RuleInput } from "./rule.ts";
import { feeIsWithinBounds } from "./rules/fee-is-within-bounds.ts";
import { feePayerIsSponsor } from "./rules/fee-payer-is-sponsor.ts";
import { instructionsAreAllowed } from "./rules/instructions-are-allowed.ts";
import { noDurableNonce } from "./rules/no-durable-nonce.ts";
import { noLookupTables } from "./rules/no-lookup-tables.ts";
import { signersHaveSigned } from "./rules/signers-have-signed.ts";
import { sponsorIsIsolated } from "./rules/sponsor-is-isolated.ts";

/** What the bytes must be before their signatures are worth verifying. */
const FORM_RULES: readonly Rule[] = [feePayerIsSponsor, noLookupTables, signersHaveSigned];

/** What the project sponsors. Isolation comes before the allowlist: no entry of a policy can allow the sponsor's misuse. */
const POLICY_RULES: readonly Rule[] = [noDurableNonce, sponsorIsIsolated, instructionsAreAllowed, feeIsWithinBounds];

function firstRefusal(rules: readonly Rule[], input: RuleInput): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(input);
    if (refusal) return refusal;
  }
  return undefined;
}

export function evaluateForm(input: RuleInput): Refusal | undefined {
  return firstRefusal(FORM_RULES, input);
}

export function evaluatePolicy(input: RuleInput): Refusal | undefined {
  return firstRefusal(POLICY_RULES, input);
}
