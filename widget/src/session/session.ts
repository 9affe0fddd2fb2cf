import type { CallApi, CallOptions } from "../api/client.ts";
import type { ServerClock } from "../api/clock.ts";
import { createProof } from "../api/dpop.ts";
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
  keep(tokens: SessionTokens, key: CryptoKeyPair, walletName: string): Promise<void>;
  /** Calls the API in the user's name, with a fresh token when needed. */
  call: CallApi;
  /** For a dapp's own backend: `aud` is the project, `sub` the wallet. @throws auth.token_missing */
  accessToken(): Promise<string>;
  /** Headers for one call of a dapp's own backend. @throws auth.token_missing */
  authorize(method: string, url: string | URL): Promise<Record<string, string>>;
  /** Ends the session here and on the server; other tabs follow. */
  signOut(): Promise<void>;
  stop(): void;
}

interface Access {
  readonly token: string;
  readonly key: CryptoKeyPair | undefined;
  readonly sessionId: string;
  readonly untilMs: number;
}

export function createSessionKeeper(
  callApi: CallApi,
  clock: ServerClock,
  scope: string,
  listener: SessionListener,
): SessionKeeper {
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

  function hold({ accessToken, expiresIn, session }: SessionTokens, key: CryptoKeyPair | undefined): Access {
    return (access = {
      token: accessToken,
      key,
      sessionId: session.id,
      untilMs: performance.now() + expiresIn * 1000 - EARLY_MS,
    });
  }

  /** This device's clock may be wrong, or be put right: a session is over when it is by either reckoning's later end. */
  const endOf = ({ session, endsAtMs = 0 }: KeptSession) => Math.max(endsAtMs, Date.parse(session.expiresAt));
  const write = (kept: KeptSession) =>
    store.write({ ...kept, endsAtMs: Date.parse(kept.session.expiresAt) + Date.now() - clock.nowMs() });

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

  /** Until the answer is stored the former token stays there: sent again by whoever comes next, it gives the same. */
  async function refreshInTurn(): Promise<Access> {
    const kept = await store.read();
    if (!kept) {
      end("signed-out");
      throw new GaslessError("auth.token_missing", "Nobody is signed in.");
    }
    try {
      const { refreshToken, key } = kept;
      const tokens = await callApi<SessionTokens>("POST", "/v1/sessions/refresh", { body: { refreshToken }, key });
      await write({ ...kept, refreshToken: tokens.refreshToken, session: tokens.session });
      return hold(tokens, key);
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

  const endOnServer = ({ token, key }: Access) =>
    callApi("DELETE", "/v1/sessions/current", { token, key }).catch(() => undefined);

  return {
    async restore() {
      const kept = await store.read();
      if (kept && endOf(kept) > Date.now()) open(kept);
    },
    accessToken: async () => (await requireAccess()).token,
    async authorize(method, url) {
      const { token, key } = await requireAccess();
      if (!key) return { Authorization: `Bearer ${token}` };
      const call = { method: method.toUpperCase(), url: new URL(url, location.href).href, nowMs: clock.nowMs(), token };
      return { Authorization: `DPoP ${token}`, DPoP: await createProof(key, call) };
    },
    async keep(tokens, key, walletName) {
      const { refreshToken, session, tokenType } = tokens;
      const kept = { refreshToken, session, walletName, ...(tokenType === "DPoP" && { key }) };
      const former = await inTurn(async () => {
        const isReplaced = (await store.read()) !== undefined;
        const old = isReplaced ? (currentAccess() ?? (await refreshInTurn().catch(() => undefined))) : undefined;
        await write(kept);
        return old;
      });
      hold(tokens, kept.key);
      tellTabs("opened");
      open(kept);
      // One session a page: the one that this replaces is of no use to anybody any more.
      if (former) void endOnServer(former);
    },
    async call<Answer>(method: "GET" | "POST" | "DELETE", path: string, options: CallOptions = {}) {
      const { token, key, sessionId } = await requireAccess();
      try {
        return await callApi<Answer>(method, path, { ...options, token, key });
      } catch (error) {
        if (!isSessionEnd(error)) throw error;
        if (toGaslessError(error).code === "auth.session_revoked") {
          await inTurn(() => drop(sessionId, "ended"));
          throw error;
        }
        // The token may be older than this page thinks, or its key is gone: a fresh one decides.
        if (access?.token === token) access = undefined;
        const fresh = await requireAccess();
        return callApi<Answer>(method, path, { ...options, token: fresh.token, key: fresh.key });
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
      if (former) await endOnServer(former);
    },
    stop() {
      isStopped = true;
      tabs.close();
    },
  };
}
