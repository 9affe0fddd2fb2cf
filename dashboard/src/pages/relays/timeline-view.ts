import { html, nothing, type TemplateResult } from "lit";
import type { ManagedRelayDetail } from "../../../../bff/src/contract/manage/traffic.ts";
import { dateTime } from "../../format/times.ts";
import { formatDuration, type Step, timelineOf } from "./timeline.ts";

const STATUS_WORDS: Readonly<Record<Step["status"], string>> = {
  reached: "done",
  current: "now",
  waiting: "still to come",
  "ended-badly": "ended here",
};

/** A relay's way, step by step. */
export const relayTimeline = (relay: ManagedRelayDetail): TemplateResult =>
  html`<ol class="timeline">
    ${timelineOf(relay).map(
      ({ name, meaning, status, at, tookMs }) =>
        html`<li class=${status} aria-current=${status === "current" ? "step" : nothing}>
          <div class="step-head">
            <b>${name}</b><span class="visually-hidden">${STATUS_WORDS[status]}</span>
            ${at === undefined ? nothing : html`<span class="soft small">${dateTime(at)}</span>`}
            ${
              tookMs === undefined || tookMs <= 0
                ? nothing
                : html`<span class="soft small">after ${formatDuration(tookMs)}</span>`
            }
          </div>
          <p class="soft">${meaning}</p>
        </li>`,
    )}
  </ol>`;
