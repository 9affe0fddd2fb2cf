import type { ErrorCode } from "./contract/error-code.ts";
import type { Refusal } from "./domain/refusal.ts";

interface ProblemKind {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503 | 504;
  /** Constant per code. */
  readonly title: string;
  /** Who can do something about it. */
  readonly owner: "user" | "integrator" | "operator" | "upstream" | "us";
  /** What to do, for the documentation. */
  readonly remedy: string;
}

/** The table behind every refusal. It only grows: a code is never renamed, reused or removed. */
export const PROBLEMS: Readonly<Record<ErrorCode, ProblemKind>> = {
  "request.malformed": {
    status: 400,
    title: "The body is not JSON",
    owner: "integrator",
    remedy: "Send one JSON value in UTF-8.",
  },
  "request.invalid": {
    status: 422,
    title: "The request does not fit its schema",
    owner: "integrator",
    remedy: "`errors` names each field by its JSON pointer and says what is wrong. Unknown fields are refused.",
  },
  "request.too_large": {
    status: 413,
    title: "The body is too large",
    owner: "integrator",
    remedy: "Challenges and sessions take 8 KiB, imports and IDLs 2 MiB, everything else 64 KiB.",
  },
  "request.unsupported_media_type": {
    status: 415,
    title: "The body must be JSON",
    owner: "integrator",
    remedy: "Send `Content-Type: application/json`.",
  },
  "request.not_found": {
    status: 404,
    title: "There is nothing here",
    owner: "integrator",
    remedy: "Compare the path and the id with the API's documentation.",
  },
  "request.method_not_allowed": {
    status: 405,
    title: "The method is not allowed here",
    owner: "integrator",
    remedy: "`Allow` names the methods of this path.",
  },
  "project.key_invalid": {
    status: 401,
    title: "The project key is missing or unknown",
    owner: "integrator",
    remedy: "Send the project's publishable key in `Gasless-Key`; with an access token send no other project's key.",
  },
  "project.origin_not_allowed": {
    status: 403,
    title: "This origin may not use the project",
    owner: "integrator",
    remedy: "Add the exact origin (scheme, host and port) to the project.",
  },
  "project.suspended": {
    status: 403,
    title: "The project is suspended",
    owner: "operator",
    remedy:
      "An owner or admin of its organization lets it go on in the dashboard; else ask the operator of this deployment.",
  },
  "project.network_not_enabled": {
    status: 403,
    title: "The project does not have this network",
    owner: "integrator",
    remedy: "`GET /v1/config` lists the project's networks. A test project never has a mainnet.",
  },
  "auth.challenge_invalid": {
    status: 401,
    title: "The challenge is not valid",
    owner: "user",
    remedy:
      "It was used, has expired (five minutes), or belongs to another project, origin, network, method or address: ask for a new one.",
  },
  "auth.signature_invalid": {
    status: 401,
    title: "The signature does not prove the wallet",
    owner: "user",
    remedy: "Sign the exact bytes of the challenge's message with the key of the address.",
  },
  "auth.wallet_unsupported": {
    status: 422,
    title: "This kind of wallet or method is not supported",
    owner: "user",
    remedy: "`GET /v1/config` lists the sign-in methods.",
  },
  "auth.token_missing": {
    status: 401,
    title: "An access token is needed",
    owner: "integrator",
    remedy:
      "Send the access token of a session in `Authorization`: as `Bearer`, or as `DPoP` when `tokenType` says so.",
  },
  "auth.token_invalid": {
    status: 401,
    title: "The token is not valid",
    owner: "integrator",
    remedy: "Sign in again; check that the token is of this deployment and untouched.",
  },
  "auth.token_expired": {
    status: 401,
    title: "The token has expired",
    owner: "integrator",
    remedy: "Refresh the session; after 24 hours without use or 7 days sign in again.",
  },
  "auth.session_revoked": { status: 401, title: "The session has ended", owner: "user", remedy: "Sign in again." },
  "auth.refresh_reused": {
    status: 401,
    title: "The refresh token had been used before",
    owner: "user",
    remedy: "The session was ended to be safe: sign in again.",
  },
  "auth.proof_invalid": {
    status: 401,
    title: "The proof of possession is missing or not valid",
    owner: "integrator",
    remedy:
      "Send a new `DPoP` proof with each call, made with the key of the session or challenge: `htm`, `htu` without query, `iat` within a minute of the answer's `Date`, a `jti` used once, and `ath` beside an access token. Nothing was used up or ended.",
  },
  "auth.assurance_low": {
    status: 403,
    title: "The session was proved too weakly for this",
    owner: "user",
    remedy: "Sign in by the wallet's own sign-in, a message or an off-chain message, and do it again.",
  },
  "auth.wallet_taken": {
    status: 409,
    title: "The wallet belongs to another user",
    owner: "user",
    remedy: "Sign in with that wallet instead, or link another one.",
  },
  "auth.wallet_last": {
    status: 409,
    title: "The last wallet cannot be removed",
    owner: "user",
    remedy: "Link another wallet first: without one nobody could sign in again.",
  },
  "auth.wallet_limit_reached": {
    status: 409,
    title: "The user has as many wallets as one may have",
    owner: "user",
    remedy: "Remove a linked wallet first.",
  },
  "auth.scope_missing": {
    status: 403,
    title: "The role or the key does not allow this",
    owner: "integrator",
    remedy:
      "`context` names the scope that a key needs, or the roles of which a member needs one: ask an owner or admin of the organization.",
  },
  "idempotency.key_missing": {
    status: 400,
    title: "An idempotency key is needed",
    owner: "integrator",
    remedy: "Send `Idempotency-Key` with 1 to 255 visible ASCII characters, new for each intent.",
  },
  "idempotency.in_progress": {
    status: 409,
    title: "The first request with this key is still running",
    owner: "integrator",
    remedy: "Ask again after `Retry-After`.",
  },
  "idempotency.key_reused": {
    status: 422,
    title: "This key was used with another body",
    owner: "integrator",
    remedy: "Use a new key for a new body.",
  },
  "rate.limited": { status: 429, title: "Too many requests", owner: "user", remedy: "Wait for `Retry-After` seconds." },
  "transaction.malformed": {
    status: 422,
    title: "The transaction cannot be read",
    owner: "integrator",
    remedy: "Send the canonical wire bytes of one transaction, or of each of a group, without anything behind them.",
  },
  "transaction.wrong_fee_payer": {
    status: 422,
    title: "The fee payer is not this project's sponsor",
    owner: "integrator",
    remedy: "Use the `feePayer` that `prepare` gives, within five minutes.",
  },
  "transaction.wrong_network": {
    status: 422,
    title: "The transaction is of another network",
    owner: "integrator",
    remedy: "Build it with the genesis hash of the network that the request names: `prepare` gives it.",
  },
  "transaction.signature_missing": {
    status: 422,
    title: "A required signature is missing",
    owner: "integrator",
    remedy: "The signed-in wallet and every other signer but the sponsor must have signed.",
  },
  "transaction.signature_invalid": {
    status: 422,
    title: "A signature of the transaction is wrong",
    owner: "integrator",
    remedy: "Sign the final message; leave the sponsor's slot zero.",
  },
  "transaction.expired": {
    status: 422,
    title: "The transaction's lifetime has ended",
    owner: "user",
    remedy: "Prepare it again and sign once more. A blockhash of another cluster looks the same.",
  },
  "transaction.too_large": {
    status: 422,
    title: "The transaction is too large",
    owner: "integrator",
    remedy:
      "A Solana transaction has at most 1,232 bytes, 4,096 in version 1; an Algorand group has at most 16 transactions.",
  },
  "transaction.version_unsupported": {
    status: 422,
    title: "This transaction version is not supported",
    owner: "integrator",
    remedy: "Send a legacy, version 0 or, where the network runs them, version 1 transaction.",
  },
  "transaction.already_relayed": {
    status: 409,
    title: "This transaction was already accepted",
    owner: "integrator",
    remedy: "Follow the relay in `context.relayId`, present when it is this user's.",
  },
  "transaction.simulation_failed": {
    status: 422,
    title: "The transaction would fail",
    owner: "user",
    remedy: "`context` holds the program's error and its last log lines.",
  },
  "transaction.execution_failed": {
    status: 422,
    title: "The transaction landed and failed",
    owner: "user",
    remedy: "Only as a relay's `failure`: `context` holds the chain's error. The fee was paid by the sponsor.",
  },
  "policy.program_not_allowed": {
    status: 403,
    title: "This program is not sponsored",
    owner: "integrator",
    remedy: "Add the program to the project's policy.",
  },
  "policy.instruction_not_allowed": {
    status: 403,
    title: "This instruction is not sponsored",
    owner: "integrator",
    remedy: "Add the instruction to the project's policy.",
  },
  "policy.instruction_unknown": {
    status: 403,
    title: "The instruction is not known",
    owner: "integrator",
    remedy: "Only instructions whose exact layout is known are sponsored.",
  },
  "policy.argument_not_allowed": {
    status: 403,
    title: "The instruction's arguments are not sponsored",
    owner: "integrator",
    remedy: "`context` names the instruction, and what was observed against what the policy takes.",
  },
  "policy.account_denied": {
    status: 403,
    title: "An account of the transaction is denied",
    owner: "integrator",
    remedy: "The project's denylist names it.",
  },
  "policy.fee_payer_misused": {
    status: 403,
    title: "The sponsor may only pay the fee",
    owner: "integrator",
    remedy: "Name the sponsor as fee payer and nowhere else.",
  },
  "policy.value_exceeded": {
    status: 403,
    title: "A value of the instruction is beyond its bounds",
    owner: "integrator",
    remedy: "`context` says what was observed and what the limit is.",
  },
  "policy.rent_not_sponsored": {
    status: 403,
    title: "The rent of the new account is not sponsored",
    owner: "integrator",
    remedy: "Let the wallet pay the rent, or set `maxRent` and a budget of rent in the project's policy.",
  },
  "policy.lookup_table_not_allowed": {
    status: 403,
    title: "Lookup tables are not sponsored",
    owner: "integrator",
    remedy: "Name every account in the transaction itself, or list the table in the project's policy.",
  },
  "policy.fee_exceeded": {
    status: 403,
    title: "The fee is above what is sponsored",
    owner: "integrator",
    remedy: "`context` says what was observed and what the limit is.",
  },
  "policy.durable_nonce_not_allowed": {
    status: 403,
    title: "Durable nonces are not sponsored",
    owner: "integrator",
    remedy: "Use the blockhash that `prepare` gives.",
  },
  "policy.not_published": {
    status: 403,
    title: "The project sponsors nothing on this network yet",
    owner: "integrator",
    remedy: "Publish a policy.",
  },
  "budget.user_exhausted": {
    status: 429,
    title: "This user's free transactions are used up",
    owner: "user",
    remedy: "`context.resetsAt` says when the window ends.",
  },
  "budget.project_exhausted": {
    status: 429,
    title: "The project's budget is used up",
    owner: "integrator",
    remedy: "Raise the project's limit, or wait until `context.resetsAt`.",
  },
  "budget.lifetime_exhausted": {
    status: 403,
    title: "The lifetime budget is used up",
    owner: "integrator",
    remedy: "Raise the limit.",
  },
  "sponsor.underfunded": {
    status: 503,
    title: "The sponsor is out of funds",
    owner: "operator",
    remedy: "Fund the sponsor's address.",
  },
  "sponsor.unavailable": {
    status: 503,
    title: "No sponsor is available",
    owner: "operator",
    remedy: "Activate a sponsor whose key this deployment holds.",
  },
  "relay.not_found": {
    status: 404,
    title: "There is no such relay",
    owner: "integrator",
    remedy: "Relays are visible to the user who sent them.",
  },
  "upstream.rpc_unavailable": {
    status: 503,
    title: "The network's node cannot be used",
    owner: "upstream",
    remedy: "Try again after `Retry-After`; operators: look at the node and its genesis hash.",
  },
  "upstream.rpc_timeout": {
    status: 504,
    title: "The network's node did not answer in time",
    owner: "upstream",
    remedy: "Try again after `Retry-After`.",
  },
  "store.unavailable": {
    status: 503,
    title: "A store of the service cannot be used",
    owner: "operator",
    remedy: "Try again after `Retry-After`; the same idempotency key is safe.",
  },
  "manage.conflict": {
    status: 409,
    title: "Somebody else was faster, or it is there already",
    owner: "integrator",
    remedy: "Read it again, look at what changed, and send the change with the version that holds now.",
  },
  "manage.policy_invalid": {
    status: 422,
    title: "The policy cannot be used",
    owner: "integrator",
    remedy:
      "`errors` names each place by its JSON pointer and says what is wrong. `POST …/policies/check` finds it beforehand.",
  },
  "manage.last_owner": {
    status: 409,
    title: "The last owner has to stay",
    owner: "integrator",
    remedy: "Make another member an owner first.",
  },
  "internal.misconfigured": {
    status: 500,
    title: "The service is misconfigured",
    owner: "operator",
    remedy: "The log names the setting.",
  },
  "internal.unexpected": {
    status: 500,
    title: "Something unexpected happened",
    owner: "us",
    remedy: "Report `requestId`.",
  },
};

interface ErrorOptions {
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly retryAfterSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Stays in the log. */
  readonly cause?: unknown;
}

/** A refusal on its way to the caller. `message` is the detail that may be shown; what is internal goes into `cause`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: ProblemKind["status"];
  readonly options: ErrorOptions;

  constructor(code: ErrorCode, detail?: string, options: ErrorOptions = {}) {
    super(detail ?? PROBLEMS[code].title, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.status = PROBLEMS[code].status;
    this.options = options;
  }
}

export function toAppError({ code, detail, context, retryAfterSeconds }: Refusal): AppError {
  return new AppError(code, detail, { context, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) });
}
