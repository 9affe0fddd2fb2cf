import { failure, type Result, success } from "./result.ts";

/** Source: docs/verify-our-tokens.md, which promises it to backends. */
export const ACCESS_TOKEN_LIFE_SECONDS = 300;

const MINUTE_MS = 60_000;
/** How long a key is published before it signs: longer than anybody keeps a copy of the published keys. */
export const PUBLISHED_AHEAD_MS = 15 * MINUTE_MS;
/** Isolates of the configuration before still sign with it for a while; then its last tokens run out. */
export const RETIRING_MS = ACCESS_TOKEN_LIFE_SECONDS * 1_000 + 10 * MINUTE_MS;

export const TOKEN_KEY_STATES = ["next", "active", "retiring"] as const;
export type TokenKeyState = (typeof TOKEN_KEY_STATES)[number];

/**
 * What is known of a key but its bytes. All states verify and are published, `active` alone signs: while a deployment
 * rolls, isolates of two neighbouring configurations take each other's tokens, and no request fails.
 */
export interface TokenKeyStatus {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly state: TokenKeyState;
  /** When it came into this state. */
  readonly sinceMs: number;
}

type RollRefusal =
  | { readonly kind: "unknown" }
  | { readonly kind: "next_exists"; readonly kid: string }
  | { readonly kind: "not_next"; readonly state: TokenKeyState }
  | { readonly kind: "signs" }
  | { readonly kind: "too_early"; readonly atMs: number };

type Rolled<Key> = Result<readonly Key[], RollRefusal>;

/** When the next step may be made with a key; undefined: there is none that waits for a time. */
export function dueAtMs({ state, sinceMs }: TokenKeyStatus): number | undefined {
  if (state === "next") return sinceMs + PUBLISHED_AHEAD_MS;
  return state === "retiring" ? sinceMs + RETIRING_MS : undefined;
}

/** Publishes a key that will sign later. */
export function addKey<Key extends TokenKeyStatus>(keys: readonly Key[], fresh: Key): Rolled<Key> {
  const waiting = keys.find(({ state }) => state === "next");
  return waiting ? failure({ kind: "next_exists", kid: waiting.kid }) : success([...keys, fresh]);
}

/** Lets a key sign that everybody knows by now, in place of the one before. */
export function activateKey<Key extends TokenKeyStatus>(
  keys: readonly Key[],
  wanted: string,
  nowMs: number,
): Rolled<Key> {
  const key = keys.find(({ kid }) => kid === wanted);
  if (!key) return failure({ kind: "unknown" });
  if (key.state !== "next") return failure({ kind: "not_next", state: key.state });
  const atMs = key.sinceMs + PUBLISHED_AHEAD_MS;
  if (nowMs < atMs) return failure({ kind: "too_early", atMs });
  return success(
    keys.map((one) => {
      if (one === key) return { ...one, state: "active", sinceMs: nowMs };
      return one.state === "active" ? { ...one, state: "retiring", sinceMs: nowMs } : one;
    }),
  );
}

/** Takes a key away whose tokens have run out, or that has never signed. */
export function removeKey<Key extends TokenKeyStatus>(
  keys: readonly Key[],
  wanted: string,
  nowMs: number,
): Rolled<Key> {
  const key = keys.find(({ kid }) => kid === wanted);
  if (!key) return failure({ kind: "unknown" });
  if (key.state === "active") return failure({ kind: "signs" });
  const atMs = key.sinceMs + RETIRING_MS;
  if (key.state === "retiring" && nowMs < atMs) return failure({ kind: "too_early", atMs });
  return success(keys.filter((one) => one !== key));
}
