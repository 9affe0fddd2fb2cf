import { base58 } from "@scure/base";
import {
  type Address,
  appendTransactionMessageInstructions,
  type Blockhash,
  compileTransaction,
  createTransactionMessage,
  getTransactionEncoder,
  type Instruction,
  pipe,
  setTransactionMessageConfig,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  type V1TransactionConfig,
} from "@solana/kit";

/** The 32 bytes of a stand-in address: no key belongs to it. */
export const keyOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
export const addressOf = (fill: number): Address => base58.encode(keyOf(fill)) as Address;

const LIFETIME = { blockhash: addressOf(9) as string as Blockhash, lastValidBlockHeight: 1n };

/** Unsigned wire bytes, as `@solana/kit` makes them. */
export function compileWire(
  feePayer: Address,
  instructions: readonly Instruction[],
  version: "legacy" | 0,
): Uint8Array {
  const compiled = compileTransaction(
    pipe(
      createTransactionMessage({ version }),
      (message) => setTransactionMessageFeePayer(feePayer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(LIFETIME, message),
      (message) => appendTransactionMessageInstructions(instructions, message),
    ),
  );
  return new Uint8Array(getTransactionEncoder().encode(compiled));
}

/** The same of version 1, which has its compute budget in a config of its own. */
export function compileWireV1(
  feePayer: Address,
  instructions: readonly Instruction[],
  config: V1TransactionConfig,
): Uint8Array {
  const compiled = compileTransaction(
    pipe(
      createTransactionMessage({ version: 1 }),
      (message) => setTransactionMessageConfig(config, message),
      (message) => setTransactionMessageFeePayer(feePayer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(LIFETIME, message),
      (message) => appendTransactionMessageInstructions(instructions, message),
    ),
  );
  return new Uint8Array(getTransactionEncoder().encode(compiled));
}

export interface WireParts {
  /** Counts and prefixes are bytes, so that a test can write them in forms that no encoder would. */
  readonly signatureCount?: readonly number[];
  readonly signatures?: number;
  readonly version?: readonly number[];
  readonly header?: readonly [number, number, number];
  readonly accountCount?: readonly number[];
  readonly accounts?: readonly Uint8Array[];
  readonly blockhash?: Uint8Array;
  readonly instructionCount?: readonly number[];
  readonly instructions?: readonly (readonly number[])[];
  /** Everything behind the instructions: of version 0, the lookup tables. */
  readonly tail?: readonly number[];
}

/** A message of a fee payer, a user and a program, each part of which can be written wrong. */
export function composeWire(parts: WireParts = {}): Uint8Array {
  const {
    signatures = 2,
    signatureCount = [signatures],
    version = [],
    header = [2, 0, 1],
    accounts = [keyOf(1), keyOf(2), keyOf(3)],
    accountCount = [accounts.length],
    blockhash = keyOf(9),
    instructions = [[2, 1, 1, 1, 7]],
    instructionCount = [instructions.length],
    tail = version.length === 0 ? [] : [0],
  } = parts;
  return Uint8Array.from([
    ...signatureCount,
    ...Array.from({ length: signatures * 64 }, () => 0),
    ...version,
    ...header,
    ...accountCount,
    ...accounts.flatMap((account) => [...account]),
    ...blockhash,
    ...instructionCount,
    ...instructions.flat(),
    ...tail,
  ]);
}

export interface WirePartsV1 {
  readonly version?: number;
  readonly header?: readonly [number, number, number];
  /** Which values the config has; here as four bytes, little-endian. */
  readonly mask?: readonly [number, number, number, number];
  readonly config?: readonly number[];
  readonly accounts?: readonly Uint8Array[];
  readonly accountCount?: number;
  readonly instructionCount?: number;
  /** Program, number of accounts, length of data in two bytes. */
  readonly heads?: readonly (readonly [number, number, number, number])[];
  /** Accounts and data of all instructions, one behind the other. */
  readonly payload?: readonly number[];
  readonly signatures?: number;
  readonly tail?: readonly number[];
}

/** The same three in a message of version 1, each part of which can be written wrong. Source: SIMD-0385. */
export function composeWireV1(parts: WirePartsV1 = {}): Uint8Array {
  const {
    version = 0x81,
    header = [2, 0, 1],
    mask = [0, 0, 0, 0],
    config = [],
    accounts = [keyOf(1), keyOf(2), keyOf(3)],
    accountCount = accounts.length,
    heads = [[2, 1, 1, 0]],
    instructionCount = heads.length,
    payload = [1, 7],
    signatures = 2,
    tail = [],
  } = parts;
  return Uint8Array.from([
    version,
    ...header,
    ...mask,
    ...keyOf(9),
    instructionCount,
    accountCount,
    ...accounts.flatMap((account) => [...account]),
    ...config,
    ...heads.flat(),
    ...payload,
    ...Array.from({ length: signatures * 64 }, () => 0),
    ...tail,
  ]);
}
