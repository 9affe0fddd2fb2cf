/** Ways to say when, as they stand in an address. */
const HOURS = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 } as const;

export const PERIODS = [
  { value: "", label: "Any time" },
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
  { value: "custom", label: "From … to …" },
] as const;

interface Period {
  readonly period: string;
  /** Of a custom one: what a `datetime-local` field gives, in this browser's zone. */
  readonly from: string;
  readonly to: string;
}

interface Instants {
  readonly from?: string;
  readonly to?: string;
}

const isKnown = (period: string): period is keyof typeof HOURS => Object.hasOwn(HOURS, period);

/** A local time as an instant; undefined while it is not complete. */
export function instantOf(local: string): string | undefined {
  const atMs = Date.parse(local);
  return local === "" || Number.isNaN(atMs) ? undefined : new Date(atMs).toISOString();
}

/** What is asked of the API: a period that runs up to now has no end. */
export function instantsOf({ period, from, to }: Period, nowMs: number): Instants {
  if (isKnown(period)) return { from: new Date(nowMs - HOURS[period] * 3_600_000).toISOString() };
  if (period !== "custom") return {};
  const begin = instantOf(from);
  const end = instantOf(to);
  return { ...(begin !== undefined && { from: begin }), ...(end !== undefined && { to: end }) };
}
