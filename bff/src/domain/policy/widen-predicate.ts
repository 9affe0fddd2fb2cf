import type { Predicate } from "../../contract/policy.ts";
import { mismatchOf, sayValue } from "./predicate.ts";
import type { ArgumentValue } from "./programs/shape.ts";

const MAX_CHOICES = 200;
const BOUNDS: Readonly<Record<"lt" | "lte" | "gt" | "gte", (value: bigint) => bigint>> = {
  lt: (value) => value + 1n,
  lte: (value) => value,
  gt: (value) => value - 1n,
  gte: (value) => value,
};
const isBound = (name: string): name is keyof typeof BOUNDS => Object.hasOwn(BOUNDS, name);

/** Bounds that the value breaks, moved so far that it just fits. */
function moveBounds(predicate: Predicate, value: bigint): Predicate {
  const moved = Object.keys(predicate)
    .filter(isBound)
    .filter((name) => mismatchOf({ [name]: predicate[name] }, value) !== undefined)
    .map((name) => [name, BOUNDS[name](value).toString()] as const);
  return { ...predicate, ...Object.fromEntries(moved) };
}

/**
 * The predicate after the least change that lets the value be: one more choice, or a bound that is moved. Undefined where it
 * says more than that: its author excluded something on purpose.
 */
export function widenPredicate(predicate: Predicate, value: ArgumentValue): Predicate | undefined {
  if (mismatchOf(predicate, value) === undefined) return predicate;
  const operators = Object.keys(predicate);
  if (typeof value === "bigint" && operators.every(isBound)) return moveBounds(predicate, value);
  const choices = predicate.in ?? (predicate.eq === undefined ? undefined : [predicate.eq]);
  const said = sayValue(value);
  if (operators.length !== 1 || !choices || choices.length >= MAX_CHOICES) return undefined;
  if (typeof said === "object" && said !== null) return undefined;
  return { in: [...choices, said] };
}
