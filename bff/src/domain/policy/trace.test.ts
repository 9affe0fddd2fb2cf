import { describe, expect, test } from "vitest";
import { fail, type Rule } from "./rule.ts";
import { skipRules, traceRules } from "./trace.ts";

const refusal = { code: "policy.fee_exceeded", detail: "Too much.", context: { what: "fee" } } as const;
const RULES: readonly Rule<number>[] = [
  { name: "is-silent", check: () => [] },
  { name: "compares", check: (input) => [{ verdict: "pass", observed: String(input), limit: "9" }] },
  {
    name: "fails-twice",
    check: () => [
      fail(refusal, "Lower it.", { observed: "10", limit: "9", instruction: 0 }),
      { verdict: "pass", instruction: 1 },
      fail(refusal, "Lower it too.", { instruction: 2 }),
    ],
  },
  { name: "waits", check: () => [{ verdict: "skip", hint: "Not yet known." }] },
];

describe("a trace", () => {
  test("has a line for each finding of each rule, also behind the first that fails", () => {
    expect(traceRules(RULES, 7)).toEqual([
      { rule: "is-silent", verdict: "pass" },
      { rule: "compares", verdict: "pass", observed: "7", limit: "9" },
      {
        rule: "fails-twice",
        verdict: "fail",
        code: "policy.fee_exceeded",
        observed: "10",
        limit: "9",
        instruction: 0,
        hint: "Lower it.",
      },
      { rule: "fails-twice", verdict: "pass", instruction: 1 },
      { rule: "fails-twice", verdict: "fail", code: "policy.fee_exceeded", instruction: 2, hint: "Lower it too." },
      { rule: "waits", verdict: "skip", hint: "Not yet known." },
    ]);
  });

  test("says by a rule without findings that it has nothing against the transaction", () => {
    expect(traceRules([{ name: "is-silent", check: () => [] }], null)).toEqual([
      { rule: "is-silent", verdict: "pass" },
    ]);
  });

  test("carries no context of a refusal, which may name what is not the asker's", () => {
    for (const entry of traceRules(RULES, 7)) expect(entry).not.toHaveProperty("context");
  });

  test("of rules that could not be asked says why, and asks none of them", () => {
    const asking: Rule<number> = {
      name: "asks",
      check: () => {
        throw new Error("asked all the same");
      },
    };
    expect(skipRules([asking, ...RULES.slice(0, 1)], "The node is away.")).toEqual([
      { rule: "asks", verdict: "skip", hint: "The node is away." },
      { rule: "is-silent", verdict: "skip", hint: "The node is away." },
    ]);
  });
});
