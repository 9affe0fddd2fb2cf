import type { PolicyCatalogue } from "../../contract/manage/policies.ts";
import { KNOWN_PROGRAMS } from "./programs/known-programs.ts";
import type { InstructionShape, ProgramShape } from "./programs/shape.ts";
import { SPONSOR_ROLES } from "./sponsor-roles.ts";
import { SOLANA_TEMPLATES } from "./templates.ts";

type Program = PolicyCatalogue["programs"][number];
type Instruction = Program["instructions"][number];

const rolesIn = (program: string, instruction: string): string[] =>
  SPONSOR_ROLES.flatMap((role) =>
    role.program === program && role.instructions.includes(instruction) ? [role.role] : [],
  );

/** One instruction, with what any of its layouts has: a policy names it once for all of them. */
function mergeLayouts(program: string, name: string, layouts: readonly InstructionShape[]): Instruction {
  const types = new Map(
    layouts.flatMap((layout) => layout.arguments.map((argument) => [argument.name, argument.type])),
  );
  return {
    name,
    arguments: [...types].map(([argument, type]) => ({ name: argument, type })),
    accounts: [...new Set(layouts.flatMap(({ accounts }) => accounts))],
    sponsorRoles: [...new Set(rolesIn(program, name))],
  };
}

function listProgram({ address, name, instructions }: ProgramShape): Program {
  const byName = Map.groupBy(instructions, (instruction) => instruction.name);
  return {
    address,
    name,
    instructions: [...byName].map(([instruction, layouts]) => mergeLayouts(address, instruction, layouts)),
  };
}

/** What the editor of Solana policies can offer. */
export const SOLANA_CATALOGUE: PolicyCatalogue = {
  programs: [...KNOWN_PROGRAMS.values()].map(listProgram),
  templates: [...SOLANA_TEMPLATES],
};
