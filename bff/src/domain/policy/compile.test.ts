import { describe, expect, test } from "vitest";
import type { SolanaPolicy } from "../../contract/policy.ts";
import { addressOf } from "../../../test/support/wire.ts";
import { allowedKey, compilePolicy } from "./compile.ts";
import {
  ASSOCIATED_TOKEN_PROGRAM,
  KNOWN_PROGRAMS,
  MEMO_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";
import { nameInstruction } from "./programs/name-instruction.ts";
import { switchOf } from "./sponsor-roles.ts";

const [MEMO] = MEMO_PROGRAMS;
const OWN = addressOf(30);
const TABLE = addressOf(31);
const compile = (part: Partial<SolanaPolicy> = {}) =>
  compilePolicy({
    allow: [],
    maxSignatures: 2,
    maxFee: "20000",
    maxComputeUnits: 200_000,
    maxComputeUnitPrice: "1000",
    ...part,
  });
const own = (
  address: string,
  instruction: Partial<NonNullable<SolanaPolicy["programs"]>[number]["instructions"][number]> = {},
) => ({
  address,
  name: "Own",
  instructions: [{ name: "play", discriminator: "00ff07", arguments: [], accounts: ["player"], ...instruction }],
});

describe("a policy is made ready", () => {
  test("with its entries by program and instruction, several for one", () => {
    const entries = [
      { program: SYSTEM_PROGRAM, instruction: "transfer", sessionWalletIs: ["source"] },
      { program: MEMO, instruction: "memo" },
      { program: SYSTEM_PROGRAM, instruction: "transfer", arguments: { amount: { lte: "1" } } },
    ];
    const { allowed, listed } = compile({ allow: entries });
    expect(allowed.get(allowedKey(SYSTEM_PROGRAM, "transfer"))).toEqual([entries[0], entries[2]]);
    expect(allowed.get(allowedKey(MEMO, "memo"))).toEqual([entries[1]]);
    expect([...allowed.keys()]).toHaveLength(2);
    expect(listed).toEqual(new Set([SYSTEM_PROGRAM, MEMO]));
  });

  test("with its bounds as whole numbers, beyond what a double holds", () => {
    const bounds = { maxFee: "18446744073709551615", maxComputeUnitPrice: "9007199254740993", maxRent: "2039280" };
    expect(compile(bounds)).toMatchObject({
      maxFee: 18_446_744_073_709_551_615n,
      maxComputeUnitPrice: 9_007_199_254_740_993n,
      maxRent: 2_039_280n,
    });
  });

  test("says nothing of what it does not allow: no rent, no role, no table, no program of its own", () => {
    const { maxRent, sponsorRoles, lookupTables, programs } = compile();
    expect([maxRent, sponsorRoles, lookupTables, programs]).toEqual([0n, new Set(), new Set(), KNOWN_PROGRAMS]);
  });

  test("with the roles that it turns on, each of one program", () => {
    const role = { program: ASSOCIATED_TOKEN_PROGRAM, role: "payer" };
    const { sponsorRoles } = compile({ sponsorRoles: [role] });
    expect(sponsorRoles.has(switchOf(role))).toBe(true);
    expect(sponsorRoles.has(switchOf({ ...role, program: SYSTEM_PROGRAM }))).toBe(false);
    expect(sponsorRoles.has(switchOf({ ...role, role: "owner" }))).toBe(false);
  });

  test.each<[SolanaPolicy["lookupTables"], true | ReadonlySet<string>]>([
    [true, true],
    [false, new Set()],
    [[], new Set()],
    [[TABLE], new Set([TABLE])],
  ])("with its lookup tables: %j", (lookupTables, compiled) => {
    expect(compile({ lookupTables }).lookupTables).toEqual(compiled);
  });
});

describe("a program of the policy's own", () => {
  test("is known beside ours, with its discriminator as bytes", () => {
    const { programs } = compile({
      programs: [own(OWN, { arguments: [{ name: "amount", type: "u8" }], moreAccounts: true })],
    });
    expect(programs.get(OWN)).toEqual({
      address: OWN,
      name: "Own",
      instructions: [
        {
          name: "play",
          discriminator: [0, 255, 7],
          arguments: [{ name: "amount", type: "u8" }],
          accounts: ["player"],
          moreAccounts: "more",
        },
      ],
    });
    expect(programs.get(TOKEN_PROGRAM)).toBe(KNOWN_PROGRAMS.get(TOKEN_PROGRAM));
    expect(programs.size).toBe(KNOWN_PROGRAMS.size + 1);
  });

  test.each([
    ["no further ones unless it says so", {}, [undefined, "play", undefined]],
    ["no further ones when it says no", { moreAccounts: false }, [undefined, "play", undefined]],
    ["further ones when it says so", { moreAccounts: true }, [undefined, "play", "play"]],
  ])("takes exactly its accounts, and %s", (_, instruction, names) => {
    const shape = compile({ programs: [own(OWN, instruction)] }).programs.get(OWN);
    const name = (count: number) => shape && nameInstruction(shape, Uint8Array.of(0, 255, 7), count)?.shape.name;
    expect([0, 1, 2].map(name)).toEqual(names);
  });

  test.each([...KNOWN_PROGRAMS.keys()])("cannot describe %s otherwise than we do, to hide what it does", (address) => {
    const { programs } = compile({ programs: [own(address), own(OWN)] });
    expect(programs.get(address)).toBe(KNOWN_PROGRAMS.get(address));
    expect(programs.get(OWN)?.name).toBe("Own");
  });

  test("of another policy is not known to this one", () => {
    compile({ programs: [own(OWN)] });
    expect(compile().programs.has(OWN)).toBe(false);
    expect(KNOWN_PROGRAMS.has(OWN)).toBe(false);
  });
});
