/** Where in a project it is written what a rule holds. */
interface RulePlace {
  readonly page: "policy" | "budgets" | "denylist" | "allowlist";
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
  "fee-is-within-bounds": inPolicy("/maxFee"),
  "rent-is-sponsored": inPolicy("/maxRent"),
  "minimum-balance-is-granted": inPolicy("/minimumBalance"),
  "accounts-are-not-denied": { page: "denylist" },
  "wallet-is-allowed": { page: "allowlist" },
};

/** Where a rule can be changed; undefined of those that always hold. */
export function rulePlace(rule: string): RulePlace | undefined {
  if (rule.startsWith("budget-")) return { page: "budgets" };
  return Object.hasOwn(PLACES, rule) ? PLACES[rule] : undefined;
}
