import { createHash } from "node:crypto";
import { drizzle } from "drizzle-orm/node-postgres";
import type { Client, Pool } from "pg";
import {
  limits,
  policies,
  projectKeys,
  projectNetworks,
  projectOrigins,
  projects,
  projectSponsors,
  sponsors,
} from "./schema/index.ts";

const SYSTEM = "11111111111111111111111111111111";
const TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
const ASSOCIATED_TOKEN = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";
const COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111";
const MEMOS = [
  "Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo",
  "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr",
  "Memo4c2pN8afCj432Lb7RMVKi9PbQnnW7ewFFaV3oAH",
];

/** What the demo project sponsors: memos, the user's own transfers, and token accounts with their rent. */
export const demoPolicy = {
  allow: [
    ...MEMOS.map((program) => ({ program, instruction: "memo" })),
    { program: SYSTEM, instruction: "transfer", sessionWalletIs: ["source"] },
    { program: TOKEN, instruction: "transfer", sessionWalletIs: ["owner"] },
    { program: TOKEN, instruction: "transferChecked", sessionWalletIs: ["owner"] },
    { program: ASSOCIATED_TOKEN, instruction: "create" },
    { program: ASSOCIATED_TOKEN, instruction: "createIdempotent" },
    { program: COMPUTE_BUDGET, instruction: "setComputeUnitLimit" },
    { program: COMPUTE_BUDGET, instruction: "setComputeUnitPrice" },
  ],
  sponsorRoles: [{ program: ASSOCIATED_TOKEN, role: "payer" }],
  maxSignatures: 3,
  maxFee: "25000",
  maxComputeUnits: 200_000,
  maxComputeUnitPrice: "50000",
  maxRent: "6117840",
} as const;

/** What the demo project sponsors on Algorand: payments, one asset or any, and the minimum balance for it. */
export const algorandDemoPolicy = (asset?: bigint) => {
  const onlyIt = asset !== undefined && { arguments: { asset: { eq: asset.toString() } } };
  return {
    allow: [
      { transaction: "payment" },
      { transaction: "asset-opt-in", ...onlyIt },
      { transaction: "asset-transfer", ...onlyIt },
    ],
    maxFee: "5000",
    maxTransactions: 4,
    minimumBalance: { account: true, assets: asset === undefined ? true : [asset.toString()] },
    maxRent: "200000",
  };
};

const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";

/** An id that is the same every time for the same name, so that seeding twice makes nothing twice. */
export function seedId(prefix: string, name: string): string {
  const digest = createHash("sha256").update(`${prefix}:${name}`).digest();
  return `${prefix}_${Array.from(digest.subarray(0, 26), (byte) => CROCKFORD[byte % 32]).join("")}`;
}

export interface ProjectSeed {
  /** Names the project and everything that belongs to it. */
  readonly name: string;
  readonly publishableKey: string;
  readonly origins: readonly string[];
  readonly network: string;
  readonly sponsorAddress: string;
  readonly environment?: "test" | "live";
  readonly policy?: unknown;
  readonly limits?: readonly {
    readonly subjectKind: "user" | "project" | "policy";
    readonly window: "hour" | "day" | "month" | "lifetime";
    readonly unit: "relays" | "fee" | "rent";
    readonly amount: bigint;
  }[];
  readonly addressRequestsPerMinute?: number;
  readonly addressSignInsPerMinute?: number;
  readonly userRelaysPerMinute?: number;
}

export interface SeededProject {
  readonly projectId: string;
  readonly keyId: string;
  readonly sponsorId: string;
}

const demoLimits: NonNullable<ProjectSeed["limits"]> = [
  { subjectKind: "user", window: "day", unit: "relays", amount: 20n },
  { subjectKind: "user", window: "day", unit: "fee", amount: 200_000n },
  // Three token accounts of SPL Token.
  { subjectKind: "user", window: "day", unit: "rent", amount: 6_117_840n },
];

/** Microalgos: twenty relays, and the minimum balance of two assets with their account. */
export const algorandDemoLimits: NonNullable<ProjectSeed["limits"]> = [
  { subjectKind: "user", window: "day", unit: "relays", amount: 20n },
  { subjectKind: "user", window: "day", unit: "fee", amount: 100_000n },
  { subjectKind: "user", window: "lifetime", unit: "rent", amount: 300_000n },
];

/**
 * Makes a project with its key, origins, sponsor, policy and limits; without more it is the demo project's.
 * Idempotent: what is there already stays as it is, except that new origins are added.
 */
export async function createProject(client: Client | Pool, seed: ProjectSeed): Promise<SeededProject> {
  const projectId = seedId("prj", seed.name);
  const keyId = seedId("key", seed.publishableKey);
  const environment = seed.environment ?? "test";
  return drizzle(client).transaction(async (tx) => {
    const sponsor = { id: seedId("spn", `${seed.network} ${seed.sponsorAddress}`), network: seed.network };
    await tx
      .insert(sponsors)
      .values({ ...sponsor, address: seed.sponsorAddress })
      .onConflictDoNothing();
    await tx
      .insert(projects)
      .values({
        id: projectId,
        name: seed.name,
        environment,
        statement: `Sign in to ${seed.name}. This is free and sends no transaction.`,
        ...(seed.addressRequestsPerMinute && { addressRequestsPerMinute: seed.addressRequestsPerMinute }),
        addressSignInsPerMinute: seed.addressSignInsPerMinute ?? 1_200,
        ...(seed.userRelaysPerMinute && { userRelaysPerMinute: seed.userRelaysPerMinute }),
      })
      .onConflictDoNothing();
    const keyHash = createHash("sha256").update(seed.publishableKey).digest();
    await tx
      .insert(projectKeys)
      .values({ id: keyId, projectId, keyHash, lastFour: seed.publishableKey.slice(-4) })
      .onConflictDoNothing();
    if (seed.origins.length > 0) {
      await tx
        .insert(projectOrigins)
        .values(seed.origins.map((origin) => ({ projectId, origin })))
        .onConflictDoNothing();
    }
    const policy = { projectId, network: seed.network, version: 1, document: seed.policy ?? demoPolicy };
    await tx.insert(policies).values(policy).onConflictDoNothing();
    await tx
      .insert(projectNetworks)
      .values({ projectId, environment, network: seed.network, policyVersion: 1 })
      .onConflictDoNothing();
    await tx
      .insert(projectSponsors)
      .values({ projectId, network: seed.network, sponsorId: sponsor.id })
      .onConflictDoNothing();
    const own = (seed.limits ?? demoLimits).map((limit) => ({
      ...limit,
      id: seedId("lim", `${projectId} ${seed.network} ${limit.subjectKind} ${limit.window} ${limit.unit}`),
      projectId,
      network: seed.network,
    }));
    if (own.length > 0) await tx.insert(limits).values(own).onConflictDoNothing();
    return { projectId, keyId, sponsorId: sponsor.id };
  });
}
