import { readProblem } from "../api/problem.ts";
import { pathOf } from "../api/client.ts";

interface TokenSettings {
  readonly fetch: typeof fetch;
  /** Headers that prove who asks, good for this one call. */
  readonly authorize: (method: string, path: string) => Promise<Record<string, string>>;
  /** Milliseconds that only go forward. */
  readonly nowMs?: () => number;
}

export interface Tokens {
  /** A management token; `isFresh`: the one before was refused. @throws ApiProblem when the session opens none */
  token(isFresh: boolean): Promise<string>;
  /** Forgets it, as when somebody signs out. */
  forget(): void;
}

/** A token is renewed this long before it ends: a call on its way must not outlive it. */
const EARLY_MS = 30_000;

interface Kept {
  readonly accessToken: string;
  readonly renewAtMs: number;
}

/** Management tokens, in memory alone: who reloads the page asks for a new one. */
export function createTokens({ fetch, authorize, nowMs = () => performance.now() }: TokenSettings): Tokens {
  let kept: Kept | undefined;
  let coming: Promise<Kept> | undefined;

  async function open(): Promise<Kept> {
    const path = pathOf("openManageSession");
    const headers = { ...(await authorize("POST", path)), "Content-Type": "application/json" };
    const askedAtMs = nowMs();
    const response = await fetch(path, { method: "POST", headers, body: "{}", credentials: "omit", cache: "no-store" });
    if (!response.ok) throw await readProblem(response);
    const { accessToken, expiresIn } = (await response.json()) as { accessToken: string; expiresIn: number };
    return { accessToken, renewAtMs: askedAtMs + expiresIn * 1000 - EARLY_MS };
  }

  return {
    async token(isFresh) {
      if (kept && !isFresh && nowMs() < kept.renewAtMs) return kept.accessToken;
      const mine = (coming ??= open());
      try {
        const opened = await mine;
        // Somebody may have signed out meanwhile.
        if (coming === mine) kept = opened;
        return opened.accessToken;
      } finally {
        if (coming === mine) coming = undefined;
      }
    },
    forget() {
      kept = undefined;
      coming = undefined;
    },
  };
}
