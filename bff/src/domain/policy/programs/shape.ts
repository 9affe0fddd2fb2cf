/**
 * How one value in an instruction's data is written, little-endian. Every type has exactly one spelling per value, so
 * data that decodes re-encodes to the same bytes. `string` has its length in four bytes, `string64` in eight;
 * `sizedBytes` has its length in four, `bytes` is everything that is left; `option<…>` has a tag of one byte, `coption<…>` of four; `zeroable<publicKey>` says "none"
 * with 32 zero bytes. `text` is everything that is left, as UTF-8; `rest<u16>` too, as decimal numbers; `f64` is a
 * decimal number (neither NaN nor -0); `metadataField` is "name", "symbol", "uri" or "key:" and the key.
 */
export type FieldType =
  | "u8"
  | "u16"
  | "u32"
  | "u64"
  | "u128"
  | "i8"
  | "i16"
  | "i32"
  | "i64"
  | "i128"
  | "f64"
  | "bool"
  | "publicKey"
  | "string"
  | "string64"
  | "text"
  | "bytes"
  | "sizedBytes"
  | "option<u8>"
  | "option<u16>"
  | "option<u32>"
  | "option<u64>"
  | "option<u128>"
  | "option<i64>"
  | "option<bool>"
  | "option<string>"
  | "option<publicKey>"
  | "coption<publicKey>"
  | "zeroable<publicKey>"
  | "vec64<publicKey>"
  | "rest<u16>"
  | "metadataField";

export interface ArgumentShape {
  readonly name: string;
  readonly type: FieldType;
}

export interface InstructionShape {
  readonly name: string;
  /** First bytes of the data. */
  readonly discriminator: readonly number[];
  readonly arguments: readonly ArgumentShape[];
  /** Names of the accounts, in order; an instruction with fewer accounts is not this one. */
  readonly accounts: readonly string[];
  /** What further accounts are, where the program takes any (such as the signers of a multisig); absent: none may follow. */
  readonly moreAccounts?: string;
}

export interface ProgramShape {
  readonly address: string;
  readonly name: string;
  readonly instructions: readonly InstructionShape[];
  /** Instructions that only carry others: evaluated as what they carry, and never allowed by their own name. */
  readonly batchDiscriminator?: readonly number[];
}

/** Integers are bigint, keys base58, bytes lower-case hex; null is an option that is not there. */
export type ArgumentValue = bigint | boolean | string | readonly string[] | null;

/** An instruction whose data was read to its last byte. */
export interface NamedInstruction {
  readonly shape: InstructionShape;
  readonly arguments: ReadonlyMap<string, ArgumentValue>;
}
