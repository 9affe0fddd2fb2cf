import { refuse } from "../../refusal.ts";
import type { Call } from "../call.ts";
import { fail, type Finding, type Rule, type RuleInput } from "../rule.ts";
import { sponsorRoleAt, switchOf } from "../sponsor-roles.ts";

function misuse(hint: string, instruction?: number): Finding {
  const at = instruction === undefined ? {} : { instruction };
  return fail(
    refuse("policy.fee_payer_misused", "The sponsor pays the network fee and may not appear in an instruction.", at),
    hint,
    at,
  );
}

/** True when the fee payer stands where the policy lets it stand. Other keys of the pool stand nowhere. */
function isAllowedRole({ transaction, policy }: RuleInput, call: Call, position: number): boolean {
  if (call.accounts[position] !== transaction.accounts[0]) return false;
  const role = sponsorRoleAt(call, position);
  return role !== undefined && policy.sponsorRoles.has(switchOf(role));
}

function hintFor(call: Call, position: number): string {
  const role = sponsorRoleAt(call, position);
  return role
    ? `Let the wallet take this place, or turn on {"program": "${role.program}", "role": "${role.role}"} in \`sponsorRoles\` of the policy.`
    : "Take the sponsor out of the instruction: no policy can allow it there.";
}

/** The sponsor pays and does nothing else, but for roles that a policy turns on; no other key of the pool is anywhere. */
export const sponsorIsIsolated: Rule = {
  name: "sponsor-is-isolated",
  check: (input) => {
    const { transaction, calls } = input;
    const pool = new Set(input.sponsorPool.map(({ address }) => address)).add(transaction.accounts[0] ?? "");
    const findings = calls.flatMap((call) => {
      if (pool.has(call.program)) return [misuse("A sponsor is no program.", call.instruction)];
      const position = call.accounts.findIndex(
        (account, index) => account !== undefined && pool.has(account) && !isAllowedRole(input, call, index),
      );
      return position < 0 ? [] : [misuse(hintFor(call, position), call.instruction)];
    });
    const isListedAgain = transaction.accounts.slice(1).some((address) => pool.has(address));
    return isListedAgain
      ? [...findings, misuse("Take the other sponsor out of the transaction's accounts.")]
      : findings;
  },
};
