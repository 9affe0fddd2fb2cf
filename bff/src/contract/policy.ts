import * as z from "zod";
import { Amount } from "./values.ts";

const Address = z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/, "must be a base58 address");
const Name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "must be a name of letters, digits and _");
const Value = z.union([z.string().max(2_000), z.boolean(), z.null()]);
const Whole = z.string().regex(/^-?[0-9]{1,39}$/, "must be a whole number as a decimal string");

/** Predicates may be nested this deep; deeper ones are not read. */
const MAX_DEPTH = 3;

/**
 * What a value must be. Every operator that is given must hold. Integers are decimal strings, keys base58, bytes
 * lower-case hex; null is an optional value that is not there. `lt`, `lte`, `gt`, `gte` hold for integers only,
 * `startsWith` for text, bytes and keys.
 */
export interface Predicate {
  readonly eq?: string | boolean | null | undefined;
  readonly in?: readonly (string | boolean | null)[] | undefined;
  readonly lt?: string | undefined;
  readonly lte?: string | undefined;
  readonly gt?: string | undefined;
  readonly gte?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly all?: readonly Predicate[] | undefined;
  readonly any?: readonly Predicate[] | undefined;
  readonly not?: Predicate | undefined;
}

function predicateOf(depth: number): z.ZodType<Predicate> {
  const leaf = {
    eq: Value.optional(),
    in: z.array(Value).min(1).max(200).optional(),
    lt: Whole.optional(),
    lte: Whole.optional(),
    gt: Whole.optional(),
    gte: Whole.optional(),
    startsWith: z.string().min(1).max(2_000).optional(),
  };
  const inner = depth > 0 ? predicateOf(depth - 1) : undefined;
  const nested = inner && {
    all: z.array(inner).min(1).max(20).optional(),
    any: z.array(inner).min(1).max(20).optional(),
    not: inner.optional(),
  };
  return z
    .strictObject({ ...leaf, ...nested })
    .refine(
      (predicate) => Object.keys(predicate).length > 0,
      "must name at least one operator",
    ) as z.ZodType<Predicate>;
}

export const Predicate = predicateOf(MAX_DEPTH).meta({
  id: "Predicate",
  description: "What a value must be; every operator that is given must hold",
});

export const AllowedInstruction = z
  .strictObject({
    program: Address,
    instruction: Name,
    /** Names of account roles that must be the wallet of the session. */
    sessionWalletIs: z.array(Name).max(8).optional(),
    /** What the accounts in these roles must be. */
    accounts: z.record(Name, Predicate).optional(),
    /** What these arguments must be. */
    arguments: z.record(Name, Predicate).optional(),
  })
  .meta({ id: "AllowedInstruction" });
export type AllowedInstruction = z.infer<typeof AllowedInstruction>;

/**
 * How a value in an instruction's data is written, little-endian. `string` has its length in four bytes, `string64` in
 * eight, `sizedBytes` in four; `bytes` is everything that is left; `option<…>` has a tag of one byte.
 */
const FieldType = z.enum([
  "u8",
  "u16",
  "u32",
  "u64",
  "u128",
  "i8",
  "i16",
  "i32",
  "i64",
  "i128",
  "bool",
  "publicKey",
  "string",
  "string64",
  "bytes",
  "sizedBytes",
  "option<u8>",
  "option<u16>",
  "option<u32>",
  "option<u64>",
  "option<u128>",
  "option<i64>",
  "option<bool>",
  "option<string>",
  "option<publicKey>",
]);

/** A program of the integrator's own: how its instructions are told apart and read. */
const OwnProgram = z.strictObject({
  address: Address,
  name: z.string().min(1).max(64),
  instructions: z
    .array(
      z.strictObject({
        name: Name,
        discriminator: z.string().regex(/^(?:[0-9a-f]{2}){1,32}$/, "must be 1 to 32 bytes in lower-case hex"),
        arguments: z.array(z.strictObject({ name: Name, type: FieldType })).max(32),
        accounts: z.array(Name).max(64),
        /** Further accounts may follow. */
        moreAccounts: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(100),
});

/** What a project sponsors on a Solana network. Everything that is not allowed here is refused. */
export const SolanaPolicy = z
  .strictObject({
    allow: z.array(AllowedInstruction).max(200),
    programs: z.array(OwnProgram).max(50).optional(),
    /** Places in which the sponsor may stand: off by default, one switch per program and role. */
    sponsorRoles: z
      .array(z.strictObject({ program: Address, role: Name }))
      .max(20)
      .optional(),
    /** Programs that are not listed may run where no sponsor key is among their accounts. */
    unlistedPrograms: z.boolean().optional(),
    /** Up to two assertions of Lighthouse, which wallets add by themselves. */
    walletAssertions: z.boolean().optional(),
    /** True: any table; else only these. */
    lookupTables: z.union([z.boolean(), z.array(Address).max(50)]).optional(),
    maxSignatures: z.int().min(1).max(12),
    maxFee: Amount,
    maxComputeUnits: z.int().min(0).max(1_400_000),
    maxComputeUnitPrice: Amount.meta({ description: "Micro-lamports per compute unit" }),
    /** Lamports of rent that one transaction may take from the sponsor. Absent: none. */
    maxRent: Amount.optional(),
  })
  .meta({ id: "SolanaPolicy" });
export type SolanaPolicy = z.infer<typeof SolanaPolicy>;
