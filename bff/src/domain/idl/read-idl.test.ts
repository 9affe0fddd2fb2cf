import { describe, expect, test } from "vitest";
import { policyDeskOf } from "../../adapters/chains/policy-desks.ts";
import { PROGRAM_ADDRESS, readWhole, sha256 } from "../../../test/support/idl.ts";
import type { JsonObject } from "./json.ts";
import type { IdlReading } from "./read-idl.ts";

const BOUNDS = { allow: [], maxSignatures: 2, maxFee: "10000", maxComputeUnits: 0, maxComputeUnitPrice: "0" };

/** What was read, after the schema and the linter of policies have had a look at it. */
function read(idl: JsonObject, address?: null): IdlReading {
  const reading = readWhole(idl, address);
  if (!reading.ok) throw new Error(JSON.stringify(reading.reason));
  const document = policyDeskOf("solana:devnet")?.read({ ...BOUNDS, programs: [reading.value.program] });
  expect(document).toMatchObject({ ok: true });
  const findings = document?.ok ? document.value.lint({ hasRentBudget: false }) : [];
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  return reading.value;
}

const skippedOf = (idl: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(read(idl).skipped.map(({ instruction, reason }) => [instruction, reason]));

const KEEP = { name: "keep", discriminator: [250, 250], accounts: [], args: [] };
const anchor = (...instructions: readonly object[]): JsonObject => ({ instructions: [KEEP, ...instructions] });
const one = (args: readonly object[], types: readonly object[] = []): JsonObject => ({
  ...anchor({ name: "it", discriminator: [1], accounts: [], args }),
  types,
});

describe("an old Anchor IDL", () => {
  const idl = {
    version: "0.1.0",
    name: "tickets",
    metadata: { address: PROGRAM_ADDRESS },
    instructions: [
      {
        name: "buyTicket",
        accounts: [
          { name: "buyer", isMut: true, isSigner: true },
          { name: "seat", accounts: [{ name: "row_account" }, { name: "hall", isOptional: true }] },
        ],
        args: [
          { name: "seatNumber", type: "u16" },
          { name: "friend", type: { option: "publicKey" } },
          { name: "note", type: "bytes" },
          { name: "params", type: { defined: "BuyParams" } },
        ],
      },
    ],
    types: [
      {
        name: "BuyParams",
        type: {
          kind: "struct",
          fields: [
            { name: "maxPrice", type: "u64" },
            { name: "side", type: { defined: "Side" } },
          ],
        },
      },
      { name: "Side", type: { kind: "enum", variants: [{ name: "Left" }, { name: "Right" }] } },
    ],
  };

  test("is told by digests of its functions' names, its accounts flat and its structs by their fields", () => {
    expect(read(idl, null)).toEqual({
      program: {
        address: PROGRAM_ADDRESS,
        name: "tickets",
        instructions: [
          {
            name: "buyTicket",
            discriminator: sha256("global:buy_ticket").slice(0, 16),
            arguments: [
              { name: "seatNumber", type: "u16" },
              { name: "friend", type: "option<publicKey>" },
              { name: "note", type: "sizedBytes" },
              { name: "paramsMaxPrice", type: "u64" },
              { name: "paramsSide", type: "u8" },
            ],
            accounts: ["buyer", "rowAccount", "hall"],
          },
        ],
      },
      skipped: [],
    });
  });

  test("of a program without Anchor is told by the one byte that it gives", () => {
    const { program } = read({
      name: "plain",
      instructions: [{ name: "Mint", accounts: [], args: [], discriminant: { type: "u8", value: 33 } }],
    });
    expect(program.instructions).toEqual([{ name: "mint", discriminator: "21", arguments: [], accounts: [] }]);
  });
});

test("a new Anchor IDL is told by the bytes that it gives, with names as policies write them", () => {
  const { program } = read(
    {
      address: PROGRAM_ADDRESS,
      metadata: { name: "vault", version: "0.1.0", spec: "0.1.0" },
      instructions: [
        {
          name: "set_guard_v2",
          discriminator: [1, 2, 3, 4, 5, 6, 7, 255],
          accounts: [
            { name: "guard_authority", signer: true },
            { name: "maybe", optional: true },
          ],
          args: [
            { name: "new_key", type: "pubkey" },
            { name: "level", type: { defined: { name: "Level" } } },
          ],
        },
      ],
      types: [{ name: "Level", type: { kind: "type", alias: "i128" } }],
    },
    null,
  );
  expect(program).toEqual({
    address: PROGRAM_ADDRESS,
    name: "vault",
    instructions: [
      {
        name: "setGuardV2",
        discriminator: "01020304050607ff",
        arguments: [
          { name: "newKey", type: "publicKey" },
          { name: "level", type: "i128" },
        ],
        accounts: ["guardAuthority", "maybe"],
      },
    ],
  });
});

describe("a Codama root", () => {
  const number = (format: string) => ({ kind: "numberTypeNode", format, endian: "le" });
  const field = (name: string, type: object, more: object = {}) => ({
    kind: "instructionArgumentNode",
    name,
    type,
    ...more,
  });
  const constant = (name: string, value: number) =>
    field(name, number("u8"), {
      defaultValue: { kind: "numberValueNode", number: value },
      defaultValueStrategy: "omitted",
    });
  const told = (name: string, offset: number) => ({ kind: "fieldDiscriminatorNode", name, offset });
  const account = (name: string, more: object = {}) => ({ kind: "instructionAccountNode", name, ...more });
  const root = (...instructions: readonly object[]): JsonObject => ({
    kind: "rootNode",
    standard: "codama",
    version: "1.3.0",
    program: { kind: "programNode", name: "stake", publicKey: PROGRAM_ADDRESS, instructions, definedTypes: [] },
  });

  test("is told by the constants at the beginning of its data, however many they are", () => {
    const size = { kind: "fixedSizeTypeNode", size: 2, type: { kind: "bytesTypeNode" } };
    const bytes = field("tag", size, {
      defaultValue: { kind: "bytesValueNode", encoding: "base16", data: "beef" },
      defaultValueStrategy: "omitted",
    });
    const { program } = read(
      root(
        {
          name: "stakeMore",
          accounts: [account("staker"), account("pool", { isOptional: true })],
          arguments: [constant("discriminator", 7), constant("sub", 2), field("amount", number("u64"))],
          discriminators: [told("discriminator", 0), told("sub", 1)],
          remainingAccounts: [{ kind: "instructionRemainingAccountsNode" }],
        },
        {
          name: "leave",
          optionalAccountStrategy: "omitted",
          accounts: [account("staker"), account("friend", { isOptional: true }), account("pool")],
          arguments: [
            bytes,
            field("why", { kind: "sizePrefixTypeNode", type: { kind: "stringTypeNode" }, prefix: number("u32") }),
          ],
          discriminators: [told("tag", 0)],
        },
      ),
      null,
    );
    expect(program.instructions).toEqual([
      {
        name: "stakeMore",
        discriminator: "0702",
        arguments: [{ name: "amount", type: "u64" }],
        accounts: ["staker", "pool"],
        moreAccounts: true,
      },
      {
        name: "leave",
        discriminator: "beef",
        arguments: [{ name: "why", type: "string" }],
        accounts: ["staker"],
        moreAccounts: true,
      },
    ]);
  });

  test("skips what is told by anything else, and what is written otherwise", () => {
    const keep = { name: "keep", accounts: [], arguments: [constant("d", 1)], discriminators: [told("d", 0)] };
    const big = field("amount", { kind: "numberTypeNode", format: "u64", endian: "be" });
    const { skipped } = read(
      root(
        keep,
        { name: "bySize", accounts: [], arguments: [], discriminators: [{ kind: "sizeDiscriminatorNode", size: 9 }] },
        { name: "elsewhere", accounts: [], arguments: [constant("d", 2)], discriminators: [told("d", 4)] },
        { name: "otherEnd", accounts: [], arguments: [constant("d", 3), big], discriminators: [told("d", 0)] },
      ),
      null,
    );
    expect(skipped).toEqual([
      { instruction: "bySize", reason: "what it is told by does not stand at the beginning of its data" },
      { instruction: "elsewhere", reason: "what it is told by does not stand at the beginning of its data" },
      { instruction: "otherEnd", reason: "amount is a number of the format u64" },
    ]);
  });
});

describe("what policies cannot decide about is left out with its reason", () => {
  test.each([
    ["a list", [{ name: "all", type: { vec: "u64" } }], [], "all is a list"],
    ["an array", [{ name: "root", type: { array: ["u8", 32] } }], [], "root is an array"],
    ["a float", [{ name: "rate", type: "f64" }], [], "rate is of the type f64"],
    [
      "an optional list",
      [{ name: "m", type: { option: { vec: "u8" } } }],
      [],
      "m is an optional value of a type that policies cannot read",
    ],
    [
      "a type that is not there",
      [{ name: "p", type: { defined: "Gone" } }],
      [],
      "p is the type Gone, which the IDL does not define",
    ],
    [
      "a choice that carries values",
      [{ name: "side", type: { defined: { name: "Side" } } }],
      [{ name: "Side", type: { kind: "enum", variants: [{ name: "A", fields: ["u8"] }] } }],
      "side is a choice that carries values",
    ],
    [
      "a generic type",
      [{ name: "box", type: { defined: { name: "Box", generics: [{ kind: "type", type: "u8" }] } } }],
      [{ name: "Box", generics: [{ kind: "type", name: "T" }], type: { kind: "struct", fields: [] } }],
      "box is of a generic type",
    ],
    [
      "a type that Borsh does not write",
      [{ name: "raw", type: { defined: { name: "Raw" } } }],
      [{ name: "Raw", serialization: "bytemuck", type: { kind: "struct", fields: [] } }],
      "raw is not written by Borsh",
    ],
    [
      "two arguments of one name",
      [
        { name: "to_key", type: "u8" },
        { name: "toKey", type: "u8" },
      ],
      [],
      "two of its arguments are called toKey",
    ],
    [
      "too many arguments",
      Array.from({ length: 33 }, (_, index) => ({ name: `a${index}`, type: "u8" })),
      [],
      "it has more than 32 arguments",
    ],
  ])("%s", (_, args, types, reason) => {
    expect(skippedOf(one(args, types))).toEqual({ it: reason });
  });

  test("two accounts of one name are told apart by their groups, or not at all", () => {
    const group = (name: string) => ({ name, accounts: [{ name: "mint" }] });
    const { program } = read(
      anchor({ name: "it", discriminator: [1], args: [], accounts: [group("left"), group("right")] }),
    );
    expect(program.instructions[1]?.accounts).toEqual(["leftMint", "rightMint"]);
    const twice = { name: "it", discriminator: [1], args: [], accounts: [{ name: "mint" }, { name: "mint" }] };
    expect(skippedOf(anchor(twice))).toEqual({ it: "two of its accounts are called mint" });
  });
});

describe("a hostile IDL", () => {
  test("two instructions that the first bytes do not tell apart are both refused, also where one is unreadable", () => {
    const plain = { accounts: [], args: [] };
    const idl = anchor(
      { ...plain, name: "short", discriminator: [1] },
      { ...plain, name: "long", discriminator: [1, 2] },
      { ...plain, name: "hidden", discriminator: [9, 9], args: [{ name: "all", type: { vec: "u64" } }] },
      { ...plain, name: "seen", discriminator: [9] },
    );
    expect(skippedOf(idl)).toEqual({
      short: "it cannot be told from long by its first bytes",
      long: "it cannot be told from short by its first bytes",
      hidden: "it cannot be told from seen by its first bytes",
      seen: "it cannot be told from hidden by its first bytes",
    });
  });

  test("two instructions of one name in whatever spelling are both refused", () => {
    const plain = { accounts: [], args: [] };
    const idl = anchor(
      { ...plain, name: "setOwner", discriminator: [1] },
      { ...plain, name: "set_owner", discriminator: [2] },
    );
    expect(read(idl).program.instructions.map(({ name }) => name)).toEqual(["keep"]);
    expect(read(idl).skipped).toHaveLength(2);
  });

  test("types that refer to themselves or multiply end, at once", () => {
    const fields = (name: string) =>
      Array.from({ length: 50 }, (_, index) => ({ name: `f${index}`, type: { defined: name } }));
    const types = [
      { name: "Self", type: { kind: "struct", fields: [{ name: "again", type: { defined: "Self" } }] } },
      { name: "Ring", type: { kind: "alias", value: { defined: "Ring" } } },
      ...Array.from({ length: 8 }, (_, index) => ({
        name: `Wide${index}`,
        type: { kind: "struct", fields: index === 7 ? [] : fields(`Wide${index + 1}`) },
      })),
    ];
    const startedAtMs = performance.now();
    expect(skippedOf(one([{ name: "a", type: { defined: "Self" } }], types))["it"]).toContain("refers to itself");
    expect(skippedOf(one([{ name: "a", type: { defined: "Ring" } }], types))["it"]).toContain("does not define");
    expect(skippedOf(one([{ name: "a", type: { defined: "Wide0" } }], types))["it"]).toContain("nested too deep");
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });

  test("options and groups that are nested without end are refused", () => {
    const nest = (depth: number): unknown => (depth === 0 ? "u8" : { option: nest(depth - 1) });
    expect(skippedOf(one([{ name: "a", type: nest(500) }]))["it"]).toContain("policies cannot read");
    const group = (depth: number): object => ({ name: "g", accounts: depth === 0 ? [] : [group(depth - 1)] });
    const deep = { name: "it", discriminator: [1], args: [], accounts: [group(500)] };
    expect(skippedOf(anchor(deep))["it"]).toContain("too deep");
  });

  test("names of what every object has are names like others, and strange ones are shown harmless", () => {
    const types = JSON.parse(
      '[{"name":"constructor","type":{"kind":"alias","value":"u8"}},{"name":"__proto__","type":{"kind":"alias","value":"u64"}}]',
    ) as object[];
    const args = [
      { name: "constructor", type: { defined: "constructor" } },
      { name: "toString", type: { defined: "__proto__" } },
    ];
    const { program } = read(one(args, types));
    expect(program.instructions[1]?.arguments).toEqual([
      { name: "constructor", type: "u8" },
      { name: "toString", type: "u64" },
    ]);
    expect(skippedOf(one([{ name: "a", type: { defined: "hasOwnProperty" } }]))["it"]).toContain("does not define");
    const { skipped } = read(
      anchor({ name: "<script>\u202e", discriminator: [1], accounts: [], args: [{ name: "9", type: "u8" }] }),
    );
    expect(skipped).toEqual([{ instruction: "script", reason: "9 is no name that a policy can use" }]);
  });

  test("names without end are not told in full", () => {
    const endless = "x".repeat(100_000);
    const args = [{ name: endless, type: { defined: endless } }];
    const accounts = [{ name: endless }];
    const idl = anchor(
      { name: "byArgument", discriminator: [1], accounts: [], args },
      { name: "byAccount", discriminator: [2], accounts, args: [] },
      { name: endless, discriminator: [3], accounts: [], args: [] },
      { name: "byType", discriminator: [4], accounts: [], args: [{ name: "a", type: endless }] },
    );
    const { skipped } = read(idl);
    expect(skipped).toHaveLength(4);
    expect(JSON.stringify(skipped).length).toBeLessThan(1_000);
  });

  test.each([
    ["nothing at all", {}, "/idl/instructions"],
    ["instructions that are no list", { instructions: { length: 5 } }, "/idl/instructions"],
    ["a Codama root without a program", { kind: "rootNode" }, "/idl/program/instructions"],
    [
      "more instructions than any program has",
      { instructions: Array.from({ length: 501 }, () => KEEP) },
      "/idl/instructions",
    ],
    [
      "more types than any program has",
      { ...anchor(), types: Array.from({ length: 2_001 }, () => ({})) },
      "/idl/types",
    ],
    ["instructions of which none can be taken", { instructions: [5, null, "x"] }, "/idl/instructions/0"],
  ])("%s is refused whole", (_, idl, pointer) => {
    const reading = readWhole(idl);
    expect(reading.ok ? [] : reading.reason.map((fault) => fault.pointer)).toContain(pointer);
  });

  test("the address of a program that is built in, of another program, and none at all are refused", () => {
    const faultOf = (idl: JsonObject, address: string | null) => {
      const reading = readWhole(idl, address);
      return reading.ok ? undefined : reading.reason[0];
    };
    const token = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA";
    expect(faultOf({ ...anchor(), address: token }, null)).toMatchObject({
      pointer: "/idl",
      detail: expect.stringContaining("built in"),
    });
    expect(faultOf({ ...anchor(), address: token }, PROGRAM_ADDRESS)).toMatchObject({ pointer: "/programAddress" });
    expect(faultOf(anchor(), null)).toMatchObject({
      pointer: "/programAddress",
      detail: expect.stringContaining("required"),
    });
    expect(faultOf(anchor(), "not an address")).toMatchObject({ pointer: "/programAddress" });
    // Of the right length, and not 32 bytes.
    expect(faultOf(anchor(), "1".repeat(44))).toMatchObject({ pointer: "/programAddress" });
  });

  test("of more instructions than a policy takes the rest is named", () => {
    const many = Array.from({ length: 120 }, (_, index) => ({
      name: `it${index}`,
      discriminator: [7, index],
      accounts: [],
      args: [],
    }));
    const { program, skipped } = read(anchor(...many));
    expect(program.instructions).toHaveLength(100);
    expect(skipped).toHaveLength(21);
  });
});
