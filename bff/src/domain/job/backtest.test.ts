import { describe, expect, test } from "vitest";
import { addToTally, EMPTY_TALLY, isNoPolicys, type Judgement, resultOf } from "./backtest.ts";

const judgement = (changes: Partial<Judgement> = {}): Judgement => ({
  decisionId: "req_1",
  before: null,
  after: null,
  isOtherwise: false,
  fee: 5n,
  rent: 2n,
  ...changes,
});
const REFUSED = { before: "policy.program_not_allowed" };
const BUDGET = "budget.user_exhausted";

describe("a decision held against a draft", () => {
  test.each<[keyof typeof EMPTY_TALLY.outcomes, Partial<Judgement>]>([
    ["stillSponsored", {}],
    ["newlyRefused", { after: "policy.fee_exceeded" }],
    ["newlySponsored", REFUSED],
    ["stillRefused", { ...REFUSED, after: "policy.fee_exceeded" }],
    ["stillRefused", { before: BUDGET, after: "policy.fee_exceeded" }],
    ["refusedOtherwise", { before: BUDGET, isOtherwise: true }],
  ])("is %s, with what it cost", (change, given) => {
    const { outcomes, decisions } = addToTally(EMPTY_TALLY, [judgement(given)], []);
    expect(decisions).toBe(1);
    expect(outcomes).toEqual({ ...EMPTY_TALLY.outcomes, [change]: { count: 1, fee: "5", rent: "2" } });
  });

  test("adds amounts beyond what a double holds", () => {
    const once = addToTally(EMPTY_TALLY, [judgement({ fee: 9_007_199_254_740_993n })], []);
    expect(addToTally(once, [judgement({ fee: 1n })], []).outcomes.stillSponsored.fee).toBe("9007199254740994");
  });

  test("counts codes before and after; what no policy decides stays what it was", () => {
    const tally = addToTally(
      EMPTY_TALLY,
      [
        judgement(REFUSED),
        judgement({ after: "policy.fee_exceeded" }),
        judgement({ before: BUDGET, isOtherwise: true }),
      ],
      ["transaction.malformed"],
    );
    expect(resultOf(tally, 7)).toMatchObject({
      kind: "backtest",
      days: 7,
      decisions: 4,
      unreadable: 1,
      codes: [
        { code: BUDGET, before: 1, after: 1 },
        { code: "transaction.malformed", before: 1, after: 1 },
        { code: "policy.fee_exceeded", before: 0, after: 1 },
        { code: "policy.program_not_allowed", before: 1, after: 0 },
      ],
    });
  });

  test("gives samples of what would change, at most fifty", () => {
    const many = Array.from({ length: 60 }, (_, index) => judgement({ ...REFUSED, decisionId: `req_${index}` }));
    const tally = addToTally(EMPTY_TALLY, [judgement(), ...many], []);
    expect(tally.samples).toHaveLength(50);
    expect(tally.samples[0]).toEqual({
      decisionId: "req_0",
      change: "newlySponsored",
      before: REFUSED.before,
      after: null,
    });
  });

  test("comes to the same in parts, through JSON, as at once", () => {
    const all = [judgement(), judgement(REFUSED), judgement({ after: "policy.fee_exceeded" }), judgement(REFUSED)];
    const inParts = all.reduce(
      (tally, each) => JSON.parse(JSON.stringify(addToTally(tally, [each], []))) as typeof tally,
      EMPTY_TALLY,
    );
    expect(inParts).toEqual(addToTally(EMPTY_TALLY, all, []));
  });
});

test("budgets, sponsors, bytes and lists refuse under any policy", () => {
  for (const code of [BUDGET, "sponsor.unavailable", "transaction.expired", "policy.account_denied"]) {
    expect(isNoPolicys(code)).toBe(true);
  }
  expect(isNoPolicys("policy.rent_not_sponsored")).toBe(false);
});
