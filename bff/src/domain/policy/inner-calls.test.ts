import { base58 } from "@scure/base";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { littleEndian } from "../../../test/support/assemble.ts";
import {
  type InstructionSketch,
  OTHER_SPONSOR,
  ruleInput,
  SPONSOR,
  USER,
} from "../../../test/support/decoded-transaction.ts";
import type { SolanaPolicy } from "../../contract/policy.ts";
import { isInnerCallAllowed } from "./inner-calls.ts";
import {
  ADDRESS_LOOKUP_TABLE_PROGRAM,
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";

const POOL = new Set([SPONSOR, OTHER_SPONSOR]);
const KEY = Array.from({ length: 32 }, () => 5);
const RENT = 2_039_280;
const PAYS_TOKEN_ACCOUNTS: SolanaPolicy["sponsorRoles"] = [{ program: ASSOCIATED_TOKEN_PROGRAM, role: "payer" }];

const createTokenAccount = (
  ata: string,
  { tokenProgram = TOKEN_PROGRAM, payer = SPONSOR } = {},
): InstructionSketch => ({
  program: ASSOCIATED_TOKEN_PROGRAM,
  accounts: [payer, ata, USER, "mint", SYSTEM_PROGRAM, tokenProgram],
  data: [1],
});

interface Scene {
  readonly instructions?: readonly InstructionSketch[];
  readonly sponsorRoles?: SolanaPolicy["sponsorRoles"];
  readonly instruction?: number;
  readonly pool?: ReadonlySet<string>;
}

/** By default: what the first instruction, a token account paid by the sponsor where that is allowed, calls by itself. */
function isAllowed(
  inner: unknown,
  {
    instructions = [createTokenAccount("ata")],
    sponsorRoles = PAYS_TOKEN_ACCOUNTS,
    instruction = 0,
    pool = POOL,
  }: Scene = {},
): boolean {
  return isInnerCallAllowed(inner, ruleInput({ instructions }, { sponsorRoles }), pool, instruction);
}

/** As Agave gives what it can parse. */
const parsed = (type: unknown, info: unknown, programId: unknown = SYSTEM_PROGRAM) => ({
  program: "system",
  programId,
  parsed: { type, info },
  stackHeight: 2,
});
const created = (changes: object = {}) =>
  parsed("createAccount", {
    source: SPONSOR,
    newAccount: "ata",
    lamports: RENT,
    space: 165,
    owner: TOKEN_PROGRAM,
    ...changes,
  });
const paid = (changes: object = {}) =>
  parsed("transfer", { source: SPONSOR, destination: "ata", lamports: RENT, ...changes });

/** As a node gives what it cannot parse. */
const raw = (accounts: unknown, data: readonly number[] | string, programId = SYSTEM_PROGRAM) => ({
  programId,
  accounts,
  data: typeof data === "string" ? data : base58.encode(Uint8Array.from(data)),
  stackHeight: 2,
});
const lamports = (amount: bigint | number) => littleEndian(amount, 8);
const createBytes = (amount: number, number = 0) => [
  ...littleEndian(number, 4),
  ...lamports(amount),
  ...lamports(165),
  ...KEY,
];
const transferBytes = (amount: number) => [...littleEndian(2, 4), ...lamports(amount)];
const seedBytes = [...lamports(1), 97];

describe("a call that names no sponsor key", () => {
  test.each<[string, unknown]>([
    ["a payment of the user's", parsed("transfer", { source: USER, destination: "friend", lamports: 1 })],
    ["anything else, parsed", parsed("assign", { account: USER, owner: "p" })],
    ["anything else, by its bytes", raw([USER], "3Bxs", "program")],
    ["one that nobody can read", raw("no list", "0OIl")],
    ["text that writes a sponsor's address out among other words", { programId: "memo", parsed: `to ${SPONSOR}` }],
    ["nothing", null],
  ])("is nobody's business: %s", (_, inner) => {
    expect(isAllowed(inner)).toBe(true);
    expect(isAllowed(inner, { sponsorRoles: [] })).toBe(true);
  });
});

describe("the role of a token account's payer allows the rent, as the program takes it", () => {
  test.each<[string, unknown]>([
    ["with the account, parsed", created()],
    ["with the account, where a node's numbers are exact", created({ lamports: BigInt(RENT) })],
    [
      "with an account that had lamports, parsed",
      parsed("createAccountAllowPrefund", { source: SPONSOR, newAccount: "ata", lamports: RENT, space: 165 }),
    ],
    ["as what is missing, parsed", paid()],
    ["as one lamport, parsed", paid({ lamports: 1 })],
    ["as nothing, parsed", paid({ lamports: 0 })],
    ["with the account, by its bytes", raw([SPONSOR, "ata"], createBytes(RENT))],
    ["with an account that had lamports, by its bytes", raw(["ata", SPONSOR], createBytes(RENT, 13))],
    ["as what is missing, by its bytes", raw([SPONSOR, "ata"], transferBytes(RENT))],
  ])("%s", (_, inner) => {
    expect(isAllowed(inner)).toBe(true);
  });

  test("of a Token-2022 account up to its own worst case", () => {
    const instructions = [createTokenAccount("ata", { tokenProgram: TOKEN_2022_PROGRAM })];
    expect(isAllowed(created({ lamports: 3_118_080 }), { instructions })).toBe(true);
    expect(isAllowed(created({ lamports: 3_118_081 }), { instructions })).toBe(false);
  });

  test("for the instruction that has promised it, and no other", () => {
    const instructions = [createTokenAccount("ata"), createTokenAccount("other"), { program: "p", accounts: [USER] }];
    expect(isAllowed(created(), { instructions, instruction: 0 })).toBe(true);
    expect(isAllowed(created({ newAccount: "other" }), { instructions, instruction: 1 })).toBe(true);
    expect(isAllowed(created({ newAccount: "other" }), { instructions, instruction: 0 })).toBe(false);
    expect(isAllowed(created(), { instructions, instruction: 2 })).toBe(false);
    expect(isAllowed(created(), { instructions, instruction: 3 })).toBe(false);
  });
});

describe("the role of a lookup table's payer allows its rent, as the program takes it", () => {
  const sponsorRoles = [{ program: ADDRESS_LOOKUP_TABLE_PROGRAM, role: "payer" }];
  const table = {
    program: ADDRESS_LOOKUP_TABLE_PROGRAM,
    accounts: ["table", USER, SPONSOR, SYSTEM_PROGRAM],
  };
  const create = { ...table, data: [...littleEndian(0, 4), ...lamports(1), 255] };
  const extend = { ...table, data: [...littleEndian(2, 4), ...lamports(2), ...KEY, ...KEY] };

  test.each([
    ["a table", create, 1_280_640],
    ["two addresses", extend, 445_440],
  ])("of %s up to its worst case", (_, instruction, rent) => {
    const scene = { instructions: [instruction], sponsorRoles };
    expect(isAllowed(paid({ destination: "table", lamports: rent }), scene)).toBe(true);
    expect(isAllowed(paid({ destination: "table", lamports: rent + 1 }), scene)).toBe(false);
    expect(isAllowed(paid({ destination: USER, lamports: rent }), scene)).toBe(false);
  });
});

describe("a program that reaches for the sponsor by calls of its own is refused", () => {
  test.each<[string, unknown]>([
    ["one lamport more than the rent, with the account", created({ lamports: RENT + 1 })],
    ["one lamport more than the rent, as a payment", paid({ lamports: RENT + 1 })],
    ["one lamport more than the rent, by its bytes", raw([SPONSOR, "ata"], transferBytes(RENT + 1))],
    ["a payment to the user", paid({ destination: USER })],
    ["a payment to another account of the instruction", paid({ destination: "mint" })],
    ["a payment to a stranger, by its bytes", raw([SPONSOR, "stranger"], transferBytes(1))],
    ["an account made for a stranger", created({ newAccount: "stranger" })],
    [
      "an account that had lamports and is a stranger's",
      parsed("createAccountAllowPrefund", { source: SPONSOR, newAccount: "stranger", lamports: 1 }),
    ],
    ["an account that had lamports, by its bytes, for a stranger", raw(["stranger", SPONSOR], createBytes(1, 13))],
    ["a payment to itself", paid({ destination: SPONSOR })],
    ["a payment to another key of the pool", paid({ destination: OTHER_SPONSOR })],
    ["a payment by another key of the pool", paid({ source: OTHER_SPONSOR })],
    ["an account made by another key of the pool", created({ source: OTHER_SPONSOR })],
    ["a payment to the sponsor, which it has not agreed to", paid({ source: USER, destination: SPONSOR })],
    ["an account made of the sponsor itself", created({ source: USER, newAccount: SPONSOR })],
    ["assign, parsed", parsed("assign", { account: SPONSOR, owner: "p" })],
    ["assign, by its bytes", raw([SPONSOR], [...littleEndian(1, 4), ...KEY])],
    ["allocate, parsed", parsed("allocate", { account: SPONSOR, space: 1 })],
    ["allocate, by its bytes", raw([SPONSOR], [...littleEndian(8, 4), ...lamports(1)])],
    [
      "an account by seed, parsed",
      parsed("createAccountWithSeed", { source: SPONSOR, newAccount: "ata", base: SPONSOR, lamports: 1, seed: "a" }),
    ],
    [
      "an account by seed, by its bytes",
      raw([SPONSOR, "ata"], [...littleEndian(3, 4), ...KEY, ...seedBytes, ...lamports(1), ...lamports(0), ...KEY]),
    ],
    [
      "a transfer by seed, parsed",
      parsed("transferWithSeed", { source: SPONSOR, sourceBase: SPONSOR, destination: "ata", lamports: 1 }),
    ],
    [
      "a transfer by seed, by its bytes",
      raw(["a", SPONSOR, "ata"], [...littleEndian(11, 4), ...lamports(1), ...seedBytes, ...KEY]),
    ],
    ["a nonce's authority, parsed", parsed("authorizeNonce", { nonceAccount: "n", nonceAuthority: SPONSOR })],
    ["a nonce's authority, by its bytes", raw(["n", SPONSOR], [...littleEndian(7, 4), ...KEY])],
    ["tokens, parsed", parsed("transfer", { source: SPONSOR, destination: "ata", lamports: 1 }, TOKEN_PROGRAM)],
    [
      "tokens as one of a multisig's signers, parsed",
      parsed("transfer", { source: "a", destination: "ata", signers: [USER, SPONSOR] }, TOKEN_PROGRAM),
    ],
    ["the end of a token account for its rent", raw(["a", SPONSOR, USER], [9], TOKEN_PROGRAM)],
    ["any account of a program that nobody knows", raw([USER, SPONSOR], "3Bxs", "program")],
    ["itself as a program", raw([], "", SPONSOR)],
    ["another key of the pool, whoever calls", raw([OTHER_SPONSOR], "3Bxs", "program")],
  ])("for %s", (_, inner) => {
    expect(isAllowed(inner)).toBe(false);
  });

  test.each<[string, unknown]>([
    ["no amount", paid({ lamports: undefined })],
    ["an amount as text", paid({ lamports: "1" })],
    ["a part of a lamport", paid({ lamports: 0.5 })],
    ["an amount that a double has rounded", paid({ lamports: 2 ** 53 })],
    ["no destination", paid({ destination: undefined })],
    ["a list for a destination", paid({ destination: ["ata"] })],
    ["no type", parsed(undefined, { source: SPONSOR, destination: "ata", lamports: 1 })],
    ["no particulars", { ...parsed("transfer", null), source: SPONSOR }],
    ["nothing parsed", { programId: SYSTEM_PROGRAM, parsed: null, source: SPONSOR }],
    ["text for what is parsed", { programId: SYSTEM_PROGRAM, parsed: SPONSOR }],
    ["no program", parsed("transfer", { source: SPONSOR, destination: "ata", lamports: 1 }, null)],
    ["no data", { programId: SYSTEM_PROGRAM, accounts: [SPONSOR, "ata"] }],
    ["data that is no base58", raw([SPONSOR, "ata"], "0OIl")],
    ["data that is no text", { programId: SYSTEM_PROGRAM, accounts: [SPONSOR, "ata"], data: 7 }],
    ["no accounts", { programId: SYSTEM_PROGRAM, data: base58.encode(Uint8Array.from(transferBytes(1))), by: SPONSOR }],
    ["text for its accounts", raw(SPONSOR, transferBytes(1))],
    ["an account too many", raw([SPONSOR, "ata", USER], transferBytes(1))],
    ["an account too few", raw([SPONSOR], transferBytes(1))],
    ["a byte behind its data", raw([SPONSOR, "ata"], [...transferBytes(1), 0])],
    ["a byte too few", raw([SPONSOR, "ata"], transferBytes(1).slice(0, -1))],
    ["empty data", raw([SPONSOR, "ata"], [])],
    ["numbers for its accounts beside a name", { ...raw([0, 1], transferBytes(1)), by: SPONSOR }],
    ["a text and nothing else", SPONSOR],
    ["a list", [[{ deep: [SPONSOR] }]]],
  ])("with %s, because it cannot be read", (_, inner) => {
    expect(isAllowed(inner)).toBe(false);
  });

  test.each<[string, Scene]>([
    ["without any switch", { sponsorRoles: [] }],
    ["with the switch of another program", { sponsorRoles: [{ program: SYSTEM_PROGRAM, role: "funder" }] }],
    [
      "with another switch of the program",
      { sponsorRoles: [{ program: ASSOCIATED_TOKEN_PROGRAM, role: "recipient" }] },
    ],
    ["in an instruction in which the user pays", { instructions: [createTokenAccount("ata", { payer: USER })] }],
    [
      "in an instruction that makes an account of any size",
      { instructions: [createTokenAccount("ata", { tokenProgram: "greedy" })] },
    ],
    ["in an instruction of another program", { instructions: [{ program: "forwarder", accounts: ["ata", USER] }] }],
    ["in an instruction that is not recognised", { instructions: [{ ...createTokenAccount("ata"), data: [9] }] }],
  ])("for the rent too, %s", (_, scene) => {
    expect(isAllowed(created(), scene)).toBe(false);
    expect(isAllowed(raw([SPONSOR, "ata"], transferBytes(1)), scene)).toBe(false);
  });

  test("though the pool has forgotten who pays", () => {
    const assign = parsed("assign", { account: SPONSOR, owner: "p" });
    expect(isAllowed(assign, { pool: new Set() })).toBe(false);
    expect(isAllowed(created(), { pool: new Set() })).toBe(true);
  });

  test("for roles that take and do not give: nothing is promised to them", () => {
    const close = { program: TOKEN_PROGRAM, accounts: ["account", SPONSOR, USER], data: [9] };
    const scene = { instructions: [close], sponsorRoles: [{ program: TOKEN_PROGRAM, role: "recipient" }] };
    expect(isAllowed(paid({ destination: "account", lamports: 0 }), scene)).toBe(false);
  });
});

describe("whatever a node says", () => {
  /** Mostly the first of them, so that much is nearly right. */
  const mostly = (...values: readonly unknown[]) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(values[0]) }, { weight: 1, arbitrary: fc.constantFrom(...values) });
  const info = fc.record(
    {
      source: mostly(SPONSOR, OTHER_SPONSOR, USER, 1),
      destination: mostly("ata", SPONSOR, USER, "mint", null),
      newAccount: mostly("ata", SPONSOR, USER, "mint", null),
      lamports: mostly(RENT, RENT + 1, 1, "1", null),
      account: mostly("ata", SPONSOR),
    },
    { requiredKeys: ["source"] },
  );
  const call = fc.record(
    {
      programId: mostly(SYSTEM_PROGRAM, TOKEN_PROGRAM, SPONSOR, null),
      parsed: fc.oneof(
        fc.record({ type: mostly("transfer", "createAccount", "assign", "transferWithSeed", null), info }),
        fc.constantFrom(undefined, null, SPONSOR),
      ),
      accounts: fc.array(mostly(SPONSOR, "ata", USER, OTHER_SPONSOR, 0), { maxLength: 3 }),
      data: mostly(base58.encode(Uint8Array.from(transferBytes(1))), "", SPONSOR, 7),
    },
    { requiredKeys: ["programId"] },
  );

  test("what is allowed and names a sponsor is a payment of rent to the new account, and nothing is thrown", () => {
    let allowedCount = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 9, arbitrary: call }, { weight: 1, arbitrary: fc.jsonValue() }), (inner) => {
        const text = JSON.stringify(inner) ?? "";
        if (!isAllowed(inner) || !(text.includes(`"${SPONSOR}"`) || text.includes(`"${OTHER_SPONSOR}"`))) return;
        allowedCount += 1;
        expect(inner).toMatchObject({ programId: SYSTEM_PROGRAM });
        const { parsed: said, accounts } = inner as {
          parsed?: { type: string; info: Record<string, unknown> };
          accounts: unknown;
        };
        if (said === undefined) {
          expect(accounts).toEqual([SPONSOR, "ata"]);
          return;
        }
        expect(["transfer", "createAccount"]).toContain(said.type);
        expect(said.info).toMatchObject({ source: SPONSOR });
        expect(said.info[said.type === "transfer" ? "destination" : "newAccount"]).toBe("ata");
        expect(said.info["lamports"]).toBeLessThanOrEqual(RENT);
      }),
      { numRuns: 5_000 },
    );
    expect(allowedCount).toBeGreaterThan(50);
  });
});
