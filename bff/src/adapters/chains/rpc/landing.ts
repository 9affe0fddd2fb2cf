import type { LandedTransaction } from "../../../domain/relay.ts";

/** A finalized transaction as one provider tells it. */
export type LandingRecord = Omit<LandedTransaction, "isAgreed">;

/** Why it failed is not compared: nothing is charged by it. */
const isSame = (one: LandingRecord, other: LandingRecord): boolean =>
  one.slot === other.slot &&
  (one.error === null) === (other.error === null) &&
  one.fee === other.fee &&
  one.feePayerLoss === other.feePayerLoss;

/** The record that two of them tell, each from another provider. */
export function findAgreed(records: readonly LandingRecord[]): LandingRecord | undefined {
  return records.find((record, index) => records.slice(index + 1).some((other) => isSame(record, other)));
}

/**
 * What counts of the records that providers told. One voice among several providers, or several that differ, is a
 * record that is not agreed; the only provider that there is has nobody to agree with, and is believed.
 */
export function judgeLanding(records: readonly LandingRecord[], isAlone: boolean): LandedTransaction | undefined {
  const agreed = findAgreed(records);
  if (agreed) return { ...agreed, isAgreed: true };
  const [first] = records;
  return first && { ...first, isAgreed: isAlone };
}
