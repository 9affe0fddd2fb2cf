import { html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { toProblem } from "../api/problem.ts";
import { icon } from "./icons.ts";

type Tone = "good" | "info" | "bad";
interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: Tone;
  readonly requestId: string | undefined;
}

/** Long enough to read; what went wrong stays until it is put away. */
const STAY_MS = 6_000;
const MOST = 3;

let toasts: readonly Toast[] = [];
let lastId = 0;
const hosts = new Set<LitElement>();

function change(next: readonly Toast[]): void {
  toasts = next.slice(-MOST);
  for (const host of hosts) host.requestUpdate();
}

const dismiss = (id: number): void => change(toasts.filter((entry) => entry.id !== id));

/** Tells something in the corner of the page, and to screen readers. */
export function toast(text: string, tone: Tone = "good", requestId?: string): void {
  if (toasts.some((entry) => entry.text === text)) return;
  lastId += 1;
  const id = lastId;
  change([...toasts, { id, text, tone, requestId }]);
  if (tone !== "bad") setTimeout(() => dismiss(id), STAY_MS);
}

/** Tells of what went wrong where no field or page can show it. */
export function toastError(thrown: unknown): void {
  const problem = toProblem(thrown);
  toast(problem.message, "bad", problem.requestId);
}

/** Where toasts are shown: once on the page, there from the beginning so that it is listened to. */
export class ToastsElement extends LitElement {
  override connectedCallback(): void {
    super.connectedCallback();
    hosts.add(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    hosts.delete(this);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<div class="toasts" role="status" aria-live="polite">
      ${repeat(
        toasts,
        ({ id }) => id,
        ({ id, text, tone, requestId }) =>
          html`<div class="toast ${tone}">
            ${icon(tone === "good" ? "check" : tone === "bad" ? "alert" : "info")}
            <p>${text}${requestId ? html`<small>Request <code>${requestId}</code></small>` : nothing}</p>
            <button type="button" class="button plain icon-only" aria-label="Put away" @click=${() => dismiss(id)}>
              ${icon("close")}
            </button>
          </div>`,
      )}
    </div>`;
  }
}

customElements.define("ui-toasts", ToastsElement);
