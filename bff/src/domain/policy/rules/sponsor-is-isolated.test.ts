import { describe, expect, test } from "vitest";
import { OTHER_SPONSOR, ruleInput, sketchKnown, SPONSOR, USER } from "../../../../test/support/decoded-transaction.ts";
import { KNOWN_INSTRUCTIONS, type KnownInstruction, nameOf } from "../../../../test/matrix/known-calls.ts";
import type { DecodedTransaction } from "../decoded-transaction.ts";
import { resolveTables } from "../decoded-transaction.ts";
import { ASSOCIATED_TOKEN_PROGRAM, SYSTEM_PROGRAM, TOKEN_PROGRAM } from "../programs/known-programs.ts";
import { firstRefusal } from "../rule.ts";
import { SPONSOR_ROLES, sponsorRoleAt } from "../sponsor-roles.ts";
import { sponsorIsIsolated } from "./sponsor-is-isolated.ts";

const harmless = { program: "program", accounts: [USER] };
const check = (...input: Parameters<typeof ruleInput>) => sponsorIsIsolated.check(ruleInput(...input));
const refusalOf = (...input: Parameters<typeof ruleInput>) => firstRefusal([sponsorIsIsolated], ruleInput(...input));

const VERSIONS: readonly (readonly [string, Partial<DecodedTransaction>])[] = [
  ["legacy", { version: "legacy" }],
  ["version 0", { version: 0 }],
  ["version 1", { version: 1, config: { priorityFee: 0n, computeUnits: undefined } }],
];

describe("the sponsor", () => {
  describe.each(VERSIONS)("in a %s transaction", (_, changes) => {
    test.each([
      ["the first account of an instruction", { program: "program", accounts: [SPONSOR, USER] }],
      ["the last account of an instruction", { program: "program", accounts: [USER, SPONSOR] }],
      ["an instruction's program", { program: SPONSOR, accounts: [USER] }],
      ["another sponsor of the pool, even one that has retired", { program: "program", accounts: [OTHER_SPONSOR] }],
      ["another sponsor as a program", { program: OTHER_SPONSOR }],
      ["an account of an instruction that nobody recognises", { program: SYSTEM_PROGRAM, accounts: [SPONSOR] }],
      [
        "hidden in a batch",
        { program: TOKEN_PROGRAM, accounts: ["account", "account", "mint", SPONSOR], data: [255, 1, 1, 17, 3, 1, 10] },
      ],
      ["hidden in a batch that is cut off", { program: TOKEN_PROGRAM, accounts: [SPONSOR], data: [255, 1, 9, 17] }],
    ])("may not be %s", (__, misuse) => {
      expect(refusalOf({ instructions: [harmless, misuse], changes })).toMatchObject({
        code: "policy.fee_payer_misused",
        context: { instruction: 1 },
      });
    });
  });

  test.each([
    ["right behind the fee payer", [OTHER_SPONSOR, USER]],
    ["behind all signers", [USER, OTHER_SPONSOR]],
  ])("may not be listed again among the accounts, %s, even where no instruction names it", (_, signers) => {
    const refusal = refusalOf({ signers, instructions: [harmless] });
    expect(refusal).toMatchObject({ code: "policy.fee_payer_misused", context: {} });
  });

  test.each([SPONSOR, OTHER_SPONSOR])("may not be brought in by a lookup table, used or not: %s", (hidden) => {
    const input = ruleInput({ instructions: [harmless], loaded: ["unused", hidden] });
    const { code } = firstRefusal([sponsorIsIsolated], {
      ...input,
      transaction: resolveTables(input.transaction, ["unused", hidden]),
    }) ?? { code: "none" };
    expect(code).toBe("policy.fee_payer_misused");
  });

  test("is the first account even if the pool has forgotten it", () => {
    const input = ruleInput({ instructions: [{ program: "program", accounts: [SPONSOR] }] });
    expect(firstRefusal([sponsorIsIsolated], { ...input, sponsorPool: [] })?.code).toBe("policy.fee_payer_misused");
  });

  test("that only pays is left alone", () => {
    expect(check({ instructions: [harmless] })).toEqual([]);
  });

  test("is told of in every instruction that misuses it, each with what to do", () => {
    const create = [SPONSOR, "ata", USER, "mint", SYSTEM_PROGRAM, TOKEN_PROGRAM];
    const findings = check({
      instructions: [
        { program: "program", accounts: [SPONSOR, SPONSOR] },
        harmless,
        { program: ASSOCIATED_TOKEN_PROGRAM, accounts: create, data: [1] },
        { program: OTHER_SPONSOR, accounts: [SPONSOR] },
      ],
    });
    expect(findings).toMatchObject([
      { verdict: "fail", instruction: 0, hint: expect.stringMatching(/no policy can allow it there/) as string },
      {
        verdict: "fail",
        instruction: 2,
        hint: expect.stringContaining(`{"program": "${ASSOCIATED_TOKEN_PROGRAM}", "role": "payer"}`) as string,
      },
      { verdict: "fail", instruction: 3, hint: "A sponsor is no program." },
      { verdict: "fail", hint: expect.stringMatching(/other sponsor/) as string },
    ]);
  });
});

/** One switch for each program and role; a role may have several rows. */
const SWITCHES = SPONSOR_ROLES.map(({ program, role }) => ({ program, role })).filter(
  (one, index, all) => all.findIndex(({ program, role }) => program === one.program && role === one.role) === index,
);
/** Every account of every instruction that is known, and what the table has for it. */
const PLACES = KNOWN_INSTRUCTIONS.flatMap((known) =>
  known.shape.accounts.map((account, position) => {
    const [call] = ruleInput({ instructions: [sketchKnown(known)] }).calls;
    return { known, account, role: call && sponsorRoleAt(call, position) };
  }),
);
/** The instruction with a key in that place, behind a harmless one. */
const standing = ({ known, account }: { known: KnownInstruction; account: string }, key: string) => ({
  instructions: [harmless, sketchKnown(known, (role) => (role === account ? key : role))],
});

describe("a role that a policy turns on", () => {
  test.each(PLACES.flatMap(({ role, ...place }) => (role ? [{ ...place, role, name: nameOf(place.known) }] : [])))(
    "lets the sponsor be the $account of $name, and no other switch does",
    ({ role: { program, role }, ...place }) => {
      const sketch = standing(place, SPONSOR);
      const isOwn = (one: { program: string; role: string }) => one.program === program && one.role === role;
      expect(check(sketch, { sponsorRoles: SWITCHES.filter(isOwn) })).toEqual([]);
      for (const sponsorRoles of [undefined, [], SWITCHES.filter((one) => !isOwn(one))]) {
        expect(refusalOf(sketch, { sponsorRoles })).toMatchObject({
          code: "policy.fee_payer_misused",
          context: { instruction: 1 },
        });
      }
    },
  );

  test("lets no other key of the pool stand there: only the fee payer has agreed to anything", () => {
    for (const place of PLACES) {
      const refusal = refusalOf(standing(place, OTHER_SPONSOR), { sponsorRoles: SWITCHES });
      expect(refusal, `${place.account} of ${nameOf(place.known)}`).toMatchObject({
        code: "policy.fee_payer_misused",
        context: { instruction: 1 },
      });
    }
  });

  test("allows no place that is not in the table, even where every switch is on", () => {
    const refused = PLACES.filter(({ role }) => role === undefined);
    expect(refused.length).toBeGreaterThan(200);
    for (const place of refused) {
      const [finding] = check(standing(place, SPONSOR), { sponsorRoles: SWITCHES });
      expect(finding, `${place.account} of ${nameOf(place.known)}`).toMatchObject({
        verdict: "fail",
        refusal: { code: "policy.fee_payer_misused", context: { instruction: 1 } },
        hint: "Take the sponsor out of the instruction: no policy can allow it there.",
      });
    }
  });

  test("allows no place behind the named accounts, where a multisig's signers are", () => {
    const open = KNOWN_INSTRUCTIONS.filter(({ shape }) => shape.moreAccounts !== undefined);
    expect(open.length).toBeGreaterThan(50);
    for (const known of open) {
      const { accounts = [], ...instruction } = sketchKnown(known);
      const refusal = refusalOf(
        { instructions: [{ ...instruction, accounts: [...accounts, SPONSOR] }] },
        { sponsorRoles: SWITCHES },
      );
      expect(refusal?.code, nameOf(known)).toBe("policy.fee_payer_misused");
    }
  });

  test("does not let the sponsor stand in a second place of the same instruction", () => {
    const close = { program: TOKEN_PROGRAM, accounts: ["account", SPONSOR, SPONSOR], data: [9] };
    const sponsorRoles = [{ program: TOKEN_PROGRAM, role: "recipient" }];
    expect(refusalOf({ instructions: [close] }, { sponsorRoles })?.code).toBe("policy.fee_payer_misused");
  });

  test("counts inside a batch too, and only for what it names", () => {
    const batch = (data: readonly number[]) => ({
      program: TOKEN_PROGRAM,
      accounts: ["account", SPONSOR, USER],
      data: [255, 3, data.length, ...data],
    });
    const sponsorRoles = [{ program: TOKEN_PROGRAM, role: "recipient" }];
    expect(check({ instructions: [batch([9])] }, { sponsorRoles })).toEqual([]);
    expect(refusalOf({ instructions: [batch([10])] }, { sponsorRoles })?.code).toBe("policy.fee_payer_misused");
  });

  test("pays for no token account of a program that is neither of the token programs", () => {
    const create = {
      program: ASSOCIATED_TOKEN_PROGRAM,
      accounts: [SPONSOR, "ata", USER, "mint", SYSTEM_PROGRAM, "greedy program"],
      data: [1],
    };
    const sponsorRoles = [{ program: ASSOCIATED_TOKEN_PROGRAM, role: "payer" }];
    expect(refusalOf({ instructions: [create] }, { sponsorRoles })?.code).toBe("policy.fee_payer_misused");
  });

  test("of a program that the policy describes itself is none", () => {
    const own = {
      address: "own",
      name: "Own",
      instructions: [{ name: "create", discriminator: "01", arguments: [], accounts: ["payer"] }],
    };
    const policy = { programs: [own], sponsorRoles: [{ program: "own", role: "payer" }] };
    const instruction = { program: "own", accounts: [SPONSOR], data: [1] };
    expect(refusalOf({ instructions: [instruction] }, policy)?.code).toBe("policy.fee_payer_misused");
  });
});
