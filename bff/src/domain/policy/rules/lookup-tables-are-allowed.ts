import { refuse } from "../../refusal.ts";
import { fail, type Rule } from "../rule.ts";

/** A table hides accounts until somebody resolves it; which tables may, a policy says. */
export const lookupTablesAreAllowed: Rule = {
  name: "lookup-tables-are-allowed",
  check: ({ transaction, policy: { lookupTables } }) => {
    const foreign = transaction.lookupTables.find(({ address }) => lookupTables !== true && !lookupTables.has(address));
    if (!foreign) return [];
    return [
      fail(
        refuse(
          "policy.lookup_table_not_allowed",
          "Transactions with this address lookup table are not sponsored. Name every account in the transaction itself.",
          { lookupTable: foreign.address },
        ),
        "Build the transaction without lookup tables, or put the table into `lookupTables` of the policy.",
      ),
    ];
  },
};
