import type { ErrorCode } from "../../../../bff/src/contract/error-code.ts";

type FixPage = "policy" | "budgets" | "denylist" | "allowlist" | "sponsors" | "explain" | "networks";

export interface CodeWords {
  /** What happened, in a sentence. */
  readonly what: string;
  readonly fix: string;
  /** Where in the dashboard it is mended; undefined: in the dapp's code, or by waiting. */
  readonly page?: FixPage;
}

/** Codes that a decision or a relay can end with, told to whoever steers the project. */
const WORDS: Readonly<Partial<Record<ErrorCode, CodeWords>>> = {
  "transaction.malformed": {
    what: "The bytes could not be read as a transaction of this network.",
    fix: "Send the wire bytes as your library serializes them, with nothing behind them.",
  },
  "transaction.wrong_fee_payer": {
    what: "Its fee payer was none of this project's sponsors.",
    fix: "Take the fee payer that prepare gives, within five minutes. After a rotation prepare gives the new one.",
  },
  "transaction.wrong_network": {
    what: "It was built for another network.",
    fix: "Build it with what prepare gives for this network.",
  },
  "transaction.signature_missing": {
    what: "Somebody who has to sign it had not.",
    fix: "The signed-in wallet and every other signer but the sponsor sign first.",
  },
  "transaction.signature_invalid": {
    what: "A signature did not fit the message.",
    fix: "Change nothing after the wallet has signed, and leave the sponsor's slot empty.",
  },
  "transaction.expired": {
    what: "Its lifetime had ended, or it was about to.",
    fix: "Prepare right before signing. If wallets take long, prepare again and ask once more.",
  },
  "transaction.too_large": { what: "It was larger than the network takes.", fix: "Split it into several." },
  "transaction.version_unsupported": {
    what: "Its version is not run by this network.",
    fix: "Build a legacy or version 0 transaction.",
  },
  "transaction.already_relayed": {
    what: "The same transaction had been accepted before.",
    fix: "Follow the first relay instead of sending it again.",
  },
  "transaction.simulation_failed": {
    what: "It would have failed on the chain, so nobody paid for it.",
    fix: "The program's error and its last log lines are below: the mistake is in the transaction or in the program's state.",
  },
  "transaction.execution_failed": {
    what: "It landed, and its program failed.",
    fix: "Between simulation and landing something changed: look at the program's error below.",
  },
  "policy.program_not_allowed": {
    what: "It calls a program that the policy does not name.",
    fix: "If you mean to sponsor it, add the program to the policy.",
    page: "policy",
  },
  "policy.instruction_not_allowed": {
    what: "The program is known to the policy, but not this instruction.",
    fix: "If you mean to sponsor it, add the instruction to the policy.",
    page: "policy",
  },
  "policy.instruction_unknown": {
    what: "The layout of the instruction is not known, so nothing can be said about what it does.",
    fix: "Upload the program's IDL in the policy editor, and allow the instruction.",
    page: "policy",
  },
  "policy.argument_not_allowed": {
    what: "An argument or an account of an instruction is not what the policy takes.",
    fix: "Below stands what was observed. Loosen the condition only as far as you mean to.",
    page: "policy",
  },
  "policy.account_denied": {
    what: "It names an address that is on the denylist.",
    fix: "Take the address off the list if it does not belong there.",
    page: "denylist",
  },
  "policy.fee_payer_misused": {
    what: "It names the sponsor for more than paying the fee.",
    fix: "Nobody but the user's wallet should be source, owner or authority. Rent by the sponsor is allowed by the policy's sponsor roles.",
    page: "policy",
  },
  "policy.value_exceeded": {
    what: "A value is beyond the bounds that the policy sets.",
    fix: "Below stand the value and the bound.",
    page: "policy",
  },
  "policy.rent_not_sponsored": {
    what: "It makes an account whose rent the sponsor would pay, and the policy does not allow that.",
    fix: "Turn the policy's rent on, with a bound, or let the wallet pay for it.",
    page: "policy",
  },
  "policy.lookup_table_not_allowed": {
    what: "It hides accounts behind a lookup table that the policy does not list.",
    fix: "List the table in the policy, or build the transaction without one.",
    page: "policy",
  },
  "policy.fee_exceeded": {
    what: "It costs more than the policy pays for one transaction.",
    fix: "Lower its priority fee or its signatures, or raise the policy's fee.",
    page: "policy",
  },
  "policy.durable_nonce_not_allowed": {
    what: "It uses a durable nonce, with which it would never expire.",
    fix: "Use the blockhash that prepare gives.",
  },
  "policy.not_published": {
    what: "No policy is in force on this network, so nothing is sponsored.",
    fix: "Publish one: templates are a good beginning.",
    page: "policy",
  },
  "budget.user_exhausted": {
    what: "The user's own budget for this window was used up.",
    fix: "It begins anew by itself. Raise the users' budget if it is too small for what your dapp does.",
    page: "budgets",
  },
  "budget.project_exhausted": {
    what: "The project's budget for this window was used up: users were refused because of others.",
    fix: "Raise the project's budget, or wait for the next window.",
    page: "budgets",
  },
  "budget.lifetime_exhausted": {
    what: "A budget that never begins anew was used up.",
    fix: "Raise it.",
    page: "budgets",
  },
  "sponsor.underfunded": {
    what: "No sponsor had enough above its floor.",
    fix: "Send funds to a sponsor's address.",
    page: "sponsors",
  },
  "sponsor.unavailable": {
    what: "No sponsor pays for this project on this network now.",
    fix: "Let one of the organization's sponsors pay.",
    page: "sponsors",
  },
  "auth.assurance_low": {
    what: "The session was proved too weakly for what the policy asks.",
    fix: "The user signs in again by a stronger way, such as the wallet's own sign-in.",
  },
  "upstream.rpc_unavailable": {
    what: "The network's node could not be used.",
    fix: "It was refused to be safe. Clients try again by themselves.",
  },
  "upstream.rpc_timeout": {
    what: "The network's node did not answer in time.",
    fix: "It was refused to be safe. Clients try again by themselves.",
  },
};

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(WORDS, code);

/** What a code means for the project, or undefined when it says all itself. */
export const wordsOf = (code: string): CodeWords | undefined => (isKnown(code) ? WORDS[code] : undefined);

/** Codes by which decisions can be searched, as they stand in the table. */
export const REFUSAL_CODES: readonly string[] = Object.keys(WORDS).filter(
  (code) => code !== "transaction.execution_failed",
);

/** Where the API documents a code. */
export const docsLink = (code: string): string => `/docs#${encodeURIComponent(code)}`;
