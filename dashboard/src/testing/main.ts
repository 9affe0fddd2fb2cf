import "../styles/index.ts";
import { createClient } from "../api/client.ts";
import { start } from "../app/start.ts";
import type { SignIn } from "../session/sign-in.ts";
import { createFakeFetch, type FakeFaults } from "./fake-api.ts";
import { fakeHandlers } from "./fake/handlers.ts";
import type { FakeOptions } from "./fake/world.ts";

declare global {
  interface Window {
    /** What a test wants; set before the page's own scripts run. */
    readonly fake?: Partial<FakeOptions & FakeFaults & { readonly isSignedIn: boolean }>;
  }
}

/** A person who is there at once, or after one press. */
function createFakeSignIn(isSignedIn: boolean): SignIn {
  const listeners = new Set<() => void>();
  let isIn = isSignedIn;
  const change = (next: boolean) => {
    isIn = next;
    element.textContent = isIn ? "7v91…6y1Q" : "Connect wallet";
    for (const listener of listeners) listener();
  };
  const element = document.createElement("button");
  element.className = "button";
  element.addEventListener("click", () => change(!isIn));
  change(isSignedIn);
  return {
    element,
    wasSignedIn: isSignedIn,
    get isSignedIn() {
      return isIn;
    },
    open: () => change(true),
    signOut: () => Promise.resolve(change(false)),
    setTheme: () => undefined,
    onChange: (listener) => void listeners.add(listener),
  };
}

const { isSignedIn = true, role = "owner", state = "busy", standing = "member", ...faults } = window.fake ?? {};
const fetch = createFakeFetch(fakeHandlers({ role, state, standing }), faults);
start({ api: createClient({ fetch, token: () => Promise.resolve("fake") }), signIn: createFakeSignIn(isSignedIn) });
