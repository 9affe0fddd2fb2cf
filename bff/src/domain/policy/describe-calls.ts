import type { DescribedInstruction } from "../chain-transaction.ts";
import type { Call } from "./call.ts";
import { sayValue } from "./predicate.ts";
import type { ArgumentValue } from "./programs/shape.ts";

/** Where an account is in a table that nobody has resolved. */
const IN_TABLE = "in a lookup table";

function sayArgument(value: ArgumentValue): string | boolean | null {
  const said = sayValue(value);
  return typeof said === "object" && said !== null ? said.join(", ") : said;
}

/** A transaction's calls in the words of policies. */
export const describeCalls = (calls: readonly Call[]): readonly DescribedInstruction[] =>
  calls.map(({ instruction: position, program, shape, named, accounts }) => ({
    position,
    program,
    programName: shape?.name ?? null,
    instruction: named?.shape.name ?? null,
    arguments: Object.fromEntries(
      [...(named?.arguments ?? [])].map(([name, value]) => [name, sayArgument(value)] as const),
    ),
    accounts: accounts.map((address = IN_TABLE, position) => ({
      role: named?.shape.accounts[position] ?? named?.shape.moreAccounts ?? null,
      address,
    })),
  }));
