import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { toProblem } from "../api/problem.ts";
import { icon } from "./icons.ts";
import { prose } from "./prose.ts";

type Tone = "good" | "info" | "bad";
interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: Tone;
  readonly requestId: string | undefined;
  /** Long enough in sight. */
  readonly isOver: boolean;
}

/** Long enough to read; what went wrong stays until it is put away. */
const STAY_MS = 6_000;
const MOST = 3;

let toasts: readonly Toast[] = [];
let lastId = 0;
/** One in the head, and one in each open dialog: what is behind a dialog is neither read out nor pressed. */
let hosts: readonly LitElement[] = [];

function change(next: readonly Toast[]): void {
  toasts = next.slice(-MOST);
  for (const host of hosts) host.requestUpdate();
}

const dismiss = (id: number): void => change(toasts.filter((entry) => entry.id !== id));

function sweep(): void {
  if (toasts.some(({ isOver }) => isOver)) change(toasts.filter(({ isOver }) => !isOver));
}

/** What pushes something down goes when that moves anyway: nothing jumps from under a finger. */
function expire(id: number): void {
  change(toasts.map((entry) => (entry.id === id ? { ...entry, isOver: true } : entry)));
  const isBesideAll = hosts.length === 1 && matchMedia("(min-width: 64rem)").matches;
  if (isBesideAll) sweep();
}

/** Tells something beside the page, and to screen readers. */
export function toast(text: string, tone: Tone = "good", requestId?: string): void {
  if (toasts.some((entry) => entry.text === text)) return;
  lastId += 1;
  const id = lastId;
  change([...toasts, { id, text, tone, requestId, isOver: false }]);
  if (tone !== "bad") setTimeout(() => expire(id), STAY_MS);
}

/** Tells of what went wrong where no field or page can show it. */
export function toastError(thrown: unknown): void {
  const problem = toProblem(thrown);
  toast(problem.message, "bad", problem.requestId);
}

const requestNote = (id: string): TemplateResult => html`<small>Request <code>${id}</code></small>`;

/** Where toasts are shown, the newest of them in sight: there from the beginning so that it is listened to. */
export class ToastsElement extends LitElement {
  /** What was told before a dialog opened is not the dialog's. */
  readonly #since = lastId;

  override connectedCallback(): void {
    super.connectedCallback();
    hosts = [...hosts, this];
    change(toasts);
    addEventListener("scroll", sweep, { capture: true, passive: true });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    hosts = hosts.filter((host) => host !== this);
    change(toasts.filter(({ isOver }) => !isOver));
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<div class="toasts" role="status" aria-live="polite">
      ${repeat(
        hosts.at(-1) === this ? toasts.filter(({ id }) => id > this.#since) : [],
        ({ id }) => id,
        ({ id, text, tone, requestId }) =>
          html`<div class="toast ${tone}">
            ${icon(tone === "good" ? "check" : tone === "bad" ? "alert" : "info")}
            <p title=${text}>${prose(text)}${requestId ? requestNote(requestId) : nothing}</p>
            <button type="button" class="button plain icon-only" aria-label="Dismiss" @click=${() => dismiss(id)}>
              ${icon("close")}
            </button>
          </div>`,
      )}
    </div>`;
  }
}

customElements.define("ui-toasts", ToastsElement);
