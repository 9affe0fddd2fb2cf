import type { NetworkName } from "../../domain/network.ts";
import { type ClaimedRelay, type LandedTransaction, nextStep, type TransactionStatus } from "../../domain/relay.ts";
import type { ChainPort, Ports } from "../../ports.ts";
import { mapLimited } from "../concurrency.ts";

/** Calls to a node at the same time: what a Worker may have open. */
const CONCURRENT_CALLS = 6;

interface ChainView {
  readonly statuses: ReadonlyMap<string, TransactionStatus>;
  readonly landed: ReadonlyMap<string, LandedTransaction>;
  readonly expired: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
}

const NOTHING_SEEN: ChainView = { statuses: new Map(), landed: new Map(), expired: new Set(), sent: new Set() };

async function statusesOf(
  chain: ChainPort,
  relays: readonly ClaimedRelay[],
  withHistory: boolean,
): Promise<Map<string, TransactionStatus>> {
  if (relays.length === 0) return new Map();
  const statuses = await chain.statuses(
    relays.map(({ transactionId }) => transactionId ?? ""),
    withHistory,
  );
  return new Map(relays.flatMap(({ id }, index) => (statuses[index] ? [[id, statuses[index]] as const] : [])));
}

/** One question for all of them, then only about those whose answer asks for more. */
async function lookAt(chain: ChainPort, relays: readonly ClaimedRelay[]): Promise<ChainView> {
  const statuses = await statusesOf(chain, relays, false);
  const missing = relays.filter(({ id }) => !statuses.has(id));
  // The height first: "not found" counts only from a node that was past the end when it was asked.
  const height = missing.length > 0 ? await chain.finalizedHeight() : 0n;
  const overdue = missing.filter(({ lifetimeEndHeight }) => lifetimeEndHeight !== null && height > lifetimeEndHeight);
  for (const [id, status] of await statusesOf(chain, overdue, true)) statuses.set(id, status);
  const expired = new Set(overdue.filter(({ id }) => !statuses.has(id)).map(({ id }) => id));

  const unseen = missing.filter(({ id }) => !expired.has(id) && !statuses.has(id));
  const resent = await mapLimited(unseen, CONCURRENT_CALLS, ({ id, transaction }) =>
    chain.send(transaction).then(
      () => id,
      () => undefined,
    ),
  );
  const ended = relays.filter(({ id }) => statuses.get(id)?.commitment === "finalized");
  const landed = await mapLimited(ended, CONCURRENT_CALLS, async ({ id, transactionId }) => {
    const transaction = await chain.landed(transactionId ?? "").catch(() => undefined);
    return transaction ? [[id, transaction] as const] : [];
  });
  return {
    statuses,
    landed: new Map(landed.flat()),
    expired,
    sent: new Set(resent.flatMap((id) => (id === undefined ? [] : [id]))),
  };
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
  const view = await lookAt(chain, onChain).catch((cause: unknown) => {
    ports.log.warn("sweep.chain_unavailable", { network, cause });
    return NOTHING_SEEN;
  });
  const changes = claimed.map((relay) =>
    nextStep(relay, {
      status: view.statuses.get(relay.id),
      landed: view.landed.get(relay.id),
      isProvenExpired: view.expired.has(relay.id),
      wasSent: view.sent.has(relay.id),
    }),
  );
  await ports.store.settleRelays(leaseToken, changes);
  return claimed.length;
}
