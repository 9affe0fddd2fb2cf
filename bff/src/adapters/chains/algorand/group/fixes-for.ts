import type { AlgorandPolicy } from "../../../../contract/algorand-policy.ts";
import type { PolicyChange } from "../../../../domain/chain-transaction.ts";
import { type Amendment, type Fixer, proposeFor, together } from "../../../../domain/policy/amendment.ts";
import { compileAlgorandPolicy } from "../policy/compile.ts";
import { allowTransaction } from "./allow-transaction.ts";
import { GROUP_FORM_RULES, GROUP_POLICY_RULES } from "./evaluate.ts";
import { MINIMUM_BALANCE } from "./granted-items.ts";
import { type GroupInput, type GroupRule, userEntries } from "./group-input.ts";
import { optInsOf } from "./opt-ins.ts";
import { fundingIsGranted } from "./rules/funding-is-granted.ts";
import { signersHaveSigned } from "./rules/signers-have-signed.ts";
import { transactionsAreAllowed } from "./rules/transactions-are-allowed.ts";

type GroupFixer = Fixer<GroupInput, AlgorandPolicy>;

const allowTransactions: GroupFixer = (input) => {
  const amendments: Amendment<AlgorandPolicy>[] = [];
  // In turn, so that what has been proposed for one transaction is there for the next.
  let { policy } = input;
  for (const [place, { transaction }] of userEntries(input.group)) {
    const found = transactionsAreAllowed.check({ ...input, policy }).find(({ instruction }) => instruction === place);
    if (found?.verdict !== "fail") continue;
    const amendment = allowTransaction(input, policy.document, transaction);
    if (!amendment) return undefined;
    amendments.push(amendment);
    policy = compileAlgorandPolicy(amendment.apply(policy.document));
  }
  return together(amendments);
};

/** The minimum balance of the opt-ins that the group makes, and of the account where the sum is more than theirs. */
const grantFunding: GroupFixer = ({ group, cost: { rent } }) => {
  const sponsored = group.entries[0]?.transaction;
  const assets = optInsOf(group.entries, sponsored?.type === "pay" ? sponsored.receiver : "").map(String);
  const optIns = MINIMUM_BALANCE * BigInt(assets.length);
  if (assets.length === 0 || rent > optIns + MINIMUM_BALANCE) return undefined;
  return {
    description: `Give each user the minimum balance of the opt-in once, up to ${rent} microalgos a group.`,
    apply: (document) => {
      const { assets: known = [], account } = document.minimumBalance ?? {};
      const listed = known === true ? known : [...new Set([...known, ...assets])];
      const maxRent = BigInt(document.maxRent ?? "0") >= rent ? document.maxRent : rent.toString();
      const isAccount = account === true || rent > optIns;
      return {
        ...document,
        minimumBalance: { ...(isAccount && { account: true }), assets: listed },
        ...(maxRent !== undefined && { maxRent }),
      };
    },
  };
};

const raiseFee: GroupFixer = ({ group, cost }) => ({
  description: `Raise the bound of the fee to ${cost.fee} microalgos.`,
  apply: (document) => {
    const own = userEntries(group).reduce((sum, [, { transaction }]) => sum + transaction.fee, 0n);
    return { ...document, maxFee: (cost.fee + own).toString() };
  },
});

const raiseCount: GroupFixer = ({ group }) => ({
  description: `Take up to ${userEntries(group).length} transactions of the user in one group.`,
  apply: (document) => ({ ...document, maxTransactions: userEntries(group).length }),
});

/** By rule; what is not here, no policy may mend. */
const FIXERS: ReadonlyMap<string, GroupFixer> = new Map([
  [transactionsAreAllowed.name, allowTransactions],
  ["transactions-within-limit", raiseCount],
  ["fee-within-limit", raiseFee],
  [fundingIsGranted.name, grantFunding],
]);

/** Somebody still has to sign: that is nothing against the policy. */
const RULES: readonly GroupRule[] = [
  ...GROUP_FORM_RULES.filter(({ name }) => name !== signersHaveSigned.name),
  ...GROUP_POLICY_RULES,
];

export const proposeGroupChanges = (input: GroupInput): readonly PolicyChange[] =>
  proposeFor(
    {
      rules: RULES,
      fixerOf: (rule) => FIXERS.get(rule),
      documentOf: ({ policy }) => policy.document,
      withDocument: (own, document) => ({ ...own, policy: compileAlgorandPolicy(document) }),
    },
    input,
  );
