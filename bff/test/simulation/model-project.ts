import type { SolanaPolicy } from "../../src/contract/policy.ts";
import { compilePolicy } from "../../src/domain/policy/compile.ts";
import type { Project } from "../../src/domain/project.ts";
import type { StoredProject } from "../../src/ports.ts";
import { MEMO_PROGRAM, QUOTED_FEE, SPONSOR } from "./transactions.ts";

export const NETWORK = "solana:localnet";
export const PROJECT_ID = "prj_1";
export const ORIGIN = "https://dapp.example";

/** What the administrator may change while relays are on their way. */
export interface ProjectState {
  revision: bigint;
  policyVersion: number;
  allowsMemos: boolean;
  /** An address that no transaction may name. */
  denied: string | undefined;
}

function documentFor(allowsMemos: boolean): SolanaPolicy {
  return {
    allow: allowsMemos ? [{ program: MEMO_PROGRAM, instruction: "memo" }] : [],
    maxSignatures: 2,
    maxFee: QUOTED_FEE.toString(),
    maxComputeUnits: 0,
    maxComputeUnitPrice: "0",
  };
}

const SPONSORING = documentFor(true);
const CLOSED = documentFor(false);
const COMPILED = { sponsoring: compilePolicy(SPONSORING), closed: compilePolicy(CLOSED) };

const SETTINGS = {
  network: NETWORK,
  sponsors: [{ id: "spn_1", address: SPONSOR, state: "active", balance: null, balanceFloor: 0n, isSpent: false }],
  acceptedSponsors: [SPONSOR],
  sponsorPool: [{ address: SPONSOR, state: "active" }],
  explorer: null,
} as const;

function withNetwork<Network>({ revision }: Readonly<ProjectState>, network: Network) {
  return {
    id: PROJECT_ID,
    name: "Simulated",
    environment: "test",
    status: "active",
    revision,
    statement: "Sign in.",
    theme: {},
    locale: "en",
    origins: [ORIGIN],
    networks: [network],
    requestsPerMinute: 1,
    addressSignInsPerMinute: 1,
    addressRequestsPerMinute: 1,
    keyRequestsPerMinute: 1,
    userRelaysPerMinute: 1,
  } as const;
}

/** The project as the store has it. */
export function storedProject(state: Readonly<ProjectState>): StoredProject {
  const document = state.allowsMemos ? SPONSORING : CLOSED;
  return withNetwork(state, { ...SETTINGS, policy: { version: state.policyVersion, document } });
}

/** The same as an isolate has read it. */
export function projectOf(state: Readonly<ProjectState>): Project {
  const compiled = state.allowsMemos ? COMPILED.sponsoring : COMPILED.closed;
  return withNetwork(state, { ...SETTINGS, policy: { version: state.policyVersion, compiled } });
}
