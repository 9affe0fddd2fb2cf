import { firstRefusal, type Rule, type RuleInput } from "./rule.ts";
import { feeIsWithinBounds } from "./rules/fee-is-within-bounds.ts";
import { feePayerIsSponsor } from "./rules/fee-payer-is-sponsor.ts";
import { instructionsAreAllowed } from "./rules/instructions-are-allowed.ts";
import { lookupTablesAreAllowed } from "./rules/lookup-tables-are-allowed.ts";
import { noDurableNonce } from "./rules/no-durable-nonce.ts";
import { rentIsSponsored } from "./rules/rent-is-sponsored.ts";
import { signersHaveSigned, walletIsSigner } from "./rules/signers-have-signed.ts";
import { sponsorIsIsolated } from "./rules/sponsor-is-isolated.ts";
import { sponsorSignsLast } from "./rules/sponsor-signs-last.ts";
import { walletAssertionsAreFew } from "./rules/wallet-assertions-are-few.ts";
import type { Refusal } from "../refusal.ts";

/** What the bytes must be before their signatures are worth verifying. */
export const FORM_RULES: readonly Rule[] = [
  feePayerIsSponsor,
  sponsorSignsLast,
  lookupTablesAreAllowed,
  walletIsSigner,
  signersHaveSigned,
];

/** What must hold of the accounts once more, when lookup tables are resolved. */
export const ACCOUNT_RULES: readonly Rule[] = [sponsorIsIsolated, instructionsAreAllowed];

/** What the project sponsors. Isolation comes before the allowlist: no entry of it can allow the sponsor's misuse. */
export const POLICY_RULES: readonly Rule[] = [
  noDurableNonce,
  ...ACCOUNT_RULES,
  walletAssertionsAreFew,
  ...feeIsWithinBounds,
  rentIsSponsored,
];

export const evaluateForm = (input: RuleInput): Refusal | undefined => firstRefusal(FORM_RULES, input);
export const evaluatePolicy = (input: RuleInput): Refusal | undefined => firstRefusal(POLICY_RULES, input);
export const evaluateAccounts = (input: RuleInput): Refusal | undefined => firstRefusal(ACCOUNT_RULES, input);
