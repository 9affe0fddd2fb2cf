import type { SponsoredTransaction } from "./chain-transaction.ts";
import type { LimitUsage } from "./limits.ts";
import type { NetworkName } from "./network.ts";
import type { Refusal } from "./refusal.ts";

/** A statement that is refused: nothing of it stays. `stale`: what was read of the project before no longer holds. */
export type StoreRefusal =
  | { readonly kind: "stale" | "challenge_used" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface Reservation {
  readonly relayId: string;
  readonly projectId: string;
  readonly revision: bigint;
  readonly userId: string;
  readonly sessionId: string;
  readonly network: NetworkName;
  readonly policyVersion: number;
  readonly sponsor: string;
  readonly idempotencyKey: string;
  readonly fingerprint: Uint8Array;
  readonly messageHash: Uint8Array;
  readonly transaction: Uint8Array;
  readonly accounts: readonly string[];
  /** What the user is given by it that each user is given once on a network. */
  readonly allotments: readonly string[];
  readonly fee: bigint;
  readonly rent: bigint;
  readonly leaseToken: string;
}

/** The HTTP statuses that a remembered refusal can have: those of the user, never of a fault. */
export type RefusalStatus = 403 | 409 | 422;

export type ReservationOutcome =
  | { readonly outcome: "reserved"; readonly createdAt: Date }
  | { readonly outcome: "abandoned"; readonly relayId: string }
  | {
      readonly outcome: "replay";
      readonly relayId: string;
      readonly refusal?: { readonly status: RefusalStatus; readonly body: string };
    };

export interface SignedRelay {
  readonly relayId: string;
  readonly leaseToken: string;
  readonly requestId: string;
  readonly wallet: string;
  /** Every key that the transaction names, now with those of its lookup tables. */
  readonly accounts: readonly string[];
  readonly transaction: SponsoredTransaction;
  readonly lifetimeEnd: bigint;
}

/** A refusal as it is kept for later questions. */
export interface RefusedDecision {
  readonly requestId: string;
  readonly projectId: string;
  readonly network: NetworkName;
  readonly userId: string;
  readonly wallet: string;
  readonly policyVersion: number | undefined;
  readonly messageHash: Uint8Array | undefined;
  readonly transaction: Uint8Array;
  readonly accounts: readonly string[];
  readonly refusal: Refusal;
  readonly fee: bigint | undefined;
  readonly rent: bigint | undefined;
}

/** What SQL would say to a relay, without holding anything. */
export interface RelayPreview {
  /** Of the project as it is now. */
  readonly revision: bigint;
  readonly deniedAccount: string | undefined;
  /** False: the network takes wallets of its allowlist alone, and this one is not on it. */
  readonly isWalletAllowed: boolean;
  /** The first of the allotments that the user has been given already. */
  readonly givenAllotment: string | undefined;
  readonly limits: readonly (LimitUsage & { readonly subject: "user" | "project" | "policy" | "sponsor" })[];
}
