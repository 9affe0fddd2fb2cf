import type { Relay } from "../../contract/index.ts";
import type { TransactionNames } from "../../domain/chain-transaction.ts";
import type { RelayRecord } from "../../domain/relay.ts";

/** A group has no id of one transaction, and the other way round. */
function viewNames({
  transactionId,
  group,
}: TransactionNames): Pick<Relay, "transactionId" | "groupId" | "transactionIds"> {
  return group ? { groupId: group.groupId, transactionIds: [...group.transactionIds] } : { transactionId };
}

/** A relay as the wire shows it. */
export function viewRelay(record: RelayRecord): Relay {
  return {
    id: record.id,
    network: record.network,
    state: record.state,
    ...(record.names && viewNames(record.names)),
    fee: { quoted: record.quotedFee.toString(), charged: record.chargedFee?.toString() ?? null },
    rent: { quoted: record.quotedRent.toString(), charged: record.chargedRent?.toString() ?? null },
    failure: record.failure && {
      code: record.failure.code,
      detail: record.failure.detail,
      ...(record.failure.context && { context: record.failure.context }),
    },
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
    // Slots are JSON numbers on the wire, and stay below 2^53 for as long as there are seconds.
    ...(record.slot !== null && { slot: Number(record.slot) }),
  };
}

/** The relay as it was when its request was answered: what the same idempotency key is told again. */
export function viewAccepted(record: RelayRecord, signedAt: Date): Relay {
  return viewRelay({
    ...record,
    state: "signed",
    chargedFee: null,
    chargedRent: null,
    failure: null,
    slot: null,
    updatedAt: signedAt,
  });
}
