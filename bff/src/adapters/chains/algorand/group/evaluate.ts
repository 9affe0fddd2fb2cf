import { firstRefusal } from "../../../../domain/policy/rule.ts";
import type { Refusal } from "../../../../domain/refusal.ts";
import type { GroupInput, GroupRule } from "./group-input.ts";
import { feeIsWithinBounds } from "./rules/fee-is-within-bounds.ts";
import { firstIsSponsors } from "./rules/first-is-sponsors.ts";
import { fundingIsGranted } from "./rules/funding-is-granted.ts";
import { networkIsOurs } from "./rules/network-is-ours.ts";
import { noLease } from "./rules/no-lease.ts";
import { signersHaveSigned, walletIsSender } from "./rules/signers-have-signed.ts";
import { sponsorIsIsolated, sponsorOnlyPays } from "./rules/sponsor-is-isolated.ts";
import { sponsorSignsLast } from "./rules/sponsor-signs-last.ts";
import { transactionsAreAllowed } from "./rules/transactions-are-allowed.ts";
import { validityIsShort } from "./rules/validity-is-short.ts";

/** What holds of a group already before anybody has signed it. */
const UNSIGNED_FORM_RULES: readonly GroupRule[] = [
  firstIsSponsors,
  sponsorSignsLast,
  networkIsOurs,
  validityIsShort,
  walletIsSender,
];

/** What the bytes must be before their signatures are worth verifying. */
export const GROUP_FORM_RULES: readonly GroupRule[] = [...UNSIGNED_FORM_RULES, signersHaveSigned];

/** What the project sponsors. Isolation comes before the allowlist: no entry of it can allow the sponsor's misuse. */
export const GROUP_POLICY_RULES: readonly GroupRule[] = [
  sponsorOnlyPays,
  sponsorIsIsolated,
  noLease,
  transactionsAreAllowed,
  ...feeIsWithinBounds,
  fundingIsGranted,
];

export const evaluateGroupForm = (input: GroupInput): Refusal | undefined => firstRefusal(GROUP_FORM_RULES, input);
export const evaluateUnsigned = (input: GroupInput): Refusal | undefined => firstRefusal(UNSIGNED_FORM_RULES, input);
export const evaluateGroupPolicy = (input: GroupInput): Refusal | undefined => firstRefusal(GROUP_POLICY_RULES, input);
