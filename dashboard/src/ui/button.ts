import { html, nothing, type TemplateResult } from "lit";
import { icon, type IconName } from "./icons.ts";
import { toast } from "./toast.ts";

interface ButtonOptions {
  readonly label: string;
  readonly kind?: "primary" | "quiet" | "plain" | "danger";
  readonly icon?: IconName | undefined;
  /** Shows the icon alone; the label is its name. */
  readonly isIconOnly?: boolean;
  readonly isBusy?: boolean;
  /** Why it cannot be pressed now. It stays reachable, and says so. */
  readonly blocked?: string | undefined;
  readonly type?: "button" | "submit";
  /** What the name leaves out, as in a row: "Revoke" of which key. */
  readonly about?: string | undefined;
  /** The id of what says more about it, as why it cannot be pressed. */
  readonly describedBy?: string | undefined;
  readonly onClick?: ((event: MouseEvent) => unknown) | undefined;
}

/** A button that is never dead: one that may not be pressed says why when it is. */
export function button(options: ButtonOptions): TemplateResult {
  const {
    label,
    kind = "quiet",
    isBusy = false,
    blocked,
    type = "button",
    about,
    onClick,
    isIconOnly = false,
  } = options;
  const press = (event: MouseEvent) => {
    if (blocked !== undefined || isBusy) {
      event.preventDefault();
      event.stopPropagation();
      if (blocked !== undefined) toast(blocked, "info");
      return;
    }
    onClick?.(event);
  };
  return html`<button
    type=${type}
    class="button ${kind} ${isIconOnly ? "icon-only" : ""}"
    aria-disabled=${blocked !== undefined || isBusy ? "true" : nothing}
    aria-busy=${isBusy ? "true" : nothing}
    aria-label=${isIconOnly || about ? `${label}${about ? ` ${about}` : ""}` : nothing}
    aria-describedby=${options.describedBy ?? nothing}
    title=${blocked ?? (isIconOnly ? label : nothing)}
    @click=${press}
  >
    ${options.icon ? icon(options.icon) : nothing}${isIconOnly ? nothing : html`<span>${label}</span>`}
  </button>`;
}

interface LinkButtonOptions {
  readonly label: string;
  readonly href: string;
  readonly kind?: "primary" | "quiet" | "plain";
  readonly icon?: IconName;
}

/** A link that looks like a button, for what leads to another address. */
export const linkButton = ({ label, href, kind = "quiet", icon: name }: LinkButtonOptions): TemplateResult =>
  html`<a class="button ${kind}" href=${href}>${name ? icon(name) : nothing}<span>${label}</span></a>`;
