import type { NetworkName } from "./domain/network.ts";
import type { DecodedTransaction } from "./domain/policy/decoded-transaction.ts";
import type { Project } from "./domain/project.ts";
import type { Refusal } from "./domain/refusal.ts";
import type {
  ClaimedRelay,
  LandedTransaction,
  RelayChange,
  RelayFailure,
  RelayRecord,
  TransactionStatus,
} from "./domain/relay.ts";
import type { Result } from "./domain/result.ts";
import type { Simulation } from "./domain/simulation.ts";

/** Everything outside the process, as one request sees it. Every call has a deadline; a fault throws an `AppError` with its code. */
export interface Ports {
  /** The BFF's own address, without a trailing slash; also the issuer of its tokens. */
  readonly api: string;
  readonly clock: Clock;
  readonly random: { bytes(length: number): Uint8Array; id(prefix: string): string; uuid(): string };
  readonly hash: { sha256(data: Uint8Array): Promise<Uint8Array> };
  readonly secrets: SecretPort;
  readonly tokens: TokenPort;
  readonly limiter: LimiterPort;
  readonly store: StorePort;
  readonly projects: ProjectCache;
  /** The chain of a network, or undefined when this deployment does not serve it. */
  readonly chains: (network: NetworkName) => ChainPort | undefined;
  readonly signers: SignerPort;
  readonly log: LogPort;
  /** Lets work go on after the answer. It may die with the process: only for what somebody else repeats. */
  readonly background: (work: Promise<unknown>) => void;
  /** Asks for the relays of a network to be looked after until they have ended. */
  readonly wake: (network: NetworkName) => Promise<void>;
}

export interface Clock {
  nowMs(): number;
  /** RFC 3339 in UTC, with milliseconds and `Z`. */
  format(epochMs: number): string;
  sleep(durationMs: number): Promise<void>;
}

export interface SecretPort {
  /** Key ids; the first makes new MACs, all verify. */
  readonly kids: readonly string[];
  /** HMAC-SHA-256 with a key derived for `label`; undefined when there is no such key. */
  mac(kid: string, label: string, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined>;
}

export interface AccessClaims {
  readonly projectId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly wallet: string;
  readonly origin: string;
  readonly amr: readonly string[];
}

export interface TokenPort {
  issue(claims: AccessClaims, nowMs: number): Promise<string>;
  /** Signature, type, issuer and times. The audience is the project that the claims name. */
  verify(token: string, nowMs: number): Promise<Result<AccessClaims, "invalid" | "expired">>;
  publicKeys(): readonly Readonly<Record<string, unknown>>[];
}

export interface LimitCheck {
  readonly name: "address" | "key" | "user";
  readonly subject: string;
  readonly perMinute: number;
}

export interface LimitState {
  readonly name: LimitCheck["name"];
  readonly limit: number;
  /** Below zero: this request was one too many. */
  readonly remaining: number;
  readonly resetSeconds: number;
}

export interface LimiterPort {
  /**
   * Takes one from each limit and reads what is known of a nonce, in one wait.
   * @throws store.unavailable when the store is down and `mode` is `closed`; otherwise a small local allowance answers.
   */
  take(
    checks: readonly LimitCheck[],
    nonce: string | undefined,
    mode: "open" | "closed",
  ): Promise<{ readonly states: readonly LimitState[]; readonly isNonceBurnt: boolean }>;
  /** Counts a wrong proof of a nonce. Never fails: a store that is down counts nothing. */
  countWrongProof(nonce: string): Promise<void>;
  markNonceUsed(nonce: string): Promise<void>;
  ping(): Promise<void>;
}

/** A project and the publishable key by which it was found; null when it was found by its id. */
export interface FoundProject<Kind = Project> {
  readonly project: Kind;
  readonly keyId: string | null;
}

/** Values that an isolate may hold for at most five seconds. */
export interface ProjectCache {
  get(key: string): FoundProject | "unknown" | undefined;
  set(key: string, found: FoundProject | "unknown"): void;
  forget(projectId: string): void;
}

export interface SessionRecord {
  readonly id: string;
  readonly userId: string;
  readonly network: string;
  readonly wallet: string;
  readonly amr: readonly string[];
  readonly createdAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
}

export interface UserWallet {
  readonly wallet: string;
  readonly linkedAt: string;
}

/** A statement that is refused: nothing of it stays. `stale`: what was read of the project before no longer holds. */
export type StoreRefusal =
  | { readonly kind: "stale" | "challenge_used" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export interface StoredProject extends Omit<Project, "networks"> {
  readonly networks: readonly (Omit<Project["networks"][number], "policy"> & {
    readonly policy: { readonly version: number; readonly document: unknown } | undefined;
  })[];
}

interface NewSession {
  readonly projectId: string;
  readonly revision: bigint;
  readonly keyId: string;
  readonly nonce: string;
  readonly challengeExpiresAtMs: number;
  readonly newUserId: string;
  readonly wallet: string;
  readonly network: string;
  readonly origin: string;
  readonly amr: readonly string[];
  readonly sessionId: string;
}

interface RefreshIntent {
  readonly projectId: string;
  readonly keyId: string;
  readonly sessionId: string;
  readonly counter: number;
  readonly origin: string;
}

export interface RefreshOutcome {
  readonly outcome: "rotated" | "repeated" | "reused" | "revoked" | "expired" | "foreign_origin" | "invalid";
  readonly counter: number;
  readonly session: SessionRecord;
  readonly wallets: readonly UserWallet[];
}

interface Reservation {
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

interface SignedRelay {
  readonly relayId: string;
  readonly leaseToken: string;
  readonly transaction: Uint8Array;
  readonly transactionId: string;
  readonly lifetimeEndHeight: bigint;
}

export interface LimitUsage {
  readonly window: "hour" | "day" | "month" | "lifetime";
  readonly unit: "relays" | "fee" | "rent";
  readonly limit: bigint;
  readonly used: bigint;
  readonly held: bigint;
  readonly resetsAt: Date | null;
}

/** The ledger of record. Users' calls are bound to one project; those that follow a reservation, to its lease. */
export interface StorePort {
  findProject(by: { keyHash: Uint8Array } | { projectId: string }): Promise<FoundProject<StoredProject> | undefined>;
  openSession(
    session: NewSession,
  ): Promise<Result<{ session: SessionRecord; wallets: readonly UserWallet[] }, StoreRefusal>>;
  /** Rotation binds the session to the key that asked, so that it outlives a roll of keys. */
  refreshSession(request: RefreshIntent): Promise<RefreshOutcome>;
  /** The session with its user's wallets; undefined when it was revoked or has ended. */
  readSession(
    projectId: string,
    sessionId: string,
  ): Promise<{ session: SessionRecord; wallets: readonly UserWallet[] } | undefined>;
  listSessions(projectId: string, userId: string): Promise<readonly SessionRecord[]>;
  /** Ends one session of a user, or all of them. Returns how many were alive or known. */
  revokeSessions(projectId: string, userId: string, sessionId?: string): Promise<number>;
  readAllowance(projectId: string, network: NetworkName, userId: string): Promise<readonly LimitUsage[]>;
  reserveRelay(reservation: Reservation): Promise<Result<ReservationOutcome, StoreRefusal>>;
  /** What an idempotency key has been used for; undefined when it is free or still running. */
  findKey(
    projectId: string,
    userId: string,
    key: string,
    fingerprint: Uint8Array,
  ): Promise<Extract<ReservationOutcome, { outcome: "replay" }> | { readonly outcome: "reused" } | undefined>;
  /** The time of signing, or undefined when the lease was lost: then the signature must be dropped. */
  markSigned(relay: SignedRelay): Promise<Date | undefined>;
  markSubmitted(relayId: string): Promise<void>;
  rejectRelay(
    relayId: string,
    leaseToken: string,
    failure: RelayFailure,
    status: RefusalStatus,
    body: string,
  ): Promise<boolean>;
  abandonRelay(relayId: string, leaseToken: string): Promise<boolean>;
  /** `dueInMs`: until the relay wants to be looked after, below zero when it is late; null when it has ended. */
  readRelay(
    projectId: string,
    userId: string,
    relayId: string,
  ): Promise<{ relay: RelayRecord; dueInMs: number | null; signedAt: Date | null } | undefined>;
  listRelays(
    projectId: string,
    userId: string,
    limit: number,
    cursor: string | undefined,
  ): Promise<readonly RelayRecord[]>;
  claimRelays(network: NetworkName, leaseToken: string, relayId?: string): Promise<readonly ClaimedRelay[]>;
  settleRelays(leaseToken: string, changes: readonly RelayChange[]): Promise<readonly string[]>;
  hasOpenRelays(network: NetworkName): Promise<boolean>;
  purgeExpired(): Promise<number>;
  /** Gives the connection back while nothing needs it; whoever waits must not hold one. */
  release(): Promise<void>;
  ping(): Promise<void>;
}

export interface ChainPort {
  /** The address in its one spelling, or undefined when it is none. Pure. */
  parseAddress(text: string): string | undefined;
  /** Total and pure. Source: Solana transaction format, legacy and v0. */
  decode(wire: Uint8Array): Result<DecodedTransaction, Refusal>;
  /** Strict Ed25519: no small-order key or R, canonical S. */
  verifySignature(address: string, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  latestLifetime(): Promise<{ readonly blockhash: string; readonly lastValidBlockHeight: bigint }>;
  simulate(transaction: DecodedTransaction): Promise<Result<Simulation, Refusal>>;
  /** The wire bytes with the fee payer's signature in its slot, and the transaction's id. Pure. */
  attachSignature(
    transaction: DecodedTransaction,
    signature: Uint8Array,
  ): { readonly wire: Uint8Array; readonly transactionId: string };
  send(wire: Uint8Array): Promise<void>;
  /** The statuses, and the slot of the node that gave them: what it does not know is news only up to there. */
  statuses(
    transactionIds: readonly string[],
    withHistory: boolean,
  ): Promise<{ readonly slot: bigint; readonly statuses: readonly (TransactionStatus | undefined)[] }>;
  /** The newest finalized block. */
  finalizedTip(): Promise<{ readonly slot: bigint; readonly blockHeight: bigint }>;
  /** A finalized transaction; undefined while the node has none. */
  landed(transactionId: string): Promise<LandedTransaction | undefined>;
  ping(): Promise<void>;
}

export interface SignerPort {
  /** The sponsor's signature over the message. @throws sponsor.unavailable when there is no key for the address. */
  sign(address: string, message: Uint8Array): Promise<Uint8Array>;
}

export interface LogPort {
  info(event: string, fields: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields: Readonly<Record<string, unknown>>): void;
  error(event: string, fields: Readonly<Record<string, unknown>>): void;
}
