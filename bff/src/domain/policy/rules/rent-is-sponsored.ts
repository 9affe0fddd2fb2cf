import { refuse } from "../../refusal.ts";
import { fail, type Rule } from "../rule.ts";

/** Rent is a switch of its own: accounts can be made and closed again for the deposit. */
export const rentIsSponsored: Rule = {
  name: "rent-is-sponsored",
  check: ({ cost, policy }) => {
    if (cost.rent === 0n) return [];
    const seen = { observed: cost.rent.toString(), limit: policy.maxRent.toString() };
    if (cost.rent <= policy.maxRent) return [{ verdict: "pass", ...seen }];
    const isOff = policy.document.maxRent === undefined;
    const detail = isOff
      ? "This project does not pay the rent of new accounts."
      : `The rent is ${seen.observed} lamports at worst; this project pays at most ${seen.limit} a transaction.`;
    return [
      fail(
        refuse("policy.rent_not_sponsored", detail, seen),
        "Let the wallet pay the rent, or set `maxRent` of the policy and a budget of rent.",
        seen,
      ),
    ];
  },
};
