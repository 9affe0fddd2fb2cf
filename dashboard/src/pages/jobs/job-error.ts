import { html, nothing, type TemplateResult } from "lit";
import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { prose } from "../../ui/prose.ts";

/** Why a job has failed, with the lines of a CSV that were wrong. */
export const jobError = ({ error, state, attempts }: Job): TemplateResult | typeof nothing =>
  error === null
    ? nothing
    : html`<div class="problem" role="note">
        <div>
          <p class="title">${prose(error.detail)}</p>
          <p>
            ${
              state === "dead"
                ? `It failed ${attempts === 1 ? "once" : `${attempts} times`} and is not tried again by itself. Retry it when the cause is gone, or discard it.`
                : "What it was given cannot be done. Mend that, and begin anew."
            }
          </p>
          ${
            error.errors === undefined || error.errors.length === 0
              ? nothing
              : html`<ul>
                  ${error.errors.map(({ line, detail }) => html`<li>Line ${line}: ${prose(detail)}</li>`)}
                </ul>`
          }
        </div>
      </div>`;
