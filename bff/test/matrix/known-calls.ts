import { base58 } from "@scure/base";
import { KNOWN_PROGRAMS, SYSTEM_PROGRAM, TOKEN_PROGRAM } from "../../src/domain/policy/programs/known-programs.ts";
import type {
  ArgumentValue,
  FieldType,
  InstructionShape,
  ProgramShape,
} from "../../src/domain/policy/programs/shape.ts";
import { writeArguments } from "../../src/domain/policy/programs/write-arguments.test-support.ts";

/** An address of nobody, another one for each number. */
export const fillerKey = (number: number): string =>
  base58.encode(
    Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 7 : (number >> (8 * (index % 4))) & 0xff)),
  );

const SAMPLE_KEY = fillerKey(0xab_cdef);

const SAMPLES: Readonly<Record<FieldType, ArgumentValue>> = {
  u8: 1n,
  u16: 2n,
  u32: 3n,
  u64: 1_000n,
  u128: 5n,
  i8: 1n,
  i16: 2n,
  i32: 3n,
  i64: 4n,
  i128: 5n,
  f64: "1.5",
  bool: true,
  publicKey: SAMPLE_KEY,
  string: "name",
  string64: "seed",
  text: "1.5",
  bytes: "0102",
  sizedBytes: "0304",
  "option<u8>": 1n,
  "option<u16>": 2n,
  "option<u32>": 3n,
  "option<u64>": 2n,
  "option<u128>": 5n,
  "option<i64>": 4n,
  "option<bool>": true,
  "option<string>": "name",
  "option<publicKey>": SAMPLE_KEY,
  "coption<publicKey>": SAMPLE_KEY,
  "zeroable<publicKey>": SAMPLE_KEY,
  "vec64<publicKey>": [SAMPLE_KEY, fillerKey(0xab_cdee)],
  "rest<u16>": ["1", "7"],
  metadataField: "uri",
};

/** Data that says this instruction, with an ordinary value for each argument. */
export function sampleData(
  { discriminator, arguments: fields }: InstructionShape,
  values: Readonly<Record<string, ArgumentValue>> = {},
): readonly number[] {
  const all = fields.map(({ name, type }) => [name, values[name] ?? SAMPLES[type]] as const);
  return [...discriminator, ...writeArguments(fields, new Map(all))];
}

/** Accounts that suit the instruction: programs where it names programs, strangers everywhere else. */
export function sampleAccounts({ accounts, moreAccounts }: InstructionShape): readonly string[] {
  const named = accounts.map((role, index) => {
    if (role === "systemProgram") return SYSTEM_PROGRAM;
    return role === "tokenProgram" ? TOKEN_PROGRAM : fillerKey(index + 1);
  });
  return moreAccounts === undefined ? named : [...named, fillerKey(accounts.length + 1)];
}

export interface KnownInstruction {
  readonly program: ProgramShape;
  readonly shape: InstructionShape;
}

/** Every line of every table. */
export const KNOWN_INSTRUCTIONS: readonly KnownInstruction[] = [...KNOWN_PROGRAMS.values()].flatMap((program) =>
  program.instructions.map((shape) => ({ program, shape })),
);

/** What a failing cell is called. */
export function nameOf({ program, shape }: KnownInstruction): string {
  return `${program.name} ${program.address.slice(0, 6)} ${shape.name} (${shape.accounts.length} accounts)`;
}
