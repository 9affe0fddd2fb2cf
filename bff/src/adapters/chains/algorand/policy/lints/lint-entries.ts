import type { AlgorandPolicy } from "../../../../../contract/algorand-policy.ts";
import type { Finding, Lint } from "../../../../../domain/policy/lint.ts";
import { createFixes } from "../../../../../domain/policy/lints/fixes.ts";
import type { AllowedTransaction } from "../compile.ts";

export type AlgorandLint = Lint<AlgorandPolicy>;
export type AlgorandFinding = Finding<AlgorandPolicy>;
export type AllowedCall = Extract<AllowedTransaction, { transaction: "application-call" }>;

export const { removeEntry, replaceEntry, set } = createFixes<AlgorandPolicy>();

export function eachEntry(
  find: (entry: AllowedTransaction, pointer: string) => readonly AlgorandFinding[],
): AlgorandLint["find"] {
  return ({ allow }) => allow.flatMap((entry, index) => find(entry, `/allow/${index}`));
}

export const eachCall = (
  find: (entry: AllowedCall, pointer: string) => readonly AlgorandFinding[],
): AlgorandLint["find"] =>
  eachEntry((entry, pointer) => (entry.transaction === "application-call" ? find(entry, pointer) : []));

/** What an entry demands of one of its arguments. */
export const predicateOf = ({ arguments: predicates }: AllowedTransaction, name: string) =>
  predicates?.[name as keyof typeof predicates];
