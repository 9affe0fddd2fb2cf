import type { Budget } from "../../../../bff/src/contract/manage/projects.ts";
import { parseAmount, ungrouped, unitOf } from "../../format/amounts.ts";

type Subject = Budget["subject"];
type Window = Budget["window"];
type Unit = Budget["unit"];

/** A budget while it is edited: its limit as it is typed, in whole coins or relays. */
export interface BudgetRow {
  /** Stays with the row, whatever is chosen in it. */
  readonly id: string;
  readonly subject: Subject;
  readonly window: Window;
  readonly unit: Unit;
  readonly limit: string;
}

export interface BudgetLimit {
  readonly subject: Subject;
  readonly window: Window;
  readonly unit: Unit;
  readonly limit: string;
}

export const SUBJECTS: readonly (readonly [Subject, label: string, meaning: string])[] = [
  ["user", "Each user", "Keeps one user from spending what is meant for all."],
  ["project", "The whole project", "The most that this project can cost, whoever asks."],
  ["policy", "Each version of the policy", "A new version begins with an empty one: a mistake in it cannot cost more."],
];
export const WINDOWS: readonly (readonly [Window, label: string])[] = [
  ["hour", "Each hour"],
  ["day", "Each day"],
  ["month", "Each month"],
  ["lifetime", "Ever"],
];
export const UNITS: readonly (readonly [Unit, label: string])[] = [
  ["relays", "Relays"],
  ["fee", "Fees"],
  ["rent", "Rent"],
];

/** As many digits the API takes. */
const maxDigits = (unit: Unit): number => (unit === "relays" ? 12 : 30);
/** Of base units: a million SOL. */
const ENDLESS_DIGITS = 15;
const MOST = 36;
const keyOf = ({ subject, window, unit }: Omit<BudgetLimit, "limit">): string => `${subject} ${window} ${unit}`;
const placeIn = (table: readonly (readonly [string, ...unknown[]])[], name: string): number =>
  table.findIndex(([each]) => each === name);

/** In the order in which they are read: by subject, then by window and unit. */
export const inOrder = <Row extends Omit<BudgetLimit, "limit">>(rows: readonly Row[]): Row[] =>
  rows.toSorted(
    (one, other) =>
      placeIn(SUBJECTS, one.subject) - placeIn(SUBJECTS, other.subject) ||
      placeIn(WINDOWS, one.window) - placeIn(WINDOWS, other.window) ||
      placeIn(UNITS, one.unit) - placeIn(UNITS, other.unit),
  );

/** Base units as they are typed: whole coins, without grouping and without loss. */
export function typedLimit(network: string, unit: Unit, limit: string): string {
  const { decimals } = unitOf(network);
  if (unit === "relays" || decimals === 0) return limit;
  const digits = limit.padStart(decimals + 1, "0");
  const rest = digits.slice(-decimals).replace(/0+$/, "");
  return digits.slice(0, -decimals) + (rest === "" ? "" : `.${rest}`);
}

export const toRows = (network: string, budgets: readonly BudgetLimit[]): BudgetRow[] =>
  inOrder(budgets).map((budget) => ({
    id: keyOf(budget),
    subject: budget.subject,
    window: budget.window,
    unit: budget.unit,
    limit: typedLimit(network, budget.unit, budget.limit),
  }));

function readLimit(network: string, { unit, limit }: BudgetRow): string | undefined {
  const typed = ungrouped(limit);
  if (unit === "relays") return /^\d{1,30}$/.test(typed) ? BigInt(typed).toString() : undefined;
  return parseAmount(network, typed)?.toString();
}

export interface BudgetReading {
  readonly limits: readonly BudgetLimit[];
  /** By the row's id. */
  readonly faults: Readonly<Record<string, string>>;
}

/** What the rows say, and which of them cannot be meant. */
export function readRows(network: string, rows: readonly BudgetRow[]): BudgetReading {
  const { symbol, decimals } = unitOf(network);
  const faults: Record<string, string> = {};
  const limits: BudgetLimit[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    const { subject, window, unit } = row;
    const limit = readLimit(network, row);
    if (seen.has(keyOf(row))) faults[row.id] = "There is one of this kind already.";
    else if (limit === undefined) {
      faults[row.id] =
        unit === "relays"
          ? "Give a whole number, 0 or more, such as 20."
          : `Give an amount of ${symbol}, 0 or more, such as 0.05, with at most ${decimals} decimals.`;
    } else if (limit.length > maxDigits(unit)) faults[row.id] = "That is more than there can be.";
    seen.add(keyOf(row));
    limits.push({ subject, window, unit, limit: limit ?? "0" });
  }
  return { limits, faults };
}

/** What a limit comes to that may be set but is hardly meant; undefined for every other. */
export function limitHint(network: string, row: BudgetRow): string | undefined {
  const limit = readLimit(network, row);
  if (limit === undefined || limit.length > maxDigits(row.unit)) return undefined;
  const { decimals } = unitOf(network);
  const most = 10n ** BigInt(Math.max(ENDLESS_DIGITS, decimals + 6));
  if (row.unit !== "relays" && BigInt(limit) > most) return "More than can be spent: this bounds nothing.";
  if (limit !== "0") return undefined;
  const what = row.unit === "rent" ? "nothing that needs rent" : "nothing";
  return row.window === "lifetime" ? `0: ${what} is ever sponsored.` : `0: ${what} is sponsored in this time.`;
}

/** A row of a kind that is not there yet; undefined: there are all. */
export function nextRow(rows: readonly BudgetRow[]): BudgetRow | undefined {
  const taken = new Set(rows.map(keyOf));
  // What was chosen in an added row since may have made room for another of its first kind.
  const added = rows.reduce((most, { id }) => Math.max(most, Number(/^new (\d+)$/.exec(id)?.[1] ?? 0)), 0);
  if (rows.length >= MOST) return undefined;
  for (const [subject] of SUBJECTS) {
    for (const window of ["day", "hour", "month", "lifetime"] as const) {
      for (const [unit] of UNITS) {
        const row = { subject, window, unit };
        if (!taken.has(keyOf(row))) return { ...row, id: `new ${added + 1}`, limit: "" };
      }
    }
  }
  return undefined;
}

export interface BudgetDifference {
  readonly budget: BudgetLimit;
  /** Undefined: there was none. */
  readonly before: string | undefined;
  /** Undefined: there is none any more. */
  readonly after: string | undefined;
}

/** What differs between two sets, as after somebody else's change. */
export function differencesOf(before: readonly BudgetLimit[], after: readonly BudgetLimit[]): BudgetDifference[] {
  const old = new Map(before.map((budget) => [keyOf(budget), budget]));
  const young = new Map(after.map((budget) => [keyOf(budget), budget]));
  const all = new Map([...old, ...young]);
  return inOrder([...all.values()]).flatMap((budget) => {
    const [one, other] = [old.get(keyOf(budget))?.limit, young.get(keyOf(budget))?.limit];
    return one === other ? [] : [{ budget, before: one, after: other }];
  });
}

/** How full a budget is, in thousandths; what is held counts. */
export function fillOf({ limit, used, held }: Pick<Budget, "limit" | "used" | "held">): {
  readonly used: number;
  readonly held: number;
} {
  const most = BigInt(limit);
  const part = (amount: string | null): number => {
    if (amount === null) return 0;
    if (most === 0n) return amount === "0" ? 0 : 1000;
    const thousandths = (BigInt(amount) * 1000n) / most;
    return thousandths > 1000n ? 1000 : Number(thousandths);
  };
  const usedPart = part(used);
  return { used: usedPart, held: Math.min(part(held), 1000 - usedPart) };
}
