import type { ErrorCode } from "../../../../../contract/error-code.ts";
import type { Predicate } from "../../../../../contract/policy.ts";
import { mismatchOf, sayValue } from "../../../../../domain/policy/predicate.ts";
import type { ArgumentValue } from "../../../../../domain/policy/programs/shape.ts";
import { fail, type Finding } from "../../../../../domain/policy/rule.ts";
import { refuse } from "../../../../../domain/refusal.ts";
import { type Method, readArguments, selectorOf } from "../../policy/abi.ts";
import { allowedKey, type CompiledEntry } from "../../policy/compile.ts";
import type { ApplicationCall, Transaction } from "../decoded-group.ts";
import { type GroupInput, type GroupRule, isUserWallet, userEntries } from "../group-input.ts";
import { argumentsOf, closesTo, kindOf } from "../name-transaction.ts";

/** What one entry of the allowlist has against a transaction. */
type Objection = Pick<Finding, "observed" | "limit"> & {
  readonly code: "policy.instruction_not_allowed" | "policy.argument_not_allowed" | "policy.value_exceeded";
  readonly detail: string;
};

/** The method that is called, if the entry names it. A call without arguments has none. */
const methodOf = (call: ApplicationCall, { methods }: CompiledEntry): Method | undefined =>
  methods.get(selectorOf(call) ?? "");

function objectToCall(call: ApplicationCall, compiled: CompiledEntry): Objection | undefined {
  const { entry } = compiled;
  if (entry.transaction !== "application-call") return undefined;
  const code = "policy.instruction_not_allowed";
  const isBare = call.arguments.length === 0;
  if (isBare ? entry.bare !== true : !methodOf(call, compiled)) {
    const observed = isBare ? "no method" : (selectorOf(call) ?? "no selector");
    return { code, detail: "are not sponsored with this method of the application", observed };
  }
  const onComplete: readonly string[] = entry.onComplete ?? ["no-op"];
  if (onComplete.includes(call.onComplete)) return undefined;
  const detail = `are not sponsored with ${call.onComplete}`;
  return { code, detail, observed: call.onComplete, limit: onComplete.join(", ") };
}

/** What an entry never allows by itself: other people's transactions, closing a balance, another key for the account. */
function objectToReach(input: GroupInput, transaction: Transaction, { entry }: CompiledEntry): Objection | undefined {
  const code = "policy.argument_not_allowed";
  const { sender, rekeyTo } = transaction;
  if (entry.anySender !== true && !isUserWallet(input, sender)) {
    return {
      code,
      detail: "are sponsored only from the signed-in wallet",
      observed: sender,
      limit: input.sessionAddress,
    };
  }
  if (rekeyTo !== undefined && entry.allowRekey !== true) {
    return { code, detail: "are not sponsored where they rekey the account", observed: rekeyTo };
  }
  const closed = closesTo(transaction);
  const mayClose = entry.transaction === "asset-opt-out" || ("allowClose" in entry && entry.allowClose === true);
  if (closed === undefined || mayClose) return undefined;
  return { code, detail: "are not sponsored where they close the balance", observed: closed };
}

function objectToArguments(transaction: Transaction, compiled: CompiledEntry): Objection | undefined {
  const { arguments: predicates = {} } = compiled.entry;
  const names = Object.keys(predicates);
  if (names.length === 0) return undefined;
  const isCall = transaction.type === "appl";
  const values = new Map<string, ArgumentValue | undefined>([
    ...Object.entries(argumentsOf(transaction)),
    ...(isCall ? readArguments(transaction, methodOf(transaction, compiled)?.types) : []),
  ]);
  for (const name of names) {
    const predicate = (predicates as Readonly<Record<string, Predicate | undefined>>)[name];
    if (predicate === undefined) continue;
    const value = values.get(name);
    const mismatch = value === undefined ? { kind: "different" as const } : mismatchOf(predicate, value);
    if (!mismatch) continue;
    const isExceeded = mismatch.kind === "exceeded";
    return {
      code: isExceeded ? "policy.value_exceeded" : "policy.argument_not_allowed",
      detail: isExceeded
        ? `are sponsored only within the bounds of their ${name}`
        : `are not sponsored with this ${name}`,
      ...(value !== undefined && { observed: String(sayValue(value)) }),
      limit: isExceeded ? mismatch.limit : JSON.stringify(predicate),
    };
  }
  return undefined;
}

/** What no policy can allow. */
function objectAlways(transaction: Transaction): Objection | undefined {
  const code = "policy.instruction_not_allowed";
  if (transaction.type === "other") {
    return { code, detail: `of the type ${transaction.name} are never sponsored` };
  }
  if (transaction.type === "axfer" && transaction.clawedFrom !== undefined) {
    const detail = "that claw an asset back are never sponsored";
    return { code: "policy.argument_not_allowed", detail, observed: transaction.clawedFrom };
  }
  if (transaction.type !== "appl") return undefined;
  const { application, hasPrograms, hasStorage } = transaction;
  const isChange = application === 0n || hasPrograms || hasStorage;
  return isChange ? { code, detail: "that make or change an application are never sponsored" } : undefined;
}

function checkTransaction(input: GroupInput, transaction: Transaction, instruction: number): Finding {
  const failing = (
    code: ErrorCode,
    detail: string,
    hint: string,
    more: Pick<Finding, "observed" | "limit"> = {},
  ): Finding => fail(refuse(code, detail, { instruction, ...more }), hint, { instruction, ...more });
  const kind = kindOf(transaction);
  const never = objectAlways(transaction);
  if (never || !kind) {
    const {
      code = "policy.instruction_not_allowed",
      detail = "of this kind are never sponsored",
      ...more
    } = never ?? {};
    return failing(code, `Transactions ${detail}.`, "Leave this transaction out: no policy can allow it.", more);
  }
  const application = transaction.type === "appl" ? transaction.application : undefined;
  const entries = input.policy.allowed.get(allowedKey(kind, application)) ?? [];
  const objections: Objection[] = [];
  for (const compiled of entries) {
    const objection =
      (transaction.type === "appl" ? objectToCall(transaction, compiled) : undefined) ??
      objectToReach(input, transaction, compiled) ??
      objectToArguments(transaction, compiled);
    if (!objection) return { verdict: "pass", instruction };
    objections.push(objection);
  }
  // Where one entry is about this very call, what it has against it says more than that others are about other calls.
  const told = objections.find(({ code }) => code !== "policy.instruction_not_allowed") ?? objections[0];
  if (told) {
    const { code, detail, ...more } = told;
    const hint = "Change the transaction, or widen the entry in `allow` of the policy.";
    return failing(code, `Transactions of the kind ${kind} ${detail}.`, hint, more);
  }
  if (application !== undefined) {
    return failing(
      "policy.program_not_allowed",
      `This project does not sponsor calls of the application ${application}.`,
      `Add {"transaction": "application-call", "application": "${application}", "methods": […]} to \`allow\` of the policy.`,
    );
  }
  return failing(
    "policy.instruction_not_allowed",
    `This project does not sponsor transactions of the kind ${kind}.`,
    `Add {"transaction": "${kind}"} to \`allow\` of the policy.`,
  );
}

/** Deny by default: every transaction of the user is one that the policy allows, with what it allows of it. */
export const transactionsAreAllowed: GroupRule = {
  name: "transactions-are-allowed",
  check: (input) =>
    userEntries(input.group).map(([instruction, { transaction }]) => checkTransaction(input, transaction, instruction)),
};
