import { base58 } from "@scure/base";
import { describe, expect, test } from "vitest";
import {
  fillerKey,
  KNOWN_INSTRUCTIONS,
  type KnownInstruction,
  nameOf,
  sampleAccounts,
  sampleData,
} from "../../../test/matrix/known-calls.ts";
import { isOpenedBy, type Place, placeAt, PLACES, SWITCHES, type Switch } from "../../../test/matrix/places.ts";
import { encodeMessage, joinSignatures, type MessageVersion, planMessage } from "../../../test/support/message.ts";
import { renderSponsorRoles } from "../../../test/matrix/sponsor-roles-page.ts";
import { decodeTransaction } from "../../adapters/chains/solana/decode.ts";
import type { SolanaPolicy } from "../../contract/policy.ts";
import { readCalls } from "./call.ts";
import { type CompiledPolicy, compilePolicy } from "./compile.ts";
import { costOf } from "./cost.ts";
import { type DecodedTransaction, resolveTables } from "./decoded-transaction.ts";
import { evaluateForm, evaluatePolicy } from "./evaluate.ts";
import { isInnerCallAllowed } from "./inner-calls.ts";
import { KNOWN_PROGRAMS, MEMO_PROGRAMS, SYSTEM_PROGRAM, TOKEN_2022_PROGRAM } from "./programs/known-programs.ts";
import { SPONSOR_ROLES, switchOf } from "./sponsor-roles.ts";

const SPONSOR = fillerKey(0x51_0001);
const SPARE = fillerKey(0x51_0002);
const WALLET = fillerKey(0x51_0003);
const TABLE_ADDRESS = fillerKey(0x51_0004);
const HIDDEN = fillerKey(0x51_0005);
const STRANGER = fillerKey(0x51_0006);
const BLOCKHASH = fillerKey(0x51_0007);
const [MEMO] = MEMO_PROGRAMS;

const MISUSED = "policy.fee_payer_misused";
const ACCEPTED = "accepted";
type Answer = typeof ACCEPTED | typeof MISUSED | (string & {});

/** Allows whatever this version can name, with anybody anywhere: what is refused under it, isolation refuses. */
function policyWith(sponsorRoles: readonly Switch[], more: Partial<SolanaPolicy> = {}): CompiledPolicy {
  return compilePolicy({
    allow: [...KNOWN_PROGRAMS].flatMap(([program, { instructions }]) =>
      [...new Set(instructions.map(({ name }) => name))].map((instruction) => ({ program, instruction })),
    ),
    sponsorRoles: [...sponsorRoles],
    lookupTables: true,
    maxSignatures: 12,
    maxFee: "1000000000",
    maxComputeUnits: 1_400_000,
    maxComputeUnitPrice: "1000000",
    maxRent: "1000000000",
    ...more,
  });
}

interface Setting {
  readonly name: string;
  readonly on: readonly Switch[];
  readonly policy: CompiledPolicy;
}

const SETTINGS: readonly Setting[] = [
  { name: "every switch off", on: [] },
  ...SWITCHES.map((one) => ({ name: `only ${one.role} of ${one.program} on`, on: [one] })),
  { name: "every switch on", on: SWITCHES },
].map((setting) => ({ ...setting, policy: policyWith(setting.on) }));

/** How a call reaches the chain at the top level. */
type Form = "legacy" | "version 0" | "version 1" | "version 0, behind a lookup table" | "a batch";
const VERSIONS: Readonly<Record<Form, MessageVersion>> = {
  legacy: "legacy",
  "version 0": 0,
  "version 1": 1,
  "version 0, behind a lookup table": 0,
  "a batch": 0,
};
const FORMS = Object.keys(VERSIONS) as readonly Form[];

interface OuterCall {
  readonly program: string;
  readonly accounts: readonly string[];
  readonly data: readonly number[];
}

/** The wire bytes that a page would post, read as the service reads them. */
function transactionOf(form: Form, { program, accounts, data }: OuterCall): DecodedTransaction {
  const isHidden = form === "version 0, behind a lookup table";
  const batch = [255, accounts.length, data.length, ...data];
  const model = planMessage({
    version: VERSIONS[form],
    feePayer: SPONSOR,
    blockhash: BLOCKHASH,
    // First, so that no call is where a durable nonce would stand.
    instructions: [
      { program: MEMO, accounts: [[WALLET, "s"]], data: [104, 105] },
      { program, accounts: accounts.map((account) => [account, "w"]), data: form === "a batch" ? batch : data },
    ],
    ...(isHidden && { tables: [{ address: TABLE_ADDRESS, entries: [HIDDEN] }] }),
  });
  const signatures = [new Uint8Array(64), new Uint8Array(64).fill(7)];
  const decoded = decodeTransaction(joinSignatures(model.version, encodeMessage(model), signatures));
  if (!decoded.ok) throw new Error(`${form}: ${decoded.reason.detail}`);
  return decoded.value;
}

function answerOf(transaction: DecodedTransaction, policy: CompiledPolicy): Answer {
  const calls = readCalls(transaction, policy.programs);
  const input = {
    transaction,
    calls,
    cost: costOf(transaction, calls),
    policy,
    sponsorPool: [SPONSOR, SPARE].map((address) => ({ address, state: "active" as const })),
    acceptedSponsors: [SPONSOR],
    sessionAddress: WALLET,
  };
  return (evaluateForm(input) ?? evaluatePolicy(input))?.code ?? ACCEPTED;
}

interface Cell {
  readonly known: KnownInstruction;
  readonly form: Form;
  /** Whose key stands there. */
  readonly who: string;
  /** Among the accounts; undefined: it is called as the program. */
  readonly position: number | undefined;
}

/** Every account position, one behind the last named one where the program takes more, and the program itself. */
function positionsOf({ shape }: KnownInstruction): readonly (number | undefined)[] {
  return [undefined, ...sampleAccounts(shape).keys()];
}

const CELLS: readonly Cell[] = KNOWN_INSTRUCTIONS.flatMap((known) =>
  FORMS.filter((form) => form !== "a batch" || known.program.batchDiscriminator !== undefined).flatMap((form) =>
    [SPONSOR, SPARE].flatMap((who) =>
      positionsOf(known)
        // A program cannot be behind a table: the decoder refuses such bytes.
        .filter((position) => position !== undefined || form !== "version 0, behind a lookup table")
        .map((position) => ({ known, form, who, position })),
    ),
  ),
);

function outerCallOf({ known: { program, shape }, form, who, position }: Cell): OuterCall {
  const key = form === "version 0, behind a lookup table" ? HIDDEN : who;
  const accounts = sampleAccounts(shape).map((account, index) => (index === position ? key : account));
  return { program: position === undefined ? who : program.address, accounts, data: sampleData(shape) };
}

function readCell(cell: Cell): DecodedTransaction {
  const transaction = transactionOf(cell.form, outerCallOf(cell));
  return cell.form === "version 0, behind a lookup table" ? resolveTables(transaction, [cell.who]) : transaction;
}

function placeOf({ known: { program, shape }, form, who, position }: Cell): Place | undefined {
  const canStand = who === SPONSOR && position !== undefined && form !== "version 0, behind a lookup table";
  return canStand ? placeAt(program.address, shape.name, shape.accounts[position]) : undefined;
}

const describeCell = ({ known, form, who, position }: Cell): string =>
  `${who === SPONSOR ? "the sponsor" : "another key of the pool"} at ${position ?? "the program"} of ${nameOf(known)}, ${form}`;

test("what is generated says what it is meant to say: each table line, in each form, is told by its name", () => {
  for (const known of KNOWN_INSTRUCTIONS) {
    const { program, shape } = known;
    const call = { program: program.address, accounts: sampleAccounts(shape), data: sampleData(shape) };
    for (const form of FORMS) {
      if (form === "a batch" && program.batchDiscriminator === undefined) continue;
      const transaction = transactionOf(form, call);
      const read = readCalls(transaction, KNOWN_PROGRAMS).at(-1);
      expect([read?.named?.shape.name, read?.accounts], `${nameOf(known)}, ${form}`).toEqual([
        shape.name,
        call.accounts,
      ]);
    }
  }
});

const sayPlace = ({ program, instruction, account, role, beneficiary = "nobody" }: Place): string =>
  `${role} of ${program}: ${account} of ${instruction}, for ${beneficiary}`;

test("the role table opens the places that are written down here, and no other", () => {
  const places = SPONSOR_ROLES.flatMap(({ instructions, ...role }) =>
    instructions.map((instruction) => sayPlace({ ...role, instruction })),
  );
  expect(places.toSorted()).toEqual(PLACES.map(sayPlace).toSorted());
});

test("each place of the table is an account of an instruction that exists", () => {
  for (const { program, instruction, account, beneficiary } of PLACES) {
    const shapes = KNOWN_PROGRAMS.get(program)?.instructions.filter(({ name }) => name === instruction) ?? [];
    const withPlace = shapes.filter(({ accounts }) => accounts.includes(account));
    expect(withPlace, `${program} ${instruction}`).not.toEqual([]);
    if (beneficiary === undefined) continue;
    expect(withPlace.every(({ accounts }) => accounts.includes(beneficiary))).toBe(true);
  }
});

describe("wherever a sponsor key stands at the top level, it is refused but where a switch opens the place", () => {
  test.each(FORMS)("%s", (form) => {
    const surprises = CELLS.filter((cell) => cell.form === form).flatMap((cell) => {
      const transaction = readCell(cell);
      const place = placeOf(cell);
      return SETTINGS.flatMap(({ name, on, policy }) => {
        const expected = on.some((one) => isOpenedBy(place, one)) ? ACCEPTED : MISUSED;
        const answer = answerOf(transaction, policy);
        return answer === expected ? [] : [`${describeCell(cell)}, ${name}: ${answer}, not ${expected}`];
      });
    });
    expect(surprises).toEqual([]);
  });

  test("where it stands in an open place and in another one too, it is refused with every switch on", () => {
    const policy = policyWith(SWITCHES);
    const both = CELLS.filter((cell) => placeOf(cell) !== undefined && cell.form !== "a batch").flatMap((cell) => {
      const call = outerCallOf(cell);
      const others = [...call.accounts.keys()].filter((index) => index !== cell.position);
      return others.map((index) => {
        const accounts = call.accounts.with(index, SPONSOR);
        const answer = answerOf(transactionOf(cell.form, { ...call, accounts }), policy);
        return answer === MISUSED ? "" : `${describeCell(cell)}, and at ${index}: ${answer}`;
      });
    });
    expect(both.filter(Boolean)).toEqual([]);
    expect(both.length).toBeGreaterThan(3 * PLACES.length);
  });

  test("the matrix is whole: every instruction, account position, key, form and switch is a cell of it", () => {
    expect(CELLS.length * SETTINGS.length).toBeGreaterThan(40_000);
    const accepted = CELLS.filter((cell) => placeOf(cell) !== undefined);
    // Three versions of each place, some of which are in several layouts, and batches of the token programs.
    expect(accepted.length).toBeGreaterThanOrEqual(3 * PLACES.length + 2);
  });
});

/** Data of an outer call that promises rent, and what it promises. */
const WORST_RENT = 50_000_000n;
const ROLES_WITH_RENT = PLACES.filter(({ beneficiary }) => beneficiary !== undefined).flatMap((place) => {
  const known = KNOWN_INSTRUCTIONS.find(
    ({ program, shape }) =>
      program.address === place.program &&
      shape.name === place.instruction &&
      shape.accounts.includes(place.account) &&
      shape.accounts.includes(place.beneficiary ?? ""),
  );
  return known ? [{ place, known }] : [];
});

interface Scene {
  readonly name: string;
  readonly transaction: DecodedTransaction;
  readonly place: Place | undefined;
  /** The account that the outer call pays for. */
  readonly beneficiary: string;
  /** Off by default: what an inner call may do. */
  readonly policies: readonly (readonly [isOn: boolean, policy: CompiledPolicy])[];
}

function sceneOf({ place, known: { program, shape } }: (typeof ROLES_WITH_RENT)[number]): Scene {
  const position = shape.accounts.indexOf(place.account);
  const accounts = sampleAccounts(shape).map((account, index) => (index === position ? SPONSOR : account));
  const data = sampleData(shape, { lamports: WORST_RENT, amount: WORST_RENT });
  const isOther = (one: Switch): boolean => !isOpenedBy(place, one);
  return {
    name: `${program.name} ${shape.name} with the sponsor as ${place.account}`,
    transaction: transactionOf("version 0", { program: program.address, accounts, data }),
    place,
    beneficiary: accounts[shape.accounts.indexOf(place.beneficiary ?? "")] ?? "",
    policies: [
      [false, policyWith([])],
      [false, policyWith(SWITCHES.filter(isOther))],
      [true, policyWith(SWITCHES.filter((one) => !isOther(one)))],
    ],
  };
}

const SCENES: readonly Scene[] = [
  ...ROLES_WITH_RENT.map(sceneOf),
  {
    name: "a program that nobody knows",
    transaction: transactionOf("version 0", { program: STRANGER, accounts: [WALLET, fillerKey(2)], data: [1] }),
    place: undefined,
    beneficiary: fillerKey(2),
    policies: [[false, policyWith(SWITCHES, { unlistedPrograms: true })]],
  },
];

/** The only calls that a role's promise covers: lamports from the sponsor to the account that the role pays for. */
const PAYING: readonly (readonly [instruction: string, from: string, to: string])[] = [
  ["transfer", "source", "destination"],
  ["createAccount", "payer", "newAccount"],
  ["createAccountAllowPrefund", "payer", "newAccount"],
];

function innerAccounts(known: KnownInstruction, position: number, who: string, beneficiary: string): readonly string[] {
  const paying = PAYING.find(([name]) => known.program.address === SYSTEM_PROGRAM && name === known.shape.name);
  return sampleAccounts(known.shape).map((account, index) => {
    if (index === position) return who;
    return paying?.[2] === known.shape.accounts[index] ? beneficiary : account;
  });
}

/** As Agave's parsers give it; where ours has another name for an account, theirs is used. */
function parsedForm({ program, shape }: KnownInstruction, accounts: readonly string[]): unknown {
  const words: Readonly<Record<string, string>> = { payer: "source" };
  const named = accounts.map((account, index) => {
    const role = shape.accounts[index] ?? "signers";
    const word = program.address === SYSTEM_PROGRAM && shape.name.startsWith("createAccount") ? words[role] : undefined;
    return [word ?? role, shape.accounts[index] === undefined ? [account] : account];
  });
  return {
    programId: program.address,
    program: program.name,
    parsed: { type: shape.name, info: { ...Object.fromEntries(named), lamports: 1_000 } },
    stackHeight: 2,
  };
}

const rawForm = ({ program, shape }: KnownInstruction, accounts: readonly string[]): unknown => ({
  programId: program.address,
  accounts,
  data: base58.encode(Uint8Array.from(sampleData(shape))),
  stackHeight: 2,
});

const INNER_FORMS = { raw: rawForm, parsed: parsedForm } as const;

function isInnerAllowed(inner: unknown, { transaction }: Scene, policy: CompiledPolicy, instruction = 1): boolean {
  const calls = readCalls(transaction, policy.programs);
  return isInnerCallAllowed(inner, { transaction, calls, policy }, new Set([SPONSOR, SPARE]), instruction);
}

function isPromised({ program, shape }: KnownInstruction, position: number): boolean {
  if (program.address !== SYSTEM_PROGRAM) return false;
  return PAYING.some(([name, from]) => name === shape.name && shape.accounts[position] === from);
}

describe("wherever a sponsor key stands in a call of a program's own, it is refused but as what a role has promised", () => {
  const isForm = Object.keys(INNER_FORMS) as (keyof typeof INNER_FORMS)[];
  test.each(SCENES.flatMap((scene) => isForm.map((form) => ({ ...scene, form }))))(
    "$name, $form",
    ({ form, ...scene }) => {
      const surprises = KNOWN_INSTRUCTIONS.flatMap((known) =>
        [SPONSOR, SPARE].flatMap((who) =>
          [...sampleAccounts(known.shape).keys()].flatMap((position) => {
            const inner = INNER_FORMS[form](known, innerAccounts(known, position, who, scene.beneficiary));
            return scene.policies.flatMap(([isOn, policy]) => {
              const expected = isOn && who === SPONSOR && isPromised(known, position);
              const isAllowed = isInnerAllowed(inner, scene, policy);
              return isAllowed === expected ? [] : [`${who} at ${position} of ${nameOf(known)}: ${isAllowed}`];
            });
          }),
        ),
      );
      expect(surprises).toEqual([]);
    },
  );

  test("it may be the program of none", () => {
    for (const scene of SCENES) {
      for (const [, policy] of scene.policies) {
        for (const programId of [SPONSOR, SPARE]) {
          expect(isInnerAllowed({ programId, accounts: [], data: "" }, scene, policy)).toBe(false);
        }
      }
    }
  });

  test("the inner half is whole, and each role that gives rent is an outer call of it", () => {
    expect(SCENES.length).toBe(new Set(PLACES.filter(({ beneficiary }) => beneficiary !== undefined)).size + 1);
    const positions = KNOWN_INSTRUCTIONS.reduce((sum, { shape }) => sum + sampleAccounts(shape).length, 0);
    const policies = SCENES.reduce((sum, scene) => sum + scene.policies.length, 0);
    expect(positions * 2 * 2 * policies).toBeGreaterThan(30_000);
  });
});

describe("a promise of rent is kept to its letter", () => {
  const scene = SCENES.find(({ place }) => place?.instruction === "createAccount");
  const pay = (more: object): unknown => ({
    programId: SYSTEM_PROGRAM,
    parsed: { type: "transfer", info: { source: SPONSOR, destination: scene?.beneficiary, lamports: 1_000, ...more } },
  });
  const isAllowed = (inner: unknown, instruction?: number): boolean => {
    const [, policy] = scene?.policies.find(([isOn]) => isOn) ?? [];
    if (!scene || !policy) throw new Error("the scene is missing");
    return isInnerAllowed(inner, scene, policy, instruction);
  };

  test("the account that it is for may have all of it", () => {
    expect(isAllowed(pay({}))).toBe(true);
    expect(isAllowed(pay({ lamports: WORST_RENT }))).toBe(true);
  });

  test.each<[string, object]>([
    ["a lamport more", { lamports: WORST_RENT + 1n }],
    ["another account", { destination: STRANGER }],
    ["another key of the pool", { destination: SPARE }],
    ["another key of the pool's lamports", { source: SPARE }],
    ["an amount that no number can hold", { lamports: 2 ** 53 }],
    ["an amount that is no number", { lamports: "1000" }],
  ])("%s is not covered", (_, more) => {
    expect(isAllowed(pay(more))).toBe(false);
  });

  test("a call that another instruction began is not covered", () => {
    expect(isAllowed(pay({}), 0)).toBe(false);
  });

  test("the same payment by another program is not covered", () => {
    expect(isAllowed({ ...(pay({}) as object), programId: TOKEN_2022_PROGRAM })).toBe(false);
  });
});

describe("a role is of a program, never of a name", () => {
  const own = (address: string): SolanaPolicy["programs"] => [
    {
      address,
      name: "Looks like the Associated Token Account program",
      instructions: [
        { name: "create", discriminator: "00", arguments: [], accounts: ["payer", "ata", "owner"], moreAccounts: true },
        { name: "transfer", discriminator: "02", arguments: [], accounts: ["source", "destination"] },
      ],
    },
  ];
  const open = (address: string): CompiledPolicy =>
    policyWith(SWITCHES, {
      programs: own(address),
      unlistedPrograms: true,
      allow: ["create", "transfer"].map((instruction) => ({ program: address, instruction })),
    });

  test.each([
    ["payer", { program: STRANGER, accounts: [SPONSOR, fillerKey(1), fillerKey(2)], data: [0] }],
    ["destination", { program: STRANGER, accounts: [fillerKey(1), SPONSOR], data: [2] }],
  ])("a program that an integrator describes with the same words gets no sponsor as its %s", (_, call) => {
    expect(answerOf(transactionOf("version 0", call), open(STRANGER))).toBe(MISUSED);
    const accounts = call.accounts.map((account) => (account === SPONSOR ? fillerKey(3) : account));
    expect(answerOf(transactionOf("version 0", { ...call, accounts }), open(STRANGER))).toBe(ACCEPTED);
  });

  test("a switch for a program that an integrator describes opens nothing", () => {
    const policy = policyWith([{ program: STRANGER, role: "payer" }], {
      programs: own(STRANGER),
      allow: [{ program: STRANGER, instruction: "create" }],
    });
    const call = { program: STRANGER, accounts: [SPONSOR, fillerKey(1), fillerKey(2)], data: [0] };
    expect(answerOf(transactionOf("version 0", call), policy)).toBe(MISUSED);
  });

  test("the System program cannot be described anew, so that its transfers name the sponsor a payer", () => {
    const policy = policyWith(SWITCHES, {
      programs: [
        {
          address: SYSTEM_PROGRAM,
          name: "System",
          instructions: [
            {
              name: "createAccount",
              discriminator: "02000000",
              arguments: [{ name: "lamports", type: "u64" }],
              accounts: ["payer", "newAccount"],
            },
          ],
        },
      ],
    });
    const data = [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
    const call = { program: SYSTEM_PROGRAM, accounts: [SPONSOR, fillerKey(1)], data };
    expect(answerOf(transactionOf("version 0", call), policy)).toBe(MISUSED);
  });

  test("the Associated Token Account program may be paid with the two token programs alone: it calls what it is given", () => {
    const ata = KNOWN_INSTRUCTIONS.find(({ shape }) => shape.name === "createIdempotent");
    if (!ata) throw new Error("the table has no createIdempotent");
    const accountsWith = (tokenProgram: string): readonly string[] => [
      SPONSOR,
      ...sampleAccounts(ata.shape).slice(1, -1),
      tokenProgram,
    ];
    const answerWith = (tokenProgram: string): Answer =>
      answerOf(
        transactionOf("version 0", {
          program: ata.program.address,
          accounts: accountsWith(tokenProgram),
          data: sampleData(ata.shape),
        }),
        policyWith(SWITCHES),
      );
    expect(answerWith(TOKEN_2022_PROGRAM)).toBe(ACCEPTED);
    expect(answerWith(STRANGER)).toBe(MISUSED);
    expect(answerWith(SYSTEM_PROGRAM)).toBe(MISUSED);
  });
});

test("no account is derived from the sponsor, whoever pays for it and whatever is switched on", () => {
  const layouts = KNOWN_INSTRUCTIONS.filter(({ shape }) => shape.name === "createAccountWithSeed");
  for (const { program, shape } of layouts) {
    const accounts = [SPONSOR, ...sampleAccounts(shape).slice(1)];
    const answerFor = (base: string): Answer =>
      answerOf(
        transactionOf("version 0", { program: program.address, accounts, data: sampleData(shape, { base }) }),
        policyWith(SWITCHES),
      );
    expect(answerFor(WALLET)).toBe(ACCEPTED);
    expect(answerFor(SPONSOR)).toBe(MISUSED);
  }
  expect(layouts.length).toBe(2);
});

test("every switch of the table is one that the matrix turns on", () => {
  expect([...new Set(SPONSOR_ROLES.map(switchOf))].toSorted()).toEqual(SWITCHES.map(switchOf).toSorted());
});

test("docs/sponsor-roles.md is what the table says (vitest run -u writes it)", async () => {
  await expect(renderSponsorRoles()).toMatchFileSnapshot("../../../../docs/sponsor-roles.md");
});
