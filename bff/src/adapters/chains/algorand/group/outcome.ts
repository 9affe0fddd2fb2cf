import { fail, firstRefusal, type Rule } from "../../../../domain/policy/rule.ts";
import type { SponsorKey } from "../../../../domain/project.ts";
import { type Refusal, refuse } from "../../../../domain/refusal.ts";
import { countInner, type InnerTransaction } from "../node/answers.ts";
import type { DecodedGroup } from "./decoded-group.ts";

/** Somebody has to send money: sooner is not worth asking. */
const FUNDING_SECONDS = 30;
const MAX_ERROR_CHARS = 300;

/** What one node says of a group and of the accounts in it, at about the same round. Amounts in microalgos. */
export interface GroupOutcome {
  readonly round: bigint;
  /** Why it fails, in the node's words; null when it does not. */
  readonly failure: string | null;
  readonly failedAt: readonly number[];
  readonly inner: readonly InnerTransaction[];
  /** The least that a transaction of this size costs. */
  readonly minFeeOf: (bytes: Uint8Array) => bigint;
  readonly sponsor: AccountState;
  /** Whose key signs for the accounts that have signed: by address, as the chain has it. */
  readonly authAddresses: ReadonlyMap<string, string>;
  /** What the user's account needs beyond what it has, to hold what this group makes it hold; 0 when nothing. */
  readonly lacking: bigint;
}

interface AccountState {
  readonly amount: bigint;
  readonly minBalance: bigint;
  readonly authAddress: string;
}

/** An outcome, and what it is held against. */
export interface OutcomeInput {
  readonly group: DecodedGroup;
  readonly outcome: GroupOutcome;
  readonly cost: { readonly fee: bigint; readonly rent: bigint };
  readonly sponsorPool: readonly SponsorKey[];
  /** Microalgos that the sponsor keeps. */
  readonly balanceFloor: bigint;
}

type OutcomeRule = Rule<OutcomeInput>;

const underfunded = (): Refusal => ({
  ...refuse("sponsor.underfunded", "The sponsor of this project cannot pay for transactions at the moment."),
  retryAfterSeconds: FUNDING_SECONDS,
});

const expired = (): Refusal =>
  refuse("transaction.expired", "The transactions are not valid in this round. Prepare them again and sign once more.");

/** What users wrote may stand in it: cut, and without what no store can keep. */
function plain(text: string): string {
  return Array.from(text.slice(0, MAX_ERROR_CHARS).toWellFormed(), (character) =>
    character < " " ? "\u{fffd}" : character,
  ).join("");
}

const SPENT = /overspend|below min|tried to spend/;

/** Why a group that fails is not sponsored, in words for its user; undefined when it does not fail. */
export function refuseFailure({
  outcome: { failure: message, failedAt },
  group,
}: Pick<OutcomeInput, "outcome" | "group">): Refusal | undefined {
  if (message === null) return undefined;
  if (message.includes("already in ledger")) {
    return refuse("transaction.already_relayed", "These transactions have already landed.");
  }
  if (message.includes("txn dead")) return expired();
  const sponsor = group.entries[0]?.transaction.sender ?? "";
  if (SPENT.test(message) && message.includes(sponsor)) return underfunded();
  return refuse("transaction.simulation_failed", "The transactions would fail on the chain, so they were not sent.", {
    error: plain(message),
    failedAt: [...failedAt],
  });
}

const succeeds: OutcomeRule = {
  name: "simulation-succeeds",
  check(input) {
    const refusal = refuseFailure(input);
    if (!refusal) return [];
    const error = refusal.context?.["error"];
    const hint = "It says what the node's error is; mend the transaction that it names.";
    return [fail(refusal, hint, typeof error === "string" ? { observed: error } : {})];
  },
};

const isTimely: OutcomeRule = {
  name: "group-is-valid-now",
  check({ group, outcome: { round } }) {
    const next = round + 1n;
    const isDead = group.entries.some(
      ({ transaction: { firstValid, lastValid } }) => firstValid > next || lastValid < next,
    );
    return isDead ? [fail(expired(), "Prepare the transactions again: what is prepared lives for twenty rounds.")] : [];
  },
};

/** Whoever holds an old key of a rekeyed account signs for nobody. */
const keysAreCurrent: OutcomeRule = {
  name: "signatures-are-by-current-keys",
  check({ group, outcome: { authAddresses } }) {
    // A transaction may hand its account over to another key, which then signs for the ones behind it.
    const current = new Map(authAddresses);
    const stale = group.entries.findIndex(({ transaction: { sender, rekeyTo }, authAddress }, index) => {
      const isStale = index > 0 && (authAddress ?? sender) !== current.get(sender);
      if (rekeyTo !== undefined) current.set(sender, rekeyTo);
      return isStale;
    });
    if (stale < 0) return [];
    const refusal = refuse("transaction.signature_invalid", "A signature is not by the key that the account has now.");
    return [fail(refusal, "Sign with the account's current key (auth address).", { instruction: stale })];
  },
};

/** Rekeyed, it would be another key that decides about the sponsor's money. */
const sponsorIsItself: OutcomeRule = {
  name: "sponsor-has-its-own-key",
  check({ group, outcome: { sponsor } }) {
    if (sponsor.authAddress === group.entries[0]?.transaction.sender) return [];
    const refusal = refuse("sponsor.unavailable", "The sponsor of this project cannot sign at the moment.");
    return [
      fail({ ...refusal, retryAfterSeconds: FUNDING_SECONDS }, "The operator has to look at the sponsor's keys."),
    ];
  },
};

export function addressesOf(inner: readonly InnerTransaction[]): readonly string[] {
  return inner.flatMap((transaction) => [...transaction.addresses, ...addressesOf(transaction.inner)]);
}

/** What the group needs, those transactions too that programs make in it: they are paid from the same fee. */
export function neededFee(
  transactions: readonly Uint8Array[],
  { minFeeOf, inner }: Pick<GroupOutcome, "minFeeOf" | "inner">,
): bigint {
  const outer = transactions.reduce((sum, bytes) => sum + minFeeOf(bytes), 0n);
  return outer + BigInt(countInner(inner)) * minFeeOf(new Uint8Array());
}

const feeIsNeeded: OutcomeRule = {
  name: "fee-is-what-the-group-needs",
  check({ group, outcome, cost }) {
    const needed = neededFee(
      group.entries.map(({ bytes }) => bytes),
      outcome,
    );
    const seen = { observed: cost.fee.toString(), limit: needed.toString() };
    if (cost.fee <= needed) return [{ verdict: "pass", ...seen }];
    const refusal = refuse("policy.fee_exceeded", "The fee is higher than what the group needs.", seen);
    return [fail(refusal, "Use the fee that prepare gives.", seen)];
  },
};

const sponsorStaysOut: OutcomeRule = {
  name: "inner-transactions-leave-the-sponsor-alone",
  check({ outcome: { inner }, sponsorPool }) {
    const pool = new Set(sponsorPool.map(({ address }) => address));
    if (!addressesOf(inner).some((address) => pool.has(address))) return [];
    const refusal = refuse("policy.fee_payer_misused", "A program of the group would use the sponsor.");
    return [fail(refusal, "Call an application that does not name the sponsor.")];
  },
};

const fundingIsNeeded: OutcomeRule = {
  name: "minimum-balance-is-lacking",
  check({ cost: { rent }, outcome: { lacking } }) {
    const seen = { observed: rent.toString(), limit: lacking.toString() };
    if (rent <= lacking) return [{ verdict: "pass", ...seen }];
    const refusal = refuse(
      "policy.rent_not_sponsored",
      "The account lacks less than what the sponsor would give.",
      seen,
    );
    return [fail(refusal, "Prepare the transactions again: the sponsor gives what is lacking.", seen)];
  },
};

const keepsFloor: OutcomeRule = {
  name: "sponsor-keeps-its-floor",
  check({ outcome: { sponsor }, cost, balanceFloor }) {
    const kept = balanceFloor > sponsor.minBalance ? balanceFloor : sponsor.minBalance;
    return sponsor.amount - cost.fee - cost.rent >= kept
      ? []
      : [fail(underfunded(), "The operator has to send funds to the sponsor.")];
  },
};

/** The second line of defence: what one node says of the group and its accounts, against what was quoted. */
export const OUTCOME_RULES: readonly OutcomeRule[] = [
  isTimely,
  sponsorIsItself,
  // A node fails such a group too, in words that say less.
  keysAreCurrent,
  succeeds,
  feeIsNeeded,
  sponsorStaysOut,
  fundingIsNeeded,
  keepsFloor,
];

export const judgeOutcome = (input: OutcomeInput): Refusal | undefined => firstRefusal(OUTCOME_RULES, input);
