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
  /** Every inner instruction as the node gave it, in whatever form. */
  readonly innerInstructions: unknown;
  /** The node's block height at the same time. */
  readonly blockHeight: bigint;
}

interface TokenBalance {
  readonly accountIndex: number;
  readonly mint: string;
  readonly owner: string;
  readonly amount: string;
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
  if (cannotPay) {
    const detail = "The sponsor of this project cannot pay for transactions at the moment.";
    return { ...refuse("sponsor.underfunded", detail), retryAfterSeconds: FUNDING_SECONDS };
  }
  return refuse("transaction.simulation_failed", "The transaction would fail on the chain, so it was not sent.", {
    error,
    logs: logs.slice(-LOG_LINES).map(cutLine),
  });
}

/** Log lines hold what the user wrote: cut, and without what no store can keep (control characters, half characters). */
function cutLine(line: string): string {
  return Array.from(line.slice(0, LOG_LINE_LENGTH).toWellFormed(), (character) =>
    character < " " ? "\u{fffd}" : character,
  ).join("");
}

/** True when any text inside a JSON value is one of the given. */
function mentions(value: unknown, texts: ReadonlySet<string>): boolean {
  if (typeof value === "string") return texts.has(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((member) => mentions(member, texts));
}

function tokensOf(balances: readonly TokenBalance[], pool: ReadonlySet<string>): string {
  return balances
    .filter(({ owner }) => pool.has(owner))
    .map(({ accountIndex, mint, owner, amount }) => `${accountIndex} ${mint} ${owner} ${amount}`)
    .toSorted()
    .join("\n");
}

/**
 * The second line of defence: what one answer of a node says the sponsor would lose, against what was quoted.
 * `maxFee` in lamports.
 */
export function judgeSimulation(
  simulation: Simulation,
  sponsorPool: readonly SponsorKey[],
  maxFee: bigint,
): Refusal | undefined {
  if (simulation.error !== null) return refuseError(simulation.error, simulation.logs);
  const pool = new Set(sponsorPool.map(({ address }) => address));
  const isMisused =
    simulation.feePayerBefore - simulation.feePayerAfter > maxFee ||
    simulation.feePayerOwner !== SYSTEM_PROGRAM ||
    simulation.feePayerDataLength !== 0 ||
    tokensOf(simulation.tokenBalancesBefore, pool) !== tokensOf(simulation.tokenBalancesAfter, pool) ||
    mentions(simulation.innerInstructions, pool);
  return isMisused
    ? refuse("policy.fee_payer_misused", "The transaction would use the sponsor for more than its network fee.")
    : undefined;
}
