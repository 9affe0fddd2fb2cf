import { html, type TemplateResult } from "lit";
import type { ManagedProject } from "../../../../bff/src/contract/manage/projects.ts";
import { Page } from "../../app/page.ts";
import { dateTime } from "../../format/times.ts";
import { environmentBadge, stateBadge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { shortCode } from "../../ui/copy.ts";
import { textField } from "../../ui/field.ts";
import { createForm } from "../../ui/form.ts";
import { facts, pageHead, panel } from "../../ui/layout.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { saveProject } from "./save-project.ts";
import {
  changeOf,
  checkSettings,
  haveSameSettings,
  LIMITS,
  mergeSettings,
  type SettingsValues,
  toValues,
} from "./settings-values.ts";
import "./theme-editor.ts";
import "./settings.css";

const EMPTY = {
  name: "",
  statement: "",
  locale: "",
  requestsPerMinute: "",
  addressRequestsPerMinute: "",
  addressSignInsPerMinute: "",
  keyRequestsPerMinute: "",
  userRelaysPerMinute: "",
} as const satisfies SettingsValues;

export class SettingsPageElement extends Page {
  /** As its fields were filled: what differs from it was typed. */
  #shown: ManagedProject | undefined;
  readonly #form = createForm<SettingsValues, ManagedProject>(this, {
    initial: EMPTY,
    check: checkSettings,
    submit: (values) => {
      const shown = this.#shown ?? this.project;
      const change = changeOf(shown, values);
      return saveProject(this.app, this.project, change, (now) => haveSameSettings(now, shown));
    },
    onDone: async (project) => {
      toast("Saved. Pages see it within five seconds.");
      this.#show(project);
      await this.app.refresh();
    },
  });

  #show(project: ManagedProject): void {
    this.#shown = project;
    this.#form.reset(toValues(project));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // What is shown may have been read long ago.
    void this.app.refresh().catch(() => undefined);
  }

  protected override willUpdate(): void {
    const shown = this.#shown;
    const now = this.project;
    if (now.version === shown?.version) return;
    if (!shown || !this.#form.isChanged) return this.#show(now);
    const merged = mergeSettings(shown, now, this.#form.values);
    this.#shown = now;
    for (const [name, value] of Object.entries(merged)) this.#form.set(name as keyof SettingsValues, value);
  }

  protected override render(): TemplateResult {
    const { id, environment, status, createdAt } = this.project;
    return html`
      ${pageHead({ title: "Settings", lead: "What people see of this project, and how fast it may be used." })}
      ${panel({
        title: "The project",
        body: facts([
          ["Id", shortCode(id, "the project's id", 14)],
          ["Environment", environmentBadge(environment)],
          ["State", stateBadge(status)],
          ["Since", dateTime(createdAt)],
        ]),
      })}
      ${panel({ title: "Name, text and limits", body: this.#settings() })}
      <theme-editor></theme-editor>
      ${panel({ title: "Danger zone", body: this.#danger() })}
    `;
  }

  #settings(): TemplateResult {
    const form = this.#form;
    const blocked = this.blocked("changeProject");
    return form.view({
      action: "Save",
      blocked: blocked ?? (form.isChanged ? undefined : "Nothing has been changed."),
      fields: [
        textField({ ...form.text("name"), label: "Name", isRequired: true, maxLength: 80, blocked }),
        textField({
          ...form.text("statement"),
          label: "Text of the sign-in",
          hint: "Wallets show it when somebody signs in. One line of plain letters.",
          isRequired: true,
          maxLength: 300,
          blocked,
        }),
        textField({
          ...form.text("locale"),
          label: "Language of the widget",
          hint: "auto follows the page. It speaks en, de, es and ar; of any other it speaks English.",
          isRequired: true,
          blocked,
        }),
        html`<h3>Limits a minute</h3>
          <div class="limits">
            ${LIMITS.map(([name, label, hint]) =>
              textField({ ...form.text(name), label, hint, type: "number", suffix: "a minute", blocked }),
            )}
          </div>`,
      ],
    });
  }

  #danger(): TemplateResult {
    const isActive = this.project.status === "active";
    return html`<div class="danger-zone">
      <p>
        ${
          isActive
            ? "Suspending stops everything at once: nobody signs in, nothing is sponsored. Settings, keys and history stay."
            : "The project is suspended: nobody signs in, and nothing is sponsored."
        }
      </p>
      ${button({
        label: isActive ? "Suspend the project" : "Resume the project",
        kind: isActive ? "danger" : "primary",
        // Stopping a project takes the roles that answer for it, as members do.
        blocked: this.blocked("changeOrganization"),
        onClick: () => this.#setStatus(isActive ? "suspended" : "active"),
      })}
    </div>`;
  }

  async #setStatus(status: "active" | "suspended"): Promise<void> {
    const { name, status: before } = this.project;
    const isSuspending = status === "suspended";
    const isSure = await confirm({
      heading: isSuspending ? `Suspend ${name}?` : `Resume ${name}?`,
      body: isSuspending
        ? "Within five seconds every page of this project is refused. What is already on its way to a chain ends as it would."
        : "Within five seconds its pages work again, with the same keys, origins and policies.",
      action: isSuspending ? "Suspend it" : "Resume it",
      isDangerous: isSuspending,
      ...(isSuspending && { word: name }),
    });
    if (!isSure) return;
    try {
      await saveProject(this.app, this.project, { status }, (now) => now.status === before);
      toast(isSuspending ? `${name} is suspended.` : `${name} works again.`);
    } catch (thrown) {
      toastError(thrown);
    }
    await this.app.refresh();
  }
}

customElements.define("settings-page", SettingsPageElement);
