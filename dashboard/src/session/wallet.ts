import type { SignIn } from "./sign-in.ts";

/** The widget, as far as the dashboard needs it. */
interface WalletElement extends HTMLElement {
  readonly session: object | null;
  theme: string;
  open(): void;
  signOut(): Promise<void>;
  authorize(method: string, url: string): Promise<Record<string, string>>;
}

export interface WalletSignIn extends SignIn {
  authorize(method: string, path: string): Promise<Record<string, string>>;
}

/** Says only that there was a session, never whose: the widget keeps that. */
const HINT = "gasless-dashboard-session";

/**
 * Signs in with the same element as everybody's pages do, as a user of the console project. `peraBridge`: of the deployment's
 * own; empty: Pera's.
 */
export function createWalletSignIn(project: string, peraBridge: string): WalletSignIn {
  const element = document.createElement("gasless-wallet") as WalletElement;
  element.setAttribute("project", project);
  element.setAttribute("api", location.origin);
  if (peraBridge !== "") element.setAttribute("pera-bridge", peraBridge);
  const wasSignedIn = sessionStorage.getItem(HINT) !== null;
  const listeners = new Set<() => void>();
  const tell = () => {
    if (element.session) sessionStorage.setItem(HINT, "1");
    else sessionStorage.removeItem(HINT);
    for (const listener of listeners) listener();
  };
  element.addEventListener("gasless-signed-in", tell);
  element.addEventListener("gasless-signed-out", tell);
  return {
    element,
    wasSignedIn,
    get isSignedIn() {
      return Boolean(element.session);
    },
    open: () => void customElements.whenDefined("gasless-wallet").then(() => element.open()),
    signOut: () => element.signOut(),
    setTheme: (theme) => element.setAttribute("theme", theme),
    authorize: (method, path) => element.authorize(method, path),
    onChange: (listener) => void listeners.add(listener),
  };
}
