import type { Membership } from "../../../../bff/src/contract/manage/organizations.ts";
import type { ManagedProject } from "../../../../bff/src/contract/manage/projects.ts";
import type { Role } from "../../../../bff/src/contract/manage/values.ts";

/** What the fake is asked for by the address of the test page. */
export interface FakeOptions {
  readonly role: Role;
  /**
   * `empty`: a project that was made just now; `busy`: one with a month of traffic; `readded`: the same after its networks
   * were removed and added again, so that no version is in force.
   */
  readonly state: "empty" | "busy" | "readded";
  /** `outside`: signed in, and a member of nothing; `unclaimed`: so is everybody. */
  readonly standing?: "member" | "outside" | "unclaimed";
}

/** An id that looks like one. */
export const fakeId = (prefix: string, index: number): string =>
  `${prefix}_${String(index).padStart(26, "01jf8zq0k3f7c9v2m5n8p1r4st".slice(0, 26 - String(index).length))}`;

const MINUTE_MS = 60_000;
/** So many minutes before now: a fake's times are told as a person would. */
export const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * MINUTE_MS).toISOString();
export const daysAgo = (days: number): string => minutesAgo(days * 1440);

/** An address of the length and letters that Solana's have. */
export const fakeAddress = (index: number): string =>
  `${String.fromCharCode(65 + (index % 24))}7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y${index.toString(36).replaceAll(/[0lo]/g, "x").padStart(2, "Q")}`.slice(
    0,
    44,
  );

/** The one code that the fake's claims and invitations take. */
export const FAKE_CODE = "Zk3vN8pQ2rT5wY7xB1cD4fG6hJ9mL0sA";
export const USER_ID = fakeId("usr", 1);
export const WALLET = "solana:7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q";
export const ORGANIZATION_ID = fakeId("org", 1);
/** The project that most tests are about: two networks, test. */
export const PROJECT_ID = fakeId("prj", 1);
export const LIVE_PROJECT_ID = fakeId("prj", 2);

export function fakeMembership(role: Role): Membership {
  return { organization: { id: ORGANIZATION_ID, name: "Night Market", version: "1", createdAt: daysAgo(90) }, role };
}

export function fakeProject(changes: Partial<ManagedProject> = {}): ManagedProject {
  return {
    id: PROJECT_ID,
    organizationId: ORGANIZATION_ID,
    name: "Ticket booth",
    environment: "test",
    status: "active",
    version: "3",
    statement: "Sign in to the ticket booth.",
    theme: { accent: "#0f6b5c" },
    locale: "auto",
    requestsPerMinute: 6000,
    addressRequestsPerMinute: 120,
    addressSignInsPerMinute: 10,
    keyRequestsPerMinute: 600,
    userRelaysPerMinute: 6,
    networks: ["solana:devnet", "algorand:testnet"],
    createdAt: daysAgo(60),
    ...changes,
  };
}
