import type { ManagedProject, ProjectChange } from "../../../../bff/src/contract/manage/projects.ts";
import { ungrouped } from "../../format/amounts.ts";

/** Limits a minute, each with what it keeps off. */
export const LIMITS = [
  ["requestsPerMinute", "The whole project", "Every request of all its users together."],
  ["keyRequestsPerMinute", "Each key", "Requests with one publishable or secret key."],
  ["addressRequestsPerMinute", "Each address", "Requests from one internet address: a household, sometimes an office."],
  ["addressSignInsPerMinute", "Sign-ins of an address", "Challenges and sessions from one internet address."],
  ["userRelaysPerMinute", "Relays of a user", "What one user may have sponsored, beside the budgets."],
] as const;
type LimitName = (typeof LIMITS)[number][0];

export interface SettingsValues extends Readonly<Record<LimitName, string>> {
  readonly name: string;
  readonly statement: string;
  readonly locale: string;
}

const MOST_PER_MINUTE = 10_000_000;

export function toValues({ name, statement, locale, ...project }: ManagedProject): SettingsValues {
  const limits = Object.fromEntries(LIMITS.map(([limit]) => [limit, String(project[limit])])) as Record<
    LimitName,
    string
  >;
  return { name, statement, locale, ...limits };
}

const readWhole = (text: string): number | undefined => {
  const typed = ungrouped(text);
  return /^[0-9]{1,8}$/.test(typed) ? Number(typed) : undefined;
};

/** What cannot be meant, by field. */
export function checkSettings(values: SettingsValues): Partial<Record<keyof SettingsValues, string>> {
  const faults: Partial<Record<keyof SettingsValues, string>> = {};
  if (values.name.trim() === "") faults.name = "is needed";
  if (!/^[ -~]+$/.test(values.statement)) {
    faults.statement = "takes one line of plain letters: some wallets show nothing else";
  }
  if (!/^(?:auto|[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)$/.test(values.locale.trim())) {
    faults.locale = "is auto or a language such as de or es";
  }
  for (const [limit] of LIMITS) {
    const value = readWhole(values[limit]);
    if (value === undefined || value < 1 || value > MOST_PER_MINUTE)
      faults[limit] = "is a whole number from 1 to 10,000,000";
  }
  return faults;
}

/** What was changed since it was shown, and nothing else: what somebody else set meanwhile is not set back. */
export function changeOf(shown: ManagedProject, values: SettingsValues): Omit<ProjectChange, "version"> {
  const before = toValues(shown);
  const change: { -readonly [K in keyof ProjectChange]?: ProjectChange[K] } = {};
  for (const name of ["name", "statement", "locale"] as const) {
    if (values[name].trim() !== before[name]) change[name] = values[name].trim();
  }
  for (const [limit] of LIMITS) {
    const value = readWhole(values[limit]);
    if (value !== undefined && value !== shown[limit]) change[limit] = value;
  }
  return change;
}

export const haveSameSettings = (one: ManagedProject, other: ManagedProject): boolean =>
  JSON.stringify(toValues(one)) === JSON.stringify(toValues(other));

/** After somebody else's change: theirs, but for what was typed here. */
export function mergeSettings(shown: ManagedProject, now: ManagedProject, values: SettingsValues): SettingsValues {
  const before = toValues(shown);
  const typed = Object.entries(values).filter(([name, value]) => value !== before[name as keyof SettingsValues]);
  return { ...toValues(now), ...Object.fromEntries(typed) };
}
