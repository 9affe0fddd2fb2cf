import type { BacktestResult } from "../../../../bff/src/contract/manage/jobs.ts";

type OutcomeName = "newlySponsored" | "newlyRefused" | "stillSponsored" | "stillRefused" | "refusedOtherwise";

interface OutcomeRow {
  readonly name: OutcomeName;
  readonly label: string;
  readonly hint: string;
  readonly count: number;
  readonly fee: string;
  readonly rent: string;
}

const WORDS: readonly (readonly [OutcomeName, label: string, hint: string])[] = [
  ["newlySponsored", "Newly sponsored", "Was refused; the other policy would sponsor it."],
  ["newlyRefused", "Newly refused", "Was sponsored; the other policy would refuse it."],
  ["stillSponsored", "Sponsored as before", "Both say yes."],
  ["stillRefused", "Refused as before", "Both say no."],
  ["refusedOtherwise", "Refused by something else", "A budget or a list refused it, which no policy decides about."],
];

/** The outcomes of a backtest, what would change before what would not. */
export const outcomesOf = (result: BacktestResult): readonly OutcomeRow[] =>
  WORDS.map(([name, label, hint]) => ({ name, label, hint, ...result[name] }));

/** What it would change about the bill: fees and rent that come and go, in base units. */
export function costChange({ newlySponsored, newlyRefused }: BacktestResult): bigint {
  const sum = ({ fee, rent }: { readonly fee: string; readonly rent: string }): bigint => BigInt(fee) + BigInt(rent);
  return sum(newlySponsored) - sum(newlyRefused);
}

const count = new Intl.NumberFormat("en");

/** The whole in a sentence. */
export function sayResult(result: BacktestResult): string {
  const { decisions, days, newlySponsored, newlyRefused } = result;
  if (decisions === 0) return `There were no decisions in the last ${days} days.`;
  const parts = [
    ...(newlySponsored.count > 0 ? [`${count.format(newlySponsored.count)} would be sponsored that were refused`] : []),
    ...(newlyRefused.count > 0 ? [`${count.format(newlyRefused.count)} would be refused that were sponsored`] : []),
  ];
  const change = parts.length === 0 ? "none would be decided otherwise" : parts.join(", and ");
  return `Of ${count.format(decisions)} decisions in ${days} days, ${change}.`;
}
