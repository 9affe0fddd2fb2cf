import { expect, test } from "vitest";
import type { BacktestResult } from "../../../../bff/src/contract/manage/jobs.ts";
import { costChange, outcomesOf, sayResult } from "./outcome-words.ts";

const none = { count: 0, fee: "0", rent: "0" };
const result: BacktestResult = {
  kind: "backtest",
  days: 7,
  decisions: 1200,
  stillSponsored: { count: 1100, fee: "11000000", rent: "0" },
  newlySponsored: { count: 40, fee: "400000", rent: "2039280" },
  newlyRefused: { count: 3, fee: "30000", rent: "0" },
  stillRefused: { count: 50, fee: "500000", rent: "0" },
  refusedOtherwise: { count: 7, fee: "70000", rent: "0" },
  unreadable: 0,
  codes: [],
  samples: [],
};

test("a backtest is told in one sentence, what would change alone", () => {
  expect(sayResult(result)).toBe(
    "Of 1,200 decisions in 7 days, 40 would be sponsored that were refused, and 3 would be refused that were sponsored.",
  );
  expect(sayResult({ ...result, newlySponsored: none, newlyRefused: none })).toBe(
    "Of 1,200 decisions in 7 days, none would be decided otherwise.",
  );
  expect(sayResult({ ...result, decisions: 0 })).toBe("There were no decisions in the last 7 days.");
});

test("the bill changes by what comes and what goes, rent among it, and may shrink", () => {
  expect(costChange(result)).toBe(2_409_280n);
  expect(costChange({ ...result, newlySponsored: none })).toBe(-30_000n);
});

test("every outcome is told, so that their counts make up all decisions", () => {
  const rows = outcomesOf(result);
  expect(rows.map(({ count }) => count).reduce((sum, count) => sum + count, 0)).toBe(result.decisions);
  expect(rows[0]?.name).toBe("newlySponsored");
});
