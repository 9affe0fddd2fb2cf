import type { LandedTransaction } from "./algod.ts";

/** Who paid what for a group of transactions. Microalgos. */
export interface Bill {
  readonly sponsor: string;
  readonly fee: bigint;
  readonly paidByVisitor: bigint;
  /** From the sponsor to the visitor. */
  readonly given: bigint;
  readonly round: number;
}

/** The sponsor's transaction is the group's first. */
export function readBill([first, ...others]: readonly LandedTransaction[], visitor: string): Bill {
  const all = first === undefined ? others : [first, ...others];
  const sum = (transactions: readonly LandedTransaction[]) => transactions.reduce((total, { fee }) => total + fee, 0n);
  return {
    sponsor: first?.sender ?? "",
    fee: sum(all),
    paidByVisitor: sum(all.filter(({ sender }) => sender === visitor)),
    given: first?.payment?.receiver === visitor && first.sender !== visitor ? first.payment.amount : 0n,
    round: first?.round ?? 0,
  };
}
