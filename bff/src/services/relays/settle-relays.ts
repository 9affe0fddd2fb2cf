import type { NetworkName } from "../../domain/network.ts";
import { type ClaimedRelay, type LandedTransaction, nextStep, type TransactionStatus } from "../../domain/relay.ts";
import type { ChainPort, Ports } from "../../ports.ts";
import { mapLimited } from "../concurrency.ts";

/** Calls to a node at the same time: what a Worker may have open. */
const CONCURRENT_CALLS = 6;
/** Calls that have not begun by then wait for the next look, so that a slow node cannot outlast the lease. */
const LOOK_FOR_MS = 6_000;

interface ChainView {
  readonly statuses: ReadonlyMap<string, TransactionStatus>;
  readonly landed: ReadonlyMap<string, LandedTransaction>;
  readonly expired: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
}

async function askStatuses(
  chain: ChainPort,
  relays: readonly ClaimedRelay[],
  withHistory: boolean,
): Promise<{ slot: bigint; found: Map<string, TransactionStatus> }> {
  const ids = relays.map(({ transactionId }) => transactionId ?? "");
  const { slot, statuses } = await chain.statuses(ids, withHistory);
  return { slot, found: new Map(relays.flatMap(({ id }, index) => (statuses[index] ? [[id, statuses[index]]] : []))) };
}

/**
 * Which of the missing never can land: a finalized block is past the end of their life, and a node that is at least as
 * far as that block does not know them, with its whole history. Those it does know come back with their status.
 */
async function findExpired(
  chain: ChainPort,
  missing: readonly ClaimedRelay[],
): Promise<{ expired: Set<string>; found: Map<string, TransactionStatus> }> {
  const tip = await chain.finalizedTip();
  const overdue = missing.filter(({ lifetimeEndHeight: end }) => end !== null && tip.blockHeight > end);
  if (overdue.length === 0) return { expired: new Set(), found: new Map() };
  const { slot, found } = await askStatuses(chain, overdue, true);
  const isFarEnough = slot >= tip.slot;
  const expired = overdue.filter(({ id }) => isFarEnough && !found.has(id)).map(({ id }) => id);
  return { expired: new Set(expired), found };
}

async function readLanded(ports: Ports, chain: ChainPort, relays: readonly ClaimedRelay[], untilMs: number) {
  const landed = await mapLimited(relays, CONCURRENT_CALLS, async ({ id, transactionId }) => {
    if (ports.clock.nowMs() > untilMs) return [];
    const transaction = await chain.landed(transactionId ?? "").catch(() => undefined);
    if (!transaction) ports.log.warn("settle.record_missing", { relayId: id });
    return transaction ? [[id, transaction] as const] : [];
  });
  return new Map(landed.flat());
}

async function resend(
  { clock }: Ports,
  chain: ChainPort,
  relays: readonly ClaimedRelay[],
  untilMs: number,
): Promise<Set<string>> {
  const sent = await mapLimited(relays, CONCURRENT_CALLS, async ({ id, transaction }) => {
    if (clock.nowMs() > untilMs) return [];
    return chain.send(transaction).then(
      () => [id],
      () => [],
    );
  });
  return new Set(sent.flat());
}

const NOBODY = { expired: new Set<string>(), found: new Map<string, TransactionStatus>() };

/** One question for all of them, then only about those whose answer asks for more. */
async function lookAt(ports: Ports, chain: ChainPort, relays: readonly ClaimedRelay[]): Promise<ChainView> {
  const untilMs = ports.clock.nowMs() + LOOK_FOR_MS;
  const { found: statuses } = await askStatuses(chain, relays, false);
  const missing = relays.filter(({ id }) => !statuses.has(id));
  const past =
    missing.length === 0
      ? NOBODY
      : await findExpired(chain, missing).catch((cause: unknown) => {
          ports.log.warn("settle.tip_unavailable", { cause });
          return NOBODY;
        });
  // What landed long ago is known by the history alone, and is settled like the rest.
  for (const [id, status] of past.found) statuses.set(id, status);
  const ended = relays.filter(({ id }) => statuses.get(id)?.commitment === "finalized");
  const landed = await readLanded(ports, chain, ended, untilMs);
  const unseen = missing.filter(({ id }) => !past.expired.has(id) && !statuses.has(id));
  return { statuses, landed, expired: past.expired, sent: await resend(ports, chain, unseen, untilMs) };
}

/**
 * Looks after the due relays of a network, or one of them: asks the chain, writes once. Anybody may run this at any
 * time; leases keep two of them off the same relay. Returns how many were looked at.
 */
export async function settleRelays(ports: Ports, network: NetworkName, relayId?: string): Promise<number> {
  const chain = ports.chains(network);
  if (!chain) return 0;
  const leaseToken = ports.random.uuid();
  const claimed = await ports.store.claimRelays(network, leaseToken, relayId);
  if (claimed.length === 0) return 0;
  const onChain = claimed.filter(({ state }) => state !== "received");
  const view =
    onChain.length === 0
      ? undefined
      : await lookAt(ports, chain, onChain).catch((cause: unknown) => {
          ports.log.warn("settle.chain_unavailable", { network, cause });
          return undefined;
        });
  const changes = claimed.map((relay) =>
    nextStep(
      relay,
      view && {
        status: view.statuses.get(relay.id),
        landed: view.landed.get(relay.id),
        isProvenExpired: view.expired.has(relay.id),
        wasSent: view.sent.has(relay.id),
      },
    ),
  );
  for (const { id, chargedRent } of changes) {
    // Nothing of today's policies sponsors rent: whoever is on call must see this.
    if (chargedRent !== undefined && chargedRent !== "0")
      ports.log.error("ledger.overcharged", { relayId: id, chargedRent });
  }
  await ports.store.settleRelays(leaseToken, changes);
  return claimed.length;
}
