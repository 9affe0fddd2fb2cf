import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ADDRESS_LOOKUP_TABLE_PROGRAM,
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  KNOWN_PROGRAMS,
  LIGHTHOUSE_PROGRAM,
  MEMO_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "./known-programs.ts";
import { nameInstruction } from "./name-instruction.ts";
import { parseInstructions } from "./parse-instructions.ts";
import type { NamedInstruction } from "./shape.ts";

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

function nameOf(program: string, data: readonly number[], accountCount: number): string | undefined {
  return named(program, data, accountCount)?.shape.name;
}

function named(program: string, data: readonly number[], accountCount: number): NamedInstruction | undefined {
  const known = KNOWN_PROGRAMS.get(program);
  return known && nameInstruction(known, Uint8Array.from(data), accountCount);
}

describe("an instruction is told by all of its data and the number of its accounts", () => {
  test.each<[string, readonly number[], number, string]>([
    [SYSTEM_PROGRAM, [2, 0, 0, 0, ...zeros(8)], 2, "transfer"],
    [SYSTEM_PROGRAM, [4, 0, 0, 0], 3, "advanceNonceAccount"],
    [TOKEN_PROGRAM, [3, ...zeros(8)], 3, "transfer"],
    [TOKEN_PROGRAM, [3, ...zeros(8)], 14, "transfer"],
    [TOKEN_PROGRAM, [21, 7, 0], 1, "getAccountDataSize"],
    [TOKEN_2022_PROGRAM, [12, ...zeros(9)], 4, "transferChecked"],
    [TOKEN_2022_PROGRAM, [26, 1, ...zeros(17)], 4, "transferCheckedWithFee"],
    [ASSOCIATED_TOKEN_PROGRAM, [], 6, "create"],
    [ASSOCIATED_TOKEN_PROGRAM, [], 7, "create"],
    [ASSOCIATED_TOKEN_PROGRAM, [0], 7, "create"],
    [ASSOCIATED_TOKEN_PROGRAM, [1], 6, "createIdempotent"],
    [ADDRESS_LOOKUP_TABLE_PROGRAM, [2, 0, 0, 0, ...zeros(8)], 2, "extendLookupTable"],
    [COMPUTE_BUDGET_PROGRAM, [2, ...zeros(4)], 0, "setComputeUnitLimit"],
    [LIGHTHOUSE_PROGRAM, [4, 0, 1, 2, 3], 2, "assertAccountDelta"],
    [LIGHTHOUSE_PROGRAM, [15, 0, 1, 2, 3], 0, "assertSysvarClock"],
    [MEMO_PROGRAMS[0], [104, 105], 0, "memo"],
    [MEMO_PROGRAMS[1], [], 2, "memo"],
    [MEMO_PROGRAMS[2], [255 - 60, 188], 1, "memo"],
  ])("%s %j with %d accounts is %s", (program, data, accountCount, name) => {
    expect(nameOf(program, data, accountCount)).toBe(name);
  });

  test.each<[string, string, readonly number[], number]>([
    ["a transfer with a byte behind it, which the runtime would ignore", SYSTEM_PROGRAM, [2, 0, 0, 0, ...zeros(9)], 2],
    ["a transfer that ends too early", SYSTEM_PROGRAM, [2, 0, 0, 0, ...zeros(7)], 2],
    ["a transfer with an account more, which the runtime would ignore", SYSTEM_PROGRAM, [2, 0, 0, 0, ...zeros(8)], 3],
    ["a transfer with an account less", SYSTEM_PROGRAM, [2, 0, 0, 0, ...zeros(8)], 1],
    ["a discriminator of one byte where four are read", SYSTEM_PROGRAM, [2], 2],
    ["a discriminator whose upper bytes are not zero", SYSTEM_PROGRAM, [2, 1, 0, 0, ...zeros(8)], 2],
    ["an instruction that the System program does not have", SYSTEM_PROGRAM, [99, 0, 0, 0], 2],
    ["no data", SYSTEM_PROGRAM, [], 0],
    ["a token transfer with a byte behind it", TOKEN_PROGRAM, [3, ...zeros(9)], 3],
    ["a token transfer that ends too early", TOKEN_2022_PROGRAM, [3, ...zeros(7)], 3],
    ["a token transfer without its owner", TOKEN_PROGRAM, [3, ...zeros(8)], 2],
    ["a checked transfer without its decimals", TOKEN_PROGRAM, [12, ...zeros(8)], 4],
    ["a batch of token instructions", TOKEN_PROGRAM, [255, 3, 9, 3, ...zeros(8)], 3],
    ["an extension's first byte alone", TOKEN_2022_PROGRAM, [26], 1],
    ["an extension's instruction at the older token program", TOKEN_PROGRAM, [26, 1, ...zeros(17)], 4],
    ["a confidential deposit, whose like cannot be read", TOKEN_2022_PROGRAM, [27, 5, ...zeros(9)], 3],
    ["an empty transfer's accounts at the associated token program", ASSOCIATED_TOKEN_PROGRAM, [], 3],
    ["an idempotent create with the rent sysvar, which nobody has ever built", ASSOCIATED_TOKEN_PROGRAM, [1], 7],
    [
      "a compute limit with a byte behind it, which the runtime would ignore",
      COMPUTE_BUDGET_PROGRAM,
      [2, ...zeros(5)],
      0,
    ],
    ["a compute price that ends too early", COMPUTE_BUDGET_PROGRAM, [3, ...zeros(4)], 0],
    ["a memo that is no text", MEMO_PROGRAMS[1], [255], 1],
    ["Lighthouse writing memory, for which its payer pays", LIGHTHOUSE_PROGRAM, [0, 0, 0, 0, 0], 5],
    ["Lighthouse closing memory", LIGHTHOUSE_PROGRAM, [1, 0, 0], 3],
    ["Lighthouse calling another program about a tree", LIGHTHOUSE_PROGRAM, [16, 0, ...zeros(37)], 3],
    ["a number that no assertion has", LIGHTHOUSE_PROGRAM, [17, 0, 0], 1],
    ["an assertion about two accounts where one is read", LIGHTHOUSE_PROGRAM, [5, 0, 0], 2],
  ])("%s is nothing that is known", (_, program, data, accountCount) => {
    expect(nameOf(program, data, accountCount)).toBeUndefined();
  });

  test("the argument of a memo is its text, and that of an assertion all of its bytes", () => {
    expect(named(MEMO_PROGRAMS[2], [104, 105], 1)?.arguments).toEqual(new Map([["memo", "hi"]]));
    expect(named(LIGHTHOUSE_PROGRAM, [5, 1, 222, 173], 1)?.arguments).toEqual(
      new Map<string, bigint | string>([
        ["logLevel", 1n],
        ["assertion", "dead"],
      ]),
    );
  });
});

describe("where several shapes begin alike", () => {
  const program = {
    address: "any",
    name: "any",
    instructions: parseInstructions(`
      short 1 data:bytes
      long 1,2 amount:u8
      longToo 1,2 flag:bool
      pair 3 left:u8 | account
      pairs 3 left:u8 | account ...accounts
    `),
  };
  const nameOf = (data: readonly number[], accountCount = 0): string | undefined =>
    nameInstruction(program, Uint8Array.from(data), accountCount)?.shape.name;

  test("the longest discriminator is meant, wherever it stands in the table", () => {
    expect(nameOf([1, 2, 3])).toBe("long");
  });

  test("and of two that are equally long the first", () => {
    expect(nameOf([1, 2, 1])).toBe("long");
  });

  test("but not one whose arguments do not fill the data", () => {
    expect(nameOf([1, 2, 3, 4])).toBe("short");
  });

  test("the number of accounts decides between two layouts", () => {
    const accounts = [0, 1, 2, 9].map((count) => nameOf([3, 0], count));
    expect(accounts).toEqual([undefined, "pair", "pairs", "pairs"]);
  });
});

test("whatever bytes a known program is given, nothing is thrown", () => {
  const programs = [...KNOWN_PROGRAMS.values()];
  const beginnings = programs.flatMap((program) =>
    program.instructions.map(({ discriminator, accounts }) => ({
      program,
      discriminator,
      accountCount: accounts.length,
    })),
  );
  fc.assert(
    fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 96 }), (beginning, rest) => {
      const { program, discriminator, accountCount } = beginning;
      nameInstruction(program, rest, accountCount);
      nameInstruction(program, Uint8Array.from([...discriminator, ...rest]), accountCount);
    }),
    { numRuns: 5000 },
  );
});
