import type { SolanaPolicy } from "../../src/contract/policy.ts";
import { type CompiledPolicy, compilePolicy } from "../../src/domain/policy/compile.ts";
import { ADDRESS_LOOKUP_TABLE_PROGRAM, KNOWN_PROGRAMS } from "../../src/domain/policy/programs/known-programs.ts";
import type { ProjectNetwork } from "../../src/domain/project.ts";
import { SWITCHES } from "../matrix/places.ts";
import { createRandom, type Random } from "../simulation/random.ts";
import { memo } from "../support/instructions.ts";
import {
  encodeMessage,
  joinSignatures,
  type MessageModel,
  type MessageVersion,
  planMessage,
} from "../support/message.ts";
import { ALLOWS_EVERYTHING } from "../support/policies.ts";
import { type Draw, drawInstructions } from "./instructions.ts";
import { mutateBytes, mutateMessage } from "./mutate.ts";
import type { Scene } from "./scene.ts";

/** One transaction as somebody posts it, and the project that it is posted to. */
export interface FuzzCase {
  readonly seed: number;
  readonly kinds: readonly string[];
  readonly version: MessageVersion;
  readonly usesTable: boolean;
  readonly isMutated: boolean;
  readonly network: ProjectNetwork;
  readonly document: SolanaPolicy;
  readonly policy: CompiledPolicy;
  readonly wire: Uint8Array<ArrayBuffer>;
  /** What is done to the chain's accounts, before or between. */
  readonly random: Random;
}

type FuzzProject = Pick<FuzzCase, "network" | "document" | "policy">;

const POLICIES = 40;

function drawPolicy(random: Random, { table }: Pick<Scene, "table">): SolanaPolicy {
  const openness = random.pick(["none", "some", "all", "all"]);
  const isOn = (): boolean => openness === "all" || (openness === "some" && random.chance(0.5));
  const isDear = random.chance(0.3);
  return {
    allow: ALLOWS_EVERYTHING.allow.filter(() => openness === "all" || random.chance(0.95)),
    sponsorRoles: SWITCHES.filter(isOn).map(({ program, role }) => ({ program, role })),
    ...(random.chance(0.85) && { maxRent: random.pick(["4000000", "10000000000"]) }),
    unlistedPrograms: random.chance(0.5),
    walletAssertions: random.chance(0.5),
    lookupTables: random.pick([true, true, false, [table.address], [ADDRESS_LOOKUP_TABLE_PROGRAM]]),
    maxSignatures: random.pick([4, 12]),
    maxFee: isDear ? "20000000000" : "200000",
    maxComputeUnits: 1_400_000,
    maxComputeUnitPrice: isDear ? "18446744073709551615" : "1000000",
  };
}

/** Projects with switches on and off in every mixture. */
export function drawProjects(scene: Pick<Scene, "sponsor" | "spare" | "table">, seed: number): readonly FuzzProject[] {
  const random = createRandom(seed);
  return Array.from({ length: POLICIES }, () => {
    const document = drawPolicy(random, scene);
    const policy = compilePolicy(document);
    const network: ProjectNetwork = {
      network: "solana:localnet",
      sponsors: [],
      acceptedSponsors: [scene.sponsor],
      sponsorPool: [scene.sponsor, scene.spare].map((address) => ({ address, state: "active" })),
      explorer: null,
      policy: { version: 1, compiled: policy },
    };
    return { document, policy, network };
  });
}

/** Signed by everybody whose key an attacker has; the sponsor's slot is empty, mostly. */
function signCase(model: MessageModel, { random, keys }: Draw): Uint8Array<ArrayBuffer> {
  const message = encodeMessage(model);
  const slots = Array.from({ length: model.requiredSignatures }, (_, index) => {
    const key = keys.get(model.accounts[index] ?? "");
    return key === undefined || random.chance(0.005) ? new Uint8Array(64) : key.sign(message);
  });
  if (random.chance(0.01)) slots[0] = new Uint8Array(64).fill(random.below(256));
  return joinSignatures(model.version, message, slots);
}

export function drawCase(seed: number, scene: Scene, projects: readonly FuzzProject[]): FuzzCase {
  const random = createRandom(seed);
  const draw: Draw = { random, scene, keys: new Map(scene.keys) };
  const parts = Array.from({ length: random.pick([1, 1, 2, 3]) }, () => drawInstructions(draw));
  const version = random.pick(["legacy", 0, 0, 1] as const);
  const usesTable = version === 0 && random.chance(0.4);
  const planned = planMessage({
    version,
    feePayer: random.chance(0.98) ? scene.sponsor : random.pick([scene.user, scene.spare]),
    blockhash: scene.chain.blocks.newest().blockhash,
    instructions: [
      ...parts.flatMap(({ instructions }) => instructions),
      // A number of its own, so that no two are the same transaction.
      memo([scene.user], `case ${seed}`),
    ],
    ...(usesTable && { tables: [scene.table] }),
    ...(version === 1 &&
      random.chance(0.9) && {
        config: {
          ...(random.chance(0.5) && { priorityFee: BigInt(random.pick([0, 1, 5_000, 50_000])) }),
          computeUnits: random.pick([0, 300_000, 1_400_000]),
          dataSize: random.pick([1, 4_000_000, 4_000_000, 64_000_000]),
        },
      }),
  });
  const isMutated = random.chance(0.3);
  const wire = signCase(isMutated ? mutateMessage(planned, random, scene) : planned, draw);
  return {
    seed,
    kinds: parts.map(({ kind }) => kind),
    version,
    usesTable: planned.tables.length > 0,
    isMutated,
    ...random.pick(projects),
    wire: isMutated && random.chance(0.1) ? mutateBytes(wire, random) : wire,
    random,
  };
}

export const programName = (address: string): string => KNOWN_PROGRAMS.get(address)?.name ?? address;
