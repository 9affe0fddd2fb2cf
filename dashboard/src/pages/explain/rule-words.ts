/** What each rule demands: true whether it passes or fails. */
const WORDS: Readonly<Record<string, string>> = {
  "transaction-is-readable": "It must be readable to its last byte",
  "wallet-is-signer": "The signed-in wallet must sign it",
  "wallet-is-sender": "The signed-in user's wallets must send it",
  "signers-have-signed": "Everybody but the sponsor must have signed",
  "fee-payer-is-sponsor": "The fee payer must be a sponsor of the project",
  "sponsor-signs-last": "The sponsor must not have signed yet",
  "sponsor-is-isolated": "The sponsor must stand nowhere but where it may",
  "no-durable-nonce": "It must end by itself: no durable nonce",
  "compute-budget-is-said-once": "Compute limit and price must be said once",
  "lookup-tables-are-allowed": "Its lookup tables must be allowed",
  "instructions-are-allowed": "The instruction must be allowed",
  "transactions-are-allowed": "The transaction must be allowed",
  "wallet-assertions-are-few": "Wallets must not have added more than they may",
  "fee-is-within-bounds": "The fee must be within the policy's bounds",
  "rent-is-sponsored": "Its rent must be sponsored, and within the bound",
  "minimum-balance-is-granted": "Its minimum balance must be sponsored, and within the bound",
  "accounts-are-not-denied": "No address in it may be on the denylist",
  "wallet-is-allowed": "The wallet must be on the allowlist",
  "allotments-are-given-once": "The user must not have been given it before",
  "simulation-succeeds": "The network's node must say that it works",
};

const SUBJECTS: Readonly<Record<string, string>> = {
  user: "the user",
  project: "the project",
  sponsor: "the sponsor",
  version: "this version of the policy",
};

const BUDGET = /^budget-([a-z]+)-([a-z]+)-([a-z]+)$/;

/** A rule in plain words. Those that this version does not know say by their names what they hold. */
export function ruleWords(rule: string): string {
  const known = Object.hasOwn(WORDS, rule) ? WORDS[rule] : undefined;
  if (known !== undefined) return known;
  const [, subject = "", window = "", unit = ""] = BUDGET.exec(rule) ?? [];
  if (subject !== "") {
    const period = window === "lifetime" ? "over its lifetime" : `each ${window}`;
    return `It must fit the budget of ${unit} of ${SUBJECTS[subject] ?? subject}, ${period}`;
  }
  const words = rule.replaceAll("-", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whether what a rule compares are amounts of the network's coin. */
export const isAboutAmounts = (rule: string): boolean =>
  rule === "fee-is-within-bounds" || rule === "rent-is-sponsored" || /^budget-.*-(?:fee|rent)$/.test(rule);

/** An instruction that is called as its program is, is called so once. */
export const sayCall = (program: string, instruction: string): string =>
  program.toLowerCase() === instruction.toLowerCase() ? program : `${program} · ${instruction}`;
