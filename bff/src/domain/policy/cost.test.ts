import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type InstructionSketch, sketchTransaction } from "../../../test/support/decoded-transaction.ts";
import { costOf } from "./cost.ts";
import { COMPUTE_BUDGET_PROGRAM } from "./programs.ts";

const U64_MAX = 2n ** 64n - 1n;

function littleEndian(value: bigint, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

const limit = (units: bigint): InstructionSketch => ({
  program: COMPUTE_BUDGET_PROGRAM,
  data: [2, ...littleEndian(units, 4)],
});
const price = (microLamports: bigint): InstructionSketch => ({
  program: COMPUTE_BUDGET_PROGRAM,
  data: [3, ...littleEndian(microLamports, 8)],
});
const costOfThese = (...instructions: readonly InstructionSketch[]) => costOf(sketchTransaction({ instructions }));

describe("the cost of a transaction", () => {
  test("is 5,000 lamports a signature when it sets no price", () => {
    expect(costOfThese({ program: "memo" })).toMatchObject({ signatures: 2n, fee: 10_000n, isAmbiguous: false });
  });

  test("rounds a part of a lamport up", () => {
    expect(costOfThese(price(1n), limit(1n)).fee).toBe(10_001n);
    expect(costOfThese(price(1_000_000n), limit(3n)).fee).toBe(10_003n);
    expect(costOfThese(price(0n), limit(1_400_000n)).fee).toBe(10_000n);
  });

  test("a price without a limit counts as the maximum: nothing cheap can be made dear by leaving it out", () => {
    expect(costOfThese(price(50_000n))).toMatchObject({ computeUnits: undefined, fee: 80_000n });
  });

  test("a limit of zero is a limit, not the absence of one", () => {
    expect(costOfThese(price(50_000n), limit(0n))).toMatchObject({ computeUnits: 0n, fee: 10_000n });
  });

  test("the largest price and limit there are do not overflow", () => {
    const { fee } = costOfThese(price(U64_MAX), limit(2n ** 32n - 1n));
    expect(fee).toBe(10_000n + (U64_MAX * (2n ** 32n - 1n) + 999_999n) / 1_000_000n);
  });

  test("no price and limit cost less than the runtime takes", () => {
    const u64 = fc.bigInt({ min: 0n, max: U64_MAX });
    const u32 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
    fc.assert(
      fc.property(u64, u32, (microLamports, units) => {
        const charged = units < 1_400_000n ? units : 1_400_000n;
        const fee = costOfThese(price(microLamports), limit(units)).fee - 10_000n;
        expect(fee * 1_000_000n).toBeGreaterThanOrEqual(microLamports * charged);
      }),
    );
  });

  test.each([
    ["two limits", [limit(1n), limit(1n)]],
    ["two prices", [price(1n), { program: "memo" }, price(2n)]],
  ])("%s are ambiguous, whichever the runtime would take", (_, instructions) => {
    expect(costOfThese(...instructions).isAmbiguous).toBe(true);
  });

  test("one limit and one price are not ambiguous", () => {
    expect(costOfThese(limit(1n), price(1n)).isAmbiguous).toBe(false);
  });

  test("data of a compute budget instruction that is too short never makes the cost throw", () => {
    expect(costOfThese({ program: COMPUTE_BUDGET_PROGRAM, data: [3, 1] }).computeUnitPrice).toBe(1n);
    expect(costOfThese({ program: COMPUTE_BUDGET_PROGRAM }).fee).toBe(10_000n);
  });

  test.each([
    "Ed25519SigVerify111111111111111111111111111",
    "KeccakSecp256k11111111111111111111111111111",
    "Secp256r1SigVerify1111111111111111111111111",
  ])("signatures that %s checks are paid for like the transaction's own", (program) => {
    const cost = costOfThese({ program, data: [255, 0] }, { program, data: [1] }, { program });
    expect(cost).toMatchObject({ signatures: 258n, fee: 1_290_000n });
  });

  test("a number of signatures in any other program's data costs nothing", () => {
    expect(costOfThese({ program: "memo", data: [255] }).signatures).toBe(2n);
  });
});
