import type { DecodedTransaction } from "./decoded-transaction.ts";
import { nameInstruction } from "./programs/name-instruction.ts";
import type { NamedInstruction, ProgramShape } from "./programs/shape.ts";
import { unpackBatch } from "./programs/unpack-batch.ts";

/** One thing that a program is told to do; a batch is as many calls as it carries. */
export interface Call {
  /** Of the top-level instruction. */
  readonly instruction: number;
  readonly program: string;
  /** Undefined where the account is in a lookup table that is not resolved yet. */
  readonly accounts: readonly (string | undefined)[];
  readonly data: Uint8Array;
  /** Undefined when no table knows the program. */
  readonly shape: ProgramShape | undefined;
  /** Undefined when the program has no such instruction. */
  readonly named: NamedInstruction | undefined;
}

/** Every call of a transaction, in order. Total: what cannot be told stays unnamed, and is then refused. */
export function readCalls(
  transaction: DecodedTransaction,
  programs: ReadonlyMap<string, ProgramShape>,
): readonly Call[] {
  const { accounts } = transaction;
  return transaction.instructions.flatMap(({ programIndex, accountIndexes, data }, instruction) => {
    const program = accounts[programIndex] ?? "";
    const shape = programs.get(program);
    const call = (bytes: Uint8Array, indexes: readonly number[]): Call => ({
      instruction,
      program,
      accounts: indexes.map((index) => accounts[index]),
      data: bytes,
      shape,
      named: shape && nameInstruction(shape, bytes, indexes.length),
    });
    const inner = shape && unpackBatch(shape, data, accountIndexes);
    return inner ? inner.map((part) => call(part.data, part.accountIndexes)) : [call(data, accountIndexes)];
  });
}

/** How people call an instruction: `System transfer`, and `Memo` alone where it is called as its program is. */
export function sayInstruction(program: string, instruction: string): string {
  return program.toLowerCase() === instruction.toLowerCase() ? program : `${program} ${instruction}`;
}

/** The account in a role of a call; undefined when there is no such role, or it is not resolved yet. */
export function accountOf({ named, accounts }: Call, role: string): string | undefined {
  const position = named?.shape.accounts.indexOf(role) ?? -1;
  return position < 0 ? undefined : accounts[position];
}

/** Public keys that are only in the data: new authorities, nonce authorities, hook programs. */
export function keysInData(calls: readonly Call[]): readonly string[] {
  return calls.flatMap(({ named }) =>
    (named?.shape.arguments ?? []).flatMap(({ name, type }) => {
      const value = type.includes("publicKey") ? named?.arguments.get(name) : undefined;
      return typeof value === "string" ? [value] : Array.isArray(value) ? (value as readonly string[]) : [];
    }),
  );
}
