import { html, nothing, type TemplateResult } from "lit";
import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";
import { AppElement } from "../../app/element.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { isOpen } from "./job-words.ts";

/**
 * What can be done with a job.
 * @fires job-touched - it may look different now
 */
export class JobToolsElement extends AppElement {
  static override properties = { job: { attribute: false }, busyWith: { state: true } };
  declare job: Job;
  declare private busyWith: "retry" | "discard" | undefined;

  protected override render(): TemplateResult | typeof nothing {
    const { job, busyWith } = this;
    const isDead = job.state === "dead";
    if (!isDead && !isOpen(job)) return nothing;
    const waiting = busyWith === undefined ? undefined : "Wait until the other is done.";
    return html`${
      isDead
        ? button({
            label: "Retry",
            about: job.label,
            isBusy: busyWith === "retry",
            blocked: this.blocked("retryJob") ?? (busyWith === "discard" ? waiting : undefined),
            onClick: () => this.#retry(job),
          })
        : nothing
    }
    ${button({
      label: isDead ? "Discard" : "Stop",
      kind: "plain",
      about: job.label,
      isBusy: busyWith === "discard",
      blocked: this.blocked("discardJob") ?? (busyWith === "retry" ? waiting : undefined),
      onClick: () => this.#discard(job),
    })}`;
  }

  #retry({ id }: Job): Promise<void> {
    return this.#do("retry", "It goes on where it stopped.", (params) =>
      this.app.api.call("retryJob", { params: { ...params, jobId: id }, body: {} }),
    );
  }

  async #discard(job: Job): Promise<void> {
    const isSure = await confirm({
      heading: isOpen(job) ? "Stop this job?" : "Discard this dead letter?",
      body: "It is not done again. What it has done so far stays.",
      action: isOpen(job) ? "Stop it" : "Discard it",
      isDangerous: true,
    });
    if (!isSure) return;
    await this.#do("discard", isOpen(job) ? "It was stopped." : "It was discarded.", (params) =>
      this.app.api.call("discardJob", { params: { ...params, jobId: job.id } }),
    );
  }

  async #do(
    what: "retry" | "discard",
    done: string,
    call: (params: { readonly projectId: string }) => Promise<unknown>,
  ): Promise<void> {
    this.busyWith = what;
    try {
      await call({ projectId: this.app.project?.id ?? "" });
      toast(done);
    } catch (thrown) {
      toastError(thrown);
    }
    this.busyWith = undefined;
    this.dispatchEvent(new Event("job-touched"));
  }
}

customElements.define("job-tools", JobToolsElement);
