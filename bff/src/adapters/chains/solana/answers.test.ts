import { describe, expect, test } from "vitest";
import { balancesAnswer, SimulationAnswer, statusesAnswer, TransactionAnswer } from "./answers.ts";

const SYSTEM = "11111111111111111111111111111111";
const tokenBalance = { accountIndex: 1, mint: "m", owner: "o", programId: "p", uiTokenAmount: { amount: "5" } };
const simulation = {
  err: null,
  logs: null,
  accounts: [{ lamports: 1, owner: SYSTEM, data: ["", "base64"], executable: false, rentEpoch: 0 }],
  preBalances: [1_000_000, 18_446_744_073_709_551_615n],
  postBalances: [990_000, 1],
  preTokenBalances: [tokenBalance],
  postTokenBalances: [tokenBalance],
  innerInstructions: [],
  loadedAddresses: { writable: ["w"], readonly: ["r"] },
  unitsConsumed: 1,
};
const context = { slot: 9 };
const read = (changes: object) => SimulationAnswer.safeParse({ context, value: { ...simulation, ...changes } });
const inner = (...instructions: object[]) => ({ innerInstructions: [{ index: 0, instructions }] });

describe("a simulation that succeeded", () => {
  test("is read with amounts as bigint", () => {
    expect(read({}).data?.value).toMatchObject({
      preBalances: [1_000_000n, 18_446_744_073_709_551_615n],
      preTokenBalances: [{ accountIndex: 1, mint: "m", owner: "o", amount: "5" }],
      loadedAddresses: ["w", "r"],
    });
  });

  test.each([
    "accounts",
    "preBalances",
    "postBalances",
    "preTokenBalances",
    "postTokenBalances",
    "innerInstructions",
    "loadedAddresses",
    "err",
  ])("of a provider that leaves out %s cannot be used", (name) => {
    expect(read({ [name]: undefined }).success).toBe(false);
  });

  test.each([
    ["null for its inner instructions", { innerInstructions: null }],
    ["balances of nobody", { preBalances: [] }],
    ["amounts that are fractions", { postBalances: [0.5] }],
    ["amounts as text", { postBalances: ["990000"] }],
    ["no account, where one was asked for", { accounts: [] }],
    ["the account parsed, so that its length is not known", { accounts: [{ owner: SYSTEM, data: { parsed: {} } }] }],
    ["token balances without their owner", { preTokenBalances: [{ ...tokenBalance, owner: undefined }] }],
    [
      "inner instructions with accounts by number, in which no address is found",
      inner({ programIdIndex: 3, accounts: [0, 1], data: "3Bxs" }),
    ],
    ["an inner instruction whose program is not named", inner({ accounts: ["a"], data: "" })],
    ["an inner instruction without accounts", inner({ programId: SYSTEM, data: "" })],
  ])("with %s cannot be used", (_, changes) => {
    expect(read(changes).success).toBe(false);
  });

  test("keeps every word of a parsed or partially decoded inner instruction, so that all of it is searched", () => {
    const parsed = {
      program: "system",
      programId: SYSTEM,
      parsed: { type: "transfer", info: { source: "s", deep: { list: ["d"] } } },
      stackHeight: 2,
    };
    const memo = { program: "spl-memo", programId: "m", parsed: "text", stackHeight: null };
    const partial = { programId: "p", accounts: ["a", "b"], data: "3Bxs", stackHeight: 2 };
    expect(read(inner(parsed, memo, partial)).data?.value.innerInstructions).toEqual([
      { index: 0, instructions: [parsed, memo, partial] },
    ]);
  });
});

describe("a simulation that failed", () => {
  test.each(["BlockhashNotFound", { InstructionError: [0, { Custom: 1 }] }])("needs no balances: %j", (err) => {
    expect(SimulationAnswer.safeParse({ context, value: { err, logs: null } }).data?.value.err).toEqual(err);
  });

  test("with an error that is neither text nor an object cannot be used", () => {
    expect(SimulationAnswer.safeParse({ context, value: { err: 0 } }).success).toBe(false);
    expect(SimulationAnswer.safeParse({ context, value: { err: false } }).success).toBe(false);
  });
});

test("a simulation of nobody knows when cannot be used", () => {
  expect(SimulationAnswer.safeParse({ value: simulation }).success).toBe(false);
});

test("a status without a commitment is no answer, and an absent one is null", () => {
  const status = { slot: 7, confirmations: null, err: null, confirmationStatus: "finalized" };
  expect(statusesAnswer(2).parse({ context, value: [null, status] }).value).toEqual([
    null,
    { slot: 7n, confirmationStatus: "finalized" },
  ]);
  expect(statusesAnswer(1).safeParse({ context, value: [{ slot: 7 }] }).success).toBe(false);
});

test("a list of another length than the question's is no answer: what is left out would pass for unknown", () => {
  expect(statusesAnswer(2).safeParse({ context, value: [null] }).success).toBe(false);
  expect(statusesAnswer(1).safeParse({ context, value: [null, null] }).success).toBe(false);
  expect(balancesAnswer(1).safeParse({ context, value: [] }).success).toBe(false);
});

test("a landed transaction without its balances is no answer, and an absent one is null", () => {
  const meta = { err: null, fee: 10_000, preBalances: [20_000], postBalances: [10_000] };
  expect(TransactionAnswer.parse({ slot: 7, meta })?.meta).toMatchObject({ fee: 10_000n, preBalances: [20_000n] });
  expect(TransactionAnswer.parse(null)).toBeNull();
  expect(TransactionAnswer.safeParse({ slot: 7, meta: null }).success).toBe(false);
  expect(TransactionAnswer.safeParse({ slot: 7, meta: { ...meta, postBalances: [] } }).success).toBe(false);
});

describe("an error that was made to stop whoever writes it down", () => {
  const meta = { fee: 5_000, preBalances: [9_000], postBalances: [4_000] };
  const errorsOf = (err: unknown) => [
    SimulationAnswer.parse({ context, value: { err, logs: null } }).value.err,
    TransactionAnswer.parse({ slot: 7, meta: { ...meta, err } })?.meta.err,
  ];

  test("with an integer that no double holds comes as text, so that JSON can say it", () => {
    const [simulated, landed] = errorsOf({ InstructionError: [0, { Custom: 9_007_199_254_740_993n }] });
    expect(simulated).toEqual({ InstructionError: [0, { Custom: "9007199254740993" }] });
    expect(landed).toEqual(simulated);
    expect(() => JSON.stringify(simulated)).not.toThrow();
  });

  test("that is longer than any real one is only told to be so", () => {
    expect(errorsOf({ Custom: "x".repeat(5_000) })).toEqual(["UnreadableError", "UnreadableError"]);
  });

  test("that is left out is no success", () => {
    expect(TransactionAnswer.safeParse({ slot: 7, meta }).success).toBe(false);
  });
});

describe("a number that no node can mean, from one that lies", () => {
  const record = (changes: object, meta: object = {}) => ({
    slot: 7,
    meta: { err: null, fee: 5_000, preBalances: [9_000], postBalances: [4_000], ...meta },
    ...changes,
  });

  test.each([
    ["a slot that no column holds", record({ slot: 2n ** 63n })],
    ["a slot before the first", record({ slot: -1 })],
    ["a fee that no column holds", record({}, { fee: 10n ** 80n })],
    ["a fee below nothing", record({}, { fee: -1 })],
    ["a balance that no lamports make", record({}, { postBalances: [2n ** 64n] })],
  ])("is no answer: %s would stop every relay of the batch that it is written with", (_, answer) => {
    expect(TransactionAnswer.safeParse(answer).success).toBe(false);
  });

  test("is no answer as the slot of a status either", () => {
    const value = [{ slot: 2n ** 63n, confirmationStatus: "finalized" }];
    expect(statusesAnswer(1).safeParse({ context, value }).success).toBe(false);
    expect(statusesAnswer(1).safeParse({ context: { slot: -1 }, value: [null] }).success).toBe(false);
  });
});
