import { describe, expect, test } from "vitest";
import { findInstruction, programsOf, searchPrograms, switchesOf } from "./catalogue.ts";

const syncNative = { name: "syncNative", arguments: [], accounts: ["account"], sponsorRoles: [] };
const catalogue = {
  templates: [],
  programs: [
    {
      address: "Token",
      name: "SPL Token",
      instructions: [
        syncNative,
        { ...syncNative, accounts: ["account", "rent"] },
        { name: "closeAccount", arguments: [], accounts: ["account", "destination"], sponsorRoles: ["recipient"] },
      ],
    },
    {
      address: "ATA",
      name: "Associated Token",
      instructions: [
        { name: "create", arguments: [], accounts: ["payer", "mint"], sponsorRoles: ["payer"] },
        { name: "createIdempotent", arguments: [], accounts: ["payer", "mint"], sponsorRoles: ["payer"] },
      ],
    },
  ],
};
const own = {
  address: "Mine",
  name: "Tickets",
  instructions: [{ name: "mint", arguments: [{ name: "seat", type: "u16" }], accounts: ["buyer"] }],
};

describe("the catalogue", () => {
  test("the document's own programs stand beside those that are built in, and cannot replace them", () => {
    const programs = programsOf(catalogue, {
      programs: [own, { ...own, address: "Token" }, "nonsense", { address: 5 }],
    });
    expect(programs.map(({ address }) => address)).toEqual(["Mine", "Token", "ATA"]);
    expect(findInstruction(programs, "Mine", "mint")?.arguments).toEqual([{ name: "seat", type: "u16" }]);
    expect(findInstruction(programs, "Token", "mint")).toBeUndefined();
  });

  test("an instruction with two forms is offered once, with the accounts of both", () => {
    const programs = programsOf(catalogue, {});
    expect(programs[0]?.instructions.filter(({ name }) => name === "syncNative")).toHaveLength(1);
    expect(findInstruction(programs, "Token", "syncNative")?.accounts).toEqual(["account", "rent"]);
  });

  test("search finds by program, instruction, account and argument, every word at once", () => {
    const programs = programsOf(catalogue, { programs: [own] });
    const found = (query: string) =>
      searchPrograms(programs, query).flatMap(({ instructions }) => instructions.map(({ name }) => name));
    expect(found("token close")).toEqual(["closeAccount"]);
    expect(found("seat")).toEqual(["mint"]);
    expect(found("associated payer idem")).toEqual(["createIdempotent"]);
    expect(found("nothing like it")).toEqual([]);
  });

  test("a role of the sponsor is one switch for all its instructions, those that pay first", () => {
    expect(switchesOf(programsOf(catalogue, {}))).toEqual([
      {
        program: "ATA",
        programName: "Associated Token",
        role: "payer",
        instructions: ["create", "createIdempotent"],
        paysRent: true,
      },
      {
        program: "Token",
        programName: "SPL Token",
        role: "recipient",
        instructions: ["closeAccount"],
        paysRent: false,
      },
    ]);
  });
});
