import { readArguments } from "./read-arguments.ts";
import type { InstructionShape, NamedInstruction, ProgramShape } from "./shape.ts";
import { startsWith } from "./starts-with.ts";

/**
 * What an instruction's bytes say: the shape with the longest discriminator among those whose arguments fill the data
 * and whose accounts are these many; the first of them in the table. Undefined: the program has no such instruction.
 */
export function nameInstruction(
  program: ProgramShape,
  data: Uint8Array,
  accountCount: number,
): NamedInstruction | undefined {
  let named: NamedInstruction | undefined;
  for (const shape of program.instructions) {
    const { discriminator } = shape;
    if (named !== undefined && discriminator.length <= named.shape.discriminator.length) continue;
    if (!startsWith(data, discriminator) || !takesAccounts(shape, accountCount)) continue;
    const values = readArguments(shape.arguments, data.subarray(discriminator.length));
    if (values !== undefined) named = { shape, arguments: values };
  }
  return named;
}

function takesAccounts({ accounts, moreAccounts }: InstructionShape, count: number): boolean {
  return moreAccounts === undefined ? count === accounts.length : count >= accounts.length;
}
