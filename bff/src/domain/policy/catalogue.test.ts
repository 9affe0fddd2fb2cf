import { describe, expect, test } from "vitest";
import { ALGORAND_CATALOGUE } from "./catalogue-algorand.ts";
import { SOLANA_CATALOGUE } from "./catalogue.ts";
import { ASSOCIATED_TOKEN_PROGRAM, KNOWN_PROGRAMS } from "./programs/known-programs.ts";
import { SPONSOR_ROLES, switchOf } from "./sponsor-roles.ts";

describe("the catalogue of Solana", () => {
  const { programs } = SOLANA_CATALOGUE;

  test("has every program that can be told apart, and each of its instructions once", () => {
    expect(programs.map(({ address }) => address)).toEqual([...KNOWN_PROGRAMS.keys()]);
    for (const { address, instructions } of programs) {
      const known = new Set(KNOWN_PROGRAMS.get(address)?.instructions.map(({ name }) => name));
      expect(instructions.map(({ name }) => name).toSorted()).toEqual([...known].toSorted());
    }
  });

  test("has the arguments and accounts of every layout of an instruction", () => {
    const create = programs
      .find(({ address }) => address === ASSOCIATED_TOKEN_PROGRAM)
      ?.instructions.find(({ name }) => name === "create");
    expect(create).toEqual({
      name: "create",
      arguments: [],
      accounts: ["payer", "ata", "owner", "mint", "systemProgram", "tokenProgram", "rent"],
      sponsorRoles: ["payer"],
    });
  });

  test("names every role that a sponsor may have, and no other", () => {
    const named = programs.flatMap(({ address, instructions }) =>
      instructions.flatMap(({ sponsorRoles }) => sponsorRoles.map((role) => switchOf({ program: address, role }))),
    );
    expect(new Set(named)).toEqual(new Set(SPONSOR_ROLES.map(switchOf)));
  });
});

test("the catalogue of Algorand has every kind that a policy can allow, with what conditions can be about", () => {
  const kinds = ALGORAND_CATALOGUE.programs.map(({ address, instructions }) => [
    address,
    instructions[0]?.arguments.map(({ name }) => name).slice(0, 4),
  ]);
  expect(kinds).toEqual([
    ["payment", ["sender", "note", "rekeyTo", "receiver"]],
    ["asset-transfer", ["sender", "note", "rekeyTo", "receiver"]],
    ["asset-opt-in", ["sender", "note", "rekeyTo", "asset"]],
    ["asset-opt-out", ["sender", "note", "rekeyTo", "receiver"]],
    ["application-call", ["sender", "note", "rekeyTo", "argument0"]],
  ]);
});
