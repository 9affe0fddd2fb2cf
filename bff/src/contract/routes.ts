import * as z from "zod";
import { Allowance, AllowanceQuery } from "./allowance.ts";
import { Challenge, ChallengeRequest } from "./challenges.ts";
import { ProjectConfig } from "./config.ts";
import {
  Explanation,
  PreparedRelay,
  PrepareRequest,
  Relay,
  RelayList,
  RelayListQuery,
  RelayQuery,
  RelayRequest,
} from "./relays.ts";
import {
  CurrentSession,
  LinkedWallet,
  RefreshRequest,
  SessionList,
  SessionRequest,
  SessionTokens,
  WalletList,
} from "./sessions.ts";
import { idOf, Wallet } from "./values.ts";

/** For the generator, which must use the very zod that made these schemas. */
export const toJsonSchema = z.toJSONSchema;
export type Schema = z.ZodType;
export type JsonSchema = z.core.JSONSchema.BaseSchema;

export type RouteGroup = "Sign in" | "Sessions" | "Wallets" | "Relays" | "Operations";

/** Everything about one call that its documentation says. Codes are those of `bff/src/errors.ts`. */
export interface RouteDescription {
  readonly group: RouteGroup;
  readonly method: "GET" | "POST" | "DELETE";
  /** As OpenAPI writes it, with `{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** What says who calls: the project's key, a user's access token, the deployment's metrics token, or nothing. */
  readonly caller: "key" | "token" | "metrics" | "nobody";
  /** True where a proof of possession may come along, or has to. */
  readonly takesProof: boolean;
  /** Of the one part of the path that stands in braces. */
  readonly id?: Schema;
  readonly query?: Schema;
  readonly body?: Schema;
  readonly isIdempotent?: true;
  readonly answer: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    readonly schema?: Schema;
    readonly mediaType?: string;
    readonly headers: readonly string[];
  };
  readonly codes: readonly string[];
}

type OwnDescription = Omit<RouteDescription, "group" | "caller" | "takesProof" | "answer"> & {
  readonly answer: Omit<RouteDescription["answer"], "headers"> & { readonly headers?: readonly string[] };
};

const ALWAYS = ["internal.misconfigured", "internal.unexpected"];
const WITH_A_BODY = ["request.malformed", "request.invalid", "request.too_large", "request.unsupported_media_type"];
const OF_A_PROJECT = [
  "project.key_invalid",
  "project.origin_not_allowed",
  "project.suspended",
  "rate.limited",
  "store.unavailable",
];
const OF_A_TOKEN = ["auth.token_missing", "auth.token_invalid", "auth.token_expired"];
const OF_A_KEY = ["auth.proof_invalid"];
const OF_A_WALLET = [
  "project.network_not_enabled",
  "auth.challenge_invalid",
  "auth.signature_invalid",
  "auth.wallet_unsupported",
];
const OF_A_NODE = ["upstream.rpc_unavailable", "upstream.rpc_timeout"];

const CALLER_CODES: Readonly<Record<RouteDescription["caller"], readonly string[]>> = {
  key: OF_A_PROJECT,
  token: [...OF_A_TOKEN, ...OF_A_PROJECT],
  metrics: ["auth.token_missing", "auth.token_invalid"],
  nobody: [],
};

/** Adds what every call of its kind has in common. */
function describe(
  group: RouteGroup,
  caller: RouteDescription["caller"],
  routes: readonly OwnDescription[],
): RouteDescription[] {
  const isLimited = caller === "key" || caller === "token";
  const mayProve = (route: OwnDescription): boolean =>
    caller === "token" || (caller === "key" && route.method === "POST");
  const headers = isLimited ? ["Request-Id", "RateLimit", "RateLimit-Policy"] : ["Request-Id"];
  return routes.map((route) => ({
    ...route,
    group,
    caller,
    takesProof: mayProve(route),
    answer: { ...route.answer, headers: [...headers, ...(route.answer.headers ?? [])] },
    codes: [
      ...new Set([
        ...CALLER_CODES[caller],
        ...(mayProve(route) ? OF_A_KEY : []),
        ...(route.body ? WITH_A_BODY : []),
        ...route.codes,
        ...ALWAYS,
      ]),
    ].toSorted(),
  }));
}

const signIn = describe("Sign in", "key", [
  {
    method: "GET",
    path: "/v1/config",
    operationId: "readConfig",
    summary: "Read the project's configuration",
    description:
      "What a page needs before anybody signs in: the project, the networks on which it sponsors, and the ways to sign in. It changes seldom; read it once when the page opens.",
    answer: { status: 200, description: "The project as its pages see it.", schema: ProjectConfig },
    codes: [],
  },
  {
    method: "POST",
    path: "/v1/challenges",
    operationId: "createChallenge",
    summary: "Ask for something to sign",
    description:
      "Gives the text whose signature opens a session, good for five minutes and one session. With an `address` the answer holds the exact `message`; without one it can be fetched ahead of time, and a wallet that has its own sign-in builds the text from `fields`. A `DPoP` proof binds the challenge, and then the session, to its key. What `memo-transaction` signs is never sent: one memo with the text, by and for the address alone, whose blockhash is the SHA-256 of `gasless memo-transaction v1` and the `challengeId`.",
    body: ChallengeRequest,
    answer: { status: 201, description: "A challenge.", schema: Challenge, headers: ["Cache-Control"] },
    codes: ["project.network_not_enabled", "auth.wallet_unsupported"],
  },
  {
    method: "POST",
    path: "/v1/sessions",
    operationId: "createSession",
    summary: "Open a session",
    description:
      "Redeems a challenge with the wallet's signature over its exact text. A wallet that comes for the first time becomes a user of the project. With a `DPoP` proof the session is bound to its key, and every later call proves it; a challenge that is bound needs the same key, and a wrong proof uses nothing up. The access token lives five minutes, the session until it is unused for 24 hours or is 7 days old.",
    body: SessionRequest,
    answer: {
      status: 201,
      description: "The session and its tokens.",
      schema: SessionTokens,
      headers: ["Cache-Control"],
    },
    codes: OF_A_WALLET,
  },
  {
    method: "POST",
    path: "/v1/sessions/refresh",
    operationId: "refreshSession",
    summary: "Refresh a session",
    description:
      "Exchanges a refresh token for the next pair of tokens. If the answer is lost, send the same token again: the successor is the same, for a session that is bound to a key at any time, for a Bearer session within 30 seconds. An older token counts as stolen and ends the session; without the proof of the session's key it changes nothing.",
    body: RefreshRequest,
    answer: { status: 200, description: "The next tokens.", schema: SessionTokens, headers: ["Cache-Control"] },
    codes: ["auth.token_invalid", "auth.token_expired", "auth.session_revoked", "auth.refresh_reused"],
  },
]);

const SessionId = idOf("ses");
const ended = { status: 204, description: "Ended." } as const;

const sessions = describe("Sessions", "token", [
  {
    method: "GET",
    path: "/v1/sessions/current",
    operationId: "readCurrentSession",
    summary: "Read this session",
    description: "The user and the session of the access token, as they are now.",
    answer: { status: 200, description: "The user and the session.", schema: CurrentSession },
    codes: ["auth.session_revoked"],
  },
  {
    method: "GET",
    path: "/v1/sessions",
    operationId: "listSessions",
    summary: "List the user's sessions",
    description: "Every session of this user that has not ended; `current` marks the one that asks.",
    answer: { status: 200, description: "The user's sessions.", schema: SessionList },
    codes: ["auth.session_revoked"],
  },
  {
    method: "DELETE",
    path: "/v1/sessions/current",
    operationId: "endCurrentSession",
    summary: "Sign out",
    description:
      "Ends the session of the access token. Its refresh token is worthless from then on, and nothing more is sponsored for it.",
    answer: ended,
    codes: ["request.not_found"],
  },
  {
    method: "DELETE",
    path: "/v1/sessions/{id}",
    operationId: "endSession",
    summary: "End one session",
    description: "Ends another session of the same user, for example on a device that was lost.",
    id: SessionId,
    answer: ended,
    codes: ["request.not_found", "auth.session_revoked"],
  },
  {
    method: "DELETE",
    path: "/v1/sessions",
    operationId: "endAllSessions",
    summary: "Sign out everywhere",
    description: "Ends every session of this user, the one that asks included.",
    answer: ended,
    codes: ["auth.session_revoked"],
  },
  {
    method: "GET",
    path: "/v1/allowance",
    operationId: "readAllowance",
    summary: "Read what the user may still use",
    description:
      "The user's limits on one network by window and unit. Windows are calendar windows in UTC. `used` is spent, `held` is reserved by relays under way; what is left is `limit` less both.",
    query: AllowanceQuery,
    answer: { status: 200, description: "The user's limits.", schema: Allowance },
    codes: ["request.invalid", "project.network_not_enabled", "auth.session_revoked"],
  },
]);

const wallets = describe("Wallets", "token", [
  {
    method: "GET",
    path: "/v1/wallets",
    operationId: "listWallets",
    summary: "List the user's wallets",
    description: "Every wallet that can sign in as this user, in the order in which they were linked.",
    answer: { status: 200, description: "The user's wallets.", schema: WalletList },
    codes: ["auth.session_revoked"],
  },
  {
    method: "POST",
    path: "/v1/wallets",
    operationId: "linkWallet",
    summary: "Link another wallet",
    description:
      "Takes the proof of a challenge, as for a session: from then on that wallet signs in as this user, and may sign this user's transactions. Linking a wallet again changes nothing; at most 20 wallets a user. A session of `memo-transaction` changes no wallets.",
    body: SessionRequest,
    answer: { status: 201, description: "The wallet is this user's.", schema: LinkedWallet },
    codes: [
      ...OF_A_WALLET,
      "auth.session_revoked",
      "auth.assurance_low",
      "auth.wallet_taken",
      "auth.wallet_limit_reached",
    ],
  },
  {
    method: "DELETE",
    path: "/v1/wallets/{wallet}",
    operationId: "unlinkWallet",
    summary: "Remove a wallet",
    description:
      "Ends the sessions that the wallet opened, the one that asks included if it is its own. Whoever signs in with it later is another user; budgets that were the wallet's own stay so.",
    id: Wallet,
    answer: { status: 204, description: "Removed." },
    codes: ["request.not_found", "auth.session_revoked", "auth.assurance_low", "auth.wallet_last"],
  },
]);

const relays = describe("Relays", "token", [
  {
    method: "POST",
    path: "/v1/relays/prepare",
    operationId: "prepareRelay",
    summary: "Prepare a transaction",
    description:
      "Gives what a transaction needs to be sponsored: who pays its fee and a fresh blockhash. Build the transaction with both and let the user sign it; the fee payer is good for five minutes.",
    body: PrepareRequest,
    answer: { status: 200, description: "Fee payer, lifetime and quote.", schema: PreparedRelay },
    codes: [
      "project.network_not_enabled",
      "auth.session_revoked",
      "policy.not_published",
      "sponsor.unavailable",
      ...OF_A_NODE,
    ],
  },
  {
    method: "POST",
    path: "/v1/relays",
    operationId: "createRelay",
    summary: "Sponsor a transaction",
    description:
      "Checks the signed transaction against the project's policy and budgets, simulates it, adds the sponsor's signature and sends it. The sponsor's signature slot must be 64 zero bytes, every other one filled, and a wallet of the session's user among the signers. The same `Idempotency-Key` with the same body gets the first answer again, for 24 hours; a refusal that left no relay, and every 5xx, leaves the key free.",
    body: RelayRequest,
    isIdempotent: true,
    answer: {
      status: 202,
      description: "Accepted: signed by the sponsor and on its way.",
      schema: Relay,
      headers: ["Idempotent-Replayed"],
    },
    codes: [
      "project.network_not_enabled",
      "auth.session_revoked",
      "idempotency.key_missing",
      "idempotency.in_progress",
      "idempotency.key_reused",
      "transaction.malformed",
      "transaction.wrong_fee_payer",
      "transaction.wrong_network",
      "transaction.signature_missing",
      "transaction.signature_invalid",
      "transaction.expired",
      "transaction.too_large",
      "transaction.version_unsupported",
      "transaction.already_relayed",
      "transaction.simulation_failed",
      "policy.program_not_allowed",
      "policy.instruction_not_allowed",
      "policy.instruction_unknown",
      "policy.argument_not_allowed",
      "policy.account_denied",
      "policy.fee_payer_misused",
      "policy.value_exceeded",
      "policy.rent_not_sponsored",
      "policy.lookup_table_not_allowed",
      "policy.fee_exceeded",
      "policy.durable_nonce_not_allowed",
      "policy.not_published",
      "budget.user_exhausted",
      "budget.project_exhausted",
      "budget.lifetime_exhausted",
      "sponsor.underfunded",
      "sponsor.unavailable",
      ...OF_A_NODE,
    ],
  },
  {
    method: "POST",
    path: "/v1/relays/explain",
    operationId: "explainRelay",
    summary: "Ask why a transaction is or is not sponsored",
    description:
      "Decides as `POST /v1/relays` would, and says what every rule found: not only the first that fails, and for each failure what to do about it. Nothing is held, signed, sent or written. A transaction that nobody has signed yet can be asked about too. It has a rate limit of its own: 60 a minute and user.",
    body: RelayRequest,
    answer: { status: 200, description: "The verdict and its trace.", schema: Explanation },
    codes: ["project.network_not_enabled", "auth.session_revoked", "policy.not_published", ...OF_A_NODE],
  },
  {
    method: "GET",
    path: "/v1/relays/{id}",
    operationId: "readRelay",
    summary: "Follow a relay",
    description:
      "The relay as it is now. With `wait` the call is held until the state differs from `after` (or, without it, from the state on arrival), the relay is final, or the seconds are over: always 200, then with the unchanged state.",
    id: idOf("rly"),
    query: RelayQuery,
    answer: { status: 200, description: "The relay.", schema: Relay },
    codes: ["request.invalid", "relay.not_found", "auth.session_revoked"],
  },
  {
    method: "GET",
    path: "/v1/relays",
    operationId: "listRelays",
    summary: "List the user's relays",
    description:
      "The user's own relays, newest first, a page at a time: pass `nextCursor` as `cursor` until it is null.",
    query: RelayListQuery,
    answer: { status: 200, description: "A page of relays.", schema: RelayList },
    codes: ["request.invalid", "auth.session_revoked"],
  },
]);

const Live = z.object({ status: z.literal("live") });
const Ready = z.object({
  status: z.literal("ready"),
  dependencies: z.array(z.string()).meta({ description: "What was asked and answered: stores and networks" }),
});
const PublicKeys = z.object({
  keys: z.array(z.looseObject({ kty: z.string() })).meta({
    description: "Public P-256 keys; `kid` is the RFC 7638 thumbprint that an access token names in its header",
  }),
});
const OpenApiDocument = z.looseObject({ openapi: z.string().meta({ description: "The version of OpenAPI" }) });

const operations = describe("Operations", "nobody", [
  {
    method: "GET",
    path: "/live",
    operationId: "readLiveness",
    summary: "Is the process there",
    description: "Answers as long as the process can answer at all; it asks nobody.",
    answer: { status: 200, description: "It is.", schema: Live },
    codes: [],
  },
  {
    method: "GET",
    path: "/ready",
    operationId: "readReadiness",
    summary: "Can requests be served",
    description:
      "Uses every dependency the way requests do; a result is kept for five seconds. When something is down, `context.failed` names it, its code and since when. `listener <network>` is down when nobody has looked after that network's relays for 150 seconds.",
    answer: { status: 200, description: "Every dependency answers.", schema: Ready, headers: ["Cache-Control"] },
    codes: ["store.unavailable", "upstream.rpc_unavailable"],
  },
  {
    method: "GET",
    path: "/.well-known/jwks.json",
    operationId: "readPublicKeys",
    summary: "Read the keys behind access tokens",
    description:
      "With these a dapp's own backend verifies a user's access token (ES256, `typ: at+jwt`) without asking anybody: check `iss`, `aud` (the project), `exp` and `origin`. `docs/verify-our-tokens.md` has it in code.",
    answer: { status: 200, description: "A JSON Web Key Set.", schema: PublicKeys, headers: ["Cache-Control", "ETag"] },
    codes: [],
  },
  {
    method: "GET",
    path: "/openapi.json",
    operationId: "readOpenApi",
    summary: "Read the machine's version of this page",
    description: "The OpenAPI 3.1 document of this deployment, for code generators and clients.",
    answer: { status: 200, description: "An OpenAPI 3.1 document.", schema: OpenApiDocument },
    codes: [],
  },
  {
    method: "GET",
    path: "/docs",
    operationId: "readDocs",
    summary: "Read this page",
    description: "Every call and every error code. The `type` of a problem leads to its code here.",
    answer: { status: 200, description: "An HTML page.", schema: z.string(), mediaType: "text/html" },
    codes: [],
  },
  {
    method: "GET",
    path: "/docs/guide",
    operationId: "readGuide",
    summary: "Read the guide for integrators",
    description: "How a dapp is added, policies by example, why something was refused, and a checklist.",
    answer: { status: 200, description: "An HTML page.", schema: z.string(), mediaType: "text/html" },
    codes: [],
  },
  {
    method: "GET",
    path: "/docs/management",
    operationId: "readManagementDocs",
    summary: "Read about the management API",
    description: "The calls under `/v1/manage`: what the dashboard does, and a server with a secret key may.",
    answer: { status: 200, description: "An HTML page.", schema: z.string(), mediaType: "text/html" },
    codes: [],
  },
]);

const measurements = describe("Operations", "metrics", [
  {
    method: "GET",
    path: "/metrics",
    operationId: "readMetrics",
    summary: "Read the metrics",
    description:
      "What Prometheus scrapes, in its text format 0.0.4. While a store is away, what is known without it is still answered, and `gasless_scrape_errors` is not 0. `docs/metrics.md` has every metric.",
    answer: { status: 200, description: "Metrics as text.", schema: z.string(), mediaType: "text/plain" },
    codes: [],
  },
]);

/** Every public and operational call there is, in the order in which an integrator meets them. */
export const ROUTES: readonly RouteDescription[] = [
  ...signIn,
  ...sessions,
  ...wallets,
  ...relays,
  ...operations,
  ...measurements,
];
