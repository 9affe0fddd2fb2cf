import { KNOWN_PROGRAMS } from "../../src/domain/policy/programs/known-programs.ts";
import type { ArgumentValue, InstructionShape } from "../../src/domain/policy/programs/shape.ts";
import { sampleData } from "../matrix/known-calls.ts";
import type { PlainInstruction, Role } from "../support/assemble.ts";

/** Roles of programs and sysvars: what nobody writes to. */
const READ_ONLY = /program|rent|sysvar/i;

export interface KnownCall {
  readonly program: string;
  readonly instruction: string;
  readonly accounts: readonly string[];
  readonly values?: Readonly<Record<string, ArgumentValue>>;
  /** Whose signature there is: they sign wherever they stand. */
  readonly signers: ReadonlySet<string>;
}

/** The layout of an instruction that takes so many accounts. */
function shapeOf(program: string, instruction: string, accountCount: number): InstructionShape {
  const shape = KNOWN_PROGRAMS.get(program)?.instructions.find(
    ({ name, accounts, moreAccounts }) =>
      name === instruction &&
      (moreAccounts === undefined ? accounts.length === accountCount : accounts.length <= accountCount),
  );
  if (!shape) throw new Error(`${program} has no ${instruction} of ${accountCount} accounts`);
  return shape;
}

/** An instruction by the names of the tables, with accounts that may be written and sign where they can. */
export function instructionOf({ program, instruction, accounts, values, signers }: KnownCall): PlainInstruction {
  const shape = shapeOf(program, instruction, accounts.length);
  return {
    program,
    accounts: accounts.map(
      (address, index) => [address, roleOf(address, shape.accounts[index] ?? "", signers)] as const,
    ),
    data: sampleData(shape, values),
  };
}

export function roleOf(address: string, name: string, signers: ReadonlySet<string>): Role {
  if (READ_ONLY.test(name)) return "r";
  return signers.has(address) ? "ws" : "w";
}
