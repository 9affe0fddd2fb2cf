import type { TransactionScene } from "../../src/domain/chain-transaction.ts";
import { success } from "../../src/domain/result.ts";
import type { Simulation } from "../../src/domain/simulation.ts";
import { findAgreed, judgeLanding, type LandingRecord } from "../../src/adapters/chains/rpc/landing.ts";
import { judgeAbsence } from "../../src/adapters/chains/rpc/absence.ts";
import { solanaPolicies } from "../../src/adapters/chains/solana/policy.ts";
import type { MortalTransaction } from "../../src/domain/relay.ts";
import { AppError } from "../../src/errors.ts";
import type { ChainPort, Ports, StorePort } from "../../src/ports.ts";
import { POINTS } from "./call-points.ts";
import type { Invariants } from "./invariants.ts";
import { type ModelChain, slotOf } from "./model-chain.ts";
import { readModelTransaction } from "./model-transaction.ts";
import { type ProjectState, projectOf, storedProject } from "./model-project.ts";
import type { ModelStore } from "./model-store.ts";
import type { Process, Scheduler } from "./scheduler.ts";
import { decodeWire, heightOf, messageOf, QUOTED_FEE, readMessage, signMessage } from "./transactions.ts";

/** Everything outside the processes, of one seed. */
export interface Model {
  readonly scheduler: Scheduler;
  readonly store: ModelStore;
  readonly chain: ModelChain;
  readonly invariants: Invariants;
  readonly project: ProjectState;
  /** Ids in the order in which they are made. */
  readonly nextId: () => number;
  readonly wake: () => void;
}

const SYSTEM_PROGRAM = "11111111111111111111111111111111";

function storePort({ scheduler, store, project, invariants }: Model, process: Process): Partial<StorePort> {
  const { call } = scheduler;
  return {
    findProject: () => call(process, POINTS.findProject, () => ({ project: storedProject(project), keyId: null })),
    reserveRelay: (wanted) =>
      call(process, POINTS.reserveRelay, () => {
        const reservation = store.reserve(wanted);
        if (reservation.ok && reservation.value.outcome === "reserved") {
          invariants.reserved(readMessage(messageOf(wanted.transaction)).number, process.name);
        }
        return reservation;
      }),
    findKey: (_project, userId, key, fingerprint) =>
      call(process, POINTS.findKey, () => ({
        revision: project.revision,
        known: store.findKey(userId, key, fingerprint),
      })),
    markSigned: (signed) => call(process, POINTS.markSigned, () => store.markSigned(signed)),
    markSubmitted: (relayId) => call(process, POINTS.markSubmitted, () => store.markSubmitted(relayId)),
    rejectRelay: (relayId, leaseToken, why, status, body) =>
      call(process, POINTS.rejectRelay, () => store.reject(relayId, leaseToken, why, { status, body })),
    abandonRelay: (relayId, leaseToken) => call(process, POINTS.abandonRelay, () => store.abandon(relayId, leaseToken)),
    readRelay: (_project, userId, relayId) => call(process, POINTS.readRelay, () => store.read(userId, relayId)),
    recordRefusal: () => call(process, POINTS.recordRefusal, () => true),
    claimRelays: (_network, leaseToken, relayId) =>
      call(process, POINTS.claimRelays, () => store.claim(leaseToken, relayId)),
    settleRelays: (leaseToken, changes) => call(process, POINTS.settleRelays, () => store.settle(leaseToken, changes)),
    hasOpenRelays: () => call(process, POINTS.hasOpenRelays, () => store.hasOpen()),
  };
}

function simulationOf(message: Uint8Array, chain: ModelChain): Simulation {
  const view = chain.look();
  const error = chain.simulationError(message, view);
  const before = 1_000_000_000n;
  return {
    error,
    logs: [],
    feePayerBefore: before,
    feePayerAfter: before - QUOTED_FEE,
    feePayerOwner: SYSTEM_PROGRAM,
    feePayerDataLength: 0,
    tokenBalancesBefore: [],
    tokenBalancesAfter: [],
    innerCalls: [],
    loaded: [],
    blockHeight: chain.toldHeight(view),
  };
}

/**
 * The real rule, over what each provider says at its own moments: one node's finalized tip says whose life may have
 * ended; then every provider tells its tip, the blockhashes and, with its whole history, the statuses. While one is
 * silent nothing is proven.
 */
async function proveAbsent(
  { scheduler, chain }: Model,
  process: Process,
  transactions: readonly MortalTransaction[],
): ReturnType<ChainPort["proveAbsent"]> {
  const { call } = scheduler;
  const newest = await call(process, POINTS.newestTip, () => chain.tip(chain.look()));
  const mortal = transactions.map(({ wire, ...rest }) => ({ ...rest, blockhash: decodeWire(wire).blockhash }));
  const ended = mortal.filter(({ lifetimeEnd }) => newest.blockHeight > lifetimeEnd);
  if (ended.length === 0) return { absent: new Set(), found: new Map(), silent: [] };
  const providers = Array.from({ length: chain.providers }, (_, index) => index);
  const answers = await Promise.allSettled(
    providers.map(async (index) => {
      const [tip, said, blockhashes] = await Promise.all([
        call(process, POINTS.ownTip, () => chain.tip(chain.look(index))),
        call(process, POINTS.history, () => {
          const view = chain.look(index);
          const statuses = ended.map(({ transactionId }) => chain.statusOf(transactionId, view, true));
          return { slot: slotOf(view.height), statuses };
        }),
        call(process, POINTS.blockhash, () => {
          const [finalized, newest] = [chain.look(index), chain.look(index)];
          return ended.map(({ blockhash }) => chain.blockhashOf(heightOf(blockhash), finalized, newest));
        }),
      ]);
      return { tip, ...said, blockhashes };
    }),
  );
  const heard = answers.flatMap((answer, index) =>
    answer.status === "fulfilled" ? [{ provider: `provider ${index}`, isTrusted: true, value: answer.value }] : [],
  );
  const silent = answers.flatMap((answer, index) => (answer.status === "rejected" ? [`provider ${index}`] : []));
  const { absent, found } = judgeAbsence(ended, heard, chain.providers);
  return { absent: silent.length === 0 ? absent : new Set(), found, silent };
}

/** The real rule, over the records that providers tell, two at a time until two of them agree. */
async function readLanding(
  { scheduler, chain }: Model,
  process: Process,
  transactionId: string,
): ReturnType<ChainPort["landed"]> {
  const records: LandingRecord[] = [];
  for (let index = 0; index < chain.providers && !findAgreed(records); index += 2) {
    const pair = [index, index + 1].filter((one) => one < chain.providers);
    const answers = await Promise.allSettled(
      pair.map((one) => scheduler.call(process, POINTS.landed, () => chain.recordOf(transactionId, chain.look(one)))),
    );
    for (const answer of answers) if (answer.status === "fulfilled" && answer.value) records.push(answer.value);
  }
  return judgeLanding(records, chain.providers === 1);
}

function chainPort(model: Model, process: Process): Partial<ChainPort> {
  const { scheduler, chain, invariants } = model;
  const { call } = scheduler;
  const port = {
    policies: solanaPolicies,
    takesGroups: false,
    read: ([wire = new Uint8Array()]: readonly Uint8Array[], scene: TransactionScene) =>
      success(
        readModelTransaction(wire, scene, {
          verifySignature: () => call(process, POINTS.verifySignature, () => true),
          simulate: (message) => call(process, POINTS.simulate, () => simulationOf(message, chain)),
        }),
      ),
    send(wire: Uint8Array) {
      if (process.isAlive) invariants.sent(wire, process.name);
      return call(process, POINTS.send, () => {
        invariants.arrived(wire);
        chain.send(wire);
      });
    },
    statuses: (ids: readonly string[]) =>
      call(process, POINTS.statuses, () => {
        const view = chain.look();
        return ids.map((id) => chain.statusOf(id, view, false));
      }),
    proveAbsent: (transactions: readonly MortalTransaction[]) => proveAbsent(model, process, transactions),
    landed: ({ transactionId }: { transactionId: string }) => readLanding(model, process, transactionId),
  };
  return port;
}

/** The ports of one process: every call is a moment at which another one may come before it. */
export function createModelPorts(model: Model, process: Process): Ports {
  const { scheduler, invariants, project, nextId } = model;
  const { call, nowMs, record } = scheduler;
  const chain = chainPort(model, process);
  let cached: ReturnType<Ports["projects"]["get"]> = { project: projectOf(project), keyId: null };
  const log = (event: string, { cause }: Readonly<Record<string, unknown>>): void => {
    record(process.name, `logs ${event}`);
    if (cause !== undefined && !(cause instanceof AppError)) invariants.surprised(event, cause);
  };
  const ports = {
    clock: { nowMs: () => nowMs() + process.clockSkewMs },
    random: { id: (prefix: string) => `${prefix}_${nextId()}`, uuid: () => `lease ${nextId()}` },
    // Nothing is shorter here than what it stands for, and no two things have the same.
    hash: { sha256: (data: Uint8Array) => call(process, POINTS.sha256, () => data) },
    store: storePort(model, process),
    projects: {
      get: () => cached,
      set: (_key: string, found: typeof cached) => void (cached = found),
      forget: () => void (cached = undefined),
    },
    chains: () => chain,
    signers: {
      sign: (_address: string, message: Uint8Array) =>
        call(process, POINTS.sign, () => {
          invariants.signed(readMessage(message).number, process.name);
          return signMessage(message);
        }),
    },
    metrics: { count: () => undefined, observe: () => undefined, set: () => undefined },
    watch: { beat: () => call(process, POINTS.beat, () => undefined) },
    log: { info: log, warn: log, error: log },
    background: (work: Promise<unknown>) => void work.catch(() => undefined),
    wake: () => call(process, POINTS.wake, model.wake),
  };
  // What is missing here no service of a relay's life may need: calling it fails the seed.
  return ports as unknown as Ports;
}
