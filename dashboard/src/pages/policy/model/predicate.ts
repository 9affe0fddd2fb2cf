import type { Predicate } from "../../../../../bff/src/contract/policy.ts";
import { ungrouped } from "../../../format/amounts.ts";
import { isObject } from "./pointer.ts";

/** Predicates are not read deeper than this. */
const MAX_DEPTH = 3;

export type Operator = "eq" | "in" | "lt" | "lte" | "gt" | "gte" | "startsWith" | "all" | "any" | "not";

/** What a value in an instruction can be held against. */
export type ValueKind = "number" | "bool" | "text" | "list" | "unknown";

/** How an operator is said in a form. */
export const OPERATOR_LABELS: Readonly<Record<Operator, string>> = {
  eq: "is",
  in: "is one of",
  lte: "is at most",
  lt: "is below",
  gte: "is at least",
  gt: "is above",
  startsWith: "begins with",
  any: "any of these holds",
  all: "all of these hold",
  not: "this does not hold",
};

const isOperator = (name: string): name is Operator => Object.hasOwn(OPERATOR_LABELS, name);

/** What kind of value a type of the catalogue is; accounts are text. */
export function kindOf(type: string): ValueKind {
  if (/^(?:option<)?u?i?(?:nt)?\d+/.test(type)) return "number";
  if (type === "bool") return "bool";
  // Of a call on Algorand only its method says what an argument is.
  if (type === "by the method") return "unknown";
  return /^(?:vec|rest)/.test(type) ? "list" : "text";
}

/** Whether the value may be absent, which a policy says with null. */
export const isOptional = (type: string): boolean => type.includes("option") || type.startsWith("zeroable");

const OPERATORS: Readonly<Record<ValueKind, readonly Operator[]>> = {
  number: ["lte", "gte", "eq", "in", "lt", "gt"],
  text: ["eq", "in", "startsWith"],
  unknown: ["eq", "in", "lte", "gte", "lt", "gt", "startsWith"],
  bool: ["eq"],
  list: [],
};

/** The operators that can ever hold for a value of this kind, at this depth. */
export const operatorsFor = (kind: ValueKind, depth: number): readonly Operator[] => [
  ...OPERATORS[kind],
  ...(depth < MAX_DEPTH && kind !== "list" ? (["any", "all", "not"] as const) : []),
];

const EMPTY_VALUES: Readonly<Record<ValueKind, unknown>> = { number: "0", bool: true, text: "", unknown: "", list: "" };

/** What an operator begins with when it is added. */
export function emptyOperand(operator: Operator, kind: ValueKind): unknown {
  if (operator === "in") return [EMPTY_VALUES[kind]];
  if (operator === "not") return emptyPredicate(kind);
  return isGroup(operator) ? [emptyPredicate(kind)] : EMPTY_VALUES[kind];
}

/** A condition with nothing in it yet. */
export const emptyPredicate = (kind: ValueKind): Predicate => {
  const [operator = "eq"] = OPERATORS[kind];
  return { [operator]: EMPTY_VALUES[kind] };
};

/** The operators of a predicate in the order in which they stand; undefined: it is no predicate, or has an unknown one. */
export function conditionsOf(predicate: unknown): readonly (readonly [Operator, unknown])[] | undefined {
  if (!isObject(predicate)) return undefined;
  const entries = Object.entries(predicate);
  return entries.every(([name]) => isOperator(name)) ? (entries as [Operator, unknown][]) : undefined;
}

/** The predicate with another operator in the place of one, its operand kept where it still means something. */
export function renameOperator(predicate: unknown, from: Operator, to: Operator, kind: ValueKind): Predicate {
  const conditions = conditionsOf(predicate) ?? [];
  const isPlain = (operator: Operator) => !["in", "all", "any", "not"].includes(operator);
  const operandOf = (old: unknown): unknown => {
    if (isPlain(from) && isPlain(to)) return old;
    if (isPlain(from) && to === "in") return [old];
    if (from === "in" && isPlain(to) && Array.isArray(old)) return (old[0] as unknown) ?? emptyOperand(to, kind);
    if (isGroup(from) && isGroup(to)) return old;
    return emptyOperand(to, kind);
  };
  return Object.fromEntries(
    conditions.map(([operator, old]) => (operator === from ? [to, operandOf(old)] : [operator, old])),
  );
}

const isGroup = (operator: Operator): boolean => operator === "all" || operator === "any";

/** The lines of a text field, without empty ones and repetitions. */
export const linesOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

/** The same, with commas between values too. */
export const valuesOf = (text: string): readonly string[] => linesOf(text.replaceAll(",", "\n"));

/**
 * What is meant by the lines of a field for several values. Only between addresses a comma can stand: in a text it may be
 * a part of it, and in a number some people's decimal sign.
 */
export function listOf(text: string, type: string): readonly string[] {
  if (kindOf(type) === "number") return [...new Set(linesOf(text).map((line) => line.replaceAll(/[_']/g, "")))];
  return /publickey|address/i.test(type) ? valuesOf(text) : linesOf(text);
}

/** Why lines are not the whole numbers that they were typed for. */
export function numbersFault(values: unknown): string | undefined {
  if (!Array.isArray(values)) return undefined;
  const bad = values.find((value) => typeof value === "string" && value !== "" && !/^-?\d+$/.test(value)) as
    | string
    | undefined;
  if (bad === undefined) return undefined;
  if (bad.includes(",")) return `“${bad}” has a comma: write one number a line, and thousands as 1500 or 1_500.`;
  return /\d\s+\d/.test(bad) ? `“${bad}” are several numbers: write one a line.` : `“${bad}” is no whole number.`;
}

/** What a person types for a whole number: with its thousands apart, as people or machines write them. */
export const digitsOf = (text: string): string => ungrouped(text.replaceAll(/[\s_']/g, ""));
