import { hex } from "@scure/base";
import type { ArgumentValue } from "../../../../domain/policy/programs/shape.ts";
import type { AllowedTransaction } from "../policy/compile.ts";
import type { Transaction } from "./decoded-group.ts";

/** A kind of transaction in the words of a policy; undefined: one that no policy can allow. */
export function kindOf(transaction: Transaction): AllowedTransaction["transaction"] | undefined {
  if (transaction.type === "pay") return "payment";
  if (transaction.type === "appl") return "application-call";
  if (transaction.type === "other" || transaction.clawedFrom !== undefined) return undefined;
  const { amount, closeTo, receiver, sender } = transaction;
  if (amount > 0n) return "asset-transfer";
  if (closeTo !== undefined) return "asset-opt-out";
  return receiver === sender ? "asset-opt-in" : "asset-transfer";
}

/** Where the rest of the sender's balance goes, if the transaction closes it. */
export const closesTo = (transaction: Transaction): string | undefined =>
  transaction.type === "pay"
    ? transaction.closeRemainderTo
    : transaction.type === "axfer"
      ? transaction.closeTo
      : undefined;

/** What a policy may make conditions for, but the arguments of a call. */
export function argumentsOf(transaction: Transaction): Readonly<Record<string, ArgumentValue>> {
  const { sender, note, rekeyTo = null } = transaction;
  const common = { sender, note: hex.encode(note), rekeyTo };
  if (transaction.type === "pay") {
    const { receiver, amount, closeRemainderTo = null } = transaction;
    return { ...common, receiver, amount, closeRemainderTo };
  }
  if (transaction.type !== "axfer") return common;
  const { receiver, amount, asset, closeTo = null } = transaction;
  return { ...common, receiver, amount, asset, closeTo };
}
