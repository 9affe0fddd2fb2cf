import type { NetworkName } from "../network.ts";
import type { Tally } from "./backtest.ts";

/** A job of which this process has the next part to do, while the lease is its own. */
export interface ClaimedJob {
  readonly id: string;
  readonly leaseToken: string;
  readonly projectId: string;
  readonly network: NetworkName;
  /** At the part that is next, with this one. */
  readonly attempts: number;
  /** An import's file stays in SQL, where it is read. */
  readonly work:
    | { readonly kind: "import" }
    | { readonly kind: "backtest"; readonly input: BacktestInput; readonly progress: BacktestProgress };
}

/** Times are of the database, to the microsecond. */
export interface BacktestInput {
  readonly document: unknown;
  readonly days: number;
  readonly from: string;
  /** What was decided later is not looked at. */
  readonly until: string;
}

export interface BacktestProgress {
  /** The last decision that is in the tally. */
  readonly after?: DecisionPlace;
  readonly tally?: Tally;
}

interface DecisionPlace {
  readonly decidedAt: string;
  readonly id: string;
}

/** A decision as it was kept. */
export interface KeptDecision extends DecisionPlace {
  readonly wallet: string;
  /** The wallets that its user has now. */
  readonly linkedWallets: readonly string[];
  readonly policyVersion: number | null;
  readonly transaction: Uint8Array;
  /** Null: it was sponsored. */
  readonly code: string | null;
  /** As they were quoted; null: nobody came that far. */
  readonly fee: bigint | null;
  readonly rent: bigint | null;
}

/** Why a job does not go on, in words that may be shown. */
export interface JobError {
  readonly detail: string;
}
