import { refuse } from "../../refusal.ts";
import type { Rule } from "../rule.ts";

export const noLookupTables: Rule = ({ transaction }) =>
  transaction.lookupTables.length === 0
    ? undefined
    : refuse(
        "policy.lookup_table_not_allowed",
        "Transactions with address lookup tables are not sponsored. Name every account in the transaction itself.",
        { lookupTable: transaction.lookupTables[0] },
      );
