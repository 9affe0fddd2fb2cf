import type { AlgorandPolicy } from "../../../../contract/algorand-policy.ts";
import type { Predicate } from "../../../../contract/policy.ts";
import type { Amendment } from "../../../../domain/policy/amendment.ts";
import { widenPredicate } from "../../../../domain/policy/widen-predicate.ts";
import { selectorOf } from "../policy/abi.ts";
import type { AllowedTransaction } from "../policy/compile.ts";
import type { ApplicationCall, Transaction } from "./decoded-group.ts";
import { type GroupInput, isUserWallet } from "./group-input.ts";
import { argumentsOf, closesTo, kindOf } from "./name-transaction.ts";

type GroupAmendment = Amendment<AlgorandPolicy>;
type AllowedCall = Extract<AllowedTransaction, { transaction: "application-call" }>;

const append = (description: string, entry: AllowedTransaction): GroupAmendment => ({
  description,
  apply: (document) => ({ ...document, allow: [...document.allow, entry] }),
});

function replace(description: string, old: AllowedTransaction, entry: AllowedTransaction): GroupAmendment {
  const text = JSON.stringify(old);
  return {
    description,
    apply: (document) => ({
      ...document,
      allow: document.allow.map((other) => (JSON.stringify(other) === text ? entry : other)),
    }),
  };
}

/** As narrow as the transaction is: its receiver or its asset, and no more than its amount. */
function entryOf(transaction: Exclude<Transaction, ApplicationCall>): AllowedTransaction | undefined {
  const kind = kindOf(transaction);
  if (transaction.type === "pay") {
    const { receiver, amount } = transaction;
    return { transaction: "payment", arguments: { receiver: { eq: receiver }, amount: { lte: amount.toString() } } };
  }
  if (transaction.type !== "axfer" || kind === undefined || kind === "payment" || kind === "application-call") {
    return undefined;
  }
  return { transaction: kind, arguments: { asset: { eq: transaction.asset.toString() } } };
}

const isMayDo = (
  onComplete: ApplicationCall["onComplete"],
): onComplete is NonNullable<AllowedCall["onComplete"]>[number] =>
  onComplete !== "update-application" && onComplete !== "delete-application";

/** What no policy should be led to: making or changing programs, or deleting one for whoever asks. */
function allowApplicationCall(policy: AlgorandPolicy, call: ApplicationCall): GroupAmendment | undefined {
  const { application, onComplete, hasPrograms, hasStorage } = call;
  const selector = selectorOf(call);
  const isBare = call.arguments.length === 0;
  if (application === 0n || hasPrograms || hasStorage || !isMayDo(onComplete)) return undefined;
  if (!isBare && selector === undefined) return undefined;
  const what = isBare ? "calls without arguments" : `the method ${selector ?? ""}`;
  const description = `Allow ${what} of the application ${application}${onComplete === "no-op" ? "" : ` with ${onComplete}`}.`;
  const added: AllowedCall = {
    transaction: "application-call",
    application: application.toString(),
    ...(isBare ? { bare: true } : { methods: [selector ?? ""] }),
    ...(onComplete !== "no-op" && { onComplete: [onComplete] }),
  };
  const sameReach = policy.allow.find(
    (entry): entry is AllowedCall =>
      entry.transaction === "application-call" &&
      entry.application === added.application &&
      entry.arguments === undefined &&
      JSON.stringify(entry.onComplete) === JSON.stringify(added.onComplete),
  );
  if (!sameReach || isBare) return append(description, added);
  return replace(description, sameReach, {
    ...sameReach,
    methods: [...(sameReach.methods ?? []), ...(added.methods ?? [])],
  });
}

/** An entry of the same kind after the least change that lets the transaction be. */
function widen(entry: AllowedTransaction, transaction: Transaction): AllowedTransaction | undefined {
  const values = argumentsOf(transaction);
  const widened: Record<string, Predicate> = {};
  for (const [name, predicate] of Object.entries(entry.arguments ?? {})) {
    const value = values[name];
    const wider = value === undefined ? undefined : widenPredicate(predicate, value);
    if (!wider) return undefined;
    widened[name] = wider;
  }
  return { ...entry, arguments: widened };
}

/** What would let a transaction be that is refused; undefined: it is not the wallet's, or gives away what is the user's. */
export function allowTransaction(
  input: GroupInput,
  document: AlgorandPolicy,
  transaction: Transaction,
): GroupAmendment | undefined {
  const kind = kindOf(transaction);
  const closes = closesTo(transaction) !== undefined && kind !== "asset-opt-out";
  const isReaching = !isUserWallet(input, transaction.sender) || transaction.rekeyTo !== undefined || closes;
  if (kind === undefined || isReaching) return undefined;
  if (transaction.type === "appl") return allowApplicationCall(document, transaction);
  const entries = document.allow.filter((entry) => entry.transaction === kind);
  for (const entry of entries) {
    const wider = widen(entry, transaction);
    if (wider) return replace(`Widen what is allowed of the kind ${kind} to what this group says.`, entry, wider);
  }
  const added = entries.length > 0 ? undefined : entryOf(transaction);
  return added && append(`Allow the kind ${kind} with what this group says.`, added);
}
