import { expect, test } from "vitest";
import { hasWords } from "../../../../dashboard/src/pages/explain/rule-words.ts";
import { FORM_RULES, POLICY_RULES } from "../../domain/policy/evaluate.ts";
import { SIMULATION_RULES } from "../../domain/simulation.ts";
import { GROUP_FORM_RULES, GROUP_POLICY_RULES } from "./algorand/group/evaluate.ts";
import { OUTCOME_RULES } from "./algorand/group/outcome.ts";

test("every rule that an explanation can name has words of its own in the dashboard", () => {
  const ledger = [
    "transaction-is-readable",
    "accounts-are-not-denied",
    "wallet-is-allowed",
    "allotments-are-given-once",
  ];
  const rules = [FORM_RULES, POLICY_RULES, SIMULATION_RULES, GROUP_FORM_RULES, GROUP_POLICY_RULES, OUTCOME_RULES];
  const names = [...ledger, ...rules.flatMap((each) => each.map(({ name }) => name))];
  expect(names.filter((name) => !hasWords(name))).toEqual([]);
});
