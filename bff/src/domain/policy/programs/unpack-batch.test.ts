import { AccountRole, type Address } from "@solana/kit";
import { getBatchInstruction } from "@solana-program/token";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KNOWN_PROGRAMS, SYSTEM_PROGRAM, TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from "./known-programs.ts";
import type { ProgramShape } from "./shape.ts";
import { type BatchedInstruction, unpackBatch } from "./unpack-batch.ts";

function programAt(address: string): ProgramShape {
  const program = KNOWN_PROGRAMS.get(address);
  if (program === undefined) throw new Error(`${address} is not known`);
  return program;
}

function unpack(
  data: readonly number[],
  accountIndexes: readonly number[],
  address = TOKEN_PROGRAM,
): readonly BatchedInstruction[] | undefined {
  return unpackBatch(programAt(address), Uint8Array.from(data), accountIndexes);
}

describe("a batch is what it carries", () => {
  test("each instruction with its own data and its own accounts", () => {
    expect(unpack([255, 2, 3, 9, 8, 7, 0, 1, 17, 1, 0], [5, 6, 7])).toEqual([
      { data: Uint8Array.of(9, 8, 7), accountIndexes: [5, 6] },
      { data: Uint8Array.of(17), accountIndexes: [] },
      { data: Uint8Array.of(), accountIndexes: [7] },
    ]);
  });

  test("Token-2022 has batches too", () => {
    expect(unpack([255, 1, 1, 17], [4], TOKEN_2022_PROGRAM)).toEqual([
      { data: Uint8Array.of(17), accountIndexes: [4] },
    ]);
  });

  test("whatever the official client packs is unpacked to the same instructions", () => {
    const carried = fc.record({
      data: fc.uint8Array({ maxLength: 255 }).filter(([first]) => first !== 255),
      accountIndexes: fc.array(fc.nat({ max: 63 }), { maxLength: 12 }),
    });
    fc.assert(
      fc.property(fc.array(carried, { minLength: 1, maxLength: 8 }), (instructions) => {
        const { data, accounts } = getBatchInstruction(
          instructions.map(({ data, accountIndexes }) => ({
            programAddress: TOKEN_PROGRAM as Address<typeof TOKEN_PROGRAM>,
            data,
            accounts: accountIndexes.map((index) => ({
              address: String(index) as Address,
              role: AccountRole.READONLY,
            })),
          })),
        );
        const accountIndexes = accounts.map(({ address }) => Number(address));
        expect(unpack([...data], accountIndexes)).toEqual(instructions);
      }),
    );
  });
});

describe("what cannot be told apart is not unpacked", () => {
  test.each<[string, readonly number[], readonly number[]]>([
    ["no data", [], []],
    ["another instruction", [3, 1, 1, 17], [4]],
    ["a batch of nothing", [255], []],
    ["a batch in a batch", [255, 1, 4, 255, 1, 1, 17], [4]],
    ["a batch in a batch behind an instruction", [255, 1, 1, 17, 0, 1, 255], [4]],
    ["half a header", [255, 1], [4]],
    ["data that is shorter than its length says", [255, 1, 2, 17], [4]],
    ["a byte behind the last instruction", [255, 1, 1, 17, 0], [4]],
    ["fewer accounts than its instructions take", [255, 2, 1, 17], [4]],
    ["an account that no instruction takes", [255, 1, 1, 17], [4, 5]],
  ])("%s", (_, data, accountIndexes) => {
    expect(unpack(data, accountIndexes)).toBeUndefined();
  });

  test("a program without batches", () => {
    expect(unpack([255, 1, 1, 17], [4], SYSTEM_PROGRAM)).toBeUndefined();
  });

  test("whatever bytes there are, nothing is thrown, and each account is given away once and in order", () => {
    const carried = fc
      .tuple(fc.nat({ max: 2 }), fc.array(fc.nat({ max: 255 }), { maxLength: 3 }))
      .map(([accountCount, data]) => [accountCount, data.length, ...data]);
    const alike = fc.array(carried, { maxLength: 3 }).map((parts) => parts.flat());
    const bytes = fc.oneof(alike, fc.array(fc.nat({ max: 255 }), { maxLength: 12 }));
    const accounts = fc.array(fc.nat({ max: 63 }), { maxLength: 4 });
    let unpackedCount = 0;
    fc.assert(
      fc.property(bytes, accounts, (rest, accountIndexes) => {
        const unpacked = unpack([255, ...rest], accountIndexes);
        if (unpacked === undefined) return;
        unpackedCount += 1;
        const packed = unpacked.flatMap((one) => [one.accountIndexes.length, one.data.length, ...one.data]);
        expect(packed).toEqual(rest);
        expect(unpacked.flatMap((one) => one.accountIndexes)).toEqual(accountIndexes);
      }),
      { numRuns: 5000 },
    );
    expect(unpackedCount).toBeGreaterThan(50);
  });
});
