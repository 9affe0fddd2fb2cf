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
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
} from "@solana/kit";

/** The 32 bytes of a stand-in address: no key belongs to it. */
export const keyOf = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
export const addressOf = (fill: number): Address => base58.encode(keyOf(fill)) as Address;

/** Unsigned wire bytes, as `@solana/kit` makes them. */
export function compileWire(
  feePayer: Address,
  instructions: readonly Instruction[],
  version: "legacy" | 0,
): Uint8Array {
  const lifetime = { blockhash: addressOf(9) as string as Blockhash, lastValidBlockHeight: 1n };
  const compiled = compileTransaction(
    pipe(
      createTransactionMessage({ version }),
      (message) => setTransactionMessageFeePayer(feePayer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
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
    ...keyOf(9),
    ...instructionCount,
    ...instructions.flat(),
    ...tail,
  ]);
}
