import { Task } from "@lit/task";
import { html, type TemplateResult } from "lit";
import { AppElement } from "../../app/element.ts";
import { projectLink } from "../../app/router.ts";
import { time } from "../../format/times.ts";
import { badge } from "../../ui/badge.ts";
import { button, linkButton } from "../../ui/button.ts";
import { confirm } from "../../ui/confirm.ts";
import { panel } from "../../ui/layout.ts";
import { createPager } from "../../ui/pager.ts";
import { emptyState, loaded } from "../../ui/states.ts";
import { dataTable } from "../../ui/table.ts";
import { toast, toastError } from "../../ui/toast.ts";
import { namesOf } from "./model/names.ts";
import { sayPolicy } from "./model/say-policy.ts";
import type { DraftHead, PolicyCatalogue, PolicyVersion, PolicyVersionDetail } from "./policy-types.ts";
import { readCurrent } from "./read-current.ts";
import { rollBack } from "./roll-back.ts";
import { actorName } from "./view/actor-name.ts";
import { policyWords } from "./view/words.ts";
import "./new-draft.ts";

/** As after the network was removed and added again. */
const NONE_IN_FORCE =
  "Nothing is in force that it could replace: open the version, make a draft of it and publish that.";

/** What is in force on a network, what was before, and what may come. */
class PolicyHomeElement extends AppElement {
  static override properties = { network: {}, isBeginning: { state: true } };
  declare network: string;
  declare private isBeginning: boolean;
  readonly #pager = createPager(this);

  readonly #policy = new Task(this, {
    args: () => [this.app.project?.id ?? "", this.network] as const,
    task: async ([projectId, network], { signal }) => {
      const [current, catalogue] = await Promise.all([
        readCurrent(this.app.api, projectId, network, signal),
        this.app.api.call("readPolicyCatalogue", { params: { projectId, network }, signal }),
      ]);
      return { current, catalogue };
    },
  });

  readonly #versions = new Task(this, {
    args: () => [this.app.project?.id ?? "", this.network, this.#pager.cursor] as const,
    task: ([projectId, network, cursor], { signal }) =>
      this.app.api.call("listPolicies", { params: { projectId, network }, query: { cursor, limit: "10" }, signal }),
  });

  readonly #drafts = new Task(this, {
    args: () => [this.app.project?.id ?? "", this.network] as const,
    task: ([projectId, network], { signal }) =>
      this.app.api.call("listDrafts", { params: { projectId, network }, query: { limit: "50" }, signal }),
  });

  constructor() {
    super();
    this.isBeginning = false;
  }

  #link(page: string, query: Readonly<Record<string, string>> = {}): string {
    return projectLink(this.app.project?.id ?? "", page, { network: this.network, ...query });
  }

  protected override render(): TemplateResult {
    return html`${loaded(this.#policy, ({ current, catalogue }) => this.#inForce(current, catalogue))}
    ${this.#draftPanel()}
    ${panel({
      title: "Versions",
      lead: "Each is kept as it was published, and can be put in force again.",
      body: html`${loaded(this.#versions, ({ data, nextCursor }) => html`${this.#versionTable(data)}${this.#pager.view(nextCursor)}`)}`,
    })}`;
  }

  #inForce(current: PolicyVersionDetail | undefined, catalogue: PolicyCatalogue): TemplateResult {
    const begin = button({
      label: current ? "Change it" : "Write the first policy",
      kind: "primary",
      icon: "edit",
      blocked: this.blocked("createDraft"),
      onClick: () => (this.isBeginning = true),
    });
    const dialog = html`<new-draft
      .network=${this.network}
      .current=${current}
      .templates=${catalogue.templates}
      .isOpen=${this.isBeginning}
      .onClose=${() => (this.isBeginning = false)}
    ></new-draft>`;
    if (!current) {
      return panel({
        body: html`${emptyState({
          icon: "policy",
          title: "Nothing is sponsored on this network yet",
          body: "Without a policy every transaction is refused. Begin with a template, and publish it when the check is content.",
          action: begin,
        })}
        ${dialog}`,
      });
    }
    const names = namesOf(catalogue, current.document);
    return panel({
      title: `In force: version ${current.version}`,
      lead: html`Published ${time(current.createdAt)}${current.actor ? html` by ${actorName(current.actor)}` : ""}`,
      actions: html`${linkButton({ label: "As JSON", href: this.#link(`policy/${current.version}`) })} ${begin}`,
      body: html`${policyWords(sayPolicy(current.document, names, this.network))} ${dialog}`,
    });
  }

  #draftPanel(): TemplateResult {
    return panel({
      title: "Drafts",
      lead: "They count for nothing until they are published.",
      body: html`${loaded(this.#drafts, ({ data }) =>
        dataTable<DraftHead>({
          caption: "Drafts of the policy",
          rows: data,
          key: ({ id }) => id,
          href: ({ id }) => this.#link("policy", { draft: id }),
          columns: [
            { key: "name", header: "Draft", cell: ({ name }) => name },
            {
              key: "base",
              header: "Begun from",
              cell: ({ baseVersion }) => (baseVersion === null ? "nothing" : `version ${baseVersion}`),
            },
            { key: "changed", header: "Changed", cell: ({ updatedAt }) => time(updatedAt) },
            {
              key: "tools",
              header: "Actions",
              isHeaderHidden: true,
              cell: (draft) =>
                button({
                  label: "Remove",
                  icon: "trash",
                  isIconOnly: true,
                  kind: "plain",
                  about: draft.name,
                  blocked: this.blocked("removeDraft"),
                  onClick: () => this.#remove(draft),
                }),
            },
          ],
          empty: html`<p class="soft">There are none.</p>`,
        }),
      )}`,
    });
  }

  #versionTable(versions: readonly PolicyVersion[]): TemplateResult {
    const current = this.#policy.value?.current?.version ?? versions.find(({ isInForce }) => isInForce)?.version;
    return dataTable<PolicyVersion>({
      caption: "Versions of the policy",
      rows: versions,
      key: ({ version }) => String(version),
      href: ({ version }) => this.#link(`policy/${version}`),
      columns: [
        {
          key: "version",
          header: "Version",
          cell: ({ version, isInForce }) => html`${version} ${isInForce ? badge("in force", "good") : ""}`,
        },
        { key: "at", header: "Published", cell: ({ createdAt }) => time(createdAt) },
        { key: "by", header: "By", cell: ({ actor }) => actorName(actor) },
        {
          key: "tools",
          header: "Actions",
          isHeaderHidden: true,
          cell: ({ version, isInForce }) =>
            isInForce
              ? ""
              : html`${linkButton({
                  label: "Compare",
                  kind: "plain",
                  href: this.#link(`policy/${version}`, { against: "current" }),
                })}
                ${button({
                  label: "Roll back",
                  about: `to version ${version}`,
                  blocked: this.blocked("rollBackPolicy") ?? (current === undefined ? NONE_IN_FORCE : undefined),
                  onClick: () => current !== undefined && this.#rollBack(version, current),
                })}`,
        },
      ],
      empty: html`<p class="soft">Nothing has been published yet.</p>`,
    });
  }

  async #rollBack(version: number, current: number): Promise<void> {
    if (!(await rollBack(this.app, { network: this.network, version, current }))) return;
    void this.#policy.run();
    void this.#versions.run();
  }

  async #remove({ id, name }: DraftHead): Promise<void> {
    const isSure = await confirm({
      heading: `Remove the draft ${name}?`,
      body: "It cannot be brought back. What was published from it stays in force.",
      action: "Remove it",
      isDangerous: true,
    });
    if (!isSure) return;
    try {
      const params = { projectId: this.app.project?.id ?? "", network: this.network, draftId: id };
      await this.app.api.call("removeDraft", { params });
      toast(`${name} is gone.`);
    } catch (thrown) {
      toastError(thrown);
    }
    void this.#drafts.run();
  }
}

customElements.define("policy-home", PolicyHomeElement);
