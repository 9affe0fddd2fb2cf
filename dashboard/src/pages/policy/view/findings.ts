import { html, nothing, type TemplateResult } from "lit";
import { badge } from "../../../ui/badge.ts";
import type { Finding } from "../model/findings.ts";

const tone = ({ severity }: Finding) => (severity === "error" ? "bad" : "warn");

/** What was found about a place, at the place. */
export const placedFindings = (findings: readonly Finding[]): TemplateResult | typeof nothing =>
  findings.length === 0
    ? nothing
    : html`<ul class="findings">
        ${findings.map(
          ({ severity, message, fix }) =>
            html`<li class=${severity}><span>${message}</span>${fix ? html` <small>${fix}</small>` : nothing}</li>`,
        )}
      </ul>`;

/** How many there are, beside the name of what they are about. */
export function findingCount(findings: readonly Finding[]): TemplateResult | typeof nothing {
  const [worst] = findings.toSorted((one, other) => one.severity.localeCompare(other.severity));
  if (!worst) return nothing;
  const count = findings.filter(({ severity }) => severity === worst.severity).length;
  return badge(`${count} ${worst.severity}${count === 1 ? "" : "s"}`, tone(worst));
}

/** All of them, each leading to its place. */
export const findingList = (findings: readonly Finding[], show: (finding: Finding) => void): TemplateResult =>
  html`<ul class="findings all">
    ${findings.map(
      (finding) =>
        html`<li class=${finding.severity}>
          <button type="button" class="finding" @click=${() => show(finding)}>
            ${badge(finding.severity, tone(finding))}<span>${finding.message}</span>
            <code>${finding.pointer || "/"}</code>
          </button>
          ${finding.fix ? html`<small>${finding.fix}</small>` : nothing}
        </li>`,
    )}
  </ul>`;
