import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ClaimedRelay, isFinal, isOvercharged, nextStep, type Observation, type RelayState } from "./relay.ts";

const relay = (state: RelayState, checks = 0): ClaimedRelay => ({
  id: "rly_1",
  state,
  transaction: new Uint8Array(),
  transactionId: "transaction",
  lifetimeEnd: 150n,
  quotedFee: 10_000n,
  quotedRent: 2_039_280n,
  checks,
});
const NOTHING: Observation = { status: undefined, landed: undefined, isProvenExpired: false, wasSent: false };
const seen = (commitment: "processed" | "confirmed" | "finalized"): Observation => ({
  ...NOTHING,
  status: { commitment, slot: 7n },
});
const landed = (error: unknown, feePayerLoss = 10_000n, isAgreed = true): Observation => ({
  ...seen("finalized"),
  landed: { slot: 7n, error, fee: 10_000n, feePayerLoss, isAgreed },
});
/** What one provider tells and no other one confirms. */
const told = (fee: bigint, feePayerLoss: bigint, error: unknown = null): Observation => ({
  ...seen("finalized"),
  landed: { slot: 7n, error, fee, feePayerLoss, isAgreed: false },
});

describe("a relay goes on", () => {
  test.each<[RelayState, string, Observation, RelayState]>([
    ["signed", "nothing was seen and nothing could be sent", NOTHING, "signed"],
    ["signed", "it was sent again", { ...NOTHING, wasSent: true }, "submitted"],
    ["signed", "a leader has it", seen("processed"), "submitted"],
    ["signed", "the cluster has voted for it", seen("confirmed"), "confirmed"],
    ["submitted", "nothing was seen", NOTHING, "submitted"],
    ["submitted", "the cluster has voted for it", seen("confirmed"), "confirmed"],
    ["submitted", "it is final and its record is not there yet", seen("finalized"), "confirmed"],
    ["confirmed", "its fork was left", NOTHING, "submitted"],
    ["confirmed", "it is on another fork", seen("processed"), "submitted"],
    ["confirmed", "its record is there", landed(null), "finalized"],
    ["submitted", "one provider alone tells its record", told(0n, 0n), "confirmed"],
    ["confirmed", "one provider alone tells its failure", told(0n, 0n, "AccountInUse"), "confirmed"],
    ["submitted", "its record shows an error", landed({ InstructionError: [0, "InvalidArgument"] }), "failed"],
    ["signed", "no node knows it and none ever will", { ...NOTHING, isProvenExpired: true }, "expired"],
    ["received", "its request died before signing", NOTHING, "rejected"],
  ])("from %s, when %s", (from, _, observation, to) => {
    expect(nextStep(relay(from), observation).state).toBe(to);
  });
});

describe("what a relay is charged", () => {
  test("is what the chain took, in the relay's own words for fee and rent", () => {
    expect(nextStep(relay("confirmed"), landed(null, 2_049_280n))).toMatchObject({
      slot: "7",
      chargedFee: "10000",
      chargedRent: "2039280",
    });
  });

  test("is the fee and no rent when the sponsor gained on the way", () => {
    expect(nextStep(relay("confirmed"), landed(null, -5n))).toMatchObject({ chargedFee: "10000", chargedRent: "0" });
  });

  test("is the fee when it failed on the chain, with the chain's reason", () => {
    const error = { InstructionError: [0, { Custom: 1 }] };
    expect(nextStep(relay("submitted"), landed(error))).toMatchObject({
      chargedFee: "10000",
      failure: { code: "transaction.execution_failed", context: { error } },
    });
  });

  test.each<[RelayState, Observation]>([
    ["received", NOTHING],
    ["signed", { ...NOTHING, isProvenExpired: true }],
  ])("is nothing when it never landed, and says why (from %s)", (from, observation) => {
    const change = nextStep(relay(from), observation);
    expect(change).toMatchObject({ chargedFee: "0", chargedRent: "0", failure: { code: expect.any(String) } });
  });
});

describe("a provider that lies about what a relay cost", () => {
  test("ends nothing while there is time for another one to speak: the relay is looked at again soon", () => {
    expect(nextStep(relay("submitted", 59), told(0n, 0n))).toEqual({
      id: "rly_1",
      state: "confirmed",
      slot: "7",
      checkAfterMs: 900,
    });
  });

  test.each<[string, Observation, RelayState]>([
    ["nothing", told(0n, 0n), "finalized"],
    ["less than nothing", told(0n, -1_000_000n), "finalized"],
    ["more than the quote", told(10n ** 12n, 10n ** 18n), "finalized"],
    ["that it failed for nothing", told(0n, 0n, "AccountInUse"), "failed"],
  ])("and says %s makes it no cheaper and no dearer than its quote", (_, observation, state) => {
    expect(nextStep(relay("confirmed", 60), observation)).toMatchObject({
      state,
      chargedFee: "10000",
      chargedRent: "2039280",
    });
  });

  test("changes nothing once another one tells the same: then it is charged what it cost, whenever that comes", () => {
    for (const checks of [1, 59, 60, 1_000]) {
      expect(nextStep(relay("confirmed", checks), landed(null))).toMatchObject({
        chargedFee: "10000",
        chargedRent: "0",
      });
    }
  });
});

describe("no look at the chain, whatever it saw", () => {
  const status = fc.option(
    fc.record({ commitment: fc.constantFrom("processed", "confirmed", "finalized"), slot: fc.bigInt({ min: 0n }) }),
    { nil: undefined },
  );
  const record = fc.record({
    slot: fc.bigInt({ min: 0n }),
    error: fc.constantFrom(null, "AccountInUse"),
    fee: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    feePayerLoss: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
    isAgreed: fc.boolean(),
  });
  const observation: fc.Arbitrary<Observation> = fc.record({
    status,
    landed: fc.option(record, { nil: undefined }),
    isProvenExpired: fc.boolean(),
    wasSent: fc.boolean(),
  });
  const RANK: Record<string, number> = { signed: 1, submitted: 2, confirmed: 3, finalized: 4, failed: 4, expired: 4 };
  const open = fc.constantFrom<RelayState>("signed", "submitted", "confirmed");
  const everywhere = (
    check: (from: RelayState, observation: Observation, to: RelayState, checks: number) => void,
  ): void => {
    fc.assert(
      fc.property(open, observation, fc.nat(100), (from, look, checks) => {
        check(from, look, nextStep(relay(from, checks), look).state, checks);
      }),
    );
  };

  test("takes a relay back, except from confirmed to submitted", () => {
    everywhere((from, _look, to) => {
      const isBack = (RANK[to] ?? 0) < (RANK[from] ?? 0);
      expect(isBack && !(from === "confirmed" && to === "submitted")).toBe(false);
    });
  });

  test("expires a relay without proof, or one whose record is there", () => {
    everywhere((_from, look, to) => {
      expect(to === "expired").toBe(look.isProvenExpired && look.landed === undefined);
    });
  });

  test("moves a relay when the chain could not be asked: an outage is no fork", () => {
    for (const state of ["signed", "submitted", "confirmed"] as const) {
      expect(nextStep(relay(state), undefined)).toMatchObject({ state });
    }
  });

  test("rejects a relay that has been signed, or ends one without a record or proof", () => {
    everywhere((_from, look, to, checks) => {
      expect(to).not.toBe("rejected");
      const hasRecord = look.landed !== undefined && (look.landed.isAgreed || checks >= 60);
      expect(isFinal(to)).toBe(hasRecord || (look.isProvenExpired && look.landed === undefined));
    });
  });

  test("makes anything but a rejection of a relay that was never signed", () => {
    fc.assert(
      fc.property(observation, (look) => {
        expect(nextStep(relay("received"), look).state).toBe("rejected");
      }),
    );
  });

  test("asks again sooner than in 0.7 s or later than in 5 s, in whole milliseconds", () => {
    fc.assert(
      fc.property(open, fc.nat(1_000_000), (from, checks) => {
        const { checkAfterMs } = nextStep(relay(from, checks), NOTHING);
        expect(Number.isInteger(checkAfterMs) && checkAfterMs >= 700 && checkAfterMs <= 5_000).toBe(true);
      }),
    );
  });
});

describe("a charge above the quote is seen", () => {
  test.each([
    ["the quote itself", "10000", "2039280", false],
    ["less than was quoted", "5000", "0", false],
    ["a fee above it", "10001", "0", true],
    ["rent above it", "10000", "2039281", true],
  ])("%s", (_name, chargedFee, chargedRent, isSeen) => {
    const change = { id: "rly_1", state: "finalized" as const, chargedFee, chargedRent, checkAfterMs: 0 };
    expect(isOvercharged(relay("submitted"), change)).toBe(isSeen);
  });

  test("and nothing is charged while a relay is open", () => {
    expect(isOvercharged(relay("submitted"), { id: "rly_1", state: "submitted", checkAfterMs: 900 })).toBe(false);
  });
});
