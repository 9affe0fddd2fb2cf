import { base64 } from "@scure/base";
import type { ManagedRelay, ManagedRelayDetail } from "../../../contract/manage/traffic.ts";
import type { FoundRelay, ManageStore } from "../../../manage-ports.ts";
import { viewRelay } from "../../relays/view-relay.ts";

export const viewManagedRelay = ({ record, userId, wallet, policyVersion }: FoundRelay): ManagedRelay => ({
  ...viewRelay(record),
  userId,
  wallet,
  policyVersion,
});

/** An explorer is an address with `{id}` in it, or one that takes `/tx/<id>` behind it. */
function explorerUrl(explorer: string | null, id: string | undefined): string | null {
  if (explorer === null || id === undefined) return null;
  return explorer.includes("{id}")
    ? explorer.replaceAll("{id}", encodeURIComponent(id))
    : `${explorer.replace(/\/+$/, "")}/tx/${encodeURIComponent(id)}`;
}

type StoredDetail = NonNullable<Awaited<ReturnType<ManageStore["readRelayDetail"]>>>;

export function viewManagedRelayDetail(found: StoredDetail): ManagedRelayDetail {
  const { sponsor, signedAt, explorer, transaction, decisionId, accounts, record } = found;
  return {
    ...viewManagedRelay(found),
    sponsor,
    signedAt: signedAt?.toISOString() ?? null,
    decisionId,
    explorerUrl: explorerUrl(explorer, record.names?.transactionId),
    transaction: base64.encode(transaction),
    accounts: [...(accounts ?? [])],
  };
}
