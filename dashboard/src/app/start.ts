import type { Api } from "../api/client.ts";
import { ShellElement } from "./shell.ts";
import type { SignIn } from "../session/sign-in.ts";

export interface StartSettings {
  readonly api: Api;
  readonly signIn: SignIn;
}

/** Puts the dashboard into the page. */
export function start({ api, signIn }: StartSettings): void {
  if (!customElements.get("app-shell")) customElements.define("app-shell", ShellElement);
  const shell = new ShellElement();
  shell.api = api;
  shell.signIn = signIn;
  document.body.append(shell);
}
