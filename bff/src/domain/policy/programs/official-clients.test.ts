import { base58 } from "@scure/base";
import {
  type Address,
  createNoopSigner,
  type Instruction,
  type InstructionWithData,
  type NoopSigner,
} from "@solana/kit";
import * as addressLookupTable from "@solana-program/address-lookup-table";
import * as computeBudget from "@solana-program/compute-budget";
import * as system from "@solana-program/system";
import * as token from "@solana-program/token";
import * as token2022 from "@solana-program/token-2022";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ADDRESS_LOOKUP_TABLE_PROGRAM,
  ASSOCIATED_TOKEN_PROGRAM,
  COMPUTE_BUDGET_PROGRAM,
  KNOWN_PROGRAMS,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "./known-programs.ts";
import { nameInstruction } from "./name-instruction.ts";
import type { ArgumentShape, ArgumentValue, FieldType, InstructionShape, ProgramShape } from "./shape.ts";
import { writeArguments } from "./write-arguments.test-support.ts";

type Client = Readonly<Record<string, unknown>>;
type Built = Instruction & InstructionWithData<Uint8Array>;

/** Names of ours that are older than the clients, and the clients' words for them. */
const CLIENT_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  [SYSTEM_PROGRAM]: { transfer: "transferSol", transferWithSeed: "transferSolWithSeed" },
  [ASSOCIATED_TOKEN_PROGRAM]: {
    create: "createAssociatedToken",
    createIdempotent: "createAssociatedTokenIdempotent",
    recoverNested: "recoverNestedAssociatedToken",
  },
};
const CLIENT_ACCOUNTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  transfer: { owner: "authority" },
  transferChecked: { owner: "authority" },
};
/** Of these, clients take only the numbers that mean something. */
const ENUMS: Readonly<Record<string, string>> = {
  authorityType: "AuthorityType",
  state: "AccountState",
  newExtensionTypes: "ExtensionType",
};
/** Here the program takes a multisig's signers, and the client does not know of it. */
const WITHOUT_SIGNERS: ReadonlySet<string> = new Set(["pause", "resume"]);
const ASSOCIATED_TOKEN_NAMES = Object.values(CLIENT_NAMES[ASSOCIATED_TOKEN_PROGRAM] ?? {});

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => base58.encode(bytes));
const integers = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
const signedIntegers = (bits: number): fc.Arbitrary<bigint> =>
  integers(bits).map((value) => BigInt.asIntN(bits, value));
const texts = fc.string({ unit: "grapheme", maxLength: 20 });
const orNull = <Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> => fc.option(values, { nil: null });

const VALUES: Readonly<Partial<Record<FieldType, fc.Arbitrary<ArgumentValue>>>> = {
  u8: integers(8),
  u16: integers(16),
  u32: integers(32),
  u64: integers(64),
  i16: signedIntegers(16),
  i64: signedIntegers(64),
  f64: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => String(value)),
  bool: fc.boolean(),
  publicKey: keys,
  string: texts,
  string64: texts,
  text: texts,
  "option<u64>": orNull(integers(64)),
  "option<publicKey>": orNull(keys),
  // A key of zeros is no key.
  "zeroable<publicKey>": orNull(keys.filter((key) => key !== SYSTEM_PROGRAM)),
  "vec64<publicKey>": fc.array(keys, { maxLength: 5 }),
  metadataField: fc.oneof(
    fc.constantFrom("name", "symbol", "uri"),
    texts.map((key) => `key:${key}`),
  ),
};

function arbitraryValue({ name, type }: ArgumentShape, client: Client): fc.Arbitrary<ArgumentValue> {
  const enumeration = client[ENUMS[name] ?? ""];
  if (enumeration !== undefined) {
    const members = Object.values(enumeration as object).filter((member) => typeof member === "number");
    const numbers = fc.constantFrom(...members);
    return type === "rest<u16>" ? fc.array(numbers.map(String)) : numbers.map(BigInt);
  }
  const values = VALUES[type];
  if (values === undefined) throw new Error(`no client takes ${type}`);
  return values;
}

/** What a client is given for a value as we read it. */
function asClientInput({ name, type }: ArgumentShape, value: ArgumentValue): unknown {
  if (type === "rest<u16>") return (value as readonly string[]).map(Number);
  if (type === "f64" || name in ENUMS) return Number(value);
  if (type !== "metadataField") return value;
  const field = String(value);
  if (field.startsWith("key:")) return { __kind: "Key", fields: [field.slice(4)] };
  return { __kind: field.charAt(0).toUpperCase() + field.slice(1) };
}

function encodersOf(client: Client): readonly string[] {
  const names = Object.keys(client).flatMap((key) => /^get(.+)InstructionDataEncoder$/.exec(key)?.[1] ?? []);
  return names.map((name) => name.charAt(0).toLowerCase() + name.slice(1));
}

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const call = (client: Client, name: string, ...inputs: readonly unknown[]): unknown =>
  (client[name] as (...inputs: readonly unknown[]) => unknown)(...inputs);
const layoutOf = ({ name, discriminator, arguments: fields, accounts }: InstructionShape): string =>
  `${name} ${discriminator.join()} ${fields.map((field) => field.name).join(" ")} | ${accounts.length}`;

interface Scene {
  readonly address: string;
  readonly client: Client;
  readonly official: readonly string[];
  /** Official instructions that are not in the table: unknown, so denied. */
  readonly leftOut: readonly string[];
  /** Layouts that the program takes and no client of today builds. */
  readonly unbuilt: readonly string[];
}

const SCENES: readonly Scene[] = [
  { address: SYSTEM_PROGRAM, client: system, official: encodersOf(system), leftOut: [], unbuilt: [] },
  {
    address: TOKEN_PROGRAM,
    client: token,
    official: encodersOf(token).filter((name) => !ASSOCIATED_TOKEN_NAMES.includes(name)),
    leftOut: ["batch"],
    unbuilt: ["getAccountDataSize 21 extensionTypes | 1", "syncNative 17  | 1"],
  },
  {
    address: TOKEN_2022_PROGRAM,
    client: token2022,
    official: encodersOf(token2022).filter((name) => !ASSOCIATED_TOKEN_NAMES.includes(name)),
    leftOut: [
      "applyConfidentialPendingBalance",
      "applyConfidentialPendingBurn",
      "approveConfidentialTransferAccount",
      "batch",
      "confidentialBurn",
      "confidentialDeposit",
      "confidentialMint",
      "confidentialTransfer",
      "confidentialTransferWithFee",
      "confidentialWithdraw",
      "configureConfidentialTransferAccount",
      "configureConfidentialTransferAccountWithRegistry",
      "disableConfidentialCredits",
      "disableHarvestToMint",
      "disableNonConfidentialCredits",
      "emptyConfidentialTransferAccount",
      "enableConfidentialCredits",
      "enableHarvestToMint",
      "enableNonConfidentialCredits",
      "harvestWithheldTokensToMintForConfidentialTransferFee",
      "initializeConfidentialMintBurn",
      "initializeConfidentialTransferFee",
      "initializeConfidentialTransferMint",
      "permissionedConfidentialBurn",
      "rotateSupplyElgamalPubkey",
      "updateConfidentialMintBurnDecryptableSupply",
      "updateConfidentialTransferMint",
      "withdrawWithheldTokensFromAccountsForConfidentialTransferFee",
      "withdrawWithheldTokensFromMintForConfidentialTransferFee",
    ],
    unbuilt: ["getAccountDataSize 21 extensionTypes | 1", "syncNative 17  | 1"],
  },
  {
    address: ASSOCIATED_TOKEN_PROGRAM,
    client: token,
    official: ASSOCIATED_TOKEN_NAMES,
    leftOut: [],
    unbuilt: ["create   | 6", "create   | 7", "create 0  | 7"],
  },
  {
    address: COMPUTE_BUDGET_PROGRAM,
    client: computeBudget,
    official: encodersOf(computeBudget),
    leftOut: [],
    unbuilt: [],
  },
  {
    address: ADDRESS_LOOKUP_TABLE_PROGRAM,
    client: addressLookupTable,
    official: encodersOf(addressLookupTable),
    leftOut: [],
    unbuilt: ["extendLookupTable 2,0,0,0 addresses | 2"],
  },
];

function programAt(address: string): ProgramShape {
  const program = KNOWN_PROGRAMS.get(address);
  if (program === undefined) throw new Error(`${address} is not known`);
  return program;
}

interface Sample {
  readonly values: ReadonlyMap<string, ArgumentValue>;
  /** One for each account, those without a name behind those that have one. */
  readonly keys: readonly string[];
}

function samplesOf(client: Client, shape: InstructionShape): fc.Arbitrary<Sample> {
  const minLength = shape.accounts.length;
  const hasMore = shape.moreAccounts !== undefined && !WITHOUT_SIGNERS.has(shape.name);
  const values = shape.arguments.map((field) =>
    arbitraryValue(field, client).map((value) => [field.name, value] as const),
  );
  return fc.record({
    values: fc.tuple(...values).map((entries) => new Map(entries)),
    keys: fc.uniqueArray(keys, { minLength, maxLength: hasMore ? minLength + 3 : minLength }),
  });
}

/** What the client makes of accounts and values. */
function build(client: Client, name: string, shape: InstructionShape, { values, keys }: Sample): Built {
  const signers = keys.map((key) => createNoopSigner(key as Address));
  const fields = shape.arguments.map((field) => [field.name, asClientInput(field, values.get(field.name) ?? null)]);
  const accounts = shape.accounts.map((account, index) => [
    CLIENT_ACCOUNTS[shape.name]?.[account] ?? account,
    // Of a table that is to be, the client takes the address together with its bump.
    name === "createLookupTable" && account === "address" ? [keys[index], Number(values.get("bump"))] : signers[index],
  ]);
  return call(client, `get${capitalised(name)}Instruction`, {
    ...Object.fromEntries([...fields, ...accounts]),
    ...moreAccounts(shape, signers.slice(shape.accounts.length)),
  }) as Built;
}

function moreAccounts(shape: InstructionShape, signers: readonly NoopSigner[]): object {
  const addresses = signers.map((signer) => signer.address);
  if (shape.moreAccounts === "sources") return { sources: addresses };
  if (shape.moreAccounts === "signers") return { multiSigners: signers, signers: addresses };
  return { multiSigners: signers.slice(0, 1), sources: addresses.slice(1) };
}

describe.each(SCENES)(
  "what the official client builds for $address",
  ({ address, client, official, leftOut, unbuilt }) => {
    const program = programAt(address);
    const clientName = (name: string): string => CLIENT_NAMES[address]?.[name] ?? name;
    const shapes = program.instructions.filter((shape) => !unbuilt.includes(layoutOf(shape)));

    test("is in the table, but for what is left out on purpose, and nothing else is", () => {
      const ours = new Set(program.instructions.map(({ name }) => clientName(name)));
      expect(official.filter((name) => !ours.has(name)).toSorted()).toEqual(leftOut);
      expect([...ours].filter((name) => !official.includes(name))).toEqual([]);
      expect(program.instructions.filter((shape) => unbuilt.includes(layoutOf(shape)))).toHaveLength(unbuilt.length);
    });

    test.each(shapes.map((shape) => [layoutOf(shape), shape] as const))("%s", (_, shape) => {
      const name = clientName(shape.name);
      fc.assert(
        fc.property(samplesOf(client, shape), (sample) => {
          const built = build(client, name, shape, sample);
          const data = Uint8Array.from(built.data);
          const accountCount = sample.keys.length;
          const named = nameInstruction(program, data, accountCount);

          expect(built.accounts?.map((account) => account.address) ?? []).toEqual(sample.keys);
          expect(named?.shape).toBe(shape);
          expect(named?.arguments).toEqual(sample.values);
          expect([...shape.discriminator, ...writeArguments(shape.arguments, sample.values)]).toEqual([...data]);

          const decoded = call(client, `get${capitalised(name)}InstructionDataDecoder`) as {
            decode(data: Uint8Array): object;
          };
          const theirArguments = Object.keys(decoded.decode(data)).filter((key) => !/discriminator$/i.test(key));
          expect(theirArguments).toEqual(shape.arguments.map((argument) => argument.name));

          // Any text is text, with a byte more or less; and no data at all creates an associated account.
          if (shape.arguments.at(-1)?.type === "text") return;
          expect(nameInstruction(program, Uint8Array.from([...data, 0]), accountCount)).toBeUndefined();
          const truncated = nameInstruction(program, data.subarray(0, -1), accountCount);
          expect(truncated?.shape.name).toBe(address === ASSOCIATED_TOKEN_PROGRAM ? "create" : undefined);
        }),
        { numRuns: 30 },
      );
    });
  },
);
