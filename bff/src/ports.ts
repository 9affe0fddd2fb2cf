import type { LimitCheck, LimitState, LimitUsage, LimiterAnswer, LimiterRequest } from "./domain/limits.ts";
import type { Possession, ProvenCall } from "./domain/possession.ts";
import type {
  RefusalStatus,
  RefusedDecision,
  RelayPreview,
  Reservation,
  ReservationOutcome,
  SignedRelay,
  StoreRefusal,
} from "./domain/reservation.ts";
import type {
  AccessClaims,
  NewLink,
  NewSession,
  RefreshIntent,
  RefreshOutcome,
  SessionRecord,
  UserWallet,
} from "./domain/session.ts";
import type { SignInChallenge, SignInFamily, SignInPayload, SignInProof, SignInVerdict } from "./domain/sign-in.ts";
import type { AlertCondition, AlertMessage, DueAlert } from "./domain/alerts.ts";
import type { AuditHead, SealedEntry } from "./domain/audit.ts";
import type { PreparedTransaction, ReadTransaction, TransactionScene } from "./domain/chain-transaction.ts";
import type { Actor, ManageClaims } from "./domain/manage.ts";
import type { PolicyCatalogue } from "./contract/manage/policies.ts";
import type { AccessStore, ManageStore } from "./manage-ports.ts";
import type { BacktestProgress, ClaimedJob, JobError, KeptDecision } from "./domain/job/job.ts";
import type { BacktestResult } from "./contract/manage/jobs.ts";
import type { CounterName, GaugeName, HistogramName, LabelsOf, MetricSample } from "./domain/metrics.ts";
import type { NetworkName } from "./domain/network.ts";
import type { Listener, OperationFacts } from "./domain/operations.ts";
import type { LintContext, PolicyFinding } from "./domain/policy/lint.ts";
import type { TraceEntry } from "./domain/policy/trace.ts";
import type { FamilyPolicy, Project } from "./domain/project.ts";
import type { Refusal } from "./domain/refusal.ts";
import type {
  ClaimedRelay,
  LandedTransaction,
  MortalTransaction,
  RelayChange,
  RelayFailure,
  RelayRecord,
  TransactionStatus,
} from "./domain/relay.ts";
import type { Result } from "./domain/result.ts";

// The HTTP layer, which knows no domain, hands these on.
export type { LimitState } from "./domain/limits.ts";
export type { Possession } from "./domain/possession.ts";
export type { AccessClaims } from "./domain/session.ts";
export type { Access, AccessProject, Actor, ManageCaller } from "./domain/manage.ts";

/** Everything outside the process, as one request sees it. Every call has a deadline; a fault throws an `AppError` with its code. */
export interface Ports {
  /** The BFF's own address, without a trailing slash; also the issuer of its tokens. */
  readonly api: string;
  readonly clock: Clock;
  readonly random: { bytes(length: number): Uint8Array; id(prefix: string): string; uuid(): string };
  readonly hash: { sha256(data: Uint8Array): Promise<Uint8Array> };
  readonly secrets: SecretPort;
  readonly tokens: TokenPort;
  readonly possession: PossessionPort;
  readonly limiter: LimiterPort;
  readonly store: StorePort;
  readonly projects: ProjectCache;
  /** The chain of a network, or undefined when this deployment does not serve it. */
  readonly chains: (network: NetworkName) => ChainPort | undefined;
  /** Where policies of a network are drafted, or undefined when this version has none for it. */
  readonly desks: (network: NetworkName) => PolicyDesk | undefined;
  readonly signers: SignerPort;
  readonly assets: AssetPort;
  readonly log: LogPort;
  readonly metrics: MetricsPort;
  readonly watch: WatchPort;
  readonly alerts: AlertPort;
  readonly audit: AuditPort;
  readonly jobs: JobQueuePort;
  readonly usage: UsagePort;
  readonly access: AccessStore;
  /** What is managed, for somebody whom the audit log names. */
  readonly manage: (actor: Actor) => ManageStore;
  /** The networks that this deployment serves. */
  readonly networks: readonly NetworkName[];
  readonly wallets: WalletReach;
  /** Lets work go on after the answer. It may die with the process: only for what somebody else repeats. */
  readonly background: (work: Promise<unknown>) => void;
  /** Asks for the relays of a network, or for `jobs`, to be looked after until they have ended. */
  readonly wake: (clock: string) => Promise<void>;
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

/** A JWK without its secret part. */
interface PublicKey extends Readonly<Record<string, unknown>> {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
}

export interface TokenPort {
  issue(claims: AccessClaims, nowMs: number): Promise<string>;
  /** Signature, type, issuer and times. The audience is the project that the claims name. */
  verify(token: string, nowMs: number): Promise<Result<AccessClaims, "invalid" | "expired">>;
  /** Opens the management API and nothing else. */
  issueManagement(claims: ManageClaims, nowMs: number): Promise<string>;
  verifyManagement(token: string, nowMs: number): Promise<Result<ManageClaims, "invalid" | "expired">>;
  publicKeys(): readonly PublicKey[];
}

export interface PossessionPort {
  verify(
    proof: string,
    call: ProvenCall,
    nowMs: number,
  ): Promise<Result<Possession, "malformed" | "of_another_call" | "of_another_token" | "untimely">>;
}

export interface LimiterPort {
  /**
   * Takes one from each limit, reads what is known of a nonce and marks a proof as seen, in one pipeline.
   * @throws store.unavailable when the store is down and `mode` is `closed`; otherwise what this isolate remembers answers.
   */
  take(request: LimiterRequest, mode: "open" | "closed"): Promise<LimiterAnswer>;
  /** Counts lookups of unknown keys, in this isolate alone: each before it is made, and back when the key was known. */
  countLookup(check: LimitCheck, amount: 1 | -1): LimitState;
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

export interface StoredProject extends Omit<Project, "networks"> {
  readonly networks: readonly (Omit<Project["networks"][number], "policy"> & {
    readonly policy: { readonly version: number; readonly document: unknown } | undefined;
  })[];
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
  /** In the order in which they were linked; none when the user is not there. */
  listWallets(projectId: string, userId: string): Promise<readonly UserWallet[]>;
  /** Idempotent; every wallet of another user is refused. Uses up the challenge. */
  linkWallet(link: NewLink): Promise<Result<UserWallet, StoreRefusal>>;
  /** Ends the wallet's sessions too; false: the user does not have it. */
  unlinkWallet(
    user: Pick<NewLink, "projectId" | "userId" | "sessionId">,
    wallet: string,
  ): Promise<Result<boolean, StoreRefusal>>;
  /** Budgets are those of the wallet that has opened the session. */
  readAllowance(
    projectId: string,
    network: NetworkName,
    userId: string,
    wallet: string,
  ): Promise<readonly LimitUsage[]>;
  /** Which of these a user has been given on a network, or is about to be. */
  listAllotments(
    user: Pick<Reservation, "projectId" | "userId" | "network"> & { readonly wallet: string },
    allotments: readonly string[],
  ): Promise<ReadonlySet<string>>;
  previewRelay(
    relay: Pick<
      Reservation,
      "projectId" | "userId" | "network" | "policyVersion" | "sponsor" | "accounts" | "allotments"
    > & {
      readonly wallet: string;
    },
  ): Promise<RelayPreview>;
  /** Keeps a refusal; false when the project has had too many in this minute. */
  recordRefusal(decision: RefusedDecision): Promise<boolean>;
  reserveRelay(reservation: Reservation): Promise<Result<ReservationOutcome, StoreRefusal>>;
  /** What an idempotency key has been used for (undefined: it is free), and what holds of the project now. */
  findKey(
    projectId: string,
    userId: string,
    key: string,
    fingerprint: Uint8Array,
  ): Promise<{
    readonly revision: bigint;
    readonly known:
      | Extract<ReservationOutcome, { outcome: "replay" }>
      | { readonly outcome: "reused" | "running" }
      | undefined;
  }>;
  /** The time of signing, or undefined when the lease was lost; then, and when it is refused, the signature must be dropped. */
  markSigned(relay: SignedRelay): Promise<Result<Date | undefined, StoreRefusal>>;
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

/** Policies as versions: none is ever changed. */
export interface PolicyStorePort {
  /** The version in force with its document (none: undefined), and what lints need to know besides. */
  readPolicy(
    projectId: string,
    network: NetworkName,
    version?: number,
  ): Promise<{
    readonly current: number | null;
    readonly versions: readonly { readonly version: number; readonly createdAt: Date }[];
    /** Of `version`, or of the one in force. */
    readonly document: unknown;
    readonly hasRentBudget: boolean;
  }>;
  /** The new version. `expected`: the version in force that the caller saw. Undefined: another one is by now. */
  publishPolicy(
    projectId: string,
    network: NetworkName,
    document: unknown,
    expected: number | null,
  ): Promise<number | undefined>;
  rollBackPolicy(
    projectId: string,
    network: NetworkName,
    version: number,
    expected: number,
  ): Promise<number | undefined>;
}

/** How the policies of a family of networks are written. Pure. */
export interface PolicyLanguage {
  /** Reasons: what about it does not fit the schema. */
  read(document: unknown): Result<ReadPolicy, readonly PolicyFault[]>;
}

export interface PolicyFault {
  /** JSON pointer into the document. */
  readonly pointer: string;
  readonly detail: string;
}

interface ReadPolicy {
  readonly document: unknown;
  compile(): FamilyPolicy;
}

/** Where policies of a family are drafted. Pure. */
export interface PolicyDesk {
  readonly catalogue: PolicyCatalogue;
  /** True where a policy may describe programs of the integrator's own. */
  readonly takesPrograms: boolean;
  /** Reasons: what about it does not fit the schema. */
  read(document: unknown): Result<PolicyDraft, readonly PolicyFault[]>;
}

interface PolicyDraft {
  readonly document: unknown;
  lint(context: LintContext): readonly PolicyFinding[];
  /** The document after the fix of everything that was found. */
  mend(context: LintContext): unknown;
}

export interface ChainPort {
  readonly policies: PolicyLanguage;
  readonly signIn: SignInFamily;
  /** What amounts are counted in. */
  readonly baseUnit: string;
  /** True where a relay is a group of transactions. */
  readonly takesGroups: boolean;
  /** The address in its one spelling, or undefined when it is none. Pure. */
  parseAddress(text: string): string | undefined;
  /** Whether the key of the proof's address has signed this challenge, in the method's own form. */
  verifySignIn(challenge: SignInChallenge, proof: SignInProof): Promise<SignInVerdict>;
  /** What a method signs instead of the text, or undefined when it signs the text. Reason: the text does not fit. */
  signInPayload(challenge: SignInChallenge, address: string): Promise<Result<SignInPayload | undefined, "too_long">>;
  /**
   * Reads the bytes of a transaction, or those of a group's transactions, for a policy. Total and pure.
   * Refusals: transaction.malformed, .too_large, .version_unsupported
   */
  read(parts: readonly Uint8Array[], scene: TransactionScene): Result<ReadTransaction, Refusal>;
  /** The trace of a transaction that could not be read. */
  traceUnread(refusal: Refusal): readonly TraceEntry[];
  /**
   * What a client needs to have a transaction sponsored by `sponsor`; where relays are groups, the group of it and of what
   * the user wants to do. `listLinkedAddresses`: the user's other wallets, where the session's is none of this network or
   * sends nothing; `listGiven`: which of these allotments the user has been given.
   */
  prepare(
    request: TransactionScene & {
      readonly sponsor: string;
      readonly transactions: readonly Uint8Array[];
      readonly listLinkedAddresses: () => Promise<readonly string[]>;
      readonly listGiven: (allotments: readonly string[]) => Promise<ReadonlySet<string>>;
    },
  ): Promise<Result<PreparedTransaction, Refusal>>;
  send(wire: Uint8Array): Promise<void>;
  /**
   * What one node knows of recent transactions, in the order of the question; undefined: nothing. Where it has to be asked
   * for each, those that there are too many of for one look come back as not asked.
   */
  statuses(transactionIds: readonly string[]): Promise<readonly (TransactionStatus | "not_asked" | undefined)[]>;
  /**
   * Which transactions never can land: every configured provider of this network is past the end of their life with a
   * finalized block and does not know them, with its whole history; where a lifetime has more than its end, such as a
   * blockhash, that must be over too. With an end of 0 only that counts. Those that any of them knows come back with their
   * status; the rest is open, also where there are too many for one look. `silent` names providers that did not answer:
   * while there is one, nothing is proven. At most 256 transactions.
   */
  proveAbsent(transactions: readonly MortalTransaction[]): Promise<{
    readonly absent: ReadonlySet<string>;
    readonly found: ReadonlyMap<string, TransactionStatus>;
    readonly silent: readonly string[];
  }>;
  /** A finalized transaction, as two providers tell it or at least one; undefined while nobody has a record of it. */
  landed(transaction: Omit<MortalTransaction, "lifetimeEnd">): Promise<LandedTransaction | undefined>;
  /** Finalized balances in base units, in the order of the question; zero where there is no account. At most 100 addresses. */
  balances(addresses: readonly string[]): Promise<{ readonly slot: bigint; readonly balances: readonly bigint[] }>;
  /** The providers as this isolate knows them. */
  health(): readonly ProviderHealth[];
  ping(): Promise<void>;
}

/** A provider by its name in the configuration. */
export interface ProviderHealth {
  readonly provider: string;
  readonly state: "ok" | "unwell" | "quarantined";
  readonly reason?: string;
  /** By how many slots its last answer was behind what the others had shown; undefined before there is one. */
  readonly slotLag: number | undefined;
}

export interface SignerPort {
  /** True when there is key material for the address. */
  canSign(address: string): boolean;
  /** The sponsor's signature over the message. @throws sponsor.unavailable when there is no key for the address. */
  sign(address: string, message: Uint8Array): Promise<Uint8Array>;
}

/** How the dashboard's page reaches wallets that are not in its browser. */
export interface WalletReach {
  /** Sources of its `connect-src`. */
  readonly sources: readonly string[];
  /** A bridge of this deployment's own. */
  readonly peraBridge: string | undefined;
}

export interface AssetPort {
  /** The text of a file that is deployed beside the worker. @throws internal.unexpected when it cannot be had */
  read(name: string): Promise<string>;
  /** The same of a name that somebody asked for: undefined when there is no such file. @throws internal.unexpected */
  find(name: string): Promise<string | undefined>;
}

export interface LogPort {
  info(event: string, fields: Readonly<Record<string, unknown>>): void;
  warn(event: string, fields: Readonly<Record<string, unknown>>): void;
  error(event: string, fields: Readonly<Record<string, unknown>>): void;
}

/** What requests and jobs count, for all isolates together. Counting never waits and never fails. */
export interface MetricsPort {
  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  observe<Name extends HistogramName>(name: Name, labels: LabelsOf<Name>, seconds: number): void;
  set<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, value: number): void;
  /** Everything that has been counted so far. @throws what the sink threw, or that it did not answer */
  read(): Promise<readonly MetricSample[]>;
  /** True when the token is that of the deployment's metrics; how long it takes tells nothing. */
  isReader(token: string): Promise<boolean>;
}

/** What the watchdog keeps in SQL, and what it knows from there. @throws store.unavailable */
export interface WatchPort {
  /** Says that a listener has done its work to the end. */
  beat(listener: string): Promise<void>;
  readListeners(networks: readonly NetworkName[]): Promise<readonly Listener[]>;
  readFacts(networks: readonly NetworkName[]): Promise<OperationFacts>;
  /** Those that are not retired, at most 500. */
  listSponsors(network: NetworkName): Promise<readonly { readonly id: string; readonly address: string }[]>;
  /** What is older than what is known changes nothing, for ten minutes: then it is where the watch begins anew. */
  recordBalances(
    network: NetworkName,
    slot: bigint,
    balances: readonly { readonly sponsorId: string; readonly balance: bigint }[],
  ): Promise<void>;
  countFetchErrors(sponsorIds: readonly string[]): Promise<void>;
  /** Compares with the ledger what can be compared by now. Returns how many observations that were. */
  judgeBalances(network: NetworkName): Promise<number>;
  /** Makes the given conditions the open alerts. Returns those that were not open before, and those that are over. */
  keepAlerts(conditions: readonly AlertCondition[]): Promise<readonly AlertChange[]>;
  listDueAlerts(): Promise<readonly DueAlert[]>;
  markAlert(alert: DueAlert, wasTaken: boolean): Promise<void>;
  /** Removes what has outlived its use. Returns how much. */
  purge(): Promise<number>;
}

/** The log of what was changed: appended to by SQL's own triggers, sealed here. @throws store.unavailable */
export interface AuditPort {
  /** Chains entries that are not yet. Returns how many it were: 0 when all are. */
  seal(): Promise<number>;
  /** The newest sealed entries of chains, where they are not signed, with what was signed before. */
  listUnsignedHeads(): Promise<readonly AuditHead[]>;
  signHead(head: AuditHead, kid: string, mac: Uint8Array): Promise<void>;
  /** Sealed entries of a chain in their order, behind one of them (0: from the first). */
  listSealed(chain: string, after: bigint, limit: number): Promise<readonly SealedEntry[]>;
}

/** The same log as those read it who want to know what was changed. @throws store.unavailable */
export interface AuditReadPort {
  /** Chains that have sealed entries or a head, in the order of their names, behind one of them. */
  listChains(after: string): Promise<readonly string[]>;
  readHead(chain: string): Promise<AuditHead | undefined>;
  /** The newest entries of a chain first, sealed or not. */
  listNewest(chain: string, limit: number): Promise<readonly Pick<SealedEntry, "id" | "entry">[]>;
  countUnsealed(): Promise<number>;
}

/** What relays and refusals came to, hour by hour. @throws store.unavailable */
export interface UsagePort {
  /** Hours whose relays may still change, newest first. */
  listDueHours(): Promise<readonly string[]>;
  /** Exact, and may be repeated at any time. */
  refresh(hour: string): Promise<void>;
  /** Removes hours that nobody is shown any more. Returns how many rows went. */
  purge(): Promise<number>;
}

export interface AlertChange extends Pick<AlertCondition, "kind" | "subject" | "summary"> {
  readonly change: "opened" | "resolved";
}

export interface AlertPort {
  /** Resolves when the receiver has taken it, or there is none. May be repeated. @throws when it was not taken */
  send(message: AlertMessage): Promise<void>;
}

/** Longer work of projects, done in parts. Whoever has lost a lease changes nothing any more. @throws store.unavailable */
export interface JobQueuePort {
  /** The job whose turn it is, for a minute; undefined: none is due. */
  claim(leaseToken: string): Promise<ClaimedJob | undefined>;
  /** Until a part is due, below zero when it is late; undefined: there is no work. */
  readDueInMs(): Promise<number | undefined>;
  /** The next part of an import, all or nothing. Refusals: manage.conflict when the list is full */
  importPart(job: ClaimedJob): Promise<Result<"more" | "done" | "lost", StoreRefusal>>;
  /** In their order, those that the job has not seen yet. */
  listDecisions(
    job: Pick<ClaimedJob, "projectId" | "network">,
    span: { readonly from: string; readonly until: string; readonly after: BacktestProgress["after"] },
    limit: number,
  ): Promise<readonly KeptDecision[]>;
  /** The document of one version of a policy. */
  readPolicy(job: Pick<ClaimedJob, "projectId" | "network">, version: number): Promise<unknown>;
  /** False: the lease is lost. */
  saveBacktest(
    job: ClaimedJob,
    progress: BacktestProgress,
    done: number,
    result: BacktestResult | undefined,
  ): Promise<boolean>;
  /** Tries the part again in `againInSeconds`, or ends the job. */
  failPart(
    job: ClaimedJob,
    end: { readonly againInSeconds: number } | { readonly state: "failed" | "dead" },
    error: JobError,
  ): Promise<void>;
  /** Takes expired entries out of lists, and forgets old jobs. Returns how much. */
  purge(): Promise<number>;
}
