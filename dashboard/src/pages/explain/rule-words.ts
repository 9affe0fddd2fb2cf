/** What each rule demands: true whether it passes or fails. */
const WORDS: Readonly<Record<string, string>> = {
  "transaction-is-readable": "It must be readable to its last byte",
  "wallet-is-signer": "The signed-in wallet must sign it",
  "wallet-is-sender": "The signed-in user's wallets must send it",
  "network-is-ours": "It must be for this network",
  "validity-is-short": "It must end within the time that is sponsored",
  "no-lease": "It must hold no lease",
  "signers-have-signed": "Everybody but the sponsor must have signed",
  "fee-payer-is-sponsor": "The fee payer must be a sponsor of the project",
  "sponsor-signs-last": "The sponsor must not have signed yet",
  "sponsor-is-isolated": "The sponsor must stand nowhere but where it may",
  "sponsor-only-pays": "The sponsor's own transaction must pay, and do nothing else",
  "no-durable-nonce": "It must end by itself: no durable nonce",
  "compute-budget-is-said-once": "Compute limit and price must be said once",
  "lookup-tables-are-allowed": "Its lookup tables must be allowed",
  "instructions-are-allowed": "The instruction must be allowed",
  "transactions-are-allowed": "The transaction must be allowed",
  "wallet-assertions-are-few": "Wallets must not have added more than they may",
  "signatures-within-limit": "It must not have more signatures than the policy takes",
  "compute-units-within-limit": "Its compute limit must be within the policy's bound",
  "compute-unit-price-within-limit": "Its price of a compute unit must be within the policy's bound",
  "transactions-within-limit": "It must not be of more transactions than the policy takes",
  "user-pays-no-fee": "The user's own transactions must pay no fee",
  "fee-within-limit": "The fee must be within the policy's bound",
  "rent-is-sponsored": "Its rent must be sponsored, and within the bound",
  "minimum-balance-is-granted": "Its minimum balance must be sponsored, and within the bound",
  "accounts-are-not-denied": "No address in it may be on the denylist",
  "wallet-is-allowed": "The wallet must be on the allowlist",
  "allotments-are-given-once": "The user must not have been given it before",
  "simulation-succeeds": "The network's node must say that it works",
  "sponsor-loses-no-more-than-quoted": "The sponsor must lose no more than was quoted",
  "sponsor-stays-a-wallet": "The sponsor's account must stay a plain wallet",
  "sponsor-keeps-its-tokens": "The sponsor must keep its tokens",
  "inner-calls-keep-to-roles": "What programs call by themselves must leave the sponsor where it may stand",
  "sponsor-keeps-its-floor": "The sponsor must have enough, above its floor",
  "group-is-valid-now": "It must be in time",
  "signatures-are-by-current-keys": "It must be signed by the keys that the accounts have now",
  "sponsor-has-its-own-key": "The sponsor's account must be signed for by its own key",
  "fee-is-what-the-group-needs": "The fee must be what the group needs, and no more",
  "inner-transactions-leave-the-sponsor-alone": "What programs send by themselves must leave the sponsor alone",
  "minimum-balance-is-lacking": "The sponsor must give no more than what the account lacks",
};

const SUBJECTS: Readonly<Record<string, string>> = {
  user: "the user",
  project: "the project",
  sponsor: "the sponsor",
  version: "this version of the policy",
};

const BUDGET = /^budget-([a-z]+)-([a-z]+)-([a-z]+)$/;

export const hasWords = (rule: string): boolean => Object.hasOwn(WORDS, rule);

/** A rule in plain words. Those that this version does not know say by their names what they hold. */
export function ruleWords(rule: string): string {
  const known = hasWords(rule) ? WORDS[rule] : undefined;
  if (known !== undefined) return known;
  const [, subject = "", window = "", unit = ""] = BUDGET.exec(rule) ?? [];
  if (subject !== "") {
    const period = window === "lifetime" ? "over its lifetime" : `each ${window}`;
    return `It must fit the budget of ${unit} of ${SUBJECTS[subject] ?? subject}, ${period}`;
  }
  const words = rule.replaceAll("-", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const AMOUNTS = new Set([
  "fee-within-limit",
  "user-pays-no-fee",
  "rent-is-sponsored",
  "minimum-balance-is-granted",
  "sponsor-loses-no-more-than-quoted",
  "fee-is-what-the-group-needs",
  "minimum-balance-is-lacking",
]);

/** Whether what a rule compares are amounts of the network's coin. */
export const isAboutAmounts = (rule: string): boolean => AMOUNTS.has(rule) || /^budget-.*-(?:fee|rent)$/.test(rule);

/** Whether what a rule compares are how many there are of something. */
export const isAboutCounts = (rule: string): boolean => /-within-limit$|^budget-.*-relays$/.test(rule);

/** An instruction that is called as its program is, is called so once. */
export const sayCall = (program: string, instruction: string): string =>
  program.toLowerCase() === instruction.toLowerCase() ? program : `${program} · ${instruction}`;
