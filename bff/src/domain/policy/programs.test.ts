import { describe, expect, test } from "vitest";
import {
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  KNOWN_PROGRAMS,
  MEMO_PROGRAMS,
  shapeOf,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs.ts";

function nameOf(program: string, data: readonly number[]): string | undefined {
  const known = KNOWN_PROGRAMS.get(program);
  return known && shapeOf(known, Uint8Array.from(data))?.name;
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

describe("an instruction is told by its first bytes", () => {
  test.each<[string, readonly number[], string]>([
    [SYSTEM_PROGRAM, [0, 0, 0, 0], "createAccount"],
    [SYSTEM_PROGRAM, [1, 0, 0, 0], "assign"],
    [SYSTEM_PROGRAM, [2, 0, 0, 0, ...zeros(8)], "transfer"],
    [SYSTEM_PROGRAM, [4, 0, 0, 0], "advanceNonceAccount"],
    [SYSTEM_PROGRAM, [11, 0, 0, 0], "transferWithSeed"],
    [TOKEN_PROGRAM, [3, ...zeros(8)], "transfer"],
    [TOKEN_PROGRAM, [9], "closeAccount"],
    [TOKEN_2022_PROGRAM, [12, ...zeros(9)], "transferChecked"],
    [ASSOCIATED_TOKEN_PROGRAM, [1], "createIdempotent"],
    [COMPUTE_BUDGET_PROGRAM, [2, ...zeros(4)], "setComputeUnitLimit"],
    [COMPUTE_BUDGET_PROGRAM, [3, ...zeros(8)], "setComputeUnitPrice"],
    [MEMO_PROGRAMS[0], [104, 105], "memo"],
    [MEMO_PROGRAMS[1], [], "memo"],
    [MEMO_PROGRAMS[2], [0xff], "memo"],
  ])("%s %j is %s", (program, data, name) => {
    expect(nameOf(program, data)).toBe(name);
  });

  test.each([
    ["a transfer with a byte behind it", SYSTEM_PROGRAM, [2, 0, 0, 0, ...zeros(9)]],
    ["a transfer that ends too early", SYSTEM_PROGRAM, [2, 0, 0, 0, ...zeros(7)]],
    ["a discriminator of one byte where four are read", SYSTEM_PROGRAM, [2]],
    ["a discriminator whose upper bytes are not zero", SYSTEM_PROGRAM, [2, 1, 0, 0, ...zeros(8)]],
    ["an instruction that the System program does not have", SYSTEM_PROGRAM, [99, 0, 0, 0]],
    ["no data", SYSTEM_PROGRAM, []],
    ["a token transfer with a byte behind it", TOKEN_PROGRAM, [3, ...zeros(9)]],
    ["a token transfer that ends too early", TOKEN_2022_PROGRAM, [3, ...zeros(7)]],
    ["a checked transfer without its decimals", TOKEN_PROGRAM, [12, ...zeros(8)]],
    ["a batch of token instructions", TOKEN_PROGRAM, [255, 1, 9, 3, ...zeros(8)]],
    ["an extension's instruction, with one more discriminator behind it", TOKEN_2022_PROGRAM, [26, 1, ...zeros(17)]],
    ["the associated token program's empty data, an old spelling of create", ASSOCIATED_TOKEN_PROGRAM, []],
    ["a compute limit with a byte behind it, which the runtime would ignore", COMPUTE_BUDGET_PROGRAM, [2, ...zeros(5)]],
    ["a compute price that ends too early", COMPUTE_BUDGET_PROGRAM, [3, ...zeros(4)]],
  ])("%s is nothing that is known", (_, program, data) => {
    expect(nameOf(program, data)).toBeUndefined();
  });
});
