import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { littleEndian } from "../../../test/support/assemble.ts";
import {
  type InstructionSketch,
  ruleInput,
  sketchKnown,
  sketchTransaction,
  type TransactionSketch,
  USER,
} from "../../../test/support/decoded-transaction.ts";
import { KNOWN_INSTRUCTIONS, nameOf as nameOfKnown } from "../../../test/matrix/known-calls.ts";
import { addressOf, keyOf } from "../../../test/support/wire.ts";
import { accountOf, type Call, keysInData, readCalls } from "./call.ts";
import {
  ADDRESS_LOOKUP_TABLE_PROGRAM,
  KNOWN_PROGRAMS,
  MEMO_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";

const [MEMO] = MEMO_PROGRAMS;
const ONE = littleEndian(1, 8);
const key = (fill: number): number[] => [...keyOf(fill)];

const callsOf = (sketch: TransactionSketch): readonly Call[] => readCalls(sketchTransaction(sketch), KNOWN_PROGRAMS);
const only = (instruction: InstructionSketch): Call => {
  const [call] = callsOf({ instructions: [instruction] });
  if (!call) throw new Error("there is no call");
  return call;
};
/** What is carried, as SPL Token packs it: number of accounts, length of data, data. */
const batch = (program: string, ...carried: readonly (readonly [accounts: string[], data: number[]])[]) => ({
  program,
  accounts: carried.flatMap(([accounts]) => accounts),
  data: [255, ...carried.flatMap(([accounts, data]) => [accounts.length, data.length, ...data])],
});
const nameOf = ({ named }: Call): string | undefined => named?.shape.name;

describe("a transaction is read as what each program is told to do", () => {
  test("in order, by names, with accounts by address and arguments by name", () => {
    const calls = callsOf({
      instructions: [
        { program: MEMO, accounts: [USER], data: [104, 105] },
        { program: SYSTEM_PROGRAM, accounts: [USER, "friend"], data: [...littleEndian(2, 4), ...littleEndian(7, 8)] },
      ],
    });
    expect(calls.map(({ instruction, program, accounts }) => [instruction, program, accounts])).toEqual([
      [0, MEMO, [USER]],
      [1, SYSTEM_PROGRAM, [USER, "friend"]],
    ]);
    expect(calls.map(nameOf)).toEqual(["memo", "transfer"]);
    expect(calls.map(({ named }) => named?.arguments)).toEqual([new Map([["memo", "hi"]]), new Map([["amount", 7n]])]);
  });

  test("an account of a lookup table has no address until the table is resolved", () => {
    const sketch = {
      instructions: [{ program: SYSTEM_PROGRAM, accounts: [USER, "hidden"], data: [...littleEndian(2, 4), ...ONE] }],
    };
    expect(callsOf({ ...sketch, loaded: ["hidden"] })[0]?.accounts).toEqual([USER, undefined]);
    expect(callsOf(sketch)[0]?.accounts).toEqual([USER, "hidden"]);
  });

  test("a program that no table knows has a call without a shape", () => {
    expect(only({ program: "stranger", data: [1] })).toMatchObject({ shape: undefined, named: undefined });
  });

  test("an instruction that its program does not have stays without a name", () => {
    const call = only({ program: SYSTEM_PROGRAM, data: [99, 0, 0, 0] });
    expect([call.shape?.name, call.named]).toEqual(["System", undefined]);
  });

  test("whatever the data and indexes are, nothing is thrown", () => {
    const program = fc.constantFrom(...KNOWN_PROGRAMS.keys(), "stranger");
    const data = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Uint8Array.from([255, ...bytes])),
    );
    fc.assert(
      fc.property(program, data, fc.array(fc.nat(255), { maxLength: 8 }), (address, bytes, accountIndexes) => {
        const instructions = [{ programIndex: 1, accountIndexes, data: bytes }];
        const transaction = sketchTransaction({
          instructions: [],
          changes: { accounts: ["a", address], instructions },
        });
        const calls = readCalls(transaction, KNOWN_PROGRAMS);
        expect(calls.flatMap(({ accounts }) => accounts)).toHaveLength(accountIndexes.length);
        expect(calls.every((call) => call.program === address && call.instruction === 0)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("a batch is read as what it carries, so that nothing is hidden in it", () => {
  test.each([TOKEN_PROGRAM, TOKEN_2022_PROGRAM])("by %s", (program) => {
    const calls = callsOf({
      instructions: [
        { program: MEMO },
        batch(
          program,
          [
            ["from", "to", USER],
            [3, ...ONE],
          ],
          [["account", "sponsor", USER], [9]],
          [["account"], [17]],
        ),
      ],
    });
    expect(calls.slice(1).map(({ instruction, accounts }) => [instruction, accounts])).toEqual([
      [1, ["from", "to", USER]],
      [1, ["account", "sponsor", USER]],
      [1, ["account"]],
    ]);
    expect(calls.map(nameOf)).toEqual(["memo", "transfer", "closeAccount", "syncNative"]);
    expect(calls[1]?.data).toEqual(Uint8Array.of(3, ...ONE));
  });

  test("an instruction in it that nobody knows stays without a name beside the others", () => {
    const calls = callsOf({ instructions: [batch(TOKEN_PROGRAM, [["account"], [17]], [[], [200]])] });
    expect(calls.map(nameOf)).toEqual(["syncNative", undefined]);
  });

  test.each([
    ["a batch in a batch", batch(TOKEN_PROGRAM, [["a"], [255, 1, 1, 17]])],
    ["an empty batch", { program: TOKEN_PROGRAM, data: [255] }],
    ["a batch that is cut off", { program: TOKEN_PROGRAM, accounts: ["a"], data: [255, 1, 2, 17] }],
    ["a batch with an account too many", { program: TOKEN_PROGRAM, accounts: ["a", "b"], data: [255, 1, 1, 17] }],
    ["the bytes of a batch given to a program without any", batch(SYSTEM_PROGRAM, [["a"], [17]])],
  ])("%s is one call without a name", (_, instruction) => {
    const calls = callsOf({ instructions: [instruction] });
    expect(calls.map(nameOf)).toEqual([undefined]);
    expect(calls[0]?.accounts).toEqual("accounts" in instruction ? instruction.accounts : []);
  });
});

describe("the account in a role", () => {
  const transfer = { program: TOKEN_PROGRAM, accounts: ["from", "to", USER, "cosigner"], data: [3, ...ONE] };

  test("is found by the role's name", () => {
    const call = only(transfer);
    expect(["source", "destination", "owner"].map((role) => accountOf(call, role))).toEqual(["from", "to", USER]);
  });

  test.each([
    ["in a role that the instruction does not have", only(transfer), "mint"],
    ["among further signers, who have no role", only(transfer), "signers"],
    ["in an instruction without a name", only({ ...transfer, data: [200] }), "source"],
    ["of a program that nobody knows", only({ ...transfer, program: "stranger" }), "source"],
    ["in a table that is not resolved", callsOf({ instructions: [transfer], loaded: ["from"] })[0], "source"],
  ])("is none %s", (_, call, role) => {
    expect(call && accountOf(call, role)).toBeUndefined();
  });
});

describe("keys that are only in the data are found, for lists of denied accounts", () => {
  const [A, B] = [addressOf(1), addressOf(2)];
  test.each<[string, InstructionSketch, readonly string[]]>([
    ["a new authority", { program: TOKEN_PROGRAM, accounts: ["a", USER], data: [6, 2, 1, ...key(1)] }, [A]],
    ["an authority that is taken away", { program: TOKEN_PROGRAM, accounts: ["a", USER], data: [6, 2, 0] }, []],
    [
      "a mint's two authorities",
      { program: TOKEN_PROGRAM, accounts: ["mint"], data: [20, 0, ...key(1), 1, ...key(2)] },
      [A, B],
    ],
    [
      "the owner of a new token account",
      { program: TOKEN_PROGRAM, accounts: ["a", "mint"], data: [18, ...key(1)] },
      [A],
    ],
    [
      "a nonce's new authority",
      { program: SYSTEM_PROGRAM, accounts: ["nonce", USER], data: [...littleEndian(7, 4), ...key(1)] },
      [A],
    ],
    [
      "the program that a new account is given to",
      {
        program: SYSTEM_PROGRAM,
        accounts: [USER, "new"],
        data: [...littleEndian(0, 4), ...ONE, ...ONE, ...key(1)],
      },
      [A],
    ],
    [
      "a transfer hook's program and its authority",
      { program: TOKEN_2022_PROGRAM, accounts: ["mint"], data: [36, 0, ...key(1), ...key(2)] },
      [A, B],
    ],
    [
      "a transfer hook that is taken away",
      { program: TOKEN_2022_PROGRAM, accounts: ["mint", USER], data: [36, 1, ...key(0)] },
      [],
    ],
    [
      "each address that a lookup table gets",
      {
        program: ADDRESS_LOOKUP_TABLE_PROGRAM,
        accounts: ["table", USER],
        data: [...littleEndian(2, 4), ...littleEndian(2, 8), ...key(1), ...key(2)],
      },
      [A, B],
    ],
    [
      "a new authority inside a batch",
      batch(
        TOKEN_PROGRAM,
        [["a"], [17]],
        [
          ["a", USER],
          [6, 2, 1, ...key(1)],
        ],
      ),
      [A],
    ],
    [
      "an address that a memo writes out, which is text and no key",
      { program: MEMO, data: new TextEncoder().encode(A) },
      [],
    ],
    ["bytes of a key in an instruction without a name", { program: "stranger", data: key(1) }, []],
  ])("%s", (_, instruction, keys) => {
    expect(keysInData(callsOf({ instructions: [instruction] }))).toEqual(keys);
  });

  test("in every instruction of every known program that has one", () => {
    for (const known of KNOWN_INSTRUCTIONS) {
      const types = known.shape.arguments.map(({ type }) => type);
      const isThere = types.some((type) => type.includes("publicKey"));
      expect(keysInData([only(sketchKnown(known))]).length > 0, nameOfKnown(known)).toBe(isThere);
    }
  });

  test("in the instructions that a policy describes itself", () => {
    const { calls } = ruleInput(
      { instructions: [{ program: "own", data: [7, ...key(1), 0, 1, ...key(2)] }] },
      {
        programs: [
          {
            address: "own",
            name: "Own",
            instructions: [
              {
                name: "give",
                discriminator: "07",
                arguments: [
                  { name: "owner", type: "publicKey" },
                  { name: "nobody", type: "option<publicKey>" },
                  { name: "delegate", type: "option<publicKey>" },
                ],
                accounts: [],
              },
            ],
          },
        ],
      },
    );
    expect(keysInData(calls)).toEqual([A, B]);
  });
});
