import { describe, expect, test } from "vitest";
import { parseInstructions } from "./parse-instructions.ts";

describe("a line of a table is the shape of an instruction", () => {
  test("with its arguments before the bar and its accounts behind it", () => {
    expect(parseInstructions("move 26,1 amount:u64 to:option<publicKey> | source owner ...signers")).toEqual([
      {
        name: "move",
        discriminator: [26, 1],
        arguments: [
          { name: "amount", type: "u64" },
          { name: "to", type: "option<publicKey>" },
        ],
        accounts: ["source", "owner"],
        moreAccounts: "signers",
      },
    ]);
  });

  test("that may have neither, and no discriminator", () => {
    expect(parseInstructions("\n  sign - | ...signers\n  limit 2 units:u32\n")).toEqual([
      { name: "sign", discriminator: [], arguments: [], accounts: [], moreAccounts: "signers" },
      { name: "limit", discriminator: [2], arguments: [{ name: "units", type: "u32" }], accounts: [] },
    ]);
  });
});
