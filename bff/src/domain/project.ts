import { isMainnet, type NetworkFamily, type NetworkName } from "./network.ts";

/** A project as a request needs it: one read, kept for at most five seconds. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly environment: "test" | "live";
  readonly status: "active" | "suspended";
  readonly revision: bigint;
  readonly statement: string;
  readonly theme: Readonly<Record<string, string>>;
  readonly locale: string;
  readonly origins: readonly string[];
  readonly networks: readonly ProjectNetwork[];
  readonly requestsPerMinute: number;
  readonly addressRequestsPerMinute: number;
  readonly addressSignInsPerMinute: number;
  readonly keyRequestsPerMinute: number;
  readonly userRelaysPerMinute: number;
}

export interface ProjectNetwork {
  readonly network: NetworkName;
  /** The project's pool, those too that are being drained or have left it within five minutes: as `draining`. */
  readonly sponsors: readonly ProjectSponsor[];
  /** The addresses that may pay: the pool, and for five minutes who was taken out of it. */
  readonly acceptedSponsors: readonly string[];
  /** Every key of the network's pool, retired ones too: none may appear in an instruction. */
  readonly sponsorPool: readonly SponsorKey[];
  readonly explorer: string | null;
  readonly policy: { readonly version: number; readonly compiled: FamilyPolicy } | undefined;
}

/** A policy made ready for decisions, in the language of its network's family: only that one looks into it. */
export interface FamilyPolicy {
  readonly family: NetworkFamily;
}

export interface SponsorKey {
  readonly address: string;
  readonly state: "active" | "draining" | "retired";
}

export interface ProjectSponsor extends SponsorKey {
  readonly id: string;
  /** Base units that a node told last; null: none could yet. */
  readonly balance: bigint | null;
  /** Base units below which it pays for nothing. */
  readonly balanceFloor: bigint;
  /** Its own budget leaves nothing for another relay. */
  readonly isSpent: boolean;
}

/** The network of a project, or undefined when the project does not have it. A test project never has a mainnet, whatever is stored. */
export function enabledNetwork(project: Project, network: NetworkName): ProjectNetwork | undefined {
  if (project.environment === "test" && isMainnet(network)) return undefined;
  return project.networks.find((candidate) => candidate.network === network);
}
