import { html, nothing, type TemplateResult } from "lit";
import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { type App, blockedBy } from "../../app/context.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { isOpen } from "./job-words.ts";

async function retry({ api, project }: App, job: Job): Promise<void> {
  try {
    await api.call("retryJob", { params: { projectId: project?.id ?? "", jobId: job.id }, body: {} });
    toast("It goes on where it stopped.");
  } catch (thrown) {
    toastError(thrown);
  }
}

async function discard({ api, project }: App, job: Job): Promise<boolean> {
  const isSure = await confirm({
    heading: isOpen(job) ? "Stop this job?" : "Discard this dead letter?",
    body: "It is not done again. What it has done so far stays.",
    action: isOpen(job) ? "Stop it" : "Discard it",
    isDangerous: true,
  });
  if (!isSure) return false;
  try {
    await api.call("discardJob", { params: { projectId: project?.id ?? "", jobId: job.id } });
    toast(isOpen(job) ? "It was stopped." : "It was discarded.");
  } catch (thrown) {
    toastError(thrown);
  }
  return true;
}

/** What can be done with a job; `onDone`: it may look different now. */
export function jobTools(app: App, job: Job, onDone: () => unknown): TemplateResult | typeof nothing {
  const isDead = job.state === "dead";
  if (!isDead && !isOpen(job)) return nothing;
  return html`${
    isDead
      ? button({
          label: "Retry",
          about: job.label,
          blocked: blockedBy(app, "retryJob"),
          onClick: async () => {
            await retry(app, job);
            onDone();
          },
        })
      : nothing
  }
  ${button({
    label: isDead ? "Discard" : "Stop",
    kind: "plain",
    about: job.label,
    blocked: blockedBy(app, "discardJob"),
    onClick: async () => {
      if (await discard(app, job)) onDone();
    },
  })}`;
}
