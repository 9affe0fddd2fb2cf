import type { Task } from "@lit/task";
import { html, nothing, type TemplateResult } from "lit";
import { type ApiProblem, NO_ANSWER, toProblem } from "../api/problem.ts";
import { button } from "./button.ts";
import { icon, type IconName } from "./icons.ts";
import { prose } from "./prose.ts";

/** Where something will be. */
export const skeleton = (lines = 4): TemplateResult =>
  html`<div class="skeleton" role="status">
    <span class="visually-hidden">Loading</span>
    ${Array.from({ length: lines }, () => html`<span aria-hidden="true"></span>`)}
  </div>`;

interface EmptyOptions {
  readonly icon?: IconName;
  readonly title: string;
  readonly body: string | TemplateResult;
  readonly action?: TemplateResult | undefined;
}

/** Where there is nothing yet: what would be here, and how it comes. */
export const emptyState = ({ icon: name = "info", title, body, action }: EmptyOptions): TemplateResult =>
  html`<div class="empty">
    ${icon(name)}
    <p class="title">${title}</p>
    <p>${body}</p>
    ${action ?? nothing}
  </div>`;

/** What a person can do about a problem. */
const FIXES: readonly (readonly [code: RegExp, fix: string])[] = [
  [new RegExp(`^${NO_ANSWER}$`), "Check your connection and try again."],
  [/^dashboard\.page_not_loaded$/, "A newer version may be deployed by now, or the connection is gone. Load it anew."],
  [/^auth\.scope_missing$/, "Ask an owner or an admin of the organization for a role that may."],
  [/^auth\./, "Sign in again."],
  [/^request\.not_found$/, "It may have been removed, or it belongs to an organization that you are not a member of."],
  [/^rate\.limited$/, "Wait a moment and try again."],
  [/^(?:upstream|store)\./, "Usually this is over within a minute. Try again."],
  [/^internal\./, "Try again. If it stays, give the request's id to whoever runs this deployment."],
];

/** Of all that cannot be as things are, what says that somebody was faster. */
const OVERTAKEN = "Somebody else did, or you in another tab. Load it again, and repeat your change.";

/** What helps; undefined where what is told says it all. */
export function fixFor({ code, message, retryAfterSeconds }: ApiProblem): string | undefined {
  if (retryAfterSeconds !== undefined) return `Try again in ${retryAfterSeconds} seconds.`;
  if (code === "manage.conflict") return /meanwhile|by now|Somebody else/.test(message) ? OVERTAKEN : undefined;
  return FIXES.find(([pattern]) => pattern.test(code))?.[1];
}

/**
 * What went wrong, why, and what helps: above a form or in place of what could not be loaded. Faults of fields that
 * tell them by themselves are left to those.
 */
export function problemNote(
  thrown: unknown,
  retry?: () => unknown,
  isTold: (pointer: string) => boolean = () => false,
): TemplateResult {
  const problem = toProblem(thrown);
  const faults = problem.errors.filter(({ pointer }) => !isTold(pointer));
  const fix = fixFor(problem);
  return html`<div class="problem" role="alert" tabindex="-1">
    ${icon("alert")}
    <div>
      <p class="title">${prose(problem.message)}</p>
      ${fix ? html`<p>${fix}</p>` : nothing}
      ${
        faults.length > 0
          ? html`<ul>
              ${faults.map(
                ({ pointer, detail }) =>
                  html`<li>${pointer ? html`<code>${pointer}</code> ` : nothing}${prose(detail)}</li>`,
              )}
            </ul>`
          : nothing
      }
      <p class="small">
        <code>${problem.code}</code>${problem.requestId ? html` · request <code>${problem.requestId}</code>` : nothing}
      </p>
      ${retry ? button({ label: "Try again", onClick: retry }) : nothing}
    </div>
  </div>`;
}

/**
 * What a task has come to: a skeleton at first, then its value, which stays in sight while it is loaded again; a
 * problem with a way to try again.
 */
export function loaded<Args extends readonly unknown[], Value>(
  task: Task<Args, Value>,
  render: (value: Value) => TemplateResult,
  placeholder: TemplateResult = skeleton(),
): TemplateResult {
  // One template for both: whoever types or has the focus in it is not disturbed when it is loaded again.
  const show = (value: Value, isBusy: boolean) =>
    html`<div class="loaded" aria-busy=${isBusy ? "true" : nothing}>${render(value)}</div>`;
  const keep = () => (task.value === undefined ? placeholder : show(task.value, true));
  return html`${task.render({
    initial: keep,
    pending: keep,
    complete: (value) => show(value, false),
    error: (error) => problemNote(error, () => void task.run()),
  })}`;
}
