import type { AccessStore } from "../../manage-ports.ts";
import { describe, expect, test } from "vitest";
import { KNOWN_PROGRAMS, SYSTEM_PROGRAM } from "../../domain/policy/programs/known-programs.ts";
import { solanaPolicies } from "../../adapters/chains/solana/policy.ts";
import { allowedKey, type CompiledPolicy } from "../../domain/policy/compile.ts";
import { ALLOWS_EVERYTHING } from "../../../test/support/policies.ts";
import { AppError } from "../../errors.ts";
import type {
  ChainPort,
  FoundProject,
  LimiterPort,
  LogPort,
  ProjectCache,
  StorePort,
  StoredProject,
} from "../../ports.ts";
import { assertActive, findProjectById, findProjectByKey, readProjectAgain } from "./find-project.ts";

const KEY = `pk_test_${"a".repeat(24)}`;
const ADDRESS = "203.0.113.7";
const ORIGIN = "https://shop.example";

const storedProject = (changes: Partial<StoredProject> = {}): StoredProject => ({
  id: "prj_1",
  name: "Shop",
  environment: "test",
  status: "active",
  revision: 1n,
  statement: "Sign in.",
  theme: {},
  locale: "en",
  origins: [ORIGIN],
  networks: [],
  requestsPerMinute: 1,
  addressSignInsPerMinute: 1,
  addressRequestsPerMinute: 1,
  keyRequestsPerMinute: 1,
  userRelaysPerMinute: 1,
  ...changes,
});
const withPolicy = (document: unknown, version = 3, network = "solana:devnet"): Partial<StoredProject> => ({
  networks: [
    {
      network,
      sponsors: [],
      acceptedSponsors: [],
      sponsorPool: [],
      explorer: null,
      policy: { version, document },
    },
  ],
});

/** A store with one project, a cache that keeps everything, and what was asked and logged. */
function createWorld(project = storedProject()) {
  const world = {
    project: project as StoredProject | undefined,
    unknownKeys: 0,
    asked: [] as Parameters<StorePort["findProject"]>[0][],
    logged: [] as unknown[],
    cached: new Map<string, FoundProject | "unknown">(),
  };
  const log =
    (level: string): LogPort["error"] =>
    (event, fields) =>
      world.logged.push([level, event, fields]);
  const projects: ProjectCache = {
    get: (key) => world.cached.get(key),
    set: (key, found) => world.cached.set(key, found),
    forget: (projectId) => {
      for (const [key, found] of world.cached)
        if (found !== "unknown" && found.project.id === projectId) world.cached.delete(key);
    },
  };
  const findProject: StorePort["findProject"] = (by) => {
    world.asked.push(by);
    return Promise.resolve(world.project && { project: world.project, keyId: "key_1" });
  };
  const ports = {
    store: { findProject } as StorePort,
    projects,
    limiter: {
      countLookup: ({ name, perMinute }, amount) => {
        world.unknownKeys += amount;
        return { name, limit: perMinute, remaining: perMinute - world.unknownKeys, resetSeconds: 9 };
      },
    } as LimiterPort,
    log: { info: log("info"), warn: log("warn"), error: log("error") },
    hash: { sha256: (data: Uint8Array) => Promise.resolve(data.slice(-8)) },
    access: { touchKey: () => Promise.resolve() } as Partial<AccessStore> as AccessStore,
    background: () => undefined,
    api: "https://api.example",
    networks: ["solana:devnet" as const],
    // One network is served here.
    chains: (network: string) =>
      network === "solana:devnet" ? ({ policies: solanaPolicies } as Partial<ChainPort> as ChainPort) : undefined,
  };
  return { world, ports };
}

const codeOf = async (work: Promise<unknown>): Promise<string | undefined> => {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.code : "another error";
  }
};

describe("a project's policy", () => {
  const policyOf = async (document: unknown, network = "solana:devnet") => {
    const { ports, world } = createWorld(storedProject(withPolicy(document, 3, network)));
    const { project } = await findProjectById(ports, "prj_1");
    return { policy: project.networks[0]?.policy, logged: world.logged };
  };

  test("is compiled once, when the project is read", async () => {
    const { policy, logged } = await policyOf(ALLOWS_EVERYTHING);
    expect(policy?.version).toBe(3);
    expect(policy?.compiled.family).toBe("solana");
    const compiled = policy?.compiled as CompiledPolicy;
    expect(compiled.document).toEqual(ALLOWS_EVERYTHING);
    expect(compiled.listed).toEqual(new Set(KNOWN_PROGRAMS.keys()));
    expect(compiled.allowed.has(allowedKey(SYSTEM_PROGRAM, "transfer"))).toBe(true);
    expect(logged).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["nothing", null],
    ["text", "allow everything"],
    ["a field that this version does not know", { ...ALLOWS_EVERYTHING, allowlist: [] }],
    ["a bound missing", { ...ALLOWS_EVERYTHING, maxFee: undefined }],
  ])("that has %s sponsors nothing, and somebody is told", async (_, document) => {
    const { policy, logged } = await policyOf(document);
    expect(policy).toBeUndefined();
    expect(logged).toEqual([
      ["error", "policy.unreadable", { projectId: "prj_1", network: "solana:devnet", version: 3 }],
    ]);
  });

  test.each([ALLOWS_EVERYTHING, null])(
    "of a network that this deployment does not serve is nobody's to read: %o",
    async (document) => {
      const { policy, logged } = await policyOf(document, "solana:testnet");
      expect(policy).toBeUndefined();
      expect(logged).toEqual([]);
    },
  );

  test("that is not there is nothing to complain about", async () => {
    const [network] = withPolicy({}).networks ?? [];
    const networks = network ? [{ ...network, policy: undefined }] : [];
    const { ports, world } = createWorld(storedProject({ networks }));
    expect((await findProjectById(ports, "prj_1")).project.networks[0]?.policy).toBeUndefined();
    expect(world.logged).toEqual([]);
  });
});

describe("a project is found", () => {
  test("by its key's hash, never by the key", async () => {
    const { ports, world } = createWorld();
    expect(await findProjectByKey(ports, KEY, ADDRESS)).toMatchObject({ project: { id: "prj_1" }, keyId: "key_1" });
    expect(world.asked).toEqual([{ keyHash: new TextEncoder().encode(KEY).slice(-8) }]);
    expect([...world.cached.keys()].join(" ")).not.toContain(KEY);
  });

  test.each([
    ["of 16 letters", `pk_live_${"a".repeat(16)}`],
    ["of 64 letters", `pk_test_${"a".repeat(64)}`],
    ["of every kind of letter", `pk_test_AZaz09_-${"a".repeat(16)}`],
  ])("by a key %s", async (_, key) => {
    expect((await findProjectByKey(createWorld().ports, key, ADDRESS)).project.id).toBe("prj_1");
  });

  test("once, and then from memory", async () => {
    const { ports, world } = createWorld();
    const first = await findProjectByKey(ports, KEY, ADDRESS);
    expect(await findProjectByKey(ports, KEY, ADDRESS)).toBe(first);
    expect(world.asked).toHaveLength(1);
  });

  test("never, where it is not: which is remembered as well", async () => {
    const { ports, world } = createWorld();
    world.project = undefined;
    expect(await codeOf(findProjectByKey(ports, KEY, ADDRESS))).toBe("project.key_invalid");
    expect(await codeOf(findProjectByKey(ports, KEY, ADDRESS))).toBe("project.key_invalid");
    expect(await codeOf(findProjectById(ports, "prj_2"))).toBe("auth.token_invalid");
    expect(world.asked).toHaveLength(2);
  });

  test.each([
    "",
    "pk_test_",
    `pk_test_${"a".repeat(15)}`,
    `pk_test_${"a".repeat(65)}`,
    `sk_test_${"a".repeat(24)}`,
    `pk_prod_${"a".repeat(24)}`,
    `${KEY} `,
  ])("never by what is no key, and the store is not asked: '%s'", async (key) => {
    const { ports, world } = createWorld();
    expect(await codeOf(findProjectByKey(ports, key, ADDRESS))).toBe("project.key_invalid");
    expect(world.asked).toEqual([]);
  });
});

describe("keys that are guessed", () => {
  const guess = (number: number) => `pk_test_${"b".repeat(16)}${String(number).padStart(8, "0")}`;

  test("are looked up six hundred times in a minute, and what is remembered is found all the same", async () => {
    const { ports, world } = createWorld();
    await findProjectByKey(ports, KEY, ADDRESS);
    const { project } = world;
    world.project = undefined;
    for (let number = 0; number < 600; number++) {
      expect(await codeOf(findProjectByKey(ports, guess(number), ADDRESS))).toBe("project.key_invalid");
    }
    world.project = project;
    expect(await codeOf(findProjectByKey(ports, guess(600), ADDRESS))).toBe("rate.limited");
    expect((await findProjectByKey(ports, KEY, ADDRESS)).project.id).toBe("prj_1");
    expect(world.asked).toHaveLength(601);
  });

  test("all at once are looked up no more often", async () => {
    const { ports, world } = createWorld();
    world.project = undefined;
    const codes = await Promise.all(
      Array.from({ length: 1_000 }, (_, number) => codeOf(findProjectByKey(ports, guess(number), ADDRESS))),
    );
    expect(codes.filter((code) => code === "rate.limited")).toHaveLength(400);
    expect(world.asked).toHaveLength(600);
  });

  test("cost those nothing whose keys are known", async () => {
    const { ports, world } = createWorld();
    for (let number = 0; number < 700; number++) await findProjectByKey(ports, guess(number), ADDRESS);
    expect(world.unknownKeys).toBe(0);
  });
});

describe("a project that is read again", () => {
  const again = async (changes: Partial<StoredProject>) => {
    const { ports, world } = createWorld();
    const { project } = await findProjectById(ports, "prj_1");
    world.project = storedProject({ revision: 2n, ...changes });
    return readProjectAgain(ports, project, ORIGIN);
  };

  test("is the one of now, whatever was in memory", async () => {
    expect((await again({ name: "Shop 2" })).name).toBe("Shop 2");
  });

  test.each<[string, Partial<StoredProject>, string]>([
    ["is suspended since", { status: "suspended" }, "project.suspended"],
    ["has given up the origin since", { origins: ["https://other.example"] }, "project.origin_not_allowed"],
  ])("is refused when it %s", async (_, changes, code) => {
    expect(await codeOf(again(changes))).toBe(code);
  });

  test("is refused when it is no longer there", async () => {
    const { ports, world } = createWorld();
    const { project } = await findProjectById(ports, "prj_1");
    world.project = undefined;
    expect(await codeOf(readProjectAgain(ports, project, ORIGIN))).toBe("auth.token_invalid");
  });
});

test("a suspended project does nothing", async () => {
  const { ports } = createWorld(storedProject({ status: "suspended" }));
  const { project } = await findProjectById(ports, "prj_1");
  expect(() => {
    assertActive(project);
  }).toThrow("suspended");
});
