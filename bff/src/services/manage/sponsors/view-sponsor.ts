import type { ManagedSponsor } from "../../../contract/manage/projects.ts";
import type { StoredSponsor } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";

const SPENT_DAYS = 7n;

/** In tenths of a day; what is below the floor pays for nothing. */
function runwayDays(balance: bigint | null, floor: bigint, perDay: bigint): number | null {
  if (balance === null || perDay === 0n) return null;
  const above = balance > floor ? balance - floor : 0n;
  // A number of days, not an amount.
  return Number((above * 10n) / perDay) / 10;
}

/** A sponsor with what this deployment can do with it, and for how long. */
export function viewSponsor({ signers }: Pick<Ports, "signers">, sponsor: StoredSponsor): ManagedSponsor {
  const { isOwn: _isOwn, balance, balanceFloor, observedAt, spent, ...known } = sponsor;
  const spentPerDay = spent / SPENT_DAYS;
  return {
    ...known,
    canSign: signers.canSign(known.address),
    balance: balance?.toString() ?? null,
    balanceFloor: balanceFloor.toString(),
    observedAt: observedAt?.toISOString() ?? null,
    spentPerDay: spentPerDay.toString(),
    runwayDays: runwayDays(balance, balanceFloor, spentPerDay),
  };
}
