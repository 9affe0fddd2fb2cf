import { describe, expect, test } from "vitest";
import type { AllowedInstruction, Predicate, SolanaPolicy } from "../../../contract/policy.ts";
import { littleEndian } from "../../../../test/support/assemble.ts";
import {
  type InstructionSketch,
  OTHER_SPONSOR,
  ruleInput,
  sketchKnown,
  SPONSOR,
  type TransactionSketch,
  USER,
} from "../../../../test/support/decoded-transaction.ts";
import { KNOWN_INSTRUCTIONS, nameOf } from "../../../../test/matrix/known-calls.ts";
import { addressOf, keyOf } from "../../../../test/support/wire.ts";
import { readCalls } from "../call.ts";
import { resolveTables } from "../decoded-transaction.ts";
import {
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  KNOWN_PROGRAMS,
  LIGHTHOUSE_PROGRAM,
  MEMO_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "../programs/known-programs.ts";
import { firstRefusal } from "../rule.ts";
import { instructionsAreAllowed } from "./instructions-are-allowed.ts";

const [MEMO, OTHER_MEMO] = MEMO_PROGRAMS;
const memo = { program: MEMO };
const ALLOW: AllowedInstruction[] = [
  { program: MEMO, instruction: "memo" },
  { program: SYSTEM_PROGRAM, instruction: "transfer", sessionWalletIs: ["source"] },
  { program: TOKEN_PROGRAM, instruction: "transfer", sessionWalletIs: ["owner"] },
  { program: TOKEN_PROGRAM, instruction: "transferChecked", sessionWalletIs: ["source", "owner"] },
  { program: TOKEN_2022_PROGRAM, instruction: "burn", sessionWalletIs: ["owner"] },
];
const amount = (value: bigint | number): number[] => littleEndian(value, 8);
const ONE = amount(1);
const transfer = (from: string, to: string, lamports: bigint | number = 1): InstructionSketch => ({
  program: SYSTEM_PROGRAM,
  accounts: [from, to],
  data: [...littleEndian(2, 4), ...amount(lamports)],
});

const check = (instructions: readonly InstructionSketch[], policy: Partial<SolanaPolicy> = { allow: ALLOW }) =>
  instructionsAreAllowed.check(ruleInput({ instructions }, policy));
const refusalOf = (instructions: readonly InstructionSketch[], policy: Partial<SolanaPolicy> = { allow: ALLOW }) =>
  firstRefusal([instructionsAreAllowed], ruleInput({ instructions }, policy));

describe("an instruction is refused", () => {
  test.each([
    ["whose program is nobody's", "policy.program_not_allowed", { program: "stranger" }],
    ["whose program is known and not listed", "policy.program_not_allowed", { program: OTHER_MEMO }],
    [
      "that is listed for another program",
      "policy.instruction_not_allowed",
      { program: SYSTEM_PROGRAM, accounts: [USER], data: [...littleEndian(8, 4), ...ONE] },
    ],
    ["that its program does not have", "policy.instruction_unknown", { program: SYSTEM_PROGRAM, data: [77, 0, 0, 0] }],
    [
      "with bytes behind its data",
      "policy.instruction_unknown",
      { program: SYSTEM_PROGRAM, accounts: [USER, "friend"], data: [2, 0, 0, 0, ...ONE, 0] },
    ],
    [
      "with fewer accounts than its roles",
      "policy.instruction_unknown",
      { program: TOKEN_PROGRAM, accounts: ["from", USER], data: [3, ...ONE] },
    ],
    [
      "with more accounts than its roles",
      "policy.instruction_unknown",
      { program: SYSTEM_PROGRAM, accounts: [USER, "friend", "third"], data: [2, 0, 0, 0, ...ONE] },
    ],
    [
      "whose source is somebody else's",
      "policy.argument_not_allowed",
      { program: SYSTEM_PROGRAM, accounts: ["friend", USER], data: [2, 0, 0, 0, ...ONE] },
    ],
    [
      "whose owner is a stranger with the user as co-signer",
      "policy.argument_not_allowed",
      { program: TOKEN_PROGRAM, accounts: ["from", "to", "stranger", USER], data: [3, ...ONE] },
    ],
    [
      "of which only one of two roles is the user",
      "policy.argument_not_allowed",
      { program: TOKEN_PROGRAM, accounts: ["from", "mint", "to", USER], data: [12, ...ONE, 0] },
    ],
    [
      "whose policy names a role that its shape does not have",
      "policy.argument_not_allowed",
      { program: TOKEN_2022_PROGRAM, accounts: [USER, USER, USER], data: [8, ...ONE] },
    ],
    [
      "that a batch hides",
      "policy.instruction_not_allowed",
      { program: TOKEN_PROGRAM, accounts: ["from", "to", USER, "a"], data: [255, 3, 9, 3, ...ONE, 1, 1, 17] },
    ],
    [
      "that is a batch in a batch",
      "policy.instruction_unknown",
      { program: TOKEN_PROGRAM, accounts: ["a"], data: [255, 1, 4, 255, 1, 1, 17] },
    ],
  ] as const)("%s: %s", (_, code, instruction) => {
    const [before, ...findings] = check([memo, instruction]);
    const finding = findings.find(({ verdict }) => verdict === "fail");
    expect(before).toEqual({ verdict: "pass", instruction: 0 });
    expect(finding).toMatchObject({
      verdict: "fail",
      instruction: 1,
      refusal: { code, context: { instruction: 1, program: instruction.program } },
      hint: expect.stringMatching(/^.+\.$/) as string,
    });
    expect(refusalOf([memo, instruction])).toMatchObject({ code });
  });

  test("with every other one beside it: the decision tells the first, the trace all of them", () => {
    const stranger = { program: "stranger" };
    const instructions = [stranger, memo, transfer("friend", USER), { program: SYSTEM_PROGRAM, data: [77, 0, 0, 0] }];
    expect(check(instructions)).toMatchObject([
      { verdict: "fail", instruction: 0, refusal: { code: "policy.program_not_allowed" } },
      { verdict: "pass", instruction: 1 },
      { verdict: "fail", instruction: 2, refusal: { code: "policy.argument_not_allowed" } },
      { verdict: "fail", instruction: 3, refusal: { code: "policy.instruction_unknown" } },
    ]);
    expect(refusalOf(instructions)).toMatchObject({
      code: "policy.program_not_allowed",
      context: { instruction: 0, program: "stranger" },
    });
  });

  test.each<[string, InstructionSketch, RegExp]>([
    ["how to describe a program that nobody knows", { program: "stranger" }, /`programs` of the policy/],
    ["to list a program that is known", { program: OTHER_MEMO }, /instruction of Memo to `allow`/],
    [
      "what to list for an instruction",
      { program: SYSTEM_PROGRAM, accounts: [USER], data: [...littleEndian(8, 4), ...ONE] },
      /Add \{"program": "1{32}", "instruction": "allocate"\} to `allow`/,
    ],
    ["why nobody recognises it", { program: SYSTEM_PROGRAM, data: [77, 0, 0, 0] }, /number of its accounts/],
    ["to widen the entry", transfer("friend", USER), /widen the entry/],
  ])("with a hint that says %s", (_, instruction, hint) => {
    expect(check([instruction])).toMatchObject([{ verdict: "fail", hint: expect.stringMatching(hint) as string }]);
  });

  test("in every layout of every program, where a policy allows nothing", () => {
    for (const known of KNOWN_INSTRUCTIONS) {
      expect(refusalOf([sketchKnown(known)], { allow: [] })?.code, nameOf(known)).toBe("policy.program_not_allowed");
    }
  });

  test("in every layout of every program, where a policy allows another instruction of it", () => {
    for (const known of KNOWN_INSTRUCTIONS) {
      const allow = [{ program: known.program.address, instruction: "somethingElse" }];
      const refusal = refusalOf([sketchKnown(known)], { allow });
      expect(refusal, nameOf(known)).toMatchObject({
        code: "policy.instruction_not_allowed",
        context: { instruction: 0, program: known.program.address, name: known.shape.name },
      });
    }
  });
});

describe("an instruction is sponsored", () => {
  test.each<[string, InstructionSketch]>([
    ["a memo with any text", { program: MEMO, accounts: [USER], data: new TextEncoder().encode("hé") }],
    ["a memo without text", memo],
    ["the user's own transfer", transfer(USER, "friend")],
    ["the user's own tokens", { program: TOKEN_PROGRAM, accounts: ["from", "to", USER], data: [3, ...ONE] }],
    [
      "what a batch carries, each of it allowed",
      {
        program: TOKEN_PROGRAM,
        accounts: ["from", "to", USER, "from", "other", USER],
        data: [255, 3, 9, 3, ...ONE, 3, 9, 3, ...ONE],
      },
    ],
  ])("when it is %s", (_, instruction) => {
    const findings = check([instruction]);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ verdict }) => verdict !== "pass")).toEqual([]);
  });

  test("by any one entry that fits, not by all", () => {
    const entry = { program: SYSTEM_PROGRAM, instruction: "transfer" };
    const allow = [
      { ...entry, sessionWalletIs: ["destination"] },
      { ...entry, sessionWalletIs: ["source"] },
    ];
    expect(refusalOf([transfer(USER, "friend")], { allow })).toBeUndefined();
  });

  test("in every layout of every program, where a policy names it", () => {
    for (const known of KNOWN_INSTRUCTIONS) {
      const allow = [{ program: known.program.address, instruction: known.shape.name }];
      expect(refusalOf([sketchKnown(known)], { allow }), nameOf(known)).toBeUndefined();
    }
  });

  test("that is refused by every entry is told what the first of them has against it", () => {
    const entry = { program: SYSTEM_PROGRAM, instruction: "transfer" };
    const allow = [
      { ...entry, arguments: { amount: { lte: "5" } } },
      { ...entry, sessionWalletIs: ["destination"] },
    ];
    expect(refusalOf([transfer(USER, "friend", 6)], { allow })).toMatchObject({
      code: "policy.value_exceeded",
      context: { observed: "6", limit: "5" },
    });
    expect(refusalOf([transfer(USER, "friend", 6)], { allow: allow.toReversed() })).toMatchObject({
      code: "policy.argument_not_allowed",
      context: { observed: "friend", limit: USER },
    });
  });
});

describe("an argument", () => {
  const allowing = (predicate: Predicate) => ({
    allow: [{ program: SYSTEM_PROGRAM, instruction: "transfer", arguments: { amount: predicate } }],
  });

  test("that is what the policy demands passes", () => {
    expect(check([transfer(USER, "friend", 7)], allowing({ gte: "1", lte: "007" }))).toEqual([
      { verdict: "pass", instruction: 0 },
    ]);
  });

  test.each([
    [{ lte: "6" }, 7n, "6"],
    [{ gte: "8" }, 7n, "8"],
    [{ lte: "18446744073709551614" }, 2n ** 64n - 1n, "18446744073709551614"],
  ])("beyond its bounds is refused with both numbers: %j", (predicate, lamports, limit) => {
    const seen = { observed: String(lamports), limit };
    expect(check([transfer(USER, "friend", lamports)], allowing(predicate))).toMatchObject([
      {
        verdict: "fail",
        refusal: {
          code: "policy.value_exceeded",
          detail: "System transfer is sponsored only within the bounds of its amount.",
          context: { instruction: 0, program: SYSTEM_PROGRAM, name: "transfer", ...seen },
        },
        ...seen,
      },
    ]);
  });

  test("that is another one is refused with what it should be", () => {
    const predicate = { in: ["1", "2"] };
    const seen = { observed: "7", limit: JSON.stringify(predicate) };
    expect(check([transfer(USER, "friend", 7)], allowing(predicate))).toMatchObject([
      { verdict: "fail", refusal: { code: "policy.argument_not_allowed", context: seen }, ...seen },
    ]);
  });

  test("that the instruction does not have is no argument that fits, even if anything else would do", () => {
    const allow = [{ program: SYSTEM_PROGRAM, instruction: "transfer", arguments: { lamports: { not: { eq: "1" } } } }];
    const [finding] = check([transfer(USER, "friend")], { allow });
    expect(finding).toMatchObject({ verdict: "fail", refusal: { code: "policy.argument_not_allowed" } });
    expect(finding).not.toHaveProperty("observed");
  });

  test("is demanded beside every other: one that fits does not outweigh one that does not", () => {
    const allow = [
      {
        program: TOKEN_PROGRAM,
        instruction: "transferChecked",
        arguments: { amount: { lte: "5" }, decimals: { eq: "6" } },
      },
    ];
    const pay = (value: number, decimals: number) => ({
      program: TOKEN_PROGRAM,
      accounts: ["from", "mint", "to", USER],
      data: [12, ...amount(value), decimals],
    });
    const codes = [pay(5, 6), pay(6, 6), pay(5, 7), pay(6, 7)].map(
      (instruction) => refusalOf([instruction], { allow })?.code,
    );
    expect(codes).toEqual([undefined, "policy.value_exceeded", "policy.argument_not_allowed", "policy.value_exceeded"]);
  });

  test("that is an option may be demanded absent", () => {
    const allow = [{ program: TOKEN_PROGRAM, instruction: "setAuthority", arguments: { newAuthority: { eq: null } } }];
    const setAuthority = (rest: readonly number[]) => ({
      program: TOKEN_PROGRAM,
      accounts: ["account", USER],
      data: [6, 2, ...rest],
    });
    expect(refusalOf([setAuthority([0])], { allow })).toBeUndefined();
    expect(refusalOf([setAuthority([1, ...keyOf(5)])], { allow })?.context).toMatchObject({ observed: addressOf(5) });
  });
});

describe("an account in a role", () => {
  const allowing = (accounts: Readonly<Record<string, Predicate>>) => ({
    allow: [{ program: SYSTEM_PROGRAM, instruction: "transfer", accounts }],
  });

  test("may be bound to a list", () => {
    const policy = allowing({ destination: { in: ["shop", "till"] } });
    expect(refusalOf([transfer(USER, "till")], policy)).toBeUndefined();
    const seen = { observed: "friend", limit: '{"in":["shop","till"]}' };
    expect(check([transfer(USER, "friend")], policy)).toMatchObject([
      {
        verdict: "fail",
        refusal: {
          code: "policy.argument_not_allowed",
          detail: "System transfer is not sponsored with this destination.",
          context: seen,
        },
        ...seen,
      },
    ]);
  });

  test("that the instruction does not have fits no predicate, even if anything else would do", () => {
    const refusal = refusalOf([transfer(USER, "friend")], allowing({ owner: { not: { eq: "stranger" } } }));
    expect(refusal?.code).toBe("policy.argument_not_allowed");
    expect(refusal?.context).not.toHaveProperty("observed");
  });

  test.each<[string, TransactionSketch, Partial<SolanaPolicy>]>([
    [
      "the session's wallet",
      { instructions: [transfer("hidden", "friend")], loaded: ["hidden"] },
      { allow: [{ program: SYSTEM_PROGRAM, instruction: "transfer", sessionWalletIs: ["source"] }] },
    ],
    [
      "one of a list",
      { instructions: [transfer(USER, "hidden")], loaded: ["hidden"] },
      allowing({ destination: { in: ["shop"] } }),
    ],
  ])("that a lookup table hides is asked again when the table is resolved: %s", (_, sketch, policy) => {
    const input = ruleInput(sketch, policy);
    const ask = (loaded: readonly string[]) => {
      const transaction = resolveTables(input.transaction, loaded);
      const calls = readCalls(transaction, input.policy.programs);
      return firstRefusal([instructionsAreAllowed], { ...input, transaction, calls })?.code;
    };
    expect(firstRefusal([instructionsAreAllowed], input)).toBeUndefined();
    expect(ask(["somebody"])).toBe("policy.argument_not_allowed");
    expect([ask([USER]), ask(["shop"])].filter((code) => code === undefined)).toHaveLength(1);
  });
});

describe("a program of the policy's own", () => {
  const programs = [
    {
      address: "own",
      name: "Game",
      instructions: [
        {
          name: "buy",
          discriminator: "66063d12",
          arguments: [
            { name: "price", type: "u64" as const },
            { name: "item", type: "string" as const },
          ],
          accounts: ["player", "shop"],
        },
      ],
    },
  ];
  const allow = [
    {
      program: "own",
      instruction: "buy",
      sessionWalletIs: ["player"],
      arguments: { price: { lte: "100" }, item: { startsWith: "sword" } },
    },
  ];
  const buy = (price: number, item: string, player = USER): InstructionSketch => ({
    program: "own",
    accounts: [player, "shop"],
    data: [
      0x66,
      0x06,
      0x3d,
      0x12,
      ...amount(price),
      ...littleEndian(item.length, 4),
      ...new TextEncoder().encode(item),
    ],
  });

  test("is held to its entries like any other", () => {
    const code = (instruction: InstructionSketch) => refusalOf([instruction], { programs, allow })?.code;
    expect(code(buy(100, "sword of dawn"))).toBeUndefined();
    expect(code(buy(101, "sword"))).toBe("policy.value_exceeded");
    expect(code(buy(1, "shield"))).toBe("policy.argument_not_allowed");
    expect(code(buy(1, "sword", "stranger"))).toBe("policy.argument_not_allowed");
    expect(code({ program: "own", accounts: [USER, "shop"], data: [1, 2, 3, 4] })).toBe("policy.instruction_unknown");
  });

  test("that is described and not listed is refused", () => {
    expect(refusalOf([buy(1, "sword")], { programs })?.code).toBe("policy.program_not_allowed");
  });

  test("that is listed and not described is refused", () => {
    expect(refusalOf([buy(1, "sword")], { allow })?.code).toBe("policy.program_not_allowed");
  });
});

describe("a program that no policy lists", () => {
  const policy = { allow: ALLOW, unlistedPrograms: true };
  const create = {
    program: ASSOCIATED_TOKEN_PROGRAM,
    accounts: [SPONSOR, "ata", USER, "mint", SYSTEM_PROGRAM, TOKEN_PROGRAM],
    data: [1],
  };

  test.each<[string, InstructionSketch]>([
    ["nobody knows", { program: "stranger", accounts: [USER], data: [1, 2, 3] }],
    ["is known", { program: OTHER_MEMO }],
    ["is known, with an instruction that it does not have", { program: COMPUTE_BUDGET_PROGRAM, data: [99] }],
  ])("may run where the policy lets any: one that %s", (_, instruction) => {
    expect(check([instruction], policy)).toEqual([{ verdict: "pass", instruction: 0 }]);
    expect(refusalOf([instruction], { ...policy, unlistedPrograms: false })?.code).toBe("policy.program_not_allowed");
  });

  test("does not loosen what the policy says of those that it lists", () => {
    expect(refusalOf([transfer("friend", USER)], policy)?.code).toBe("policy.argument_not_allowed");
    expect(refusalOf([{ program: SYSTEM_PROGRAM, data: [77, 0, 0, 0] }], policy)?.code).toBe(
      "policy.instruction_unknown",
    );
  });

  test.each([SPONSOR, OTHER_SPONSOR])("may not run with a key of the pool among its accounts: %s", (key) => {
    const instruction = { program: "stranger", accounts: [USER, key] };
    expect(refusalOf([instruction], policy)?.code).toBe("policy.program_not_allowed");
  });

  test("may not spend the sponsor's rent in a role that is on: what pays must be listed", () => {
    const sponsorRoles = [{ program: ASSOCIATED_TOKEN_PROGRAM, role: "payer" }];
    expect(refusalOf([create], { ...policy, sponsorRoles })?.code).toBe("policy.program_not_allowed");
    const allow = [{ program: ASSOCIATED_TOKEN_PROGRAM, instruction: "createIdempotent" }];
    expect(refusalOf([create], { ...policy, sponsorRoles, allow })).toBeUndefined();
  });
});

describe("an assertion that a wallet adds", () => {
  const assertion = { program: LIGHTHOUSE_PROGRAM, accounts: [USER], data: [5, 0, 1] };
  const memoryWrite = { program: LIGHTHOUSE_PROGRAM, accounts: [USER, USER, "memory"], data: [0, 1, 2, 3] };

  test("may run where the policy takes assertions, and nowhere else", () => {
    expect(refusalOf([assertion], { walletAssertions: true })).toBeUndefined();
    for (const walletAssertions of [undefined, false]) {
      expect(refusalOf([assertion], { walletAssertions })?.code).toBe("policy.program_not_allowed");
    }
  });

  test("must be one: the program's other instructions make somebody pay", () => {
    for (const unlistedPrograms of [undefined, true]) {
      const refusal = refusalOf([memoryWrite], { walletAssertions: true, unlistedPrograms });
      expect(refusal?.code).toBe("policy.program_not_allowed");
    }
  });

  test("opens no other program", () => {
    expect(refusalOf([{ program: "stranger" }], { walletAssertions: true })?.code).toBe("policy.program_not_allowed");
  });
});

test("every program that is known can be listed, and is recognised by its own table only", () => {
  for (const [program, { name }] of KNOWN_PROGRAMS) {
    const refusal = refusalOf([{ program, data: [250, 250, 250, 250] }], {
      allow: [{ program, instruction: "anything" }],
    });
    expect(refusal?.code, name).toMatch(/^policy\.instruction_(?:unknown|not_allowed)$/);
  }
});
