/** Where in a project it is written what a rule holds. */
interface RulePlace {
  readonly page: "policy" | "budgets" | "denylist" | "allowlist" | "sponsors";
  /** In the policy. */
  readonly pointer?: string;
}

const inPolicy = (pointer: string): RulePlace => ({ page: "policy", pointer });

const PLACES: Readonly<Record<string, RulePlace>> = {
  "instructions-are-allowed": inPolicy("/allow"),
  "transactions-are-allowed": inPolicy("/allow"),
  "sponsor-is-isolated": inPolicy("/sponsorRoles"),
  "lookup-tables-are-allowed": inPolicy("/lookupTables"),
  "wallet-assertions-are-few": inPolicy("/walletAssertions"),
  "inner-calls-keep-to-roles": inPolicy("/sponsorRoles"),
  "signatures-within-limit": inPolicy("/maxSignatures"),
  "compute-units-within-limit": inPolicy("/maxComputeUnits"),
  "compute-unit-price-within-limit": inPolicy("/maxComputeUnitPrice"),
  "transactions-within-limit": inPolicy("/maxTransactions"),
  "fee-within-limit": inPolicy("/maxFee"),
  "rent-is-sponsored": inPolicy("/maxRent"),
  "minimum-balance-is-granted": inPolicy("/minimumBalance"),
  "accounts-are-not-denied": { page: "denylist" },
  "wallet-is-allowed": { page: "allowlist" },
  "sponsor-keeps-its-floor": { page: "sponsors" },
};

/** Where a rule can be changed; undefined of those that always hold. */
export function rulePlace(rule: string): RulePlace | undefined {
  if (rule.startsWith("budget-")) return { page: "budgets" };
  return Object.hasOwn(PLACES, rule) ? PLACES[rule] : undefined;
}
