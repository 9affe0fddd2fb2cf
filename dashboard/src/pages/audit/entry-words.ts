import type { AuditEntry } from "../../../../bff/src/contract/manage/audit.ts";
import { formatAmount } from "../../format/amounts.ts";
import { shorten } from "../../ui/copy.ts";

export interface Change {
  readonly name: string;
  /** Undefined: there was none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface EntryWords {
  readonly who: string;
  /** The wallet, key or program behind the name, where that says more. */
  readonly whoDetail: string | undefined;
  /** "removed an origin" */
  readonly what: string;
  /** Which one it was, in words; undefined where only its id tells. */
  readonly about: string | undefined;
  readonly changes: readonly Change[];
}

const THINGS: Readonly<Record<string, string>> = {
  organization: "the organization",
  member: "a member",
  invitation: "an invitation",
  project: "the project",
  origin: "an origin",
  key: "a key",
  network: "a network",
  project_sponsor: "a sponsor of the project",
  sponsor: "a sponsor",
  policy: "a version of the policy",
  limit: "a budget",
  denied_account: "denylist entries",
  allowed_wallet: "allowlist entries",
  job: "a job",
  session: "a session",
};

/** Things of which an entry tells how many, when it is one. */
const ONE: Readonly<Record<string, string>> = { denied_account: "denylist entry", allowed_wallet: "allowlist entry" };

// Columns whose names say little to who has not seen the database.
const NAMES: Readonly<Record<string, string>> = {
  revoked_at: "ends",
  first: "the first of them",
  file_sha256: "SHA-256 of the file",
  file_lines: "lines of the file",
  policy_version: "policy in force",
  allowlist_only: "allowlist only",
  last_four: "last four characters",
  subject_kind: "of",
  amount: "limit",
  requests_per_minute: "requests a minute",
  address_requests_per_minute: "requests a minute and address",
  address_sign_ins_per_minute: "sign-ins a minute and address",
  key_requests_per_minute: "requests a minute and key",
  user_relays_per_minute: "relays a minute and user",
};

const ofOwn = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const plain = (name: string): string => ofOwn(NAMES, name) ?? name.replaceAll("_", " ");

/** As SQL and the API write one. */
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/;
const clock = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });

/** A value as a line of text; times by the clock that is here. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (typeof value === "string") return INSTANT.test(value) ? clock.format(new Date(value)) : value || "nothing";
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}

const AMOUNTS = new Set(["amount", "balance_floor"]);

/** An amount in its unit, as far as the entry names that; older ones of a change do not. */
function amountOf(name: string, value: unknown, { unit, network }: Readonly<Record<string, unknown>>) {
  if (!AMOUNTS.has(name) || typeof value !== "string" || !/^\d{1,78}$/.test(value)) return undefined;
  if (unit === "relays") return `${BigInt(value).toLocaleString("en")} ${value === "1" ? "relay" : "relays"}`;
  if (typeof network === "string") return formatAmount(network, value);
  return `${BigInt(value).toLocaleString("en")} ${name === "amount" ? "relays or base units" : "base units"}`;
}

// What every row has, and what the entry says elsewhere.
const SAID_ELSEWHERE = new Set(["id", "project_id", "organization_id", "created_at", "added_at", "environment"]);

// Of the entry's details, what is no fact beside the change.
const SAID_APART = new Set(["count", "of", "before", "after"]);

function changesOf(details: Readonly<Record<string, unknown>>): Change[] {
  const before = isRecord(details["before"]) ? details["before"] : undefined;
  const after = isRecord(details["after"]) ? details["after"] : undefined;
  const facts = Object.entries(details).flatMap(([name, value]) =>
    SAID_APART.has(name)
      ? []
      : [
          {
            name: plain(name),
            before: undefined,
            after: Array.isArray(value) ? value.map(textOf).join(", ") : textOf(value),
          },
        ],
  );
  const isChange = before !== undefined && after !== undefined;
  const of = isRecord(details["of"]) ? details["of"] : {};
  const row = { ...of, ...before, ...after };
  const say = (name: string, value: unknown): string => amountOf(name, value, row) ?? textOf(value);
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  const differences = names.flatMap((name): Change[] => {
    // Of a whole row the empty columns say nothing.
    const value = (after ?? before)?.[name];
    if (!isChange && (SAID_ELSEWHERE.has(name) || value === null || value === "")) return [];
    return [
      {
        name: plain(name),
        before: before ? say(name, before[name]) : undefined,
        after: after ? say(name, after[name]) : undefined,
      },
    ];
  });
  return [...facts, ...differences];
}

/** An address is known by its ends. */
const ADDRESS_ENDS = 10;
const SUBJECTS: Readonly<Record<string, string>> = {
  user: "each user",
  project: "the project",
  policy: "each version of the policy",
  sponsor: "the sponsor",
};

/** Which row was changed, by what stayed as it was: `each user · day · relays · solana:devnet`. */
function aboutOf({ of }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isRecord(of)) return undefined;
  const textIn = (name: string): string | undefined => {
    const value = of[name];
    return typeof value === "string" ? value : undefined;
  };
  const subject = textIn("subject_kind");
  const end = textIn("last_four");
  const parts = [
    textIn("name"),
    subject && (ofOwn(SUBJECTS, subject) ?? subject),
    textIn("window"),
    textIn("unit"),
    textIn("kind"),
    end && `…${end}`,
    textIn("network"),
    ...["wallet", "address"].map((name) => shorten(textIn(name) ?? "", ADDRESS_ENDS)),
  ].filter(Boolean);
  return parts.length === 0 ? undefined : parts.join(" · ");
}

function whoOf(actor: Readonly<Record<string, unknown>>): Pick<EntryWords, "who" | "whoDetail"> {
  const kind = typeof actor["kind"] === "string" ? actor["kind"] : "unknown";
  const name = typeof actor["name"] === "string" && actor["name"] !== "" ? actor["name"] : undefined;
  switch (kind) {
    case "member":
      return { who: "A member", whoDetail: name ?? textOf(actor["id"]) };
    case "key":
      return { who: name ? `The key …${name.replace(/^…/, "")}` : "A key", whoDetail: undefined };
    case "operator":
      return { who: name ? `The operator ${name}` : "The operator", whoDetail: undefined };
    case "database":
      return { who: "Somebody at the database", whoDetail: name };
    default:
      return { who: name ?? kind, whoDetail: undefined };
  }
}

/** Of a row that is kept, an end that came sooner is what a person did. */
function verbOf(thing: string, verb: string, details: Readonly<Record<string, unknown>>): string {
  const after = isRecord(details["after"]) ? details["after"] : {};
  const before = isRecord(details["before"]) ? details["before"] : {};
  if (verb !== "changed") return verb;
  if (thing === "key" && after["revoked_at"] && Object.keys(after).length === 1) return "set the end of";
  if (thing === "invitation" && after["revoked_at"]) return "took back";
  if (thing === "invitation" && after["accepted_at"]) return "accepted";
  if (thing === "project" && after["status"] === "suspended") return "suspended";
  if (thing === "project" && before["status"] === "suspended" && after["status"] === "active") return "resumed";
  return verb;
}

/** An entry of the log as a sentence, and what it changed. */
export function entryWords({ actor, action, details }: Pick<AuditEntry, "actor" | "action" | "details">): EntryWords {
  const [thing = "", verb = ""] = action.split(".", 2);
  const { count } = details;
  const amount = typeof count === "number" ? `${count.toLocaleString("en")} ` : "";
  const name = (count === 1 ? ofOwn(ONE, thing) : undefined) ?? ofOwn(THINGS, thing) ?? thing.replaceAll("_", " ");
  const what = `${verbOf(thing, verb, details)} ${amount}${name}`.trim();
  return { ...whoOf(actor), what, about: aboutOf(details), changes: changesOf(details) };
}
