import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import { AppElement } from "../../app/element.ts";
import { projectLink } from "../../app/router.ts";
import { dateTime } from "../../format/times.ts";
import { badge } from "../../ui/badge.ts";
import { button } from "../../ui/button.ts";
import { codeBlock } from "../../ui/copy.ts";
import { selectField } from "../../ui/field.ts";
import { facts, panel } from "../../ui/layout.ts";
import { loaded } from "../../ui/states.ts";
import { toastError } from "../../ui/toast.ts";
import { formatDocument } from "./model/documents.ts";
import { namesOf } from "./model/names.ts";
import { sayPolicy } from "./model/say-policy.ts";
import type { PolicyCatalogue, PolicyVersionDetail } from "./policy-types.ts";
import { rollBack } from "./roll-back.ts";
import { actorName } from "./view/actor-name.ts";
import { policyChanges } from "./view/changes.ts";
import { policyWords } from "./view/words.ts";

/** One version of the policy in words and JSON, and beside another one. */
class PolicyVersionElement extends AppElement {
  static override properties = { network: {}, version: {}, against: {}, at: {}, isBusy: { state: true } };
  declare network: string;
  declare version: string;
  /** Another version, or `current`. */
  declare against: string | undefined;
  /** The place in it that is asked about, as a JSON pointer. */
  declare at: string | undefined;
  declare private isBusy: boolean;

  readonly #read = new Task(this, {
    args: () => [this.app.project?.id ?? "", this.network, this.version, this.against] as const,
    task: async ([projectId, network, version, against], { signal }) => {
      const params = { projectId, network };
      const read = (which: string) =>
        this.app.api.call("readPolicy", { params: { ...params, version: which }, signal });
      const [shown, other, catalogue, { data: versions }] = await Promise.all([
        read(version),
        against === undefined ? undefined : read(against),
        this.app.api.call("readPolicyCatalogue", { params, signal }),
        this.app.api.call("listPolicies", { params, query: { limit: "100" }, signal }),
      ]);
      return { shown, other, catalogue, versions };
    },
  });

  #isShown = false;

  constructor() {
    super();
    this.isBusy = false;
  }

  /** What is asked about comes into sight once, when it is there. */
  protected override updated(): void {
    const asked = this.#isShown || this.at === undefined ? undefined : this.querySelector(".policy-words .asked");
    if (!asked) return;
    this.#isShown = true;
    asked.scrollIntoView({ block: "center" });
  }

  protected override render(): TemplateResult {
    return html`${loaded(this.#read, ({ shown, other, catalogue, versions }) => {
      const numbers = versions.map(({ version }) => version).filter((version) => version !== shown.version);
      const current = versions.find(({ isInForce }) => isInForce)?.version;
      return html`<div class="column">
        ${this.#about(shown, current)} ${this.#comparison(shown, other, numbers, catalogue)}
        ${panel({
          title: "In words",
          body: policyWords(sayPolicy(shown.document, namesOf(catalogue, shown.document), this.network), this.at),
        })}
        ${codeBlock(formatDocument(shown.document), `version ${shown.version} in JSON`)}
      </div>`;
    })}`;
  }

  #about(shown: PolicyVersionDetail, current: number | undefined): TemplateResult {
    const { version, createdAt, actor, isInForce } = shown;
    return panel({
      body: html`${facts([
          ["State", isInForce ? badge("in force", "good") : badge("earlier")],
          ["Published", dateTime(createdAt)],
          ["By", actorName(actor)],
        ])}
        <div class="actions">
          ${button({
            label: "Make a draft of it",
            icon: "edit",
            isBusy: this.isBusy,
            blocked: this.blocked("createDraft"),
            onClick: () => this.#copy(shown),
          })}
          ${
            isInForce || current === undefined
              ? nothing
              : button({
                  label: "Roll back to it",
                  blocked: this.blocked("rollBackPolicy"),
                  onClick: () => this.#rollBack(version, current),
                })
          }
        </div>`,
    });
  }

  #comparison(
    shown: PolicyVersionDetail,
    other: PolicyVersionDetail | undefined,
    numbers: readonly number[],
    catalogue: PolicyCatalogue,
  ): TemplateResult | typeof nothing {
    if (numbers.length === 0) return nothing;
    const choose = (against: string) => {
      const { id = "" } = this.app.project ?? {};
      const address = projectLink(id, `policy/${this.version}`, { network: this.network, against });
      this.app.navigate(address, { replace: true });
    };
    const [before, after] = other && other.version < shown.version ? [other, shown] : [shown, other];
    return panel({
      title: "Compare",
      body: html`<div class="limits">
          ${selectField({
            name: "against",
            label: "With version",
            value: String(other?.version ?? ""),
            options: [
              { value: "", label: "Choose one" },
              ...numbers.map((number) => ({ value: String(number), label: String(number) })),
            ],
            onChange: choose,
          })}
        </div>
        ${
          before && after
            ? html`<p class="soft">From version ${before.version} to version ${after.version}:</p>
                ${policyChanges({
                  before: before.document,
                  after: after.document,
                  names: namesOf(catalogue, after.document),
                  network: this.network,
                })}`
            : nothing
        }`,
    });
  }

  async #copy({ version, document }: PolicyVersionDetail): Promise<void> {
    const params = { projectId: this.app.project?.id ?? "", network: this.network };
    this.isBusy = true;
    try {
      const { id } = await this.app.api.call("createDraft", {
        params,
        body: { name: `From version ${version}`, document },
      });
      this.app.navigate(projectLink(params.projectId, "policy", { network: this.network, draft: id }));
    } catch (thrown) {
      toastError(thrown);
    }
    this.isBusy = false;
  }

  async #rollBack(version: number, current: number): Promise<void> {
    if (await rollBack(this.app, { network: this.network, version, current })) void this.#read.run();
  }
}

customElements.define("policy-version", PolicyVersionElement);
