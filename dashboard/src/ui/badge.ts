import { html, type TemplateResult } from "lit";

export type Tone = "good" | "bad" | "warn" | "info" | "neutral";

/** A word with a colour; the word alone has to do. */
export const badge = (text: string, tone: Tone = "neutral"): TemplateResult =>
  html`<span class="badge ${tone}">${text}</span>`;

export const environmentBadge = (environment: "test" | "live"): TemplateResult =>
  badge(environment, environment === "live" ? "good" : "warn");

export const verdictBadge = (verdict: "sponsor" | "refuse"): TemplateResult =>
  verdict === "sponsor" ? badge("sponsored", "good") : badge("refused", "bad");

const STATES: Readonly<Record<string, Tone>> = {
  // Relays
  received: "info",
  signed: "info",
  submitted: "info",
  confirmed: "good",
  finalized: "good",
  rejected: "bad",
  failed: "bad",
  expired: "warn",
  // Jobs
  queued: "neutral",
  running: "info",
  succeeded: "good",
  dead: "bad",
  discarded: "neutral",
  // Sponsors, projects, keys, invitations
  active: "good",
  draining: "warn",
  retired: "neutral",
  suspended: "bad",
  open: "info",
  accepted: "good",
  revoked: "neutral",
};

/** The state of a relay, a job, a sponsor or an invitation, in its own word. */
export const stateBadge = (state: string): TemplateResult => badge(state, STATES[state] ?? "neutral");
