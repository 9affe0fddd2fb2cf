import { type Refusal, refuse } from "../../refusal.ts";
import type { DecodedInstruction } from "../decoded-transaction.ts";
import { KNOWN_PROGRAMS, shapeOf } from "../programs.ts";
import type { Rule, RuleInput } from "../rule.ts";

function refuseInstruction(input: RuleInput, instruction: DecodedInstruction, index: number): Refusal | undefined {
  const { transaction, policy, sessionAddress } = input;
  const program = transaction.accounts[instruction.programIndex] ?? "";
  const entries = policy.allow.filter((entry) => entry.program === program);
  const known = KNOWN_PROGRAMS.get(program);
  const at = { instruction: index, program };
  if (entries.length === 0 || known === undefined) {
    return refuse("policy.program_not_allowed", `This project does not sponsor the program ${program}.`, at);
  }
  const shape = shapeOf(known, instruction.data);
  if (shape === undefined || instruction.accountIndexes.length < (shape.roles?.length ?? 0)) {
    return refuse("policy.instruction_unknown", `An instruction of ${known.name} could not be recognised.`, at);
  }
  const named = { ...at, name: shape.name };
  const allowed = entries.filter((entry) => entry.instruction === shape.name);
  if (allowed.length === 0) {
    return refuse(
      "policy.instruction_not_allowed",
      `This project does not sponsor ${known.name} ${shape.name}.`,
      named,
    );
  }
  const isWithin = allowed.some((entry) =>
    (entry.sessionWalletIs ?? []).every((role) => {
      const position = shape.roles?.indexOf(role) ?? -1;
      const accountIndex = position < 0 ? undefined : instruction.accountIndexes[position];
      return accountIndex !== undefined && transaction.accounts[accountIndex] === sessionAddress;
    }),
  );
  if (isWithin) return undefined;
  const roles = allowed.flatMap((entry) => entry.sessionWalletIs ?? []).join(" or ");
  return refuse(
    "policy.argument_not_allowed",
    `${known.name} ${shape.name} is sponsored only where the signed-in wallet is its ${roles}.`,
    named,
  );
}

export const instructionsAreAllowed: Rule = (input) => {
  for (const [index, instruction] of input.transaction.instructions.entries()) {
    const refusal = refuseInstruction(input, instruction, index);
    if (refusal) return refusal;
  }
  return undefined;
};
