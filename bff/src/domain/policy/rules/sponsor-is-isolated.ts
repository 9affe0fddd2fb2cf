import { refuse } from "../../refusal.ts";
import type { Rule } from "../rule.ts";

/** The sponsor pays and does nothing else: no instruction may name it, nor any other key of the pool, in any role. */
export const sponsorIsIsolated: Rule = ({ transaction, sponsorPool }) => {
  const pool = new Set(sponsorPool.map(({ address }) => address));
  const instruction = transaction.instructions.findIndex(({ programIndex, accountIndexes }) =>
    [programIndex, ...accountIndexes].some((index) => index === 0 || pool.has(transaction.accounts[index] ?? "")),
  );
  const isListedAgain = transaction.accounts.slice(1).some((address) => pool.has(address));
  return instruction < 0 && !isListedAgain
    ? undefined
    : refuse("policy.fee_payer_misused", "The sponsor pays the network fee and may not appear in an instruction.", {
        ...(instruction >= 0 && { instruction }),
      });
};
