import type { FileEntry } from "./domain/job/list-file.ts";
import type { AccessProject, Actor } from "./domain/manage.ts";
import type { NetworkName } from "./domain/network.ts";
import type { RelayRecord } from "./domain/relay.ts";
import type { Invitation, Member, Membership, Organization } from "./contract/manage/organizations.ts";
import type { AuditEntry } from "./contract/manage/audit.ts";
import type { Job } from "./contract/manage/jobs.ts";
import type { ListEntry } from "./contract/manage/lists.ts";
import type { Draft, PolicyVersion } from "./contract/manage/policies.ts";
import type {
  BudgetChange,
  BudgetList,
  ManagedNetwork,
  ManagedProject,
  ManagedSponsor,
  ProjectChange,
  ProjectKey,
} from "./contract/manage/projects.ts";
import type {
  Decision,
  DecisionDetail,
  DecisionQuery,
  ManagedRelayQuery,
  ManagedUser,
  ManagedUserDetail,
} from "./contract/manage/traffic.ts";
import type { Role, Scope } from "./contract/manage/values.ts";

/** What the management API keeps and reads in SQL, by area. Views are those of the wire. @throws store.unavailable, manage.* */
export interface ManageStore
  extends
    OrganizationStore,
    ProjectStore,
    KeyStore,
    PolicyStore,
    TrafficStore,
    ListStore,
    JobStore,
    OverviewStore,
    BudgetStore,
    SponsorStore,
    AuditStore {}

/** A page of rows: one more than asked for says that there is another. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}
export interface Page<Item> {
  readonly data: Item[];
  readonly nextCursor: string | null;
}

/** Who may what. One statement each. */
export interface AccessStore {
  /** Undefined: the session is over. `membership` undefined: the target is not there, or is not the caller's. */
  findMember(
    caller: { readonly userId: string; readonly sessionId: string },
    target: { readonly organizationId?: string; readonly projectId?: string },
  ): Promise<
    | {
        readonly membership:
          | { readonly organizationId: string; readonly role: Role; readonly project: AccessProject | undefined }
          | undefined;
      }
    | undefined
  >;
  findSecretKey(keyHash: Uint8Array): Promise<
    | {
        readonly keyId: string;
        readonly lastFour: string;
        readonly scopes: readonly Scope[];
        readonly endsAt: string | null;
        /** No use of it has been noted for a minute. */
        readonly isUnnoted: boolean;
        readonly project: AccessProject;
      }
    | undefined
  >;
  /** Says that a key was used; to the minute. Never fails. */
  touchKey(keyId: string): Promise<void>;
}

/** Organizations, members, invitations, and the claim of a fresh installation. */
export interface OrganizationStore {
  isClaimed(): Promise<boolean>;
  readMe(
    userId: string,
  ): Promise<{ readonly wallets: string[]; readonly memberships: Membership[]; readonly isClaimed: boolean }>;
  claim(codeHash: Uint8Array, userId: string, organizationId: string, name: string): Promise<void>;
  /** @throws manage.conflict for who owns as many as one may */
  createOrganization(userId: string, organizationId: string, name: string): Promise<void>;
  readOrganization(organizationId: string): Promise<Organization | undefined>;
  renameOrganization(organizationId: string, version: string, name: string): Promise<Organization>;
  listMembers(organizationId: string, page: PageRequest): Promise<Page<Member>>;
  findMemberOf(organizationId: string, userId: string): Promise<Member | undefined>;
  /** `from`: the role that was seen. @throws manage.conflict when it is another one by now, manage.last_owner */
  setRole(organizationId: string, userId: string, from: Role, to: Role): Promise<void>;
  /** `role`: that was seen. @throws manage.conflict when it is another one by now, manage.last_owner */
  removeMember(organizationId: string, userId: string, role: Role): Promise<void>;
  listInvitations(organizationId: string, page: PageRequest): Promise<Page<Invitation>>;
  createInvitation(
    organizationId: string,
    invitation: {
      readonly id: string;
      readonly codeHash: Uint8Array;
      readonly role: Role;
      readonly invitedBy: string;
      readonly note: string | undefined;
      readonly wallet: string | undefined;
      readonly expiresInSeconds: number;
    },
  ): Promise<Invitation>;
  /** False: there is none. */
  revokeInvitation(organizationId: string, invitationId: string): Promise<boolean>;
  /** Returns the organization's id. */
  acceptInvitation(codeHash: Uint8Array, userId: string): Promise<string>;
}

/** Projects, their origins and their networks. */
export interface ProjectStore {
  listProjects(
    organizationId: string,
    environment: "test" | "live" | undefined,
    page: PageRequest,
  ): Promise<Page<ManagedProject>>;
  readProject(projectId: string): Promise<ManagedProject | undefined>;
  createProject(project: {
    readonly id: string;
    readonly organizationId: string;
    readonly name: string;
    readonly statement: string;
    readonly environment: "test" | "live";
    readonly networks: readonly string[];
  }): Promise<void>;
  changeProject(projectId: string, change: ProjectChange): Promise<ManagedProject>;
  listOrigins(projectId: string): Promise<string[]>;
  addOrigin(projectId: string, origin: string): Promise<void>;
  removeOrigin(projectId: string, origin: string): Promise<boolean>;
  listNetworks(projectId: string): Promise<Omit<ManagedNetwork, "isServed">[]>;
  putNetwork(
    project: { readonly id: string; readonly environment: "test" | "live"; readonly organizationId: string | null },
    network: string,
    change: { readonly allowlistOnly?: boolean | undefined; readonly explorer?: string | null | undefined },
  ): Promise<void>;
  removeNetwork(projectId: string, network: string): Promise<boolean>;
}

/** Publishable and secret keys: only hashes are kept. */
export interface KeyStore {
  listKeys(projectId: string, page: PageRequest): Promise<Page<ProjectKey>>;
  readKey(projectId: string, keyId: string): Promise<ProjectKey | undefined>;
  createKey(
    projectId: string,
    key: {
      readonly id: string;
      readonly kind: "publishable" | "secret";
      readonly name: string | null;
      readonly scopes: readonly Scope[];
      readonly keyHash: Uint8Array;
      readonly lastFour: string;
      readonly expiresInSeconds: number | undefined;
      /** It ends then at the latest. */
      readonly endsAt: string | null;
    },
    /** Ends that one, unless it ends before. @throws manage.conflict when it has ended */
    successorOf?: { readonly keyId: string; readonly overlapSeconds: number },
  ): Promise<ProjectKey>;
  revokeKey(projectId: string, keyId: string): Promise<boolean>;
}

/** A policy belongs to one network of a project. */
export interface PolicyPlace {
  readonly projectId: string;
  readonly network: string;
}

/** A transaction that was decided about. */
interface PastDecision {
  readonly network: string;
  readonly userId: string;
  readonly wallet: string;
  /** The bytes as they came; of a group, one transaction behind the other. */
  readonly transaction: Uint8Array;
  readonly decidedAt: Date;
  readonly verdict: "sponsor" | "refuse";
  readonly code: string | null;
  readonly policyVersion: number | null;
}

/** A policy on its way into force. */
export interface Publication {
  readonly document: unknown;
  /** In force when it was checked. */
  readonly expected: number | null;
  /** True: it may be in force only beside a budget of rent. */
  readonly needsRentBudget: boolean;
  /** It ends when it is still what is published: what somebody has saved in it since stays. */
  readonly draft: { readonly id: string; readonly document: unknown } | undefined;
}

/** Versions of policies, drafts of them, and what explanations are about. Undefined: the project has nothing like it. */
export interface PolicyStore {
  listPolicies(place: PolicyPlace, page: PageRequest): Promise<Page<PolicyVersion> | undefined>;
  readPolicy(
    place: PolicyPlace,
    version: number | "current",
  ): Promise<(PolicyVersion & { readonly document: unknown }) | undefined>;
  /** What is in force, the version to compare with (absent: that one), and what lints need to know besides. */
  readInForce(
    place: PolicyPlace,
    against?: number,
  ): Promise<
    { readonly current: number | null; readonly document: unknown; readonly hasRentBudget: boolean } | undefined
  >;
  /** The new version, and the end of the draft it was. @throws manage.conflict with `currentVersion`, request.not_found */
  publishPolicy(place: PolicyPlace, publication: Publication): Promise<number>;
  /** @throws manage.conflict with `currentVersion`, or when the budget of rent that it needs is gone; request.not_found */
  rollBackPolicy(
    place: PolicyPlace,
    version: number,
    rollBack: { readonly expected: number; readonly needsRentBudget: boolean },
  ): Promise<void>;
  listDrafts(place: PolicyPlace, page: PageRequest): Promise<Page<Omit<Draft, "document">> | undefined>;
  /** @throws manage.conflict when there are too many, request.not_found */
  createDraft(place: PolicyPlace, draft: Pick<Draft, "id" | "name" | "document">): Promise<Draft>;
  readDraft(place: PolicyPlace, draftId: string): Promise<Draft | undefined>;
  /** @throws manage.conflict with `version`, request.not_found */
  changeDraft(
    place: PolicyPlace,
    draftId: string,
    change: { readonly version: string; readonly name?: string | undefined; readonly document: Draft["document"] },
  ): Promise<Draft>;
  removeDraft(place: PolicyPlace, draftId: string): Promise<boolean>;
  /** The end of a draft that says what is in force already. @throws request.not_found */
  endDraft(place: PolicyPlace, draft: NonNullable<Publication["draft"]>): Promise<void>;
  readDecision(projectId: string, decisionId: string): Promise<PastDecision | undefined>;
  /** Whose wallet it is in the project. */
  findUserOf(projectId: string, wallet: string): Promise<string | undefined>;
}

/** What is searched of the decisions; times as they were asked for. */
export type DecisionFilter = Omit<DecisionQuery, "limit" | "cursor">;
export type RelayFilter = Omit<ManagedRelayQuery, "limit" | "cursor">;

/** A relay with whose it is. */
export interface FoundRelay {
  readonly record: RelayRecord;
  readonly userId: string;
  readonly wallet: string;
  readonly policyVersion: number;
}

/** What happened in a project: each search goes along an index, and is bounded by its page. */
export interface TrafficStore {
  searchDecisions(projectId: string, filter: DecisionFilter, page: PageRequest): Promise<Page<Decision>>;
  readDecisionDetail(projectId: string, decisionId: string): Promise<DecisionDetail | undefined>;
  searchRelays(projectId: string, filter: RelayFilter, page: PageRequest): Promise<Page<FoundRelay>>;
  readRelayDetail(
    projectId: string,
    relayId: string,
  ): Promise<
    | (FoundRelay & {
        readonly sponsor: string;
        readonly signedAt: Date | null;
        readonly explorer: string | null;
        readonly transaction: Uint8Array;
        readonly decisionId: string | null;
        readonly accounts: readonly string[] | null;
      })
    | undefined
  >;
  searchUsers(projectId: string, wallet: string | undefined, page: PageRequest): Promise<Page<ManagedUser>>;
  readUserDetail(projectId: string, userId: string): Promise<ManagedUserDetail | undefined>;
  /** How many were open; undefined: there is no such user, or session. */
  revokeSessionsOf(
    projectId: string,
    whose: { readonly userId: string } | { readonly sessionId: string },
  ): Promise<number | undefined>;
}

export type ListName = "denied" | "allowed";

/** Where a list or a job belongs. */
export interface NetworkPlace {
  readonly projectId: string;
  readonly network: NetworkName;
}

/** Addresses that are denied, and wallets that are allowed, on a network of a project. */
export interface ListStore {
  /** Newest first. Undefined: the project does not have the network. */
  listEntries(
    list: ListName,
    place: NetworkPlace,
    search: string | undefined,
    page: PageRequest,
  ): Promise<(Page<ListEntry> & { readonly total: number }) | undefined>;
  /** Adds it, or changes its note and end. @throws manage.conflict when the list is full */
  putEntry(list: ListName, place: NetworkPlace, entry: FileEntry): Promise<ListEntry>;
  /** False: it is not there. */
  removeEntry(list: ListName, place: NetworkPlace, address: string): Promise<boolean>;
}

export interface NewJob extends NetworkPlace {
  readonly id: string;
  readonly kind: Job["kind"];
  /** In words. */
  readonly label: string;
}

/** Longer work as those who start it see it. */
export interface JobStore {
  /** Entries are `[address, note, end]`. @throws manage.conflict when too many jobs of the project have not ended */
  createImport(
    job: NewJob,
    input: {
      readonly list: ListName;
      readonly mode: "add" | "replace";
      readonly entries: readonly (readonly [string, string | null, string | null])[];
      /** For the log: which file it was. */
      readonly file: { readonly sha256: string; readonly lines: number };
      /** Whom the log names for what the import changes. */
      readonly actor: Actor;
    },
  ): Promise<Job>;
  /** Of everything that was decided until now. @throws manage.conflict when too many jobs of the project have not ended */
  createBacktest(job: NewJob, input: { readonly days: number; readonly document: unknown }): Promise<Job>;
  listJobs(
    projectId: string,
    filter: { readonly state?: Job["state"] | undefined; readonly kind?: Job["kind"] | undefined },
    page: PageRequest,
  ): Promise<Page<Job>>;
  readJob(projectId: string, jobId: string): Promise<Job | undefined>;
  /** Undefined: there is none. @throws manage.conflict when it is no dead letter */
  retryJob(projectId: string, jobId: string): Promise<Job | undefined>;
  /** Undefined: there is none. @throws manage.conflict when it has ended */
  discardJob(projectId: string, jobId: string): Promise<Job | undefined>;
}

/** What a network came to between two moments. */
export interface UsagePoint {
  readonly network: string;
  /** Where it begins. */
  readonly atMs: number;
  readonly relays: number;
  readonly finalized: number;
  readonly failed: number;
  readonly expired: number;
  readonly open: number;
  readonly refused: number;
  /** Different ones. */
  readonly users: number;
  readonly fee: bigint;
  readonly rent: bigint;
  /** Relays by their time from signing to the end, in the buckets of `domain/usage.ts`. */
  readonly landTimes: readonly number[];
}

/** What happened in a project, out of its hours' sums. */
export interface OverviewStore {
  readUsage(
    projectId: string,
    span: { readonly fromMs: number; readonly step: "hour" | "day" },
    network: string | undefined,
  ): Promise<{
    /** Only those in which something happened. */
    readonly points: readonly UsagePoint[];
    /** Of the project, and in its order. */
    readonly networks: readonly string[];
    readonly refusals: { readonly code: string; readonly count: number }[];
    readonly users: { readonly active: number; readonly created: number };
  }>;
}

/** Budgets of a project's network. */
export interface BudgetStore {
  /** Undefined: the project does not have the network. */
  listBudgets(place: NetworkPlace): Promise<BudgetList | undefined>;
  /** Ids are those of budgets that are new. @throws manage.conflict when the project was changed meanwhile */
  setBudgets(
    place: NetworkPlace,
    /** Of the project, and of the policy in force beside which they were found to be enough. */
    seen: { readonly version: string; readonly policyVersion: number | null },
    budgets: readonly (BudgetChange["data"][number] & { readonly id: string })[],
  ): Promise<void>;
}

/** A sponsor as it is kept; what this deployment can do with it is not known here. */
export interface StoredSponsor extends Pick<ManagedSponsor, "id" | "network" | "address" | "state" | "isMember"> {
  /** True: it is the organization's own, and may be given to its projects. */
  readonly isOwn: boolean;
  readonly balance: bigint | null;
  readonly balanceFloor: bigint;
  readonly observedAt: Date | null;
  /** Fee and rent of the last seven days. */
  readonly spent: bigint;
}

/** Who pays. */
export interface SponsorStore {
  /** The organization's, on every network. */
  listOrganizationSponsors(organizationId: string): Promise<readonly StoredSponsor[]>;
  /** Those that pay for the project, and the organization's others on its networks. */
  listSponsors(project: Pick<AccessProject, "id" | "organizationId">): Promise<readonly StoredSponsor[]>;
  /** One step: both, or neither. @throws manage.conflict when `removed` pays no more, or the project does not have the network */
  changePool(
    projectId: string,
    network: string,
    change: { readonly added?: string; readonly removed?: string },
  ): Promise<void>;
}

/** What was changed, as the log has it. */
export interface AuditStore {
  /** The chain is a project's, or an organization's. */
  listAudit(chain: string, page: PageRequest): Promise<Page<AuditEntry>>;
}
