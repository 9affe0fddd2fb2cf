import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { badge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { copyButton } from "../../ui/copy.ts";
import { textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { pageHead, panel } from "../../ui/layout.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { isSecure, NOT_SECURE, readOrigin } from "./read-origin.ts";

interface Origin {
  readonly origin: string;
}

export class OriginsPageElement extends Page {
  readonly #origins = new Task(this, {
    args: () => [this.project.id] as const,
    task: ([projectId], { signal }) => this.app.api.call("listOrigins", { params: { projectId }, signal }),
  });
  readonly #form = createForm<Origin, Origin>(this, {
    initial: { origin: "" },
    check: ({ origin }) => {
      const reading = readOrigin(origin, this.project.environment);
      if (reading.kind === "origin") return {};
      return { origin: reading.kind === "empty" ? "is needed" : reading.why };
    },
    submit: ({ origin }) =>
      this.app.api.call("addOrigin", { params: { projectId: this.project.id }, body: { origin: origin.trim() } }),
    onDone: async ({ origin }) => {
      if (isSecure(origin)) toast(`Pages of ${origin} may use the project.`);
      else toast(`${origin} is listed, but nobody can sign in there.`, "info");
      this.#form.reset({ origin: "" });
      await this.#origins.run();
    },
  });

  protected override render(): TemplateResult {
    return html`
      ${pageHead({
        title: "Origins",
        lead: "The exact addresses whose pages may use this project. Every other page is refused, whatever key it has.",
      })}
      ${panel({ title: "Add an origin", body: this.#adding() })}
      ${panel({ title: "Listed origins", body: loaded(this.#origins, ({ data }) => this.#list(data)) })}
    `;
  }

  #adding(): TemplateResult {
    const typed = this.#form.values.origin;
    const reading = readOrigin(typed, this.project.environment);
    const field = this.#form.text("origin");
    return this.#form.view({
      action: "Add the origin",
      blocked: this.blocked("addOrigin"),
      fields: [
        textField({
          ...field,
          label: "Origin",
          type: "url",
          placeholder: "https://shop.example",
          isMono: true,
          isRequired: true,
          error: field.error ?? (reading.kind === "refused" && typed.length > 8 ? reading.why : undefined),
          hint: "Scheme, host and, where it is not the usual one, port: as the browser's address bar has them.",
        }),
        reading.kind === "origin"
          ? html`<p class="note ${reading.isSecure ? "" : "warn"}" role="status">
              It is kept as <code>${reading.origin}</code>.${reading.note ? html` ${reading.note}` : nothing}
            </p>`
          : html``,
      ],
    });
  }

  #list(origins: readonly Origin[]): TemplateResult {
    return dataTable<Origin>({
      caption: "Origins whose pages may use the project",
      rows: origins,
      key: ({ origin }) => origin,
      columns: [
        {
          key: "origin",
          header: "Origin",
          cell: ({ origin }) =>
            html`<span
              ><code>${origin}</code> ${copyButton(origin, "the origin")}${
                isSecure(origin) ? nothing : html` ${badge("no sign-in", "warn")}<br /><small>${NOT_SECURE}</small>`
              }</span
            >`,
        },
        {
          key: "remove",
          header: "Remove",
          isHeaderHidden: true,
          cell: ({ origin }) =>
            button({
              label: "Remove",
              about: origin,
              icon: "trash",
              kind: "plain",
              blocked: this.blocked("removeOrigin"),
              onClick: () => this.#remove(origin, origins.length),
            }),
        },
      ],
      empty: emptyState({
        icon: "origin",
        title: "No origin is listed yet",
        body: "Until one is, every page is refused. While you build, that is often http://localhost:3000.",
      }),
    });
  }

  async #remove(origin: string, count: number): Promise<void> {
    const isSure = await confirm({
      heading: "Remove this origin?",
      body: html`<p>
          Pages of <code>${origin}</code> are refused within five seconds: nobody can sign in there or have anything
          sponsored.
        </p>
        ${count === 1 ? html`<p><b>It is the last one: the project then works nowhere.</b></p>` : nothing}`,
      action: "Remove it",
      isDangerous: true,
    });
    if (!isSure) return;
    try {
      await this.app.api.call("removeOrigin", { params: { projectId: this.project.id, origin } });
      toast(`Pages of ${origin} are refused from now on.`);
    } catch (thrown) {
      toastError(thrown);
    }
    await this.#origins.run();
  }
}

customElements.define("origins-page", OriginsPageElement);
