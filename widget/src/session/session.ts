import type { CallApi, CallOptions } from "../api/client.ts";
import type { Session, SessionTokens } from "../api/types.ts";
import { GaslessError, isSessionEnd } from "../errors.ts";
import { createSessionStore, type KeptSession } from "./store.ts";

/** An access token is used until this long before its end. */
const EARLY_MS = 30_000;

export interface SessionListener {
  /** A session is here: kept from before, opened now, or opened in another tab. */
  readonly onOpen: (kept: KeptSession) => void;
  readonly onEnd: (reason: "signed-out" | "ended") => void;
}

/** The one session of this page's project, in step with the origin's other tabs. */
export interface SessionKeeper {
  /** Looks for a kept session; asks nobody. */
  restore(): Promise<void>;
  /** Takes over a session that was just opened; one that was here before is ended. */
  keep(tokens: SessionTokens, walletName: string): Promise<void>;
  /** Calls the API in the user's name, with a fresh token when needed. */
  call: CallApi;
  /** For a dapp's own backend: `aud` is the project, `sub` the wallet. @throws auth.token_missing */
  accessToken(): Promise<string>;
  /** Ends the session here and on the server; other tabs follow. */
  signOut(): Promise<void>;
  stop(): void;
}

export function createSessionKeeper(callApi: CallApi, scope: string, listener: SessionListener): SessionKeeper {
  const store = createSessionStore(scope);
  const tabs = new BroadcastChannel(`gasless-wallet ${scope}`);
  // A channel has no target: it reaches this origin's own pages alone.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  const tellTabs = (word: "opened" | "signed-out" | "ended"): void => tabs.postMessage(word);
  let access: { readonly token: string; readonly untilMs: number } | undefined;
  let current: Session | undefined;

  function hold({ accessToken, expiresIn }: SessionTokens): string {
    access = { token: accessToken, untilMs: performance.now() + expiresIn * 1000 - EARLY_MS };
    return accessToken;
  }

  function open(kept: KeptSession): void {
    if (current?.id === kept.session.id) return;
    current = kept.session;
    listener.onOpen(kept);
  }

  function end(reason: "signed-out" | "ended"): void {
    access = undefined;
    if (current === undefined) return;
    current = undefined;
    listener.onEnd(reason);
  }

  async function drop(reason: "signed-out" | "ended"): Promise<void> {
    await store.clear();
    tellTabs(reason);
    end(reason);
  }

  async function restore(): Promise<void> {
    const kept = await store.read();
    if (kept && Date.parse(kept.session.expiresAt) > Date.now()) open(kept);
  }

  // A word from another tab is only a reason to look: what counts is what the store holds.
  tabs.addEventListener("message", ({ data }) => {
    void store.read().then((kept) => {
      if (kept === undefined) return end(data === "ended" ? "ended" : "signed-out");
      if (kept.session.id !== current?.id) access = undefined;
      return open(kept);
    });
  });

  /** One tab at a time: the second would send a token that the first has used up. */
  async function refresh(): Promise<string> {
    const work = async (): Promise<string> => {
      const kept = await store.read();
      if (!kept) throw new GaslessError("auth.token_missing", "Nobody is signed in.");
      try {
        const body = { refreshToken: kept.refreshToken };
        const tokens = await callApi<SessionTokens>("POST", "/v1/sessions/refresh", { body });
        await store.write({ ...kept, refreshToken: tokens.refreshToken, session: tokens.session });
        return hold(tokens);
      } catch (error) {
        if (isSessionEnd(error)) await drop("ended");
        throw error;
      }
    };
    return navigator.locks ? navigator.locks.request(`gasless-wallet ${scope}`, work) : work();
  }

  let refreshing: Promise<string> | undefined;
  async function accessToken(): Promise<string> {
    if (access && access.untilMs > performance.now()) return access.token;
    refreshing ??= refresh().finally(() => (refreshing = undefined));
    return refreshing;
  }

  return {
    restore,
    accessToken,
    async keep(tokens, walletName) {
      const former = current && (await accessToken().catch(() => undefined));
      hold(tokens);
      const kept = { refreshToken: tokens.refreshToken, session: tokens.session, walletName };
      await store.write(kept);
      tellTabs("opened");
      open(kept);
      // One session a page: the one that this replaces is of no use to anybody any more.
      if (former) void callApi("DELETE", "/v1/sessions/current", { token: former }).catch(() => undefined);
    },
    async call<Answer>(method: "GET" | "POST" | "DELETE", path: string, options: CallOptions = {}) {
      const token = await accessToken();
      try {
        return await callApi<Answer>(method, path, { ...options, token });
      } catch (error) {
        if (!isSessionEnd(error)) throw error;
        if ((error as GaslessError).code === "auth.session_revoked") {
          await drop("ended");
          throw error;
        }
        // The token may be older than this page thinks, or its key is gone: a fresh one decides.
        access = undefined;
        return callApi<Answer>(method, path, { ...options, token: await accessToken() });
      }
    },
    async signOut() {
      // What the server ends, it ends for good; a person who is offline is signed out here all the same.
      const token = await accessToken().catch(() => undefined);
      await drop("signed-out");
      if (token) await callApi("DELETE", "/v1/sessions/current", { token }).catch(() => undefined);
    },
    stop: () => tabs.close(),
  };
}
