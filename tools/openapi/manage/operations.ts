import { MANAGE_ROUTES, type ManageRoute } from "../../../bff/src/contract/manage/routes.ts";
import { ROUTES } from "../../../bff/src/contract/routes.ts";

/** What opens a call: a member's token, a secret key, or the token of somebody who has only just signed in. */
type Opener = "member" | "key" | "user";

/** A call of the management API with everything that its documentation says. */
export interface ManageOperation extends ManageRoute {
  /** Its name among all calls of the API; it is its anchor, too. */
  readonly operationId: string;
  /** From the root. */
  readonly address: string;
  readonly openers: readonly Opener[];
}

const ALWAYS = [
  "auth.token_missing",
  "auth.token_invalid",
  "auth.token_expired",
  "auth.session_revoked",
  "project.origin_not_allowed",
  "rate.limited",
  "store.unavailable",
  "internal.misconfigured",
  "internal.unexpected",
];
const WITH_A_BODY = ["request.malformed", "request.invalid", "request.too_large", "request.unsupported_media_type"];

const PUBLIC_NAMES = new Set(ROUTES.map(({ operationId }) => operationId));

function openersOf({ consoleToken, scope }: ManageRoute): readonly Opener[] {
  if (consoleToken !== undefined) return consoleToken === "alone" ? ["user"] : ["member", "user"];
  return scope === null ? ["member"] : ["member", "key"];
}

function describe(name: string, route: ManageRoute): ManageOperation {
  const openers = openersOf(route);
  const codes = [
    ...ALWAYS,
    // Whoever has just signed in has no rights that could be missing.
    ...(openers.includes("member") ? ["auth.scope_missing"] : []),
    ...(openers.includes("user") ? ["auth.proof_invalid"] : []),
    ...(route.query ? ["request.invalid"] : []),
    ...(route.body ? WITH_A_BODY : []),
    ...route.codes,
  ];
  return {
    ...route,
    operationId: PUBLIC_NAMES.has(name) ? `manage.${name}` : name,
    address: `/v1/manage${route.path}`,
    openers,
    codes: [...new Set(codes)].toSorted(),
  };
}

/** Calls a minute of one key or member; a test compares them with the worker's. */
export const CALLS_PER_MINUTE = {
  "manage-read": "1,200",
  "manage-write": "600",
  "manage-heavy": "120",
} as const satisfies Readonly<Record<ManageRoute["rateClass"], string>>;

/** Those of the class `manage-heavy` about one project, by all its keys and members together; a test compares it, too. */
export const HEAVY_CALLS_TOGETHER = "240";

/** What a secret key needs besides, and for which fields of the body; nothing where a scope alone decides. */
export function sayMoreScope({ moreScope }: ManageRoute): string {
  if (!moreScope) return "";
  const fields = moreScope.fields.map((field) => `\`${field}\``).join(" or ");
  return `with ${fields}, \`${moreScope.scope}\` too`;
}

/** What each group is about, in the order in which people meet them. */
export const MANAGE_GROUPS: Readonly<Record<ManageRoute["group"], string>> = {
  Console: "Who is at the dashboard. These calls need no right but a session of the console.",
  Organizations: "Who owns projects and sponsors, and who may do what in them.",
  Projects: "Settings, origins, networks, keys, sponsors and budgets of one project.",
  Policies: "What is sponsored: drafts, versions, and what they would say.",
  Lists: "Wallets that may be sponsored, and addresses that no sponsored transaction may name.",
  Traffic: "What was decided, what was relayed, and for whom.",
  Jobs: "Longer work, done in parts: imports and backtests.",
  Audit: "Who changed what.",
};

const ORDER = Object.keys(MANAGE_GROUPS);

/** Every call of the management API, group by group. */
export const MANAGE_OPERATIONS: readonly ManageOperation[] = Object.entries<ManageRoute>(MANAGE_ROUTES)
  .map(([name, route]) => describe(name, route))
  .toSorted((left, right) => ORDER.indexOf(left.group) - ORDER.indexOf(right.group));
