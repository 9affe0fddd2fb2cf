import { describe, expect, test } from "vitest";
import { ApiProblem } from "../../../api/problem.ts";
import { amountFault, amountHint, readAmount, readWhole, showAmount, wholeFault } from "./amounts.ts";
import { blankPolicy, fitsForm, isSameDocument } from "./documents.ts";
import { faultsOf, findingsAt } from "./findings.ts";
import { EMPTY_INSTRUCTION, faultsOfInstruction, readInstruction } from "./own-program.ts";
import { priorityFee } from "./say-limits.ts";

const SOLANA = "solana:devnet";

describe("amounts in a field", () => {
  test("whole coins are typed, base units are kept, exact to the last", () => {
    expect(readAmount(SOLANA, "0.000025")).toBe("25000");
    expect(showAmount(SOLANA, "25000")).toBe("0.000025");
    expect(showAmount(SOLANA, "1234567000000001")).toBe("1234567.000000001");
    expect(readAmount(SOLANA, showAmount(SOLANA, "18446744073709551615"))).toBe("18446744073709551615");
    expect(readAmount("algorand:testnet", "0.004")).toBe("4000");
  });

  test("what is no amount is kept as it was typed, so that the check can say so", () => {
    for (const typed of ["", "-1", "1e9", "0.0000000001", "a lot"]) {
      expect(readAmount(SOLANA, typed)).toBe(typed);
      expect(showAmount(SOLANA, typed)).toBe(typed);
    }
    expect(amountHint(SOLANA, "a lot")).toContain("SOL");
    expect(readWhole("3")).toBe(3);
    expect(readWhole("three")).toBe("three");
  });

  test("what is typed wrong is told with an example of what is right", () => {
    expect(amountFault(SOLANA, "a lot")).toBe("“a lot” is no amount. Write an amount of SOL such as 0.001.");
    expect(amountFault(SOLANA, "0,001")).toContain("has a comma");
    expect(amountFault(SOLANA, "0.0000000001")).toBe("SOL has at most 9 digits behind the point.");
    expect(amountFault("algorand:testnet", "0.0000001")).toBe("ALGO has at most 6 digits behind the point.");
    expect(amountFault(SOLANA, "")).toContain("such as 0.001");
    expect(amountFault(SOLANA, 25_000)).toBe('In the JSON it has to be text, in lamports: "25000" is 0.000025 SOL.');
    expect(wholeFault("three", "3")).toBe("“three” is no whole number. Write one such as 3.");
    expect(wholeFault("", "3")).toBe("Write one such as 3.");
  });

  test("nothing is said of an amount or a number that is one, or is not there", () => {
    for (const given of ["25000", undefined]) expect(amountFault(SOLANA, given)).toBeUndefined();
    for (const given of [3, "50000", undefined]) expect(wholeFault(given, "3")).toBeUndefined();
  });

  test("the priority fee is rounded up, never away", () => {
    expect(priorityFee("50000", 200_000)).toBe(10_000n);
    expect(priorityFee("1", 1)).toBe(1n);
    expect(priorityFee("1", -5)).toBeUndefined();
  });
});

describe("documents", () => {
  test("a blank one allows nothing and fits the form", () => {
    for (const network of [SOLANA, "algorand:testnet"]) {
      expect(blankPolicy(network)["allow"]).toEqual([]);
      expect(fitsForm(blankPolicy(network))).toBe(true);
    }
  });

  test.each([
    {},
    { allow: "all" },
    { allow: [1] },
    { allow: [{ arguments: [] }] },
    { allow: [{ sessionWalletIs: [1] }] },
    { allow: [], programs: {} },
    { allow: [], minimumBalance: [] },
  ])("a document of another shape is left to the text: %j", (document) => {
    expect(fitsForm(document)).toBe(false);
  });

  test("the order of fields makes no other document", () => {
    expect(isSameDocument({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 })).toBe(true);
    expect(isSameDocument({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  });
});

test("faults of the body are faults of the document in it", () => {
  const problem = new ApiProblem({
    status: 422,
    code: "manage.policy_invalid",
    detail: "The policy is not valid.",
    errors: [
      { pointer: "/document/allow/1/program", detail: "must be a base58 address" },
      { pointer: "/allow/10", detail: "is wrong" },
    ],
  });
  expect(findingsAt(faultsOf(problem), "/allow/1").map(({ message }) => message)).toEqual(["must be a base58 address"]);
  expect(faultsOf(problem)[1]?.pointer).toBe("/allow/10");
});

describe("a program by hand", () => {
  const written = {
    ...EMPTY_INSTRUCTION,
    name: "buy",
    discriminator: "0x66 06 3D 12 01 DA EB EA",
    arguments: "seat: u16\nprice : u64",
    accounts: "buyer\nbooth",
  };

  test("is read as a policy describes it", () => {
    expect(faultsOfInstruction(written)).toEqual({});
    expect(readInstruction(written)).toEqual({
      name: "buy",
      discriminator: "66063d1201daebea",
      arguments: [
        { name: "seat", type: "u16" },
        { name: "price", type: "u64" },
      ],
      accounts: ["buyer", "booth"],
    });
  });

  test("and what is wrong with it is told at its field", () => {
    expect(Object.keys(faultsOfInstruction({ ...written, name: "1st", discriminator: "abc" }))).toEqual([
      "name",
      "discriminator",
    ]);
    expect(faultsOfInstruction({ ...written, arguments: "seat: struct" }).arguments).toContain("seat: struct");
    expect(faultsOfInstruction({ ...written, accounts: "the buyer" }).accounts).toContain("the buyer");
  });
});
