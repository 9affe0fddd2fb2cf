import { html, nothing, type TemplateResult } from "lit";

interface Tab {
  readonly id: string;
  readonly label: string;
  /** Behind the label, as how many there are. */
  readonly count?: number;
}

interface TabsOptions {
  /** What they divide. */
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly current: string;
  readonly onSelect: (id: string) => void;
  readonly body: TemplateResult;
}

/** By keyboard one tab has the focus, arrows go to the others. */
function move(event: KeyboardEvent): void {
  const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };
  const step = steps[event.key];
  const list = event.currentTarget as HTMLElement;
  const all = [...list.querySelectorAll<HTMLElement>('[role="tab"]')];
  const index = all.indexOf(event.target as HTMLElement);
  if (index < 0 || (step === undefined && event.key !== "Home" && event.key !== "End")) return;
  event.preventDefault();
  const target = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : index + (step ?? 0);
  const next = all[(target + all.length) % all.length];
  next?.focus();
  next?.click();
}

/** Views of the same thing, one at a time. */
export const tabs = ({ label, tabs: all, current, onSelect, body }: TabsOptions): TemplateResult =>
  html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${move}>
      ${all.map(
        ({ id, label: name, count }) =>
          html`<button
            type="button"
            role="tab"
            id="tab-${id}"
            aria-selected=${id === current ? "true" : "false"}
            aria-controls=${id === current ? `panel-${id}` : nothing}
            tabindex=${id === current ? 0 : -1}
            @click=${() => onSelect(id)}
          >
            ${name}${count === undefined ? nothing : html` <span class="count">${count}</span>`}
          </button>`,
      )}
    </div>
    <div role="tabpanel" id="panel-${current}" aria-labelledby="tab-${current}">${body}</div>`;
