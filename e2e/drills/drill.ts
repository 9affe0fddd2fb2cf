import type { Stack, StackOptions } from "@gasless/localnet/testing/stack";
import { startStack, TEMPLATE } from "@gasless/localnet/testing/stack";
import { audit } from "./audit.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { inSeconds } from "./support.ts";

/** `full` is the drill as docs promise it; `short` is the same in little, for `npm test`. */
type Scale = "full" | "short";

/** A deployment in which a drill takes place, and what its ledger will be held against. */
export interface Scene {
  readonly stack: Stack;
  readonly scale: Scale;
  /** How long a transaction can land after it was prepared. */
  readonly lifeMs: number;
  /** What may stand in no log: the deployment's secrets, and every token that it has given. */
  readonly hidden: Set<string>;
  /** What each sponsor owned at the beginning, by its address. */
  readonly sponsorsBefore: ReadonlyMap<string, bigint>;
  /** What the drill itself took from a sponsor, past every rule; below zero: gave to it. */
  readonly taken: Map<string, bigint>;
  /** Whoever is on call. */
  readonly receiver: Receiver;
  /** Tells what was done and measured. */
  say(line: string): void;
  /** Kills PostgreSQL with everything that it has in memory, then starts it again where it was. */
  crashDatabase(whileDown: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export interface Drill {
  /** In the design's list of drills. */
  readonly number: number;
  /** The promise, as a sentence. */
  readonly title: string;
  readonly stack?: (scale: Scale) => Partial<StackOptions>;
  readonly run: (scene: Scene) => Promise<void>;
}

export interface SceneOptions {
  readonly postgresUrl: string;
  readonly scale: Scale;
  readonly stack?: Partial<StackOptions> | undefined;
  readonly say?: (line: string) => void;
  readonly crashDatabase?: Scene["crashDatabase"];
}

/** The most slots in which a transaction can land. Source: Agave, MAX_PROCESSING_AGE. */
const LIFE_SLOTS = 150;
/** What a slot takes where nothing else is said, and where the drill itself moves time. */
const SLOT_MS = 400;
/** Blocks follow each other twenty times faster than on mainnet. */
const FAST = { slotMs: 20, finalityDepth: 4 };

export async function openScene(options: SceneOptions): Promise<Scene> {
  const given = { ...FAST, ...options.stack };
  const receiver = await startReceiver();
  const bindings = {
    ...options.stack?.bindings,
    ALERT_WEBHOOK_URL: receiver.url,
    ALERT_WEBHOOK_SECRET: receiver.secret,
  };
  const stack = await startStack({ postgresUrl: options.postgresUrl, template: TEMPLATE, ...given, bindings });
  const balances = stack.sponsors.map(async ({ address }) => [address, await stack.balanceOf(address)] as const);
  return {
    stack,
    scale: options.scale,
    lifeMs: LIFE_SLOTS * (given.slotMs || SLOT_MS),
    hidden: new Set([...stack.hidden, receiver.secret]),
    sponsorsBefore: new Map(await Promise.all(balances)),
    taken: new Map(),
    receiver,
    say: options.say ?? (() => undefined),
    crashDatabase:
      options.crashDatabase ?? (() => Promise.reject(new Error("this PostgreSQL is not this drill's alone"))),
    async close() {
      await stack.close();
      await receiver.close();
    },
  };
}

/** A drill from its stack to the audit of its ledger. @throws when a promise does not hold */
export async function runDrill(drill: Drill, options: Omit<SceneOptions, "stack">): Promise<void> {
  const startedAtMs = performance.now();
  const scene = await openScene({ ...options, stack: drill.stack?.(options.scale) });
  try {
    await drill.run(scene);
    scene.say(await audit(scene));
  } finally {
    await scene.close();
    scene.say(`took ${inSeconds(performance.now() - startedAtMs)}`);
  }
}
