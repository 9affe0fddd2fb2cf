import { html, nothing, type TemplateResult } from "lit";
import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { projectLink } from "../../app/router.ts";
import { button, linkButton } from "../../ui/button.ts";
import { progressBar } from "../../ui/layout.ts";
import { prose } from "../../ui/prose.ts";

export const hasEnded = ({ state }: Job): boolean => state !== "queued" && state !== "running";

function outcome({ state, result, error }: Job): TemplateResult {
  if (state === "succeeded" && result?.kind === "import") {
    const { added, changed, removed } = result;
    return html`<p class="note">
      Done: ${added.toLocaleString("en")} added, ${changed.toLocaleString("en")} changed,
      ${removed.toLocaleString("en")} removed.
    </p>`;
  }
  return html`<p>
      ${prose(error?.detail ?? `The import was ${state}.`)} ${state === "failed" ? "Nothing was changed." : ""}
    </p>
    ${
      error?.errors && error.errors.length > 0
        ? html`<ul class="line-faults">
            ${error.errors.map(({ line, detail }) => html`<li><b>Line ${line}</b> ${prose(detail)}</li>`)}
          </ul>`
        : nothing
    }`;
}

interface ProgressOptions {
  readonly job: Job;
  readonly projectId: string;
  readonly onAgain: () => void;
}

/** How far an import is, then what came of it. */
export function importProgress({ job, projectId, onAgain }: ProgressOptions): TemplateResult {
  const label = `${job.done.toLocaleString("en")} of ${job.total.toLocaleString("en")} entries`;
  return html`
    <div role="status" aria-live="polite">
      ${
        hasEnded(job)
          ? outcome(job)
          : html`${progressBar(label, job.done, job.total)}
              <p class="soft">It goes on when you leave this page.</p>`
      }
    </div>
    <div class="actions">
      ${linkButton({ label: "See the job", href: projectLink(projectId, `jobs/${job.id}`) })}
      ${hasEnded(job) ? button({ label: "Import another", kind: "plain", onClick: onAgain }) : nothing}
    </div>
  `;
}
