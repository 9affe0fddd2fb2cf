import type { SolanaPolicy } from "../contract/policy.ts";
import { isMainnet, type NetworkName } from "./network.ts";

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
  readonly addressRequestsPerMinute: number;
  readonly keyRequestsPerMinute: number;
  readonly userRelaysPerMinute: number;
}

export interface ProjectNetwork {
  readonly network: NetworkName;
  /** The address that `prepare` gives out; undefined when no active sponsor is left. */
  readonly sponsorAddress: string | undefined;
  /** The addresses that may pay: its own sponsor, and for five minutes the one before. */
  readonly acceptedSponsors: readonly string[];
  /** Every key of the network's pool, retired ones too: none may appear in an instruction. */
  readonly sponsorPool: readonly SponsorKey[];
  readonly explorer: string | null;
  readonly policy: { readonly version: number; readonly document: SolanaPolicy } | undefined;
}

export interface SponsorKey {
  readonly address: string;
  readonly state: "active" | "draining" | "retired";
}

/** The network of a project, or undefined when the project does not have it. A test project never has a mainnet, whatever is stored. */
export function enabledNetwork(project: Project, network: NetworkName): ProjectNetwork | undefined {
  if (project.environment === "test" && isMainnet(network)) return undefined;
  return project.networks.find((candidate) => candidate.network === network);
}
