import { describe, expect, test } from "vitest";
import { type InstructionSketch, ruleInput } from "../../test/support/decoded-transaction.ts";
import type { SolanaPolicy } from "../contract/policy.ts";
import { traceRules } from "./policy/trace.ts";
import { judgeSimulation, type Simulation, SIMULATION_RULES, type SimulationInput } from "./simulation.ts";

const SPONSOR = "8qbHbw2BbbTHBW1sbeqakYXVKRQM8Ne7pLK7m6CVfeR";
const RETIRED = "CktRuQ2mttgRGkXJtyksdKHjUdc2C4TgDzyB98oEzy8";
const USER = "GgBaCs3NCBuZN12kCJgAW63ydqohFkHEdfdEXBPzLHq";
const SYSTEM = "11111111111111111111111111111111";
const TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
const ASSOCIATED_TOKEN = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL";
const FEE = 10_000n;
const RENT = 2_039_280n;

const HARMLESS: Simulation = {
  error: null,
  logs: [],
  feePayerBefore: 10_000_000n,
  feePayerAfter: 10_000_000n - FEE,
  feePayerOwner: SYSTEM,
  feePayerDataLength: 0,
  tokenBalancesBefore: [],
  tokenBalancesAfter: [],
  innerCalls: [],
  loaded: [],
  blockHeight: 1n,
};

/** A token account whose rent the sponsor pays. */
const CREATE: InstructionSketch = {
  program: ASSOCIATED_TOKEN,
  accounts: [SPONSOR, "ata", USER, "mint", SYSTEM, TOKEN],
  data: [1],
};
const MEMO: InstructionSketch = { program: "memo", accounts: [USER] };
const PAYS_RENT = { sponsorRoles: [{ program: ASSOCIATED_TOKEN, role: "payer" }], maxRent: "10000000" };

interface Scene {
  readonly instructions?: readonly InstructionSketch[];
  readonly policy?: Partial<SolanaPolicy>;
  readonly balanceFloor?: bigint;
}

function inputOf(changes: Partial<Simulation>, scene: Scene = {}): SimulationInput {
  const { instructions = [MEMO], policy = {}, balanceFloor = 0n } = scene;
  return {
    ...ruleInput({ feePayer: SPONSOR, signers: [USER], instructions }, policy),
    sponsorPool: [
      { address: SPONSOR, state: "active" },
      { address: RETIRED, state: "retired" },
    ],
    simulation: { ...HARMLESS, ...changes },
    balanceFloor,
  };
}
const judge = (changes: Partial<Simulation>, scene?: Scene) => judgeSimulation(inputOf(changes, scene));
const inner = (call: unknown, instruction = 0) => ({ innerCalls: [{ instruction, calls: [call] }] });
const failingRules = (input: SimulationInput) =>
  traceRules(SIMULATION_RULES, input).flatMap(({ rule, verdict }) => (verdict === "fail" ? [rule] : []));

describe("what a node says that the sponsor would lose", () => {
  test("is no misuse when it is the fee that was quoted, and both are told", () => {
    expect(judge({})).toBeUndefined();
    expect(traceRules(SIMULATION_RULES, inputOf({}))).toEqual([
      { rule: "simulation-succeeds", verdict: "pass" },
      { rule: "sponsor-loses-no-more-than-quoted", verdict: "pass", observed: "10000", limit: "10000" },
      { rule: "sponsor-stays-a-wallet", verdict: "pass" },
      { rule: "sponsor-keeps-its-tokens", verdict: "pass" },
      { rule: "inner-calls-keep-to-roles", verdict: "pass" },
      { rule: "sponsor-keeps-its-floor", verdict: "pass" },
    ]);
  });

  test("is no misuse when the sponsor gains", () => {
    expect(judge({ feePayerAfter: 20_000_000n })).toBeUndefined();
  });

  test("is no misuse when it is the fee and the rent of a role, to the last lamport", () => {
    const scene = { instructions: [CREATE], policy: PAYS_RENT };
    const lost = (lamports: bigint) => ({ feePayerAfter: HARMLESS.feePayerBefore - lamports });
    expect(judge(lost(FEE + RENT), scene)).toBeUndefined();
    expect(judge(lost(FEE + RENT + 1n), scene)?.code).toBe("policy.fee_payer_misused");
    expect(judge(lost(FEE + RENT))?.code).toBe("policy.fee_payer_misused");
    expect(traceRules(SIMULATION_RULES, inputOf(lost(FEE + RENT + 1n), scene))[1]).toMatchObject({
      observed: "2049281",
      limit: "2049280",
    });
  });

  test("is told beside what was quoted when it is too much", () => {
    const [, entry] = traceRules(SIMULATION_RULES, inputOf({ feePayerAfter: HARMLESS.feePayerBefore - FEE - 1n }));
    expect(entry).toEqual({
      rule: "sponsor-loses-no-more-than-quoted",
      verdict: "fail",
      code: "policy.fee_payer_misused",
      observed: "10001",
      limit: "10000",
      hint: expect.stringMatching(/reaches for the sponsor/) as string,
    });
  });

  test.each<[string, Partial<Simulation>]>([
    ["one lamport more than the quote", { feePayerAfter: HARMLESS.feePayerAfter - 1n }],
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
describe("a call of a program's own that names the sponsor is misuse", () => {
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
    expect(judge({ innerCalls: [{ instruction: 0, calls: [] }] })).toBeUndefined();
  });

  test("and text that a memo program logs is none, unless it is the sponsor's address alone", () => {
    expect(judge(inner({ program: "spl-memo", programId: "Memo", parsed: `to ${SPONSOR}` }))).toBeUndefined();
  });
});

describe("a call that takes the rent of a role", () => {
  const scene = { instructions: [MEMO, CREATE], policy: PAYS_RENT };
  const paid = { feePayerAfter: HARMLESS.feePayerBefore - FEE - RENT };
  const create = (changes: object = {}) => ({
    program: "system",
    programId: SYSTEM,
    stackHeight: 2,
    parsed: {
      type: "createAccount",
      info: { source: SPONSOR, newAccount: "ata", lamports: Number(RENT), space: 165, owner: TOKEN, ...changes },
    },
  });

  test("is none when it takes no more, for that account, by that instruction", () => {
    expect(judge({ ...paid, ...inner(create(), 1) }, scene)).toBeUndefined();
  });

  test.each<[string, Partial<Simulation>, Scene]>([
    ["it takes a lamport more", inner(create({ lamports: Number(RENT) + 1 }), 1), scene],
    ["it pays another account", inner(create({ newAccount: USER }), 1), scene],
    ["another instruction makes it", inner(create(), 0), scene],
    ["the policy has not turned the role on", inner(create(), 1), { ...scene, policy: {} }],
    [
      "another call beside it reaches further",
      { innerCalls: [{ instruction: 1, calls: [create(), { programId: SPONSOR }] }] },
      scene,
    ],
  ])("is misuse when %s", (_, changes, where) => {
    expect(judge({ ...paid, ...changes }, where)?.code).toBe("policy.fee_payer_misused");
    expect(failingRules(inputOf({ ...paid, ...changes }, where))).toEqual(["inner-calls-keep-to-roles"]);
  });

  test("is told once for each instruction that reaches too far", () => {
    const bad = create({ newAccount: USER });
    const innerCalls = [
      { instruction: 0, calls: [bad, bad] },
      { instruction: 1, calls: [create()] },
      { instruction: 2, calls: [bad] },
    ];
    const told = traceRules(SIMULATION_RULES, inputOf({ ...paid, innerCalls }, scene));
    expect(told.filter(({ verdict }) => verdict === "fail")).toMatchObject([{ instruction: 0 }, { instruction: 2 }]);
  });
});

describe("the sponsor's floor", () => {
  const floorOf = (balanceFloor: bigint, scene: Scene = {}) => judge({}, { ...scene, balanceFloor });

  test("may be reached by a fee, and not be passed: who is funded last is no fault of the user's", () => {
    expect(floorOf(HARMLESS.feePayerBefore - FEE)).toBeUndefined();
    expect(floorOf(HARMLESS.feePayerBefore - FEE + 1n)).toMatchObject({
      code: "sponsor.underfunded",
      retryAfterSeconds: 30,
    });
  });

  test("counts the worst rent, though this simulation took none of it", () => {
    const scene = { instructions: [CREATE], policy: PAYS_RENT };
    expect(floorOf(HARMLESS.feePayerBefore - FEE - RENT, scene)).toBeUndefined();
    expect(floorOf(HARMLESS.feePayerBefore - FEE - RENT + 1n, scene)?.code).toBe("sponsor.underfunded");
  });

  test("counts from before the transaction: what it gives the sponsor is not there yet", () => {
    const changes = { feePayerAfter: HARMLESS.feePayerBefore * 2n };
    expect(judge(changes, { balanceFloor: HARMLESS.feePayerBefore })?.code).toBe("sponsor.underfunded");
  });

  test("is told of after misuse, which more funds would not mend", () => {
    const changes = { feePayerAfter: 0n };
    expect(judge(changes, { balanceFloor: HARMLESS.feePayerBefore })?.code).toBe("policy.fee_payer_misused");
  });
});

describe("the rules", () => {
  const misused: Partial<Simulation> = {
    feePayerAfter: 0n,
    feePayerOwner: TOKEN,
    feePayerDataLength: 165,
    tokenBalancesBefore: [{ accountIndex: 2, mint: "m", owner: SPONSOR, amount: "5" }],
    ...inner({ programId: SPONSOR }),
  };

  test("each tell their own, also behind the first", () => {
    const input = inputOf({ ...misused, error: "SomethingNew" }, { balanceFloor: HARMLESS.feePayerBefore });
    expect(failingRules(input)).toEqual(SIMULATION_RULES.map(({ name }) => name));
  });

  test("say what to do about it", () => {
    const input = inputOf({ ...misused, error: "SomethingNew" }, { balanceFloor: HARMLESS.feePayerBefore });
    for (const { hint } of traceRules(SIMULATION_RULES, input)) expect(hint).toMatch(/^[A-Z].*\.$/);
  });

  test("read nothing but the error of a simulation that failed: the rest of its answer is empty", () => {
    const refusal = judge({ ...misused, error: "BlockhashNotFound" }, { balanceFloor: HARMLESS.feePayerBefore });
    expect(refusal?.code).toBe("transaction.expired");
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

  test("tells nothing in its log lines that no store can keep", () => {
    const refusal = judge({ error: "SomethingNew", logs: ["a\0b\nc\u001f", `x\ud83d`, "\u{1f600}".repeat(150)] });
    const logs = (refusal?.context as { logs: string[] } | undefined)?.logs ?? [];
    expect(logs.slice(0, 2)).toEqual(["a\ufffdb\ufffdc\ufffd", "x\ufffd"]);
    expect(logs[2]?.isWellFormed()).toBe(true);
    expect(logs[2]?.length).toBe(200);
  });
});

test.each([
  [
    "a program's own words",
    [
      "Program 1111 invoke [1]",
      "Transfer: insufficient lamports 0, need 100",
      "Program 1111 failed: custom program error: 0x1",
    ],
    'Transfer: insufficient lamports 0, need 100 ({"InstructionError":[0,{"Custom":1}]})',
  ],
  [
    "the runtime's error, where the program says nothing",
    ["Program 1111 invoke [1]", "Program 1111 failed: x"],
    '{"InstructionError":[0,{"Custom":1}]}',
  ],
])("an explanation has %s", (_, logs, observed) => {
  const input = inputOf({ error: { InstructionError: [0, { Custom: 1 }] }, logs });
  expect(traceRules(SIMULATION_RULES.slice(0, 1), input)).toMatchObject([{ verdict: "fail", observed }]);
});

test("an explanation of what programs wrote has neither control characters nor all of a long line", () => {
  const input = inputOf({ error: "SomethingNew", logs: [`Program log: \u0000${"x".repeat(5_000)}`] });
  const [entry] = traceRules(SIMULATION_RULES.slice(0, 1), input);
  expect(entry?.observed).toMatch(/^Program log: \u{fffd}x+ \(SomethingNew\)$/u);
  expect(entry?.observed?.length).toBeLessThan(300);
});
