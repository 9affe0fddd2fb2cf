import { describe, expect, test } from "vitest";
import { findAgreed, judgeLanding, type LandingRecord } from "./landing.ts";

const honest: LandingRecord = { slot: 7n, error: null, fee: 10_000n, feePayerLoss: 2_049_280n };
const free: LandingRecord = { ...honest, fee: 0n, feePayerLoss: 0n };

describe("the record of a landing", () => {
  test("is agreed when two providers tell the same, whoever spoke first", () => {
    expect(judgeLanding([honest, honest], false)).toEqual({ ...honest, isAgreed: true });
    expect(judgeLanding([free, honest, honest], false)).toEqual({ ...honest, isAgreed: true });
    expect(judgeLanding([honest, free, honest], false)).toEqual({ ...honest, isAgreed: true });
  });

  test.each<[string, Partial<LandingRecord>]>([
    ["the slot", { slot: 8n }],
    ["whether it failed", { error: "AccountInUse" }],
    ["the fee", { fee: 5_000n }],
    ["the fee payer's loss", { feePayerLoss: 0n }],
  ])("of one that lies about %s is not agreed", (_, lie) => {
    expect(findAgreed([honest, { ...honest, ...lie }])).toBeUndefined();
    expect(judgeLanding([{ ...honest, ...lie }, honest], false)).toEqual({ ...honest, ...lie, isAgreed: false });
  });

  test("is agreed when they only differ in why it failed", () => {
    const failed = { ...honest, error: { InstructionError: [0, { Custom: 1 }] } };
    expect(judgeLanding([failed, { ...failed, error: "AccountInUse" }], false)).toEqual({ ...failed, isAgreed: true });
  });

  test("of one voice among several is not agreed, and is believed where there is only one provider", () => {
    expect(judgeLanding([honest], false)).toEqual({ ...honest, isAgreed: false });
    expect(judgeLanding([honest], true)).toEqual({ ...honest, isAgreed: true });
  });

  test("is none where nobody has one", () => {
    expect(judgeLanding([], false)).toBeUndefined();
    expect(judgeLanding([], true)).toBeUndefined();
  });
});
