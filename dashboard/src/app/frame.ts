import { html, nothing, type TemplateResult } from "lit";
import type { SignIn } from "../session/sign-in.ts";
import type { App } from "./context.ts";
import { link } from "./router.ts";
import "../ui/toast.ts";
import "./navigation.ts";
import "./project-switcher.ts";
import "./theme-switch.ts";

interface FrameOptions {
  /** Undefined while nobody is signed in. */
  readonly app: App | undefined;
  readonly signIn: SignIn;
  readonly path: string;
  readonly isMoving: boolean;
  readonly content: TemplateResult | HTMLElement;
}

const MARK = html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d="M12 2 4 13h6l-1.5 9L20 10h-7l2-8Z" />
</svg>`;

/** Head, navigation and the place of the page. The head is the same in every state: the widget in it stays where it is. */
export const frame = ({ app, signIn, path, isMoving, content }: FrameOptions): TemplateResult => {
  const hasNavigation = app?.membership !== undefined;
  return html`<header class="head">
      <a class="skip-link" href="#main">Skip to the content</a>
      <div class="bar">
        ${hasNavigation ? html`<app-drawer .path=${path}></app-drawer>` : nothing}
        <a class="brand" href=${link("/")}>${MARK}<span>Gasless</span></a>
        ${hasNavigation ? html`<project-switcher></project-switcher>` : nothing}
        <span class="spring"></span>
        <theme-switch .signIn=${signIn}></theme-switch>
        ${signIn.element}
      </div>
      <ui-toasts></ui-toasts>
    </header>
    <div class="body ${hasNavigation ? "with-side" : ""}">
      ${hasNavigation ? html`<nav class="side" aria-label="Pages"><app-navigation .path=${path}></app-navigation></nav>` : nothing}
      <main id="main" tabindex="-1" aria-busy=${isMoving ? "true" : nothing}>${content}</main>
    </div>`;
};
