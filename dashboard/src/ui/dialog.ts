import { html, nothing, type TemplateResult } from "lit";
import { AsyncDirective } from "lit/async-directive.js";
import { directive, type ElementPart } from "lit/directive.js";
import { button } from "./button.ts";
import "./toast.ts";

/** Keeps a native dialog open or closed; when it goes, focus returns to where it came from, as the browser does it. */
class ShownDirective extends AsyncDirective {
  #dialog: HTMLDialogElement | undefined;

  override update(part: ElementPart, [isOpen]: [boolean]): void {
    const dialog = part.element as HTMLDialogElement;
    this.#dialog = dialog;
    if (isOpen === dialog.open) return;
    // The first update comes before the element is in the page.
    queueMicrotask(() => {
      if (!dialog.isConnected || isOpen === dialog.open) return;
      if (!isOpen) return dialog.close();
      dialog.showModal();
      dialog.querySelector<HTMLElement>("[autofocus], h2")?.focus();
    });
  }

  override render(_isOpen: boolean): typeof nothing {
    return nothing;
  }

  override disconnected(): void {
    this.#dialog?.close();
  }
}

const shown = directive(ShownDirective);

interface DialogOptions {
  readonly heading: string;
  readonly isOpen: boolean;
  /** By its cross, Escape, or a way of its own. */
  readonly onClose: () => unknown;
  readonly body: () => TemplateResult;
  /** For tables and code. */
  readonly isWide?: boolean;
}

/** A modal dialog; what is in it is made only while it is open. */
export function dialog({ heading, isOpen, onClose, body, isWide = false }: DialogOptions): TemplateResult {
  const id = `dialog-${heading.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
  return html`<dialog
    class="dialog ${isWide ? "wide" : ""}"
    aria-labelledby=${id}
    ${shown(isOpen)}
    @close=${(event: Event) => {
      // It comes late: by then the dialog may have been opened again.
      const dialog = event.currentTarget as HTMLDialogElement;
      if (event.target === dialog && isOpen && !dialog.open) onClose();
    }}
  >
    ${
      isOpen
        ? html`<div class="dialog-top">
              <div class="dialog-head">
                <h2 id=${id} tabindex="-1">${heading}</h2>
                ${button({ label: "Close", icon: "close", isIconOnly: true, kind: "plain", onClick: onClose })}
              </div>
              <ui-toasts></ui-toasts>
            </div>
            <div class="dialog-body">${body()}</div>`
        : nothing
    }
  </dialog>`;
}
