import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Whole deployments that wait for chains and clocks: minutes of few cores, in files that are short. */
const WAITING = [
  /\/e2e\/drills\//,
  /\/adversarial\/(reconciliation|races)\.test\.ts$/,
  /\/e2e\/stories\/(wallets|pera)\b/,
];

/**
 * A machine that has not run the tests before knows of files their size alone, and would leave the longest for the end,
 * where they run by themselves.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => WAITING.some((pattern) => pattern.test(moduleId));
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the sequencer's, and gives another array
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
