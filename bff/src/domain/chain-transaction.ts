import type { ManageExplanation } from "../contract/manage/policies.ts";
import type { ProjectNetwork } from "./project.ts";
import type { TraceEntry } from "./policy/trace.ts";
import type { Refusal } from "./refusal.ts";
import type { Result } from "./result.ts";

/** One instruction, or one transaction of a group, as it was read. */
export type DescribedInstruction = ManageExplanation["instructions"][number];

/** A change of the policy after which these rules have nothing against the transaction any more. */
export interface PolicyChange {
  readonly rules: readonly string[];
  readonly description: string;
  readonly document: unknown;
}

/** What an integrator wants to know of a transaction. Pure; for explanations alone. */
export interface Explainable {
  describe(): readonly DescribedInstruction[];
  /** One change for each rule that fails, and all of them together; none when a rule is left that no policy may mend. */
  proposeChanges(): readonly PolicyChange[];
}

/** Whose policy and sponsors a transaction is held against, and who wants it sponsored. */
export interface TransactionScene {
  readonly policy: NonNullable<ProjectNetwork["policy"]>["compiled"];
  readonly sponsorPool: ProjectNetwork["sponsorPool"];
  readonly acceptedSponsors: ProjectNetwork["acceptedSponsors"];
  /** Of the session's wallet, without its family. */
  readonly sessionAddress: string;
}

/**
 * A transaction, or a group of them, that could be read: everything that is asked of it, whatever its chain. What it
 * answers follows from its bytes and the scene alone; `simulate` asks a node.
 */
export interface ReadTransaction extends Explainable {
  /** The bytes as they came; of a group, one transaction behind the other. */
  readonly wire: Uint8Array;
  /** What makes it this transaction: nothing in it can be varied without signing anew. */
  readonly identity: Uint8Array;
  readonly sponsor: string;
  /** Who has to sign beside the sponsor, in their order. */
  readonly signers: readonly string[];
  /** At worst, in base units. */
  readonly cost: { readonly fee: bigint; readonly rent: bigint };
  /** Every address that it names, those in data too. */
  readonly keys: readonly string[];
  /** What it gives to the user that each user is given once. */
  readonly allotments: readonly string[];
  /** True when a wallet of the user that is known so far must sign it. */
  readonly isSignedByUser: boolean;
  /** The same, with the user's other wallets on this network: they may sign in place of the session's. */
  withLinkedWallets(addresses: readonly string[]): ReadTransaction;
  /** The first line of defence: what the bytes say, signatures too, before anything is asked of anybody. */
  judge(): Promise<Refusal | undefined>;
  /** The same, rule by rule. A transaction that nobody has signed yet can be asked about as well. */
  trace(): Promise<{ readonly form: readonly TraceEntry[]; readonly policy: readonly TraceEntry[] }>;
  /** What the rules alone say: signatures have to be there, and are not verified. */
  judgeByRules(): Refusal | undefined;
  /** What a node says that it would do. Throws what a node that is away throws. */
  simulate(): Promise<Result<SimulatedTransaction, Refusal>>;
  /** The trace of a simulation that was not made, or was refused. */
  traceUnsimulated(why: string | Refusal): readonly TraceEntry[];
  /** What the sponsor signs. */
  readonly sponsorMessage: Uint8Array;
  attachSignature(signature: Uint8Array): SponsoredTransaction;
}

/** The second line of defence: what one answer of a node says that a transaction would do. */
export interface SimulatedTransaction extends Explainable {
  /** Those of the transaction, and those that only the node could know. */
  readonly keys: readonly string[];
  /** The last height or round in which it can land. */
  readonly lifetimeEnd: bigint;
  /** `balanceFloor`: base units that the sponsor keeps. */
  judge(balanceFloor: bigint): Refusal | undefined;
  trace(balanceFloor: bigint): readonly TraceEntry[];
}

/** What may be sent once SQL has it. */
export interface SponsoredTransaction extends TransactionNames {
  readonly wire: Uint8Array;
}

/** How a chain calls it. */
export interface TransactionNames {
  /** What a node is asked for; of a group, the id of the sponsor's transaction. */
  readonly transactionId: string;
  readonly group: { readonly groupId: string; readonly transactionIds: readonly string[] } | null;
}

/** What a client needs for a transaction that will be sponsored. */
export interface PreparedTransaction {
  readonly lifetime:
    | { readonly blockhash: string; readonly lastValidBlockHeight: number }
    | { readonly firstValid: number; readonly lastValid: number; readonly genesisHash: string };
  readonly quote: { readonly fee: bigint; readonly rent: bigint };
  /** The complete group, unsigned, in its order; absent where the client builds the transaction. */
  readonly transactions?: readonly Uint8Array[];
}
