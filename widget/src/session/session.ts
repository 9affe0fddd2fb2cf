import type { CallApi, CallOptions } from "../api/client.ts";
import type { Session, SessionTokens } from "../api/types.ts";
import { GaslessError, isSessionEnd, toGaslessError } from "../errors.ts";
import { createSessionStore, type KeptSession } from "./store.ts";

/** An access token is used until this long before its end. */
const EARLY_MS = 30_000;

type EndReason = "signed-out" | "ended";

export interface SessionListener {
  /** A session is here: kept from before, opened now, or opened in another tab. */
  readonly onOpen: (kept: KeptSession) => void;
  readonly onEnd: (reason: EndReason) => void;
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

interface Access {
  readonly token: string;
  readonly sessionId: string;
  readonly untilMs: number;
}

export function createSessionKeeper(callApi: CallApi, scope: string, listener: SessionListener): SessionKeeper {
  const name = `gasless-wallet ${scope}`;
  const store = createSessionStore(scope);
  const tabs = new BroadcastChannel(name);
  let isStopped = false;
  let access: Access | undefined;
  let current: Session | undefined;

  function tellTabs(word: "opened" | EndReason): void {
    // A channel has no target: it reaches this origin's own pages alone.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    if (!isStopped) tabs.postMessage(word);
  }

  /** Whatever changes the store: one tab at a time, or one would write over what another has just done. */
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> =>
    navigator.locks ? navigator.locks.request(name, work) : work();

  function hold({ accessToken, expiresIn, session }: SessionTokens): Access {
    return (access = {
      token: accessToken,
      sessionId: session.id,
      untilMs: performance.now() + expiresIn * 1000 - EARLY_MS,
    });
  }

  function open(kept: KeptSession): void {
    if (isStopped || current?.id === kept.session.id) return;
    current = kept.session;
    listener.onOpen(kept);
  }

  function end(reason: EndReason): void {
    access = undefined;
    if (isStopped || current === undefined) return;
    current = undefined;
    listener.onEnd(reason);
  }

  /** In a turn of its own, or in the caller's: forgets a session, unless another one has taken its place. */
  async function drop(sessionId: string, reason: EndReason): Promise<void> {
    const kept = await store.read();
    if (kept && kept.session.id !== sessionId) return open(kept);
    await store.clear();
    tellTabs(reason);
    return end(reason);
  }

  // A word from another tab is only a reason to look: what counts is what the store holds.
  tabs.addEventListener("message", ({ data }) => {
    void store.read().then((kept) => {
      if (kept === undefined) return end(data === "ended" ? "ended" : "signed-out");
      if (kept.session.id !== access?.sessionId) access = undefined;
      return open(kept);
    });
  });

  /** An answer that was lost is asked for again at once: later, the same token would count as stolen. */
  async function exchange(refreshToken: string): Promise<SessionTokens> {
    const ask = () => callApi<SessionTokens>("POST", "/v1/sessions/refresh", { body: { refreshToken } });
    try {
      return await ask();
    } catch (error) {
      if (toGaslessError(error).code !== "network.unreachable") throw error;
      return ask();
    }
  }

  async function refreshInTurn(): Promise<Access> {
    const kept = await store.read();
    if (!kept) {
      end("signed-out");
      throw new GaslessError("auth.token_missing", "Nobody is signed in.");
    }
    try {
      const tokens = await exchange(kept.refreshToken);
      await store.write({ ...kept, refreshToken: tokens.refreshToken, session: tokens.session });
      return hold(tokens);
    } catch (error) {
      if (isSessionEnd(error)) await drop(kept.session.id, "ended");
      throw error;
    }
  }

  const currentAccess = () => (access && access.untilMs > performance.now() ? access : undefined);
  let refreshing: Promise<Access> | undefined;
  async function requireAccess(): Promise<Access> {
    const fresh = currentAccess();
    if (fresh) return fresh;
    refreshing ??= inTurn(refreshInTurn).finally(() => (refreshing = undefined));
    return refreshing;
  }

  return {
    async restore() {
      const kept = await store.read();
      if (kept && Date.parse(kept.session.expiresAt) > Date.now()) open(kept);
    },
    accessToken: async () => (await requireAccess()).token,
    async keep(tokens, walletName) {
      const former = await inTurn(async () => {
        const isReplaced = (await store.read()) !== undefined;
        const old = isReplaced ? (currentAccess() ?? (await refreshInTurn().catch(() => undefined))) : undefined;
        await store.write({ refreshToken: tokens.refreshToken, session: tokens.session, walletName });
        return old;
      });
      hold(tokens);
      tellTabs("opened");
      open({ refreshToken: tokens.refreshToken, session: tokens.session, walletName });
      // One session a page: the one that this replaces is of no use to anybody any more.
      if (former) void callApi("DELETE", "/v1/sessions/current", { token: former.token }).catch(() => undefined);
    },
    async call<Answer>(method: "GET" | "POST" | "DELETE", path: string, options: CallOptions = {}) {
      const { token, sessionId } = await requireAccess();
      try {
        return await callApi<Answer>(method, path, { ...options, token });
      } catch (error) {
        if (!isSessionEnd(error)) throw error;
        if (toGaslessError(error).code === "auth.session_revoked") {
          await inTurn(() => drop(sessionId, "ended"));
          throw error;
        }
        // The token may be older than this page thinks, or its key is gone: a fresh one decides.
        if (access?.token === token) access = undefined;
        return callApi<Answer>(method, path, { ...options, token: (await requireAccess()).token });
      }
    },
    async signOut() {
      const former = await inTurn(async () => {
        // What the server ends, it ends for good; a person who is offline is signed out here all the same.
        const old = currentAccess() ?? (await refreshInTurn().catch(() => undefined));
        await store.clear();
        return old;
      });
      tellTabs("signed-out");
      end("signed-out");
      if (former) await callApi("DELETE", "/v1/sessions/current", { token: former.token }).catch(() => undefined);
    },
    stop() {
      isStopped = true;
      tabs.close();
    },
  };
}
