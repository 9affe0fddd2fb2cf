import type { AllowedInstruction } from "../../../contract/policy.ts";
import type { ErrorCode } from "../../../contract/error-code.ts";
import { refuse } from "../../refusal.ts";
import { type Call, sayInstruction } from "../call.ts";
import { allowedKey } from "../compile.ts";
import { mismatchOf, sayValue } from "../predicate.ts";
import { LIGHTHOUSE_PROGRAM } from "../programs/known-programs.ts";
import type { NamedInstruction } from "../programs/shape.ts";
import { fail, type Finding, type Rule, type RuleInput } from "../rule.ts";

/** What one entry of the allowlist has against a call: put into words only when it is the answer, as 200 may be asked. */
type Objection = () => Pick<Finding, "observed" | "limit"> & {
  readonly code: "policy.argument_not_allowed" | "policy.value_exceeded";
  readonly detail: string;
};

function objectToAccounts(
  entry: AllowedInstruction,
  call: Call,
  named: NamedInstruction,
  wallet: string,
): Objection | undefined {
  const accountIn = (role: string): string | undefined | null => {
    const position = named.shape.accounts.indexOf(role);
    return position < 0 ? null : call.accounts[position];
  };
  for (const role of entry.sessionWalletIs ?? []) {
    const account = accountIn(role);
    // Undefined: in a lookup table that is not resolved yet; it is asked again when it is.
    if (account === undefined || account === wallet) continue;
    return () => ({
      code: "policy.argument_not_allowed",
      detail: `is sponsored only where the signed-in wallet is its ${role}.`,
      ...(account !== null && { observed: account }),
      limit: wallet,
    });
  }
  const { accounts = {} } = entry;
  for (const role of Object.keys(accounts)) {
    const account = accountIn(role);
    const predicate = accounts[role];
    if (account === undefined || (account !== null && predicate && !mismatchOf(predicate, account))) continue;
    return () => ({
      code: "policy.argument_not_allowed",
      detail: `is not sponsored with this ${role}.`,
      ...(account !== null && { observed: account }),
      limit: JSON.stringify(predicate),
    });
  }
  return undefined;
}

function objectToArguments(entry: AllowedInstruction, named: NamedInstruction): Objection | undefined {
  const { arguments: predicates = {} } = entry;
  for (const name of Object.keys(predicates)) {
    const predicate = predicates[name];
    const value = named.arguments.get(name);
    const isComparable = value !== undefined && predicate !== undefined;
    const mismatch = isComparable ? mismatchOf(predicate, value) : { kind: "different" as const };
    if (!mismatch) continue;
    const isExceeded = mismatch.kind === "exceeded";
    return () => ({
      code: isExceeded ? "policy.value_exceeded" : "policy.argument_not_allowed",
      detail: isExceeded
        ? `is sponsored only within the bounds of its ${name}.`
        : `is not sponsored with this ${name}.`,
      ...(value !== undefined && { observed: String(sayValue(value)) }),
      limit: isExceeded ? mismatch.limit : JSON.stringify(predicate),
    });
  }
  return undefined;
}

/** An unlisted program may run where the policy says so and no sponsor key takes part, not even in a role. */
function mayRunUnlisted({ policy, sponsorPool, transaction }: RuleInput, call: Call): boolean {
  if (call.program === LIGHTHOUSE_PROGRAM && policy.document.walletAssertions === true) return call.named !== undefined;
  if (policy.document.unlistedPrograms !== true || policy.listed.has(call.program)) return false;
  const pool = new Set(sponsorPool.map(({ address }) => address)).add(transaction.accounts[0] ?? "");
  return !call.accounts.some((account) => account !== undefined && pool.has(account));
}

function checkCall(input: RuleInput, call: Call): Finding {
  const { policy, sessionAddress } = input;
  const { instruction, program, shape, named } = call;
  const failing = (
    code: ErrorCode,
    detail: string,
    hint: string,
    more: Pick<Finding, "observed" | "limit"> = {},
  ): Finding => {
    const context = { instruction, program, ...(named && { name: named.shape.name }), ...more };
    return fail(refuse(code, detail, context), hint, { instruction, ...more });
  };
  if (mayRunUnlisted(input, call)) return { verdict: "pass", instruction };
  if (!policy.listed.has(program) || !shape) {
    return failing(
      "policy.program_not_allowed",
      `This project does not sponsor the program ${program}.`,
      shape
        ? `Add the instruction of ${shape.name} to \`allow\` of the policy.`
        : "Describe the program in `programs` of the policy and its instructions in `allow`, or turn on `unlistedPrograms`.",
    );
  }
  if (!named) {
    return failing(
      "policy.instruction_unknown",
      `An instruction of ${shape.name} could not be recognised.`,
      "Its first bytes, the length of its data or the number of its accounts fit no instruction of the program.",
    );
  }
  const what = sayInstruction(shape.name, named.shape.name);
  let first: Objection | undefined;
  for (const entry of policy.allowed.get(allowedKey(program, named.shape.name)) ?? []) {
    const objection = objectToAccounts(entry, call, named, sessionAddress) ?? objectToArguments(entry, named);
    if (!objection) return { verdict: "pass", instruction };
    first ??= objection;
  }
  // Nothing objects where no entry is about it: that allows nothing.
  if (!first) {
    return failing(
      "policy.instruction_not_allowed",
      `This project does not sponsor ${what}.`,
      `Add {"program": "${program}", "instruction": "${named.shape.name}"} to \`allow\` of the policy.`,
    );
  }
  const { code, detail, ...more } = first();
  return failing(
    code,
    `${what} ${detail}`,
    "Change the transaction, or widen the entry in `allow` of the policy.",
    more,
  );
}

/** Deny by default: every call is one that the policy allows, with the accounts and arguments that it allows. */
export const instructionsAreAllowed: Rule = {
  name: "instructions-are-allowed",
  check: (input) => input.calls.map((call) => checkCall(input, call)),
};
