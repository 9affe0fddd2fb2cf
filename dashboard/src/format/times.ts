import { html, type TemplateResult } from "lit";

const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "long" });
const short = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** How far from now, in the largest unit that fits: "3 hours ago", "in 2 days", "now". */
export function formatRelative(atMs: number, nowMs: number): string {
  const seconds = Math.round((atMs - nowMs) / 1000);
  for (const [unit, size] of STEPS) {
    // A week that has just begun is no six days; what was nearly an hour ago was not one.
    const whole = seconds > 0 ? Math.round : Math.trunc;
    if (Math.abs(seconds) >= size) return relative.format(whole(seconds / size), unit);
  }
  return Math.abs(seconds) < 10 ? "now" : relative.format(seconds, "second");
}

/** A time as it is told, with the exact one on hover. */
export const time = (at: string | null, never = "never"): TemplateResult =>
  at === null
    ? html`<span class="soft">${never}</span>`
    : html`<time datetime=${at} title=${absolute.format(new Date(at))}
        >${formatRelative(Date.parse(at), Date.now())}</time
      >`;

/** A time as the clock shows it here. */
export const dateTime = (at: string): TemplateResult =>
  html`<time datetime=${at} title=${absolute.format(new Date(at))}>${short.format(new Date(at))}</time>`;
