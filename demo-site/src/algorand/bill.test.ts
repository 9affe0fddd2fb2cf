import { expect, test } from "vitest";
import type { LandedTransaction } from "./algod.ts";
import { readBill } from "./bill.ts";

const transfer = (sender: string, fee: bigint): LandedTransaction => ({
  round: 7,
  sender,
  fee,
  payment: undefined,
  assetAmount: 1n,
});
const payment = (receiver: string, amount: bigint): LandedTransaction => ({
  round: 7,
  sender: "sponsor",
  fee: 2_000n,
  payment: { receiver, amount },
  assetAmount: undefined,
});

test("the sponsor's fee is the group's, and what it gave is told apart", () => {
  const bill = readBill([payment("me", 200_000n), transfer("me", 0n)], "me");
  expect(bill).toEqual({ sponsor: "sponsor", fee: 2_000n, paidByVisitor: 0n, given: 200_000n, round: 7 });
});

test("nothing was given when the sponsor paid itself", () => {
  expect(readBill([payment("sponsor", 0n), transfer("me", 0n)], "me").given).toBe(0n);
});

test("a fee that the visitor paid is not called the sponsor's", () => {
  expect(readBill([payment("sponsor", 0n), transfer("me", 1_000n)], "me")).toMatchObject({
    fee: 3_000n,
    paidByVisitor: 1_000n,
  });
});
