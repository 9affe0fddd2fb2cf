import type { ProgramShape } from "./shape.ts";
import { startsWith } from "./starts-with.ts";

export interface BatchedInstruction {
  readonly data: Uint8Array;
  readonly accountIndexes: readonly number[];
}

/**
 * The instructions that a batch carries, in order. Undefined when this is no batch of the program, or one that is cut
 * off, empty or nested, or whose instructions do not take exactly its accounts.
 *
 * Layout: discriminator, then per instruction the number of its accounts, the length of its data (a byte each) and its
 * data; its accounts are the next ones of the batch. Source: SPL Token (p-token), `@solana-program/token` 0.16.1.
 */
export function unpackBatch(
  program: ProgramShape,
  data: Uint8Array,
  accountIndexes: readonly number[],
): readonly BatchedInstruction[] | undefined {
  const discriminator = program.batchDiscriminator;
  if (discriminator === undefined || !startsWith(data, discriminator)) return undefined;
  const unpacked: BatchedInstruction[] = [];
  let offset = discriminator.length;
  let accountsTaken = 0;
  while (offset < data.length) {
    const [accountCount = 0, length] = data.subarray(offset, offset + 2);
    if (length === undefined || offset + 2 + length > data.length) return undefined;
    const carried = data.subarray(offset + 2, offset + 2 + length);
    if (startsWith(carried, discriminator)) return undefined;
    unpacked.push({
      data: carried,
      accountIndexes: accountIndexes.slice(accountsTaken, accountsTaken + accountCount),
    });
    offset += 2 + length;
    accountsTaken += accountCount;
  }
  return unpacked.length > 0 && accountsTaken === accountIndexes.length ? unpacked : undefined;
}
