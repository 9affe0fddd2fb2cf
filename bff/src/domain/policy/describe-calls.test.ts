import { expect, test } from "vitest";
import { ruleInput, SPONSOR, USER } from "../../../test/support/decoded-transaction.ts";
import { describeCalls } from "./describe-calls.ts";
import { ADDRESS_LOOKUP_TABLE_PROGRAM, TOKEN_PROGRAM } from "./programs/known-programs.ts";

test("a transaction is told call by call, in the names that policies use, and what cannot be told stays bare", () => {
  const transfer = {
    program: TOKEN_PROGRAM,
    accounts: ["source", "hidden", USER, "more"],
    data: [3, 5, 0, 0, 0, 0, 0, 0, 0],
  };
  const extend = {
    program: ADDRESS_LOOKUP_TABLE_PROGRAM,
    accounts: ["table", USER],
    data: [2, 0, 0, 0, 2, ...Array.from({ length: 7 + 64 }, () => 0)],
  };
  const unknown = { program: "unknown", accounts: [SPONSOR], data: [1] };
  const { calls } = ruleInput({ instructions: [transfer, extend, unknown], loaded: ["hidden"] });
  const zero = "11111111111111111111111111111111";
  expect(describeCalls(calls)).toEqual([
    {
      position: 0,
      program: TOKEN_PROGRAM,
      programName: "SPL Token",
      instruction: "transfer",
      arguments: { amount: "5" },
      accounts: [
        { role: "source", address: "source" },
        { role: "destination", address: "in a lookup table" },
        { role: "owner", address: USER },
        { role: "signers", address: "more" },
      ],
    },
    {
      position: 1,
      program: ADDRESS_LOOKUP_TABLE_PROGRAM,
      programName: "Address Lookup Table",
      instruction: "extendLookupTable",
      arguments: { addresses: `${zero}, ${zero}` },
      accounts: [
        { role: "address", address: "table" },
        { role: "authority", address: USER },
      ],
    },
    {
      position: 2,
      program: "unknown",
      programName: null,
      instruction: null,
      arguments: {},
      accounts: [{ role: null, address: SPONSOR }],
    },
  ]);
});
