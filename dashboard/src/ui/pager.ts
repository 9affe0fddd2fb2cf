import { html, nothing, type ReactiveControllerHost, type TemplateResult } from "lit";
import { button } from "./button.ts";

export interface Pager {
  /** Of the page that is shown; give it to the task's arguments and the query. */
  readonly cursor: string | undefined;
  /** Back to the first page, as when a filter changes. */
  reset(): void;
  /** Buttons for the pages around, or nothing when there is one page alone. */
  view(nextCursor: string | null): TemplateResult | typeof nothing;
}

/** Pages by cursor: the way back is remembered. */
export function createPager(host: ReactiveControllerHost): Pager {
  let cursors: readonly string[] = [];
  const go = (next: readonly string[]) => {
    cursors = next;
    host.requestUpdate();
  };
  return {
    get cursor() {
      return cursors.at(-1);
    },
    reset() {
      if (cursors.length > 0) go([]);
    },
    view(nextCursor) {
      if (cursors.length === 0 && nextCursor === null) return nothing;
      return html`<nav class="pager" aria-label="Pages of the list">
        ${button({
          label: "Newer",
          blocked: cursors.length === 0 ? "This is the first page." : undefined,
          onClick: () => go(cursors.slice(0, -1)),
        })}
        <span>Page ${cursors.length + 1}</span>
        ${button({
          label: "Older",
          blocked: nextCursor === null ? "This is the last page." : undefined,
          onClick: () => nextCursor !== null && go([...cursors, nextCursor]),
        })}
      </nav>`;
    },
  };
}
