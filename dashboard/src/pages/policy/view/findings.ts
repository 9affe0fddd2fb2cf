import { html, nothing, type TemplateResult } from "lit";
import { badge } from "../../../ui/badge.ts";
import { button } from "../../../ui/button.ts";
import { prose } from "../../../ui/prose.ts";
import type { Finding } from "../model/findings.ts";

const tone = ({ severity }: Finding) => (severity === "error" ? "bad" : "warn");

/** What was found about a place, at the place. */
export const placedFindings = (findings: readonly Finding[]): TemplateResult | typeof nothing =>
  findings.length === 0
    ? nothing
    : html`<ul class="findings">
        ${findings.map(
          ({ severity, message, fix }) =>
            html`<li class=${severity}>
              <span>${prose(message)}</span>${fix ? html` <small>${prose(fix)}</small>` : nothing}
            </li>`,
        )}
      </ul>`;

/** How many there are, beside the name of what they are about. */
export function findingCount(findings: readonly Finding[]): TemplateResult | typeof nothing {
  const [worst] = findings.toSorted((one, other) => one.severity.localeCompare(other.severity));
  if (!worst) return nothing;
  const count = findings.filter(({ severity }) => severity === worst.severity).length;
  return badge(`${count} ${worst.severity}${count === 1 ? "" : "s"}`, tone(worst));
}

interface ListOptions {
  readonly findings: readonly Finding[];
  /** How a place is called where it leads to. */
  readonly sayPlace: (pointer: string) => string | TemplateResult;
  readonly onShow: (finding: Finding) => void;
}

/** All of them, each leading to its place. */
export const findingList = ({ findings, sayPlace, onShow }: ListOptions): TemplateResult =>
  html`<ul class="findings all">
    ${findings.map(
      (finding) =>
        html`<li class=${finding.severity}>
          <button type="button" class="finding" @click=${() => onShow(finding)}>
            ${badge(finding.severity, tone(finding))}<span>${prose(finding.message)}</span>
            <small>${sayPlace(finding.pointer)}</small>
          </button>
          ${finding.fix ? html`<small>${prose(finding.fix)}</small>` : nothing}
        </li>`,
    )}
  </ul>`;

interface FaultNote {
  /** Of what says it, for the button that it is about. */
  readonly id: string;
  readonly errors: readonly Finding[];
  /** How a place is called. */
  readonly sayPlace: (pointer: string) => string;
  readonly onShow: (finding: Finding) => void;
}

/** Why it cannot be published: the first error, with the way to its place. */
export function faultNote({ id, errors, sayPlace, onShow }: FaultNote): TemplateResult | typeof nothing {
  const [first, ...others] = errors;
  if (!first) return nothing;
  return html`<div class="note warn fault-note">
    <p id=${id}>
      <b>It cannot be published yet.</b> ${sayPlace(first.pointer)}: ${prose(first.message)}
      ${others.length > 0 ? html`<span>There ${others.length === 1 ? "is one more error" : `are ${others.length} more errors`}.</span>` : nothing}
    </p>
    <p class="actions">${button({ label: "Go to it", onClick: () => onShow(first) })}</p>
  </div>`;
}
