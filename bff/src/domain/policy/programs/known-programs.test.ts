import { ADDRESS_LOOKUP_TABLE_PROGRAM_ADDRESS } from "@solana-program/address-lookup-table";
import { COMPUTE_BUDGET_PROGRAM_ADDRESS } from "@solana-program/compute-budget";
import { SYSTEM_PROGRAM_ADDRESS } from "@solana-program/system";
import { ASSOCIATED_TOKEN_PROGRAM_ADDRESS, TOKEN_PROGRAM_ADDRESS } from "@solana-program/token";
import { TOKEN_2022_PROGRAM_ADDRESS } from "@solana-program/token-2022";
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
import { readArguments } from "./read-arguments.ts";
import { startsWith } from "./starts-with.ts";

const OPEN_ENDED: ReadonlySet<string> = new Set(["bytes", "text", "rest<u16>"]);

test("each program has the address of its official client, and every memo program is known", () => {
  const pairs = [
    [SYSTEM_PROGRAM, SYSTEM_PROGRAM_ADDRESS],
    [TOKEN_PROGRAM, TOKEN_PROGRAM_ADDRESS],
    [TOKEN_2022_PROGRAM, TOKEN_2022_PROGRAM_ADDRESS],
    [ASSOCIATED_TOKEN_PROGRAM, ASSOCIATED_TOKEN_PROGRAM_ADDRESS],
    [COMPUTE_BUDGET_PROGRAM, COMPUTE_BUDGET_PROGRAM_ADDRESS],
    [ADDRESS_LOOKUP_TABLE_PROGRAM, ADDRESS_LOOKUP_TABLE_PROGRAM_ADDRESS],
  ];
  for (const [ours, theirs] of pairs) expect(ours).toBe(theirs);
  for (const address of [...MEMO_PROGRAMS, LIGHTHOUSE_PROGRAM]) expect(KNOWN_PROGRAMS.has(address)).toBe(true);
});

describe.each([...KNOWN_PROGRAMS.values()])(
  "the table of $name ($address)",
  ({ address, instructions, ...program }) => {
    test("is found under the program's address and is not empty", () => {
      expect(KNOWN_PROGRAMS.get(address)?.instructions).toBe(instructions);
      expect(instructions.length).toBeGreaterThan(0);
    });

    test("gives one name to each discriminator, so that an allowed name is one instruction", () => {
      const names = Map.groupBy(instructions, ({ discriminator }) => discriminator.join());
      const ambiguous = [...names.values()].filter((shapes) => new Set(shapes.map(({ name }) => name)).size > 1);
      expect(ambiguous).toEqual([]);
    });

    test("has no layout twice", () => {
      const layouts = instructions.map(({ discriminator, arguments: fields, accounts }) =>
        JSON.stringify([discriminator, fields.map(({ type }) => type), accounts.length]),
      );
      expect(layouts).toEqual([...new Set(layouts)]);
    });

    test("gives no two accounts and no two arguments of an instruction the same name", () => {
      for (const { accounts, moreAccounts, arguments: fields } of instructions) {
        const roles = moreAccounts === undefined ? accounts : [...accounts, moreAccounts];
        const names = fields.map(({ name }) => name);
        expect(roles).toEqual([...new Set(roles)]);
        expect(names).toEqual([...new Set(names)]);
      }
    });

    test("is written in words and bytes: no letter too much in a line makes another table", () => {
      for (const { name, discriminator, accounts, moreAccounts, arguments: fields } of instructions) {
        for (const word of [name, ...accounts, moreAccounts ?? "none", ...fields.map(({ name }) => name)]) {
          expect(word).toMatch(/^[a-z][a-zA-Z0-9]*$/);
        }
        expect(discriminator).toSatisfy((bytes: readonly number[]) =>
          bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255),
        );
      }
    });

    test("has only types that can be read, and what takes all of the rest stands last", () => {
      for (const { arguments: fields } of instructions) {
        for (const field of fields) expect(() => readArguments([field], new Uint8Array(64))).not.toThrow();
        expect(fields.slice(0, -1).filter(({ type }) => OPEN_ENDED.has(type))).toEqual([]);
      }
    });

    test("names no instruction that begins like a batch", () => {
      const { batchDiscriminator } = program;
      if (batchDiscriminator === undefined) return;
      expect(
        instructions.filter(({ discriminator }) => startsWith(Uint8Array.from(discriminator), batchDiscriminator)),
      ).toEqual([]);
    });
  },
);
