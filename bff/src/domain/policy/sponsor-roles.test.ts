import { type ExtensionArgs, getTokenSize } from "@solana-program/token-2022";
import { describe, expect, test } from "vitest";
import { KNOWN_INSTRUCTIONS, type KnownInstruction, nameOf, sampleData } from "../../../test/matrix/known-calls.ts";
import { ruleInput, sketchKnown, SPONSOR, USER } from "../../../test/support/decoded-transaction.ts";
import { addressOf } from "../../../test/support/wire.ts";
import type { Call } from "./call.ts";
import {
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "./programs/known-programs.ts";
import { rentOf, SPONSOR_ROLES, sponsorRoleAt, switchOf } from "./sponsor-roles.ts";

function callOf(known: KnownInstruction): Call {
  const [call] = ruleInput({ instructions: [sketchKnown(known)] }).calls;
  if (!call?.named) throw new Error(`${nameOf(known)} is not recognised`);
  return call;
}

const createTokenAccount = (tokenProgram: string): Call => {
  const { calls } = ruleInput({
    instructions: [
      {
        program: ASSOCIATED_TOKEN_PROGRAM,
        accounts: [SPONSOR, "ata", USER, "mint", SYSTEM_PROGRAM, tokenProgram],
        data: [1],
      },
    ],
  });
  if (!calls[0]) throw new Error("there is no call");
  return calls[0];
};

describe("the places in which a sponsor may stand", () => {
  test("are these, and no others of all instructions that are known", () => {
    const places = KNOWN_INSTRUCTIONS.flatMap((known) => {
      const call = callOf(known);
      return known.shape.accounts.flatMap((account, position) => {
        const role = sponsorRoleAt(call, position);
        return role ? [`${known.shape.name}.${account} as ${role.role} gives ${role.gives}`] : [];
      });
    });
    expect(new Set(places)).toEqual(
      new Set([
        "create.payer as payer gives rent",
        "createIdempotent.payer as payer gives rent",
        "createAccount.payer as funder gives rent",
        "createAccountWithSeed.payer as funder gives rent",
        "createAccountAllowPrefund.payer as funder gives rent",
        "createLookupTable.payer as payer gives rent",
        "extendLookupTable.payer as payer gives rent",
        "closeLookupTable.recipient as recipient gives nothing",
        "closeAccount.destination as recipient gives nothing",
        "transfer.destination as recipient gives nothing",
      ]),
    );
  });

  test("are of the System program where tokens have an instruction of the same name", () => {
    const transfers = KNOWN_INSTRUCTIONS.filter(({ shape }) => shape.name === "transfer");
    const withRole = transfers.filter((known) =>
      known.shape.accounts.some((_, position) => sponsorRoleAt(callOf(known), position)),
    );
    expect(transfers.length).toBeGreaterThan(1);
    expect(withRole.map(({ program }) => program.address)).toEqual([SYSTEM_PROGRAM]);
  });

  test("are never behind the named accounts, where further signers are", () => {
    for (const known of KNOWN_INSTRUCTIONS) {
      expect(sponsorRoleAt(callOf(known), known.shape.accounts.length), nameOf(known)).toBeUndefined();
    }
  });

  test.each(SPONSOR_ROLES)(
    "exist in the tables: $program $instructions $account",
    ({ program, instructions, account }) => {
      for (const name of instructions) {
        const layouts = KNOWN_INSTRUCTIONS.filter(
          (known) => known.program.address === program && known.shape.name === name,
        );
        expect(
          layouts.some(({ shape }) => shape.accounts.includes(account)),
          name,
        ).toBe(true);
      }
    },
  );

  test.each(SPONSOR_ROLES.filter(({ gives }) => gives === "rent"))(
    "that give rent name the account that it goes to: $program $instructions",
    ({ program, instructions, beneficiary = "" }) => {
      const layouts = KNOWN_INSTRUCTIONS.filter(
        (known) => known.program.address === program && instructions.includes(known.shape.name),
      );
      expect(layouts.filter(({ shape }) => !shape.accounts.includes(beneficiary))).toEqual([]);
    },
  );

  test.each(SPONSOR_ROLES.filter(({ gives }) => gives === "nothing"))(
    "that give nothing cost nothing and pay nobody: $program $instructions",
    (role) => {
      const known = KNOWN_INSTRUCTIONS.find(
        ({ program, shape }) => program.address === role.program && role.instructions.includes(shape.name),
      );
      expect([role.beneficiary, known && role.worstRent(callOf(known))]).toEqual([undefined, 0n]);
    },
  );

  test("have a switch for each program and role, which no other program's role shares", () => {
    const places = new Map(SPONSOR_ROLES.map((role) => [switchOf(role), role.program]));
    for (const role of SPONSOR_ROLES) expect(places.get(switchOf(role))).toBe(role.program);
    expect(places.size).toBe(7);
  });

  test("are none in an instruction that is not recognised, or of a program that is not known", () => {
    const { calls } = ruleInput({
      instructions: [
        { program: ASSOCIATED_TOKEN_PROGRAM, accounts: [SPONSOR], data: [1] },
        { program: "stranger", accounts: [SPONSOR], data: [1] },
      ],
    });
    expect(calls.map((call) => sponsorRoleAt(call, 0))).toEqual([undefined, undefined]);
  });
});

describe("a token account whose token program is anything else", () => {
  test.each([TOKEN_PROGRAM, TOKEN_2022_PROGRAM])("may be paid for when it is none, but %s", (program) => {
    expect(sponsorRoleAt(createTokenAccount(program), 0)?.role).toBe("payer");
  });

  test.each(["a program that asks for any size it likes", SYSTEM_PROGRAM, ASSOCIATED_TOKEN_PROGRAM, SPONSOR, ""])(
    "may not be paid for: '%s' decides how much rent it takes",
    (program) => {
      expect(sponsorRoleAt(createTokenAccount(program), 0)).toBeUndefined();
    },
  );

  test("may not be paid for while a lookup table hides which program it is", () => {
    const { calls } = ruleInput({
      instructions: [
        {
          program: ASSOCIATED_TOKEN_PROGRAM,
          accounts: [SPONSOR, "ata", USER, "mint", SYSTEM_PROGRAM, TOKEN_PROGRAM],
          data: [1],
        },
      ],
      loaded: [TOKEN_PROGRAM],
    });
    expect(calls[0] && sponsorRoleAt(calls[0], 0)).toBeUndefined();
  });
});

describe("an account by seed", () => {
  const createWithSeed = (base: string, accounts: readonly string[]): Call | undefined => {
    const values = { base, seed: "a", amount: 1n, space: 0n, programAddress: addressOf(6) };
    const known = KNOWN_INSTRUCTIONS.find(
      ({ shape }) => shape.name === "createAccountWithSeed" && shape.accounts.length === accounts.length,
    );
    const data = known ? sampleData(known.shape, values) : [];
    return ruleInput({ instructions: [{ program: SYSTEM_PROGRAM, accounts, data }] }).calls[0];
  };
  const roleOfPayer = (call: Call | undefined) => call && sponsorRoleAt(call, 0)?.role;

  test("may be paid for by the sponsor where it is derived from somebody else", () => {
    const user = addressOf(1);
    expect(roleOfPayer(createWithSeed(user, [addressOf(2), "new", user]))).toBe("funder");
  });

  test("may not be paid for where it is derived from the sponsor: nobody but the sponsor could ever empty it", () => {
    const sponsor = addressOf(2);
    expect(roleOfPayer(createWithSeed(sponsor, [sponsor, "new"]))).toBeUndefined();
    expect(roleOfPayer(createWithSeed(sponsor, [sponsor, "new", sponsor]))).toBeUndefined();
  });
});

describe("rent", () => {
  test.each([
    [0n, 890_880n],
    [82n, 1_461_600n],
    [165n, 2_039_280n],
  ])("of %i bytes is what Agave's default asks for: %i lamports", (bytes, lamports) => {
    expect(rentOf(bytes)).toBe(lamports);
  });

  test("of a Token-2022 account is bounded above every extension that it is made with", () => {
    const extensions: ExtensionArgs[] = [
      { __kind: "ImmutableOwner" },
      { __kind: "TransferFeeAmount", withheldAmount: 0n },
      { __kind: "NonTransferableAccount" },
      { __kind: "TransferHookAccount", transferring: false },
      { __kind: "PausableAccount" },
      { __kind: "MemoTransfer", requireIncomingTransferMemos: false },
      { __kind: "CpiGuard", lockCpi: false },
      { __kind: "ConfidentialTransferFeeAmount", withheldAmount: new Uint8Array(64) },
    ];
    const size = getTokenSize(extensions);
    const payer = SPONSOR_ROLES.find(({ program }) => program === ASSOCIATED_TOKEN_PROGRAM);
    const bound = payer?.worstRent(createTokenAccount(TOKEN_2022_PROGRAM)) ?? 0n;
    expect(bound).toBeGreaterThanOrEqual(rentOf(BigInt(size)));
  });
});
