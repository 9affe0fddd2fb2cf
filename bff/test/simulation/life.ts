import { sweepNetwork } from "../../src/jobs/sweep-network.ts";
import type { Ports } from "../../src/ports.ts";
import { sponsorRelay } from "../../src/services/relays/sponsor-relay.ts";
import { makeWishes, startClient } from "./clients.ts";
import { createInvariants, type InvariantName, type Violation } from "./invariants.ts";
import { createModelChain, type Fate } from "./model-chain.ts";
import type { Limit } from "./model-ledger.ts";
import { createModelPorts, type Model } from "./model-ports.ts";
import { NETWORK, type ProjectState } from "./model-project.ts";
import { createModelStore, type StoreRules } from "./model-store.ts";
import { createRandom, type Random } from "./random.ts";
import { createScheduler, type Process, type Recorder } from "./scheduler.ts";
import { startSweepers } from "./sweepers.ts";
import { LIFE_BLOCKS, QUOTED_FEE, userAddress } from "./transactions.ts";

/**
 * What is not promised yet, for a run that wants to see it break: that who was refused is not accepted after all by the
 * same key, and that a relay is not given up while nodes of honest providers are a minute behind and another one lies.
 */
export type OpenQuestion = "refusals" | "stale nodes";

/** The order in which a relay's steps are taken: the real one, or one that only seems to do. */
export interface Order {
  readonly name: string;
  /** The promise that breaks under a naive order. */
  readonly breaks?: InvariantName;
  readonly rules?: Partial<StoreRules>;
  readonly asks?: OpenQuestion;
  /** Puts its own steps before, after or in the place of the real ports'. */
  readonly arrange?: (ports: Ports, model: Model, process: Process) => Ports;
}

export const REAL_ORDER: Order = { name: "the real order" };

export interface Life {
  readonly violations: readonly Violation[];
  /** Empty unless it was asked for. */
  readonly log: readonly string[];
}

/** Half a minute before an hour ends, so that windows of budgets change under the relays. */
const START_MS = Date.UTC(2030, 5, 1, 11, 59, 30);
/** Long after everybody has ended who ever will. */
const END_MS = START_MS + 3_600_000;
/** What a relay may take besides the life of its blockhash and finality, once nothing fails any more. Source: reliability.md. */
const GRACE_MS = 120_000;
const FINALITY_BLOCKS = 40;
/** What providers that contradict each other may add to it. */
const DISAGREEMENT_MS = 300_000;

function makeLimits(random: Random): Limit[] {
  const amounts: readonly bigint[] = [1n, 2n, 3n, 100n];
  const window = random.pick(["hour", "lifetime"] as const);
  const fees = random.pick(amounts) * QUOTED_FEE + BigInt(random.below(Number(QUOTED_FEE)));
  const all: Limit[] = [
    { id: "lim_3", subjectKind: "user", window, unit: "relays", amount: random.pick(amounts) },
    { id: "lim_1", subjectKind: "policy", window: "hour", unit: "fee", amount: fees },
    { id: "lim_2", subjectKind: "project", window: "lifetime", unit: "fee", amount: random.pick(amounts) * QUOTED_FEE },
    { id: "lim_4", subjectKind: "sponsor", window: "hour", unit: "fee", amount: random.pick(amounts) * QUOTED_FEE },
  ];
  return all.slice(random.below(all.length));
}

/** A value per intent, made when it is first asked for. */
function perIntent<Value>(make: () => Value): (number: number) => Value {
  const known = new Map<number, Value>();
  return (number) => {
    const value = known.has(number) ? (known.get(number) as Value) : make();
    known.set(number, value);
    return value;
  };
}

/** Lives one seed until every relay has ended, and says what did not hold. */
export async function liveOnce(
  seed: number,
  order: Order,
  count: (what: string) => void,
  withLog = false,
): Promise<Life> {
  const random = createRandom(seed);
  const violations: Violation[] = [];
  const log: string[] = [];
  const recorder: Recorder = withLog ? (line) => log.push(line()) : undefined;
  const faultRate = random.pick([0, 0.03, 0.12, 0.3]);
  const crashRate = random.pick([0, 0.2, 0.6]);
  const healsAtMs = START_MS + 20_000 + random.below(100_000);
  const conditions = { startMs: START_MS, faultRate, crashRate, healsAtMs };
  const scheduler = createScheduler(random, conditions, count, recorder);
  const { at, nowMs, record } = scheduler;
  const isStale = order.asks === "stale nodes";
  const blockMs = isStale ? 400 : random.pick([60, 120, 200, 400]);
  const lifeMs = (LIFE_BLOCKS + FINALITY_BLOCKS) * blockMs + GRACE_MS;
  const providers = 2 + random.below(2);
  const liar = random.chance(0.6) ? random.below(providers) : undefined;

  const invariants = createInvariants({
    nowMs,
    store: () => store,
    landings: () => chain.transactions.values(),
    dueAtMs: (createdAtMs) => Math.max(createdAtMs, healsAtMs) + lifeMs + (liar === undefined ? 0 : DISAGREEMENT_MS),
    hasLiar: liar !== undefined,
    isFaultless: faultRate === 0 && liar === undefined,
    countsRefusals: order.asks === "refusals",
    onViolation(violation) {
      violations.push(violation);
      record("BROKEN", `${violation.name}: ${violation.detail}`);
    },
  });
  const project: ProjectState = { revision: 1n, policyVersion: 1, allowsMemos: true, denied: undefined };
  const store = createModelStore({
    nowMs,
    random,
    rules: { checksLimits: true, checksAllotments: true, checksLease: true, ...order.rules },
    limits: makeLimits(random),
    project,
    onChange: () => invariants.booked(),
    onLooked: (relayId) => invariants.looked(relayId),
  });
  const chain = createModelChain({
    random,
    at,
    nowMs,
    blockMs,
    fateOf: perIntent((): Fate => ({
      waitBlocks: random.chance(0.4) ? 0 : random.below(LIFE_BLOCKS + FINALITY_BLOCKS),
      fee: random.chance(0.8) ? QUOTED_FEE : QUOTED_FEE / 2n,
      failsOnChain: random.chance(0.15),
      failsInSimulation: random.chance(0.1),
    })),
    providers,
    liar,
    staleRate: isStale ? 0.3 : random.pick([0, 0.02, 0.1]),
    isHealed: () => nowMs() >= healsAtMs,
    forkRate: random.pick([0, 0.1, 0.5]),
    count,
    record: (what) => record("chain", what),
    onLanded: (transaction) => invariants.landed(transaction),
  });

  const arrange = (process: Process): Ports => {
    const ports = createModelPorts(model, process);
    return order.arrange?.(ports, model, process) ?? ports;
  };
  const wake = startSweepers({
    scheduler,
    random,
    sweep: (process) => sweepNetwork(arrange(process), NETWORK),
    askForWake: (process) =>
      void arrange(process)
        .wake(NETWORK)
        .catch(() => undefined),
  });
  let ids = 0;
  const model: Model = { scheduler, store, chain, invariants, project, nextId: () => ++ids, wake };

  const clients = {
    scheduler,
    random,
    project,
    bornHeightOf: perIntent(() => chain.height() - (random.chance(0.2) ? random.below(LIFE_BLOCKS + 10) : 0)),
    sponsor: (process: Process, intent: Parameters<typeof sponsorRelay>[1]) => sponsorRelay(arrange(process), intent),
    onTold: invariants.told,
    count,
  };
  for (const [index, wish] of makeWishes(random).entries()) startClient(clients, wish, `client ${index}`);

  if (random.chance(0.4)) {
    at(random.chance(0.7) ? random.below(200) : random.below(20_000), () => {
      project.revision += 1n;
      project.policyVersion += 1;
      project.allowsMemos = random.chance(0.6);
      record("administrator", `publishes policy ${project.policyVersion}`);
    });
  }
  if (random.chance(0.1)) {
    at(random.below(1_000), () => {
      project.denied = userAddress(random.below(2));
      record("administrator", `denies ${project.denied}`);
    });
  }

  await scheduler.run(END_MS, () => !store.hasOpen());
  invariants.finish();
  for (const { state } of store.relays.values()) count(`a relay ends ${state}`);
  return { violations, log };
}
