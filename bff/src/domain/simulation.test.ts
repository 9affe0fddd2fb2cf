import { describe, expect, test } from "vitest";
import { judgeSimulation, type Simulation } from "./simulation.ts";

const SPONSOR = "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR";
const RETIRED = "CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8";
const USER = "GgBaCs3NCBuZN12kCJgAW63ydqohFkHEdfdEXBPzLHq";
const SYSTEM = "11111111111111111111111111111111";
const TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
const POOL = [
  { address: SPONSOR, state: "active" },
  { address: RETIRED, state: "retired" },
] as const;

const HARMLESS: Simulation = {
  error: null,
  logs: [],
  feePayerBefore: 1_000_000n,
  feePayerAfter: 990_000n,
  feePayerOwner: SYSTEM,
  feePayerDataLength: 0,
  tokenBalancesBefore: [],
  tokenBalancesAfter: [],
  innerInstructions: [],
  blockHeight: 1n,
};

const judge = (changes: Partial<Simulation>) => judgeSimulation({ ...HARMLESS, ...changes }, POOL, 10_000n);
const inner = (instruction: object) => ({ innerInstructions: [{ index: 0, instructions: [instruction] }] });

describe("what a node says that the sponsor would lose", () => {
  test("is no misuse when it is the fee that was quoted", () => {
    expect(judge({})).toBeUndefined();
  });

  test("is no misuse when the sponsor gains", () => {
    expect(judge({ feePayerAfter: 2_000_000n })).toBeUndefined();
  });

  test.each<[string, Partial<Simulation>]>([
    ["one lamport more than the quote", { feePayerAfter: 989_999n }],
    ["its account, by System.assign, which looks like a normal fee in lamports", { feePayerOwner: TOKEN }],
    ["its plain account, by System.allocate", { feePayerDataLength: 1 }],
    [
      "tokens",
      {
        tokenBalancesBefore: [{ accountIndex: 2, mint: "m", owner: SPONSOR, amount: "5" }],
        tokenBalancesAfter: [{ accountIndex: 2, mint: "m", owner: SPONSOR, amount: "4" }],
      },
    ],
    ["a token account, closed", { tokenBalancesBefore: [{ accountIndex: 2, mint: "m", owner: SPONSOR, amount: "0" }] }],
    [
      "a token account, given to another owner",
      {
        tokenBalancesBefore: [{ accountIndex: 2, mint: "m", owner: SPONSOR, amount: "5" }],
        tokenBalancesAfter: [{ accountIndex: 2, mint: "m", owner: USER, amount: "5" }],
      },
    ],
    [
      "tokens of another key of the pool",
      { tokenBalancesBefore: [{ accountIndex: 3, mint: "m", owner: RETIRED, amount: "5" }] },
    ],
    [
      "tokens of one account, while another gains as many",
      {
        tokenBalancesBefore: [{ accountIndex: 2, mint: "m", owner: SPONSOR, amount: "5" }],
        tokenBalancesAfter: [{ accountIndex: 3, mint: "m", owner: SPONSOR, amount: "5" }],
      },
    ],
  ])("is misuse when it is %s", (_, changes) => {
    expect(judge(changes)?.code).toBe("policy.fee_payer_misused");
  });

  test("is no misuse when the sponsor's tokens stay and the user's move", () => {
    const own = { accountIndex: 2, mint: "m", owner: SPONSOR, amount: "5" };
    const users = { accountIndex: 3, mint: "m", owner: USER, amount: "9" };
    const tokenBalancesAfter = [{ ...users, amount: "1" }, own];
    expect(judge({ tokenBalancesBefore: [own, users], tokenBalancesAfter })).toBeUndefined();
  });
});

/** Agave's answer to `innerInstructions: true`: parsed where it has a parser, else with accounts by name. */
describe("an inner instruction that names the sponsor is misuse", () => {
  const system = { program: "system", programId: SYSTEM, stackHeight: 2 };
  const token = { program: "spl-token", programId: TOKEN, stackHeight: 3 };
  test.each([
    [
      "System transfer",
      { ...system, parsed: { type: "transfer", info: { source: SPONSOR, destination: USER, lamports: 1 } } },
    ],
    [
      "System transfer to the sponsor",
      { ...system, parsed: { type: "transfer", info: { source: USER, destination: SPONSOR, lamports: 1 } } },
    ],
    ["System assign", { ...system, parsed: { type: "assign", info: { account: SPONSOR, owner: TOKEN } } }],
    [
      "System createAccount",
      { ...system, parsed: { type: "createAccount", info: { source: SPONSOR, newAccount: USER, lamports: 9 } } },
    ],
    [
      "System nonceAuthorize",
      { ...system, parsed: { type: "authorizeNonce", info: { nonceAccount: "n", nonceAuthority: SPONSOR } } },
    ],
    [
      "token transfer",
      {
        ...token,
        parsed: { type: "transfer", info: { source: "a", destination: "b", authority: SPONSOR, amount: "1" } },
      },
    ],
    [
      "token transfer by a multisig that the sponsor is in",
      {
        ...token,
        parsed: { type: "transfer", info: { source: "a", multisigAuthority: "m", signers: [USER, SPONSOR] } },
      },
    ],
    [
      "token closeAccount to a retired key",
      { ...token, parsed: { type: "closeAccount", info: { account: "a", destination: RETIRED, owner: USER } } },
    ],
    ["partially decoded", { programId: "p", accounts: [USER, SPONSOR], data: "3Bxs", stackHeight: 2 }],
    ["partially decoded program", { programId: SPONSOR, accounts: [], data: "", stackHeight: null }],
  ])("%s", (_, instruction) => {
    expect(judge(inner(instruction))?.code).toBe("policy.fee_payer_misused");
  });

  test("and one that only names the user is none", () => {
    const parsed = { type: "transfer", info: { source: USER, destination: "b", lamports: 1 } };
    expect(judge(inner({ ...system, parsed }))).toBeUndefined();
    expect(judge(inner({ programId: "p", accounts: [USER], data: "", stackHeight: 2 }))).toBeUndefined();
  });

  test("and text that a memo program logs is none, unless it is the sponsor's address alone", () => {
    expect(judge(inner({ program: "spl-memo", programId: "Memo", parsed: `to ${SPONSOR}` }))).toBeUndefined();
  });
});

describe("a transaction that would fail", () => {
  test.each([
    ["whose blockhash the node does not know has expired", "BlockhashNotFound", "transaction.expired"],
    ["that has landed before is not sent again", "AlreadyProcessed", "transaction.already_relayed"],
    ["because the sponsor has nothing is no fault of the user's", "AccountNotFound", "sponsor.underfunded"],
    ["because the sponsor has too little is none either", "InsufficientFundsForFee", "sponsor.underfunded"],
    [
      "because the sponsor would fall below its rent is none either",
      { InsufficientFundsForRent: { account_index: 0 } },
      "sponsor.underfunded",
    ],
    [
      "because somebody else would fall below their rent would fail",
      { InsufficientFundsForRent: { account_index: 1 } },
      "transaction.simulation_failed",
    ],
    ["inside a program would fail", { InstructionError: [0, { Custom: 1 }] }, "transaction.simulation_failed"],
    ["for a reason that nobody knew yet would fail", "SomethingNew", "transaction.simulation_failed"],
    ["with an odd rent error would fail", { InsufficientFundsForRent: null }, "transaction.simulation_failed"],
  ])("%s", (_, error, code) => {
    expect(judge({ error })?.code).toBe(code);
  });

  test("tells the program's error and its last lines, cut", () => {
    const logs = Array.from({ length: 50 }, (_, index) => `${index} ${"x".repeat(500)}`);
    const refusal = judge({ error: { InstructionError: [1, "InvalidArgument"] }, logs });
    const context = refusal?.context as { error: unknown; logs: string[] };
    expect(context.error).toEqual({ InstructionError: [1, "InvalidArgument"] });
    expect(context.logs).toHaveLength(10);
    expect(context.logs.at(-1)).toMatch(/^49 x+$/);
    expect(Math.max(...context.logs.map(({ length }) => length))).toBe(200);
  });
});
