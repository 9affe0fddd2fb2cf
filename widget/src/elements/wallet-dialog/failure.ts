import type { GaslessError } from "../../errors.ts";
import type { StringKey } from "../../strings/en.ts";

/** What a person can do about it: `retry` does the same again, `sign-in` begins anew, `choose` shows the wallets. */
type Remedy = "retry" | "sign-in" | "choose" | "close";

interface FailureKind {
  readonly key: StringKey;
  readonly remedy: Remedy;
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  "network.offline": { key: "error.network.offline", remedy: "retry" },
  "network.unreachable": { key: "error.network.unreachable", remedy: "retry" },
  "widget.misconfigured": { key: "error.widget.misconfigured", remedy: "close" },
  "wallet.rejected": { key: "error.wallet.rejected", remedy: "retry" },
  "wallet.timeout": { key: "error.wallet.timeout", remedy: "retry" },
  "wallet.locked": { key: "error.wallet.locked", remedy: "retry" },
  "wallet.busy": { key: "error.wallet.busy", remedy: "retry" },
  "wallet.not_found": { key: "error.wallet.not_found", remedy: "choose" },
  "wallet.unsupported": { key: "error.wallet.unsupported", remedy: "choose" },
  "wallet.account_changed": { key: "error.wallet.account_changed", remedy: "sign-in" },
  "wallet.message_changed": { key: "error.wallet.message_changed", remedy: "choose" },
  "wallet.transaction_changed": { key: "error.wallet.transaction_changed", remedy: "retry" },
  "wallet.failed": { key: "error.wallet.failed", remedy: "retry" },
  "rate.limited": { key: "error.rate.limited", remedy: "retry" },
  "project.origin_not_allowed": { key: "error.origin", remedy: "close" },
  "project.key_invalid": { key: "error.key", remedy: "close" },
  "project.suspended": { key: "error.project", remedy: "close" },
  "project.network_not_enabled": { key: "error.widget.misconfigured", remedy: "close" },
  "auth.signature_invalid": { key: "error.signature", remedy: "retry" },
  "auth.proof_invalid": { key: "error.proof", remedy: "sign-in" },
  "auth.wallet_taken": { key: "error.walletTaken", remedy: "close" },
  "auth.wallet_last": { key: "error.walletLast", remedy: "close" },
  "auth.wallet_limit_reached": { key: "error.walletLimit", remedy: "close" },
  "auth.challenge_invalid": { key: "error.signature", remedy: "retry" },
  "auth.wallet_unsupported": { key: "error.wallet.unsupported", remedy: "choose" },
  "budget.user_exhausted": { key: "error.budget", remedy: "close" },
  "budget.project_exhausted": { key: "error.budgetApp", remedy: "close" },
  "budget.lifetime_exhausted": { key: "error.budgetEnd", remedy: "close" },
  "transaction.simulation_failed": { key: "error.simulation", remedy: "close" },
  "transaction.execution_failed": { key: "error.failed", remedy: "close" },
  "transaction.expired": { key: "error.expired", remedy: "retry" },
  "relay.expired": { key: "error.expired", remedy: "retry" },
  "relay.unfinished": { key: "error.relay.unfinished", remedy: "close" },
  "relay.not_found": { key: "error.relay.unfinished", remedy: "close" },
  "transaction.already_relayed": { key: "error.relay.unfinished", remedy: "close" },
  "internal.unexpected": { key: "error.network.unreachable", remedy: "retry" },
};

/** Codes that mean the same to a person, by their beginning. */
const FAMILIES: Readonly<Record<string, FailureKind>> = {
  "auth.": { key: "error.session", remedy: "sign-in" },
  // The dapp's code asked for something that cannot be: a person can only leave it at that.
  "request.": { key: "error.policy", remedy: "close" },
  "transaction.": { key: "error.policy", remedy: "close" },
  "idempotency.": { key: "error.network.unreachable", remedy: "retry" },
  "policy.": { key: "error.policy", remedy: "close" },
  "sponsor.": { key: "error.sponsor", remedy: "retry" },
  "store.": { key: "error.network.unreachable", remedy: "retry" },
  "upstream.": { key: "error.network.unreachable", remedy: "retry" },
};

/** One sentence and one way forward for every code, those of tomorrow too. */
export function kindOf({ code }: GaslessError): FailureKind {
  const family = Object.keys(FAMILIES).find((beginning) => code.startsWith(beginning));
  return KINDS[code] ?? FAMILIES[family ?? ""] ?? { key: "error.unknown", remedy: "retry" };
}

/** Nobody who visits the page can do anything about these. */
export const isForDeveloper = ({ code }: GaslessError): boolean =>
  ["widget.misconfigured", "project.origin_not_allowed", "project.key_invalid", "project.network_not_enabled"].includes(
    code,
  );

const HARDWARE_FAILURES: ReadonlySet<string> = new Set([
  "wallet.rejected",
  "wallet.timeout",
  "wallet.failed",
  "wallet.unsupported",
  "wallet.message_changed",
  "auth.signature_invalid",
]);

/** What a hardware wallet makes of a text that it cannot sign: each says it differently, and some sign other bytes. */
export const mayBeHardware = ({ code }: GaslessError): boolean => HARDWARE_FAILURES.has(code);
