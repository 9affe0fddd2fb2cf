import type { NetworkName } from "../../domain/network.ts";
import {
  type ClaimedRelay,
  isOvercharged,
  type LandedTransaction,
  type MortalTransaction,
  nextStep,
  type TransactionStatus,
} from "../../domain/relay.ts";
import type { ChainPort, Ports } from "../../ports.ts";
import { mapLimited } from "../concurrency.ts";

/** Calls to a node at the same time: what a Worker may have open. */
const CONCURRENT_CALLS = 6;
/** Calls that have not begun by then wait for the next look, so that a slow node cannot outlast the lease. */
const LOOK_FOR_MS = 6_000;
/**
 * Younger relays, of less than about twenty seconds, are not looked for with proof: a transaction that a node has not
 * seen yet is to it like one that it knows no more, and the height that tells these apart is one provider's word.
 */
const FIRST_PROOF_CHECKS = 25;
/** After that, more than ten minutes, no blockhash lives, and a height that was told too high keeps nothing open. */
const HEIGHT_CHECKS = 200;

interface ChainView {
  /** Nothing has been found out about them in this look. */
  readonly unasked: ReadonlySet<string>;
  readonly statuses: ReadonlyMap<string, TransactionStatus>;
  readonly landed: ReadonlyMap<string, LandedTransaction>;
  readonly expired: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
}

const NOBODY = { expired: new Set<string>(), found: new Map<string, TransactionStatus>() };

async function askStatuses(chain: ChainPort, relays: readonly ClaimedRelay[]) {
  const told = await chain.statuses(relays.map(({ transactionId }) => transactionId ?? ""));
  const statuses = new Map<string, TransactionStatus>();
  const unasked = new Set<string>();
  for (const [index, { id }] of relays.entries()) {
    const status = told[index];
    if (status === "not_asked") unasked.add(id);
    else if (status) statuses.set(id, status);
  }
  return { statuses, unasked };
}

interface MortalRelay extends MortalTransaction {
  readonly id: string;
}

/** The relay with what its end is proven by; nothing while that must not be tried. */
function toMortal({ id, transactionId, transaction, lifetimeEnd, checks }: ClaimedRelay): readonly MortalRelay[] {
  if (transactionId === null || lifetimeEnd === null || checks < FIRST_PROOF_CHECKS) return [];
  return [{ id, transactionId, wire: transaction, lifetimeEnd: checks > HEIGHT_CHECKS ? 0n : lifetimeEnd }];
}

/** Which of the missing never can land; those that anybody does know come back with their status. */
async function findExpired(
  ports: Ports,
  chain: ChainPort,
  missing: readonly ClaimedRelay[],
): Promise<{ expired: Set<string>; found: Map<string, TransactionStatus> }> {
  const mortal = missing.flatMap(toMortal);
  if (mortal.length === 0) return NOBODY;
  const { absent, found, silent } = await chain.proveAbsent(mortal);
  // Their holds stay until every provider has spoken, or is configured no more: whoever is on call must see that.
  if (silent.length > 0) ports.log.warn("settle.providers_silent", { providers: silent });
  const expired = mortal.filter(({ transactionId }) => absent.has(transactionId)).map(({ id }) => id);
  const known = mortal.flatMap(({ id, transactionId }) => {
    const status = found.get(transactionId);
    return status ? [[id, status] as const] : [];
  });
  return { expired: new Set(expired), found: new Map(known) };
}

async function readLanded(ports: Ports, chain: ChainPort, relays: readonly ClaimedRelay[], untilMs: number) {
  const landed = await mapLimited(relays, CONCURRENT_CALLS, async ({ id, transactionId, transaction: wire }) => {
    if (ports.clock.nowMs() > untilMs) return [];
    const transaction = await chain.landed({ transactionId: transactionId ?? "", wire }).catch(() => undefined);
    if (!transaction) ports.log.warn("settle.record_missing", { relayId: id });
    else if (!transaction.isAgreed) ports.log.warn("settle.record_not_agreed", { relayId: id });
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

/** One question for all of them, then only about those whose answer asks for more. */
async function lookAt(ports: Ports, chain: ChainPort, relays: readonly ClaimedRelay[]): Promise<ChainView> {
  const untilMs = ports.clock.nowMs() + LOOK_FOR_MS;
  const { statuses, unasked } = await askStatuses(chain, relays);
  const missing = relays.filter(({ id }) => !statuses.has(id) && !unasked.has(id));
  const past =
    missing.length === 0
      ? NOBODY
      : await findExpired(ports, chain, missing).catch((cause: unknown) => {
          ports.log.warn("settle.tip_unavailable", { cause });
          return NOBODY;
        });
  // What landed long ago is known by the history alone, and is settled like the rest.
  for (const [id, status] of past.found) statuses.set(id, status);
  const ended = relays.filter(({ id }) => statuses.get(id)?.commitment === "finalized");
  const landed = await readLanded(ports, chain, ended, untilMs);
  const unseen = missing.filter(({ id }) => !past.expired.has(id) && !statuses.has(id));
  return { unasked, statuses, landed, expired: past.expired, sent: await resend(ports, chain, unseen, untilMs) };
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
  const changes = claimed.map((relay) => {
    const isSeen = view && !view.unasked.has(relay.id);
    const change = nextStep(
      relay,
      isSeen
        ? {
            status: view.statuses.get(relay.id),
            landed: view.landed.get(relay.id),
            isProvenExpired: view.expired.has(relay.id),
            wasSent: view.sent.has(relay.id),
          }
        : undefined,
    );
    if (isOvercharged(relay, change)) ports.log.error("ledger.overcharged", { ...change });
    return change;
  });
  await ports.store.settleRelays(leaseToken, changes);
  return claimed.length;
}
