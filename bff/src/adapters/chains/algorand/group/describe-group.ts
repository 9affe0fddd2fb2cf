import type { DescribedInstruction } from "../../../../domain/chain-transaction.ts";
import { sayValue } from "../../../../domain/policy/predicate.ts";
import type { ArgumentValue } from "../../../../domain/policy/programs/shape.ts";
import { readArguments, selectorOf } from "../policy/abi.ts";
import type { Transaction } from "./decoded-group.ts";
import type { GroupInput } from "./group-input.ts";
import { argumentsOf, kindOf } from "./name-transaction.ts";

/** Of a call, as the first method reads it that the policy names by this selector; without one its arguments stay bytes. */
function valuesOf({ policy }: GroupInput, transaction: Transaction): readonly (readonly [string, ArgumentValue])[] {
  const own = Object.entries(argumentsOf(transaction));
  if (transaction.type !== "appl") return own;
  const selector = selectorOf(transaction) ?? "";
  const methods = [...policy.allowed.values()].flat().map((entry) => entry.methods.get(selector));
  const types = methods.find((method) => method !== undefined)?.types;
  const read = [...readArguments(transaction, types)];
  return [...own, ...read.map(([name, value = null]) => [name, value] as const)];
}

/** The accounts of a transaction by what they are in it. */
const ROLES = ["sender", "receiver", "closeRemainderTo", "closeTo", "rekeyTo"] as const;

function describe(input: GroupInput, transaction: Transaction, position: number): DescribedInstruction {
  const values = new Map(valuesOf(input, transaction));
  const accounts = ROLES.flatMap((role) => {
    const address = values.get(role);
    return typeof address === "string" ? [{ role, address }] : [];
  });
  const others = transaction.type === "appl" ? transaction.accounts : [];
  const isCall = transaction.type === "appl";
  return {
    position,
    program: isCall ? transaction.application.toString() : transaction.type,
    programName: isCall ? "Application" : null,
    instruction: kindOf(transaction) ?? null,
    arguments: Object.fromEntries(
      [...values].map(([name, value]) => {
        const said = sayValue(value);
        return [name, typeof said === "object" && said !== null ? said.join(", ") : said];
      }),
    ),
    accounts: [...accounts, ...others.map((address) => ({ role: null, address }))],
  };
}

/** A group's transactions in the words of policies, the sponsor's first. */
export const describeGroup = (input: GroupInput): readonly DescribedInstruction[] =>
  input.group.entries.map(({ transaction }, position) => describe(input, transaction, position));
