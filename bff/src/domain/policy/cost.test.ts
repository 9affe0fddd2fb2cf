import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { littleEndian } from "../../../test/support/assemble.ts";
import { type InstructionSketch, ruleInput, SPONSOR, USER } from "../../../test/support/decoded-transaction.ts";
import type { Cost } from "./cost.ts";
import type { DecodedTransaction } from "./decoded-transaction.ts";
import {
  ADDRESS_LOOKUP_TABLE_PROGRAM,
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";

const U64_MAX = 2n ** 64n - 1n;

const limit = (units: bigint): InstructionSketch => ({
  program: COMPUTE_BUDGET_PROGRAM,
  data: [2, ...littleEndian(units, 4)],
});
const price = (microLamports: bigint): InstructionSketch => ({
  program: COMPUTE_BUDGET_PROGRAM,
  data: [3, ...littleEndian(microLamports, 8)],
});
const costOfThese = (...instructions: readonly InstructionSketch[]): Cost => ruleInput({ instructions }).cost;

const MEMO: InstructionSketch = { program: "memo" };
const costOfV1 = (config: DecodedTransaction["config"], instructions: readonly InstructionSketch[] = [MEMO]): Cost =>
  ruleInput({ instructions, changes: { version: 1, ...(config && { config }) } }).cost;

describe("the cost of a transaction", () => {
  test("is 5,000 lamports a signature when it sets no price", () => {
    expect(costOfThese(MEMO)).toEqual({
      signatures: 2n,
      computeUnits: undefined,
      computeUnitPrice: 0n,
      fee: 10_000n,
      rent: 0n,
      isAmbiguous: false,
    });
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
    ["two prices", [price(1n), MEMO, price(2n)]],
  ])("%s are ambiguous, whichever the runtime would take", (_, instructions) => {
    expect(costOfThese(...instructions).isAmbiguous).toBe(true);
  });

  test("one limit and one price are not ambiguous", () => {
    expect(costOfThese(limit(1n), price(1n)).isAmbiguous).toBe(false);
  });

  test("what the runtime ignores behind a price or a limit changes nothing", () => {
    const padded = ({ program, data = [] }: InstructionSketch) => ({ program, data: [...data, 255, 255] });
    expect(costOfThese(padded(price(7n)), padded(limit(9n)))).toEqual(costOfThese(price(7n), limit(9n)));
  });

  test("data of a compute budget instruction that is too short never makes the cost throw", () => {
    expect(costOfThese({ program: COMPUTE_BUDGET_PROGRAM, data: [3, 1] }).computeUnitPrice).toBe(1n);
    expect(costOfThese({ program: COMPUTE_BUDGET_PROGRAM }).fee).toBe(10_000n);
  });

  test("bytes of a price in any other program's data cost nothing", () => {
    expect(costOfThese({ ...price(U64_MAX), program: "other" }).fee).toBe(10_000n);
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

describe("the cost of a version 1 transaction", () => {
  test("has the fee of its config in it, in lamports: looking only for ComputeBudget instructions would be drained", () => {
    const { fee } = costOfV1({ priorityFee: 1_000_000_000n, computeUnits: undefined });
    expect(fee).toBe(1_000_010_000n);
  });

  test("has no priority fee where its config has none", () => {
    expect(costOfV1({ priorityFee: 0n, computeUnits: 1_000n })).toMatchObject({
      computeUnits: 1_000n,
      computeUnitPrice: 0n,
      fee: 10_000n,
      isAmbiguous: false,
    });
  });

  test.each([
    ["its compute limit", 7n, 2n, 3_500_000n],
    ["its compute limit, rounded up", 1n, 3n, 333_334n],
    ["the most units there are where it has no limit", 14n, undefined, 10n],
    ["one unit where its limit is none, so that the price is not infinite", 5n, 0n, 5_000_000n],
  ])("has its price by %s", (_, priorityFee, computeUnits, computeUnitPrice) => {
    expect(costOfV1({ priorityFee, computeUnits }).computeUnitPrice).toBe(computeUnitPrice);
  });

  test("has a price whose product with its limit is never below its fee", () => {
    const u64 = fc.bigInt({ min: 0n, max: U64_MAX });
    fc.assert(
      fc.property(u64, fc.bigInt({ min: 1n, max: 2n ** 32n - 1n }), (priorityFee, computeUnits) => {
        const cost = costOfV1({ priorityFee, computeUnits });
        expect(cost.fee).toBe(10_000n + priorityFee);
        expect(cost.computeUnitPrice * computeUnits).toBeGreaterThanOrEqual(priorityFee * 1_000_000n);
      }),
    );
  });

  test.each([
    ["a compute limit", limit(1n)],
    ["a compute price", price(1n)],
  ])("is ambiguous with %s among its instructions, whether the runtime reads it or not", (_, instruction) => {
    expect(costOfV1({ priorityFee: 0n, computeUnits: undefined }, [instruction]).isAmbiguous).toBe(true);
  });

  test("counts a price among its instructions too, so that it is at worst what any runtime would take", () => {
    const cost = costOfV1({ priorityFee: 100n, computeUnits: 1_000_000n }, [price(50n)]);
    expect(cost).toMatchObject({ fee: 10_150n, computeUnitPrice: 150n });
  });
});

const KEY = Array.from({ length: 32 }, () => 5);
const createTokenAccount = (
  tokenProgram: string,
  { payer = SPONSOR, data = [1], more = [] }: { payer?: string; data?: number[]; more?: string[] } = {},
): InstructionSketch => ({
  program: ASSOCIATED_TOKEN_PROGRAM,
  accounts: [payer, "ata", USER, "mint", SYSTEM_PROGRAM, tokenProgram, ...more],
  data,
});
const createAccount = (payer: string, lamports: bigint): InstructionSketch => ({
  program: SYSTEM_PROGRAM,
  accounts: [payer, "new"],
  data: [...littleEndian(0, 4), ...littleEndian(lamports, 8), ...littleEndian(165, 8), ...KEY],
});
const createAccountAllowPrefund = (accounts: readonly string[], lamports: bigint): InstructionSketch => ({
  program: SYSTEM_PROGRAM,
  accounts,
  data: [...littleEndian(13, 4), ...littleEndian(lamports, 8), ...littleEndian(165, 8), ...KEY],
});
const createAccountWithSeed = (accounts: readonly string[], lamports: bigint): InstructionSketch => ({
  program: SYSTEM_PROGRAM,
  accounts,
  data: [
    ...littleEndian(3, 4),
    ...KEY,
    ...littleEndian(1, 8),
    97,
    ...littleEndian(lamports, 8),
    ...littleEndian(165, 8),
    ...KEY,
  ],
});
const createTable = (payer: string): InstructionSketch => ({
  program: ADDRESS_LOOKUP_TABLE_PROGRAM,
  accounts: ["table", USER, payer, SYSTEM_PROGRAM],
  data: [...littleEndian(0, 4), ...littleEndian(1, 8), 255],
});
const extendTable = (payers: readonly string[], count: number): InstructionSketch => ({
  program: ADDRESS_LOOKUP_TABLE_PROGRAM,
  accounts: ["table", USER, ...payers.flatMap((payer) => [payer, SYSTEM_PROGRAM])],
  data: [...littleEndian(2, 4), ...littleEndian(count, 8), ...Array.from({ length: count }, () => KEY).flat()],
});

describe("the worst rent that the sponsor may pay", () => {
  test.each<[string, InstructionSketch, bigint]>([
    ["a token account, created", createTokenAccount(TOKEN_PROGRAM, { data: [0] }), 2_039_280n],
    ["a token account, in the old spelling", createTokenAccount(TOKEN_PROGRAM, { data: [] }), 2_039_280n],
    [
      "a token account, with the rent sysvar",
      createTokenAccount(TOKEN_PROGRAM, { data: [0], more: ["rent"] }),
      2_039_280n,
    ],
    [
      "a token account that may be there already: a simulation in which it is says nothing of later",
      createTokenAccount(TOKEN_PROGRAM),
      2_039_280n,
    ],
    ["a Token-2022 account, whatever its mint's extensions", createTokenAccount(TOKEN_2022_PROGRAM), 3_118_080n],
    ["an account with as many lamports as the data says", createAccount(SPONSOR, 890_880n), 890_880n],
    ["an account with all lamports there are", createAccount(SPONSOR, U64_MAX), U64_MAX],
    ["an account that has lamports already", createAccountAllowPrefund(["new", SPONSOR], 7n), 7n],
    ["an account by seed", createAccountWithSeed([SPONSOR, "new", USER], 8n), 8n],
    ["an account by seed whose base pays", createAccountWithSeed([SPONSOR, "new"], 9n), 9n],
    ["a lookup table", createTable(SPONSOR), 1_280_640n],
    ["one more address in a lookup table", extendTable([SPONSOR], 1), 222_720n],
    ["thirty addresses in a lookup table", extendTable([SPONSOR], 30), 6_681_600n],
    ["no address in a lookup table", extendTable([SPONSOR], 0), 0n],
  ])("is known from the bytes of %s", (_, instruction, rent) => {
    expect(costOfThese(instruction)).toMatchObject({ rent, fee: 10_000n });
  });

  test.each<[string, InstructionSketch]>([
    ["a token account", createTokenAccount(TOKEN_PROGRAM, { payer: USER })],
    ["a Token-2022 account", createTokenAccount(TOKEN_2022_PROGRAM, { payer: USER })],
    ["an account", createAccount(USER, 890_880n)],
    ["an account that has lamports already", createAccountAllowPrefund(["new", USER], 7n)],
    ["an account that nobody pays for", createAccountAllowPrefund(["new"], 7n)],
    ["an account by seed", createAccountWithSeed([USER, "new", "base"], 8n)],
    ["a lookup table", createTable(USER)],
    ["an address in a lookup table", extendTable([USER], 1)],
    ["an address in a lookup table that has its rent", extendTable([], 1)],
  ])("is nothing where somebody else pays for %s", (_, instruction) => {
    expect(costOfThese(instruction).rent).toBe(0n);
  });

  test("is the sum of all of them", () => {
    const twice = createTokenAccount(TOKEN_PROGRAM);
    const paid = createTokenAccount(TOKEN_PROGRAM, { payer: USER });
    const { rent } = costOfThese(twice, paid, createAccount(SPONSOR, 1n), twice, createTable(SPONSOR));
    expect(rent).toBe(2_039_280n * 2n + 1n + 1_280_640n);
  });

  test.each<[string, InstructionSketch]>([
    [
      "the end of a token account whose rent it is given",
      { program: TOKEN_PROGRAM, accounts: ["a", SPONSOR, USER], data: [9] },
    ],
    [
      "a payment to it",
      { program: SYSTEM_PROGRAM, accounts: [USER, SPONSOR], data: [...littleEndian(2, 4), ...littleEndian(5, 8)] },
    ],
    [
      "the end of a lookup table",
      { program: ADDRESS_LOOKUP_TABLE_PROGRAM, accounts: ["table", USER, SPONSOR], data: littleEndian(4, 4) },
    ],
  ])("is nothing for %s: it gains", (_, instruction) => {
    expect(costOfThese(instruction).rent).toBe(0n);
  });

  test("takes no account of places that no role allows, which isolation refuses", () => {
    const own = {
      program: SYSTEM_PROGRAM,
      accounts: [SPONSOR, USER],
      data: [...littleEndian(2, 4), ...KEY.slice(0, 8)],
    };
    expect(costOfThese(own, createTokenAccount("foreign token program")).rent).toBe(0n);
  });
});
