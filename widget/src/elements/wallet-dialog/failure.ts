import type { GaslessError } from "../../errors.ts";
import { en, type StringKey } from "../../strings/en.ts";

/** What a person can do about it: `retry` does the same again, `sign-in` begins anew, `choose` shows the wallets. */
type Remedy = "retry" | "sign-in" | "choose" | "close";

interface FailureKind {
  readonly key: StringKey;
  readonly remedy: Remedy;
}

/** Of codes that have a sentence of their own, what helps where trying it again does not. */
const REMEDIES: Readonly<Record<string, Remedy>> = {
  "widget.misconfigured": "close",
  "wallet.not_found": "choose",
  "wallet.unsupported": "choose",
  "wallet.account_changed": "sign-in",
  "wallet.message_changed": "choose",
  "relay.unfinished": "close",
};

/** Codes that share a sentence with others. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  "project.origin_not_allowed": { key: "error.origin", remedy: "close" },
  "project.key_invalid": { key: "error.key", remedy: "close" },
  "project.suspended": { key: "error.project", remedy: "close" },
  "project.network_not_enabled": { key: "error.widget.misconfigured", remedy: "close" },
  "auth.signature_invalid": { key: "error.signature", remedy: "retry" },
  "auth.proof_invalid": { key: "error.proof", remedy: "sign-in" },
  "auth.challenge_invalid": { key: "error.signature", remedy: "retry" },
  "auth.wallet_unsupported": { key: "error.wallet.unsupported", remedy: "choose" },
  "budget.user_exhausted": { key: "error.budget", remedy: "close" },
  "budget.project_exhausted": { key: "error.budgetApp", remedy: "close" },
  "budget.lifetime_exhausted": { key: "error.budgetEnd", remedy: "close" },
  "transaction.simulation_failed": { key: "error.simulation", remedy: "close" },
  "transaction.execution_failed": { key: "error.failed", remedy: "close" },
  "transaction.expired": { key: "error.expired", remedy: "retry" },
  "relay.expired": { key: "error.expired", remedy: "retry" },
  "relay.not_found": { key: "error.relay.unfinished", remedy: "close" },
  "transaction.already_relayed": { key: "error.relay.unfinished", remedy: "close" },
};

/** Codes that mean the same to a person, by their beginning. */
const FAMILIES: readonly (readonly [beginning: RegExp, kind: FailureKind])[] = [
  // Of wallets that are linked the widget itself asks nothing.
  [/^auth\.(?!wallet_)/, { key: "error.session", remedy: "sign-in" }],
  // The dapp's code asked for something that cannot be: a person can only leave it at that.
  [/^(?:request|transaction|policy)\./, { key: "error.policy", remedy: "close" }],
  [/^(?:idempotency|store|upstream|internal)\./, { key: "error.network.unreachable", remedy: "retry" }],
  [/^sponsor\./, { key: "error.sponsor", remedy: "retry" }],
];

/** One sentence and one way forward for every code, those of tomorrow too. */
export function kindOf({ code }: GaslessError): FailureKind {
  const own = `error.${code}`;
  if (own in en) return { key: own as StringKey, remedy: REMEDIES[code] ?? "retry" };
  const [, kind] = FAMILIES.find(([beginning]) => beginning.test(code)) ?? [];
  return KINDS[code] ?? kind ?? { key: "error.unknown", remedy: "retry" };
}

/** Nobody who visits the page can do anything about these. */
export const isForDeveloper = ({ code }: GaslessError): boolean =>
  ["widget.misconfigured", "project.origin_not_allowed", "project.key_invalid", "project.network_not_enabled"].includes(
    code,
  );

const HARDWARE_FAILURES =
  /^(?:wallet\.(?:rejected|timeout|failed|unsupported|message_changed)|auth\.signature_invalid)$/;

/** What a hardware wallet makes of a text that it cannot sign: each says it differently, and some sign other bytes. */
export const mayBeHardware = ({ code }: GaslessError): boolean => HARDWARE_FAILURES.test(code);
