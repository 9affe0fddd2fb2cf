/** What two things came to that were measured in turns. Both are of one turn, in what the measures give. */
export interface SideBySide {
  readonly left: number;
  readonly right: number;
  /** Left by right: the median of the rounds, and how far they went. */
  readonly ratio: number;
  readonly lowestRatio: number;
  readonly highestRatio: number;
}

/** Does the thing once, and gives what it took. */
export type Measure = () => Promise<number>;

export interface Rounds {
  readonly rounds: number;
  readonly turnsPerRound: number;
  readonly warmUpRounds: number;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2;
}

/** In turns, and each time another is first: what the machine does beside it hits both. */
async function runRound(left: Measure, right: Measure, turns: number): Promise<{ left: number; right: number }> {
  const sum = { left: 0, right: 0 };
  for (let turn = 0; turn < turns; turn++) {
    if (turn % 2 === 0) sum.left += await left();
    sum.right += await right();
    if (turn % 2 === 1) sum.left += await left();
  }
  return sum;
}

export async function measureSideBySide(
  left: Measure,
  right: Measure,
  { rounds, turnsPerRound, warmUpRounds }: Rounds,
): Promise<SideBySide> {
  for (let round = 0; round < warmUpRounds; round++) await runRound(left, right, turnsPerRound);
  const sums: { left: number; right: number }[] = [];
  for (let round = 0; round < rounds; round++) sums.push(await runRound(left, right, turnsPerRound));
  const ratios = sums.map((sum) => sum.left / sum.right);
  return {
    left: median(sums.map((sum) => sum.left)) / turnsPerRound,
    right: median(sums.map((sum) => sum.right)) / turnsPerRound,
    ratio: median(ratios),
    lowestRatio: Math.min(...ratios),
    highestRatio: Math.max(...ratios),
  };
}

const inThreeDigits = (value: number): string => (value < 100 ? value.toPrecision(3) : value.toFixed(0));

/** One line of a benchmark; `max` is what is promised. Where a promise is broken, the process fails. */
export function printSideBySide(
  name: string,
  { left, right, ratio, lowestRatio, highestRatio }: SideBySide,
  { unit, max }: { readonly unit: string; readonly max?: number },
): void {
  const isBroken = max !== undefined && ratio > max;
  if (isBroken) process.exitCode = 1;
  const promise = max === undefined ? "" : `; ${isBroken ? "BROKEN: " : ""}at most ${max}`;
  const spread = `rounds from ${lowestRatio.toFixed(2)} to ${highestRatio.toFixed(2)}`;
  process.stdout.write(
    `${name.padEnd(44)} ${ratio.toFixed(2)} = ${inThreeDigits(left)} / ${inThreeDigits(right)} ${unit} (${spread}${promise})\n`,
  );
}
