import { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import { AppElement } from "../../app/element.ts";
import { projectLink } from "../../app/router.ts";
import { linkButton } from "../../ui/button.ts";
import { icon } from "../../ui/icons.ts";
import { panel } from "../../ui/layout.ts";
import { emptyState, loaded, skeleton } from "../../ui/states.ts";
import { type SetUp, type Step, stepsOf } from "./steps.ts";

/** The way of a new project to its first relay: what is done, and what comes next. One that had relays is only quiet. */
export class GettingStartedElement extends AppElement {
  readonly #setUp = new Task(this, {
    args: () => [this.app.project?.id ?? "", this.blocked("listKeys") === undefined] as const,
    task: async ([projectId, maySeeKeys], { signal }): Promise<SetUp | undefined> => {
      const { api } = this.app;
      const call = { params: { projectId }, signal };
      const first = { ...call, query: { limit: "1" } };
      const [networks, origins, keys, users, relays] = await Promise.all([
        api.call("listNetworks", call),
        api.call("listOrigins", call),
        maySeeKeys ? api.call("listKeys", call) : undefined,
        api.call("listUsers", first),
        api.call("listRelays", first),
      ]);
      if (relays.data.length > 0) return undefined;
      return {
        networks: networks.data,
        origins: origins.data.length,
        publishableKeys: keys?.data.filter(({ kind, isActive }) => kind === "publishable" && isActive).length,
        hasUsers: users.data.length > 0,
      };
    },
  });

  protected override render(): TemplateResult {
    return loaded(
      this.#setUp,
      (setUp) =>
        setUp
          ? panel({
              title: "Getting started",
              lead: "Six steps to the first transaction that somebody sends without owning gas.",
              body: this.#list(stepsOf(setUp)),
            })
          : panel({
              body: emptyState({
                icon: "overview",
                title: "Nothing happened in this time",
                body: "Nobody asked for a transaction to be paid for. Look at a longer time, or at another network.",
              }),
            }),
      skeleton(6),
    );
  }

  #list(steps: readonly Step[]): TemplateResult {
    const next = steps.findIndex(({ isDone }) => !isDone);
    return html`<ol class="steps">
      ${steps.map(
        ({ title, body, isDone, page, action }, index) =>
          html`<li
            class=${isDone ? "done" : index === next ? "next" : ""}
            aria-current=${index === next ? "step" : nothing}
          >
            <span class="mark-of-step" aria-hidden="true">${isDone ? icon("check") : index + 1}</span>
            <div>
              <h3>${title}${isDone ? html`<span class="visually-hidden">: done</span>` : nothing}</h3>
              <p>${body}</p>
            </div>
            ${
              isDone
                ? nothing
                : linkButton({
                    label: action,
                    kind: index === next ? "primary" : "quiet",
                    href: projectLink(this.app.project?.id ?? "", page),
                  })
            }
          </li>`,
      )}
    </ol>`;
  }
}

customElements.define("getting-started", GettingStartedElement);
