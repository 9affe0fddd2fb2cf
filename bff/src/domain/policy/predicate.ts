import type { Predicate } from "../../contract/policy.ts";
import type { ArgumentValue } from "./programs/shape.ts";

/**
 * What is wrong with a value: it is above or below a bound, simply another one, or of a type that the predicate says
 * nothing about. The last is no match either way: `not` does not turn it into one.
 */
export type Mismatch = { readonly kind: "exceeded"; readonly limit: string } | { readonly kind: "different" | "unfit" };

const DIFFERENT: Mismatch = { kind: "different" };
const UNFIT: Mismatch = { kind: "unfit" };

/** A value in the words of a policy: integers as decimal strings, everything else as it is. */
export function sayValue(value: ArgumentValue): string | boolean | null | readonly string[] {
  return typeof value === "bigint" ? value.toString() : value;
}

function isSame(value: ArgumentValue, wanted: string | boolean | null): boolean {
  // Integers are compared as numbers: "007" is 7.
  if (typeof value === "bigint")
    return typeof wanted === "string" && /^-?[0-9]+$/.test(wanted) && BigInt(wanted) === value;
  return value === wanted;
}

type Comparison = "lt" | "lte" | "gt" | "gte";
const COMPARISONS: Readonly<Record<Comparison, (value: bigint, bound: bigint) => boolean>> = {
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
};

function compare(predicate: Predicate, value: ArgumentValue): Mismatch | undefined {
  for (const operator of ["lt", "lte", "gt", "gte"] as const) {
    const bound = predicate[operator];
    if (bound === undefined) continue;
    if (typeof value !== "bigint") return UNFIT;
    if (!COMPARISONS[operator](value, BigInt(bound))) return { kind: "exceeded", limit: bound };
  }
  return undefined;
}

/** What nested predicates have against it, what is unfit before the rest. */
function mismatchesOf(predicates: readonly Predicate[], value: ArgumentValue): readonly (Mismatch | undefined)[] {
  const mismatches = predicates.map((inner) => mismatchOf(inner, value));
  const unfit = mismatches.find((mismatch) => mismatch?.kind === "unfit");
  return unfit && !mismatches.includes(undefined) ? [unfit] : mismatches;
}

function negate(mismatch: Mismatch | undefined): Mismatch | undefined {
  if (mismatch === undefined) return DIFFERENT;
  return mismatch.kind === "unfit" ? UNFIT : undefined;
}

/** What a value has against it, or undefined when it is what the predicate demands. Total. */
export function mismatchOf(predicate: Predicate, value: ArgumentValue): Mismatch | undefined {
  const { eq, in: list, startsWith, all = [], any, not } = predicate;
  // Of a list of keys nothing can be said but by the integrator's own program.
  if (Array.isArray(value)) return UNFIT;
  if (startsWith !== undefined && typeof value !== "string") return UNFIT;
  const isOther =
    (eq !== undefined && !isSame(value, eq)) ||
    (list !== undefined && !list.some((wanted) => isSame(value, wanted))) ||
    (startsWith !== undefined && !(typeof value === "string" && value.startsWith(startsWith)));
  if (isOther) return DIFFERENT;
  const chosen = any && mismatchesOf(any, value);
  const nested = [
    ...(not ? [negate(mismatchOf(not, value))] : []),
    ...(chosen && !chosen.includes(undefined) ? [chosen[0] ?? DIFFERENT] : []),
    ...all.map((inner) => mismatchOf(inner, value)),
    compare(predicate, value),
  ].filter((mismatch) => mismatch !== undefined);
  return nested.find(({ kind }) => kind === "unfit") ?? nested[0];
}
