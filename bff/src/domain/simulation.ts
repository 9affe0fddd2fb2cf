import type { Call } from "./policy/call.ts";
import type { CompiledPolicy } from "./policy/compile.ts";
import type { Cost } from "./policy/cost.ts";
import type { DecodedTransaction } from "./policy/decoded-transaction.ts";
import { isInnerCallAllowed } from "./policy/inner-calls.ts";
import { fail, type Finding, firstRefusal, type Rule } from "./policy/rule.ts";
import type { SponsorKey } from "./project.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** What a node says that a transaction would do. Amounts in lamports, balances in the order of the transaction's accounts. */
export interface Simulation {
  /** Agave's `TransactionError` as JSON; null when everything succeeded. */
  readonly error: unknown;
  readonly logs: readonly string[];
  readonly feePayerBefore: bigint;
  readonly feePayerAfter: bigint;
  readonly feePayerOwner: string;
  readonly feePayerDataLength: number;
  readonly tokenBalancesBefore: readonly TokenBalance[];
  readonly tokenBalancesAfter: readonly TokenBalance[];
  /** What programs called, by the top-level instruction that began it; each call as the node gave it, in whatever form. */
  readonly innerCalls: readonly { readonly instruction: number; readonly calls: readonly unknown[] }[];
  /** The accounts of lookup tables, all writable ones first. */
  readonly loaded: readonly string[];
  /** The node's block height at the same time. */
  readonly blockHeight: bigint;
}

interface TokenBalance {
  readonly accountIndex: number;
  readonly mint: string;
  readonly owner: string;
  readonly amount: string;
}

/** A simulation, and what it is held against. */
export interface SimulationInput {
  readonly simulation: Simulation;
  /** With the accounts of its lookup tables. */
  readonly transaction: DecodedTransaction;
  readonly calls: readonly Call[];
  readonly cost: Cost;
  readonly policy: CompiledPolicy;
  readonly sponsorPool: readonly SponsorKey[];
  /** Lamports that the sponsor keeps. */
  readonly balanceFloor: bigint;
}

const SYSTEM_PROGRAM = "11111111111111111111111111111111";
/** Somebody has to send money: sooner is not worth asking. */
const FUNDING_SECONDS = 30;
const LOG_LINES = 10;
const LOG_LINE_LENGTH = 200;

function isRentOfFeePayer(error: object): boolean {
  const rent: unknown = (error as { InsufficientFundsForRent?: unknown }).InsufficientFundsForRent;
  return typeof rent === "object" && rent !== null && (rent as { account_index?: unknown }).account_index === 0;
}

function underfunded(): Refusal {
  const detail = "The sponsor of this project cannot pay for transactions at the moment.";
  return { ...refuse("sponsor.underfunded", detail), retryAfterSeconds: FUNDING_SECONDS };
}

function refuseError(error: unknown, logs: readonly string[]): Refusal {
  if (error === "BlockhashNotFound") {
    return refuse(
      "transaction.expired",
      "The transaction's blockhash is too old, or of another cluster. Prepare it again and sign once more.",
    );
  }
  if (error === "AlreadyProcessed") {
    return refuse("transaction.already_relayed", "This transaction has already landed.");
  }
  const cannotPay =
    error === "AccountNotFound" ||
    error === "InsufficientFundsForFee" ||
    (typeof error === "object" && error !== null && isRentOfFeePayer(error));
  if (cannotPay) return underfunded();
  return refuse("transaction.simulation_failed", "The transaction would fail on the chain, so it was not sent.", {
    error,
    logs: logs.slice(-LOG_LINES).map(cutLine),
  });
}

const HINTS: Readonly<Record<string, string>> = {
  "transaction.expired": "Prepare it again, and sign once more.",
  "transaction.already_relayed": "Nothing is left to do: it has landed.",
  "sponsor.underfunded": "Fund the sponsor, or let another one pay.",
};
/** What every program's log has, whatever went wrong. */
const ROUTINE = /^Program \w+ (?:invoke|consumed|success|failed)/;

/** The program's own last words, and the runtime's. */
function sayError(error: unknown, logs: readonly string[]): string {
  const kind = cutLine(typeof error === "string" ? error : JSON.stringify(error));
  const words = logs.map(cutLine).findLast((line) => !ROUTINE.test(line));
  return words === undefined ? kind : `${words} (${kind})`;
}

function failOf(refusal: Refusal, error: unknown, logs: readonly string[]): Finding {
  const hint = HINTS[refusal.code];
  return hint === undefined
    ? fail(refusal, "It says what the program's error is; mend the transaction.", { observed: sayError(error, logs) })
    : fail(refusal, hint);
}

/** Log lines hold what the user wrote: cut, and without what no store can keep (control characters, half characters). */
function cutLine(line: string): string {
  return Array.from(line.slice(0, LOG_LINE_LENGTH).toWellFormed(), (character) =>
    character < " " ? "\u{fffd}" : character,
  ).join("");
}

function tokensOf(balances: readonly TokenBalance[], pool: ReadonlySet<string>): string {
  return balances
    .filter(({ owner }) => pool.has(owner))
    .map(({ accountIndex, mint, owner, amount }) => `${accountIndex} ${mint} ${owner} ${amount}`)
    .toSorted()
    .join("\n");
}

const misused = (): Refusal =>
  refuse("policy.fee_payer_misused", "The transaction would use the sponsor for more than it agreed to pay.");

const MISUSE_HINT = "A program of the transaction reaches for the sponsor by calls of its own. Take it out.";

const succeeds: Rule<SimulationInput> = {
  name: "simulation-succeeds",
  check: ({ simulation: { error, logs } }) => (error === null ? [] : [failOf(refuseError(error, logs), error, logs)]),
};

const losesNoMoreThanQuoted: Rule<SimulationInput> = {
  name: "sponsor-loses-no-more-than-quoted",
  check: ({ simulation: { feePayerBefore, feePayerAfter }, cost }) => {
    const loss = feePayerBefore - feePayerAfter;
    const seen = { observed: loss.toString(), limit: (cost.fee + cost.rent).toString() };
    return loss <= cost.fee + cost.rent ? [{ verdict: "pass", ...seen }] : [fail(misused(), MISUSE_HINT, seen)];
  },
};

/** `System.assign` and `System.allocate` cost no lamports: only owner and data show them. */
const staysWallet: Rule<SimulationInput> = {
  name: "sponsor-stays-a-wallet",
  check: ({ simulation: { feePayerOwner, feePayerDataLength } }) =>
    feePayerOwner === SYSTEM_PROGRAM && feePayerDataLength === 0 ? [] : [fail(misused(), MISUSE_HINT)],
};

const keepsTokens: Rule<SimulationInput> = {
  name: "sponsor-keeps-its-tokens",
  check: ({ simulation: { tokenBalancesBefore, tokenBalancesAfter }, sponsorPool }) => {
    const pool = new Set(sponsorPool.map(({ address }) => address));
    return tokensOf(tokenBalancesBefore, pool) === tokensOf(tokenBalancesAfter, pool)
      ? []
      : [fail(misused(), MISUSE_HINT)];
  },
};

/** The one of them that a policy can change, by the roles that it turns on. */
export const innerCallsKeepToRoles: Rule<SimulationInput> = {
  name: "inner-calls-keep-to-roles",
  check: (input) => {
    const pool = new Set(input.sponsorPool.map(({ address }) => address));
    return input.simulation.innerCalls.flatMap(({ instruction, calls }) =>
      calls.every((inner) => isInnerCallAllowed(inner, input, pool, instruction))
        ? []
        : [fail(misused(), MISUSE_HINT, { instruction })],
    );
  },
};

const keepsFloor: Rule<SimulationInput> = {
  name: "sponsor-keeps-its-floor",
  check: ({ simulation: { feePayerBefore }, cost, balanceFloor }) =>
    feePayerBefore - cost.fee - cost.rent >= balanceFloor
      ? []
      : [fail(underfunded(), "The operator has to send funds to the sponsor.")],
};

/** The second line of defence: what one answer of a node says the sponsor would lose, against what was quoted. */
export const SIMULATION_RULES: readonly Rule<SimulationInput>[] = [
  succeeds,
  losesNoMoreThanQuoted,
  staysWallet,
  keepsTokens,
  innerCallsKeepToRoles,
  keepsFloor,
];

/** A simulation that failed says nothing of the sponsor: only its error is read. */
export function judgeSimulation(input: SimulationInput): Refusal | undefined {
  return firstRefusal(input.simulation.error === null ? SIMULATION_RULES : [succeeds], input);
}
