import type { Scope } from "../../../../bff/src/contract/manage/values.ts";

interface ScopeChoice {
  readonly scope: Scope;
  readonly label: string;
  readonly hint: string;
}

/** Scopes as they are chosen: by what they are about, each with what it opens. */
export const SCOPE_GROUPS: readonly (readonly [group: string, choices: readonly ScopeChoice[]])[] = [
  [
    "Traffic",
    [
      { scope: "traffic:read", label: "Read relays and decisions", hint: "Overview, search and detail" },
      { scope: "users:read", label: "Read users", hint: "Wallets and open sessions" },
      { scope: "users:write", label: "Sign users out", hint: "Ends their sessions" },
    ],
  ],
  [
    "Policy",
    [
      { scope: "policies:read", label: "Read policies", hint: "Versions, drafts, checks and explain" },
      { scope: "policies:write", label: "Publish policies", hint: "Decides what is sponsored" },
      { scope: "lists:read", label: "Read lists", hint: "Denylist and allowlist" },
      { scope: "lists:write", label: "Change lists", hint: "Entries and imports" },
    ],
  ],
  [
    "Money",
    [
      { scope: "budgets:read", label: "Read budgets", hint: "Limits and what is used" },
      { scope: "budgets:write", label: "Set budgets", hint: "How much may be spent" },
      { scope: "sponsors:read", label: "Read sponsors", hint: "Addresses and balances" },
      { scope: "sponsors:write", label: "Choose sponsors", hint: "Who pays" },
    ],
  ],
  [
    "Project",
    [
      { scope: "project:read", label: "Read settings", hint: "Origins and networks too" },
      { scope: "project:write", label: "Change settings", hint: "Origins, networks, suspending" },
      { scope: "keys:read", label: "Read keys", hint: "Never the keys themselves" },
      { scope: "keys:write", label: "Make and revoke keys", hint: "With no more scopes than it has" },
      { scope: "jobs:read", label: "Read jobs", hint: "Imports and backtests" },
      { scope: "jobs:write", label: "Steer jobs", hint: "Backtest, retry, discard" },
      { scope: "audit:read", label: "Read the audit log", hint: "And export it" },
    ],
  ],
];

const ALL: readonly Scope[] = SCOPE_GROUPS.flatMap(([, choices]) => choices.map(({ scope }) => scope));
const READING = ALL.filter((scope) => scope.endsWith(":read"));

interface Preset {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
  readonly scopes: readonly Scope[];
}

/** What most keys are for. */
export const PRESETS: readonly Preset[] = [
  { value: "look", label: "Look on", hint: "Reads everything, changes nothing", scopes: READING },
  {
    value: "lists",
    label: "Feed the lists",
    hint: "A risk service that denies and allows",
    scopes: ["lists:read", "lists:write", "jobs:read"],
  },
  {
    value: "support",
    label: "Support",
    hint: "Finds a user's relays, and signs them out",
    scopes: ["traffic:read", "users:read", "users:write"],
  },
  {
    value: "deploy",
    label: "Deploy policies",
    hint: "A pipeline that checks, backtests and publishes",
    scopes: ["policies:read", "policies:write", "traffic:read", "jobs:read", "jobs:write"],
  },
  { value: "all", label: "Everything", hint: "As much as an admin: keep it well", scopes: ALL },
];

const inOrder = (scopes: ReadonlySet<Scope>): Scope[] => ALL.filter((scope) => scopes.has(scope));

/** The preset that gives exactly these; `own` when there is none. */
export function presetOf(scopes: readonly Scope[]): string {
  const wanted = inOrder(new Set(scopes)).join(" ");
  return PRESETS.find((preset) => inOrder(new Set(preset.scopes)).join(" ") === wanted)?.value ?? "own";
}

/** With one more or one less. Whoever may write has to see what is written: reading comes along, and takes writing away. */
export function toggleScope(scopes: readonly Scope[], scope: Scope, isWanted: boolean): Scope[] {
  const next = new Set(scopes);
  const [area, verb] = scope.split(":");
  const other = `${area}:${verb === "read" ? "write" : "read"}` as Scope;
  if (isWanted) {
    next.add(scope);
    if (verb === "write" && ALL.includes(other)) next.add(other);
  } else {
    next.delete(scope);
    if (verb === "read") next.delete(other);
  }
  return inOrder(next);
}
