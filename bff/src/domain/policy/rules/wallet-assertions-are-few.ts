import { refuse } from "../../refusal.ts";
import { LIGHTHOUSE_PROGRAM } from "../programs/known-programs.ts";
import { fail, type Rule } from "../rule.ts";

/** Wallets add one or two assertions of their own; more of them only burn compute units. */
const MAX_ASSERTIONS = 2;

export const walletAssertionsAreFew: Rule = {
  name: "wallet-assertions-are-few",
  check: ({ calls }) => {
    const assertions = calls.filter(({ program }) => program === LIGHTHOUSE_PROGRAM);
    if (assertions.length === 0) return [];
    const seen = { observed: assertions.length.toString(), limit: MAX_ASSERTIONS.toString() };
    const excess = assertions[MAX_ASSERTIONS];
    if (!excess) return [{ verdict: "pass", ...seen }];
    const { instruction } = excess;
    return [
      fail(
        refuse("policy.instruction_not_allowed", "The transaction has more assertions than wallets add.", {
          instruction,
          program: LIGHTHOUSE_PROGRAM,
        }),
        "Leave at most two Lighthouse assertions in the transaction.",
        { instruction, ...seen },
      ),
    ];
  },
};
