import { expect, test } from "vitest";
import { formatUnits } from "./amounts.ts";

test.each([
  [0n, 9, "0"],
  [10_000n, 9, "0.00001"],
  [9_999_990_000n, 9, "9.99999"],
  [1_000n, 2, "10"],
  [1_050n, 2, "10.5"],
  [7n, 0, "7"],
  [2n ** 64n - 1n, 6, "18446744073709.551615"],
])("%s base units with %s decimals are %s, to the last digit", (baseUnits, decimals, text) => {
  expect(formatUnits(baseUnits, decimals)).toBe(text);
});
