import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis/cloudflare";
import { AppError } from "../../errors.ts";
import type { LimitCheck, LimiterPort, LimitState } from "../../ports.ts";

/** Sign-in and reading go on without Redis after this; sponsoring does not, and waits longer (a cold isolate needs its round trips). */
const OPEN_DEADLINE_MS = 250;
const CLOSED_DEADLINE_MS = 1_000;
const WINDOW_SECONDS = 60;
/** While Redis is away, each isolate lets through this part of a limit. */
const LOCAL_SHARE = 10;
const MAX_LOCAL_SUBJECTS = 10_000;
const WRONG_PROOFS = 5;
/** A nonce lives five minutes; what is known of it a little longer. */
const NONCE_SECONDS = 360;
const WRONG_PROOF_KEY = "gasless:nonce:";

export interface LimiterOptions {
  readonly url: string;
  readonly token: string;
  readonly nowMs: () => number;
  /** Told when Redis did not answer and the local allowance decided. */
  readonly onDegraded: (cause: unknown) => void;
}

/** What each caller has taken in the current minute, while Redis is away. */
function createLocalAllowance() {
  let currentMinute = 0;
  const counts = new Map<string, number>();
  return function takeLocally(checks: readonly LimitCheck[], nowMs: number): LimitState[] {
    const minute = Math.floor(nowMs / 60_000);
    if (currentMinute !== minute) {
      currentMinute = minute;
      counts.clear();
    }
    return checks.map(({ name, subject, perMinute }) => {
      const key = `${name} ${subject}`;
      const isKept = counts.has(key) || counts.size < MAX_LOCAL_SUBJECTS;
      // Beyond what is kept, newcomers wait for the next minute; nobody's count starts anew.
      const count = isKept ? (counts.get(key) ?? 0) + 1 : Number.POSITIVE_INFINITY;
      if (isKept) counts.set(key, count);
      const limit = Math.max(1, Math.floor(perMinute / LOCAL_SHARE));
      const resetSeconds = Math.max(1, Math.ceil(((minute + 1) * 60_000 - nowMs) / 1000));
      return { name, limit, remaining: limit - count, resetSeconds };
    });
  };
}

/** Rate limits and what is known of nonces, in Redis. No money is decided here. */
export function createLimiter({ url, token, nowMs, onDegraded }: LimiterOptions): LimiterPort {
  const takeLocally = createLocalAllowance();
  const connect = (deadlineMs: number): Redis =>
    new Redis({
      url,
      token,
      retry: false,
      enableTelemetry: false,
      signal: () => AbortSignal.timeout(deadlineMs),
    });

  async function takeOne(redis: Redis, { name, subject, perMinute }: LimitCheck): Promise<LimitState> {
    const limiter = new Ratelimit({
      redis,
      limiter: Ratelimit.fixedWindow(perMinute, `${WINDOW_SECONDS} s`),
      prefix: `gasless:rate:${name}`,
      analytics: false,
      ephemeralCache: false,
      timeout: 0,
    });
    const { success, remaining, reset } = await limiter.limit(subject);
    if (!Number.isInteger(remaining)) throw new Error("the rate-limit store gave an answer that is none");
    const resetSeconds = Math.min(WINDOW_SECONDS, Math.max(1, Math.ceil((reset - nowMs()) / 1000)));
    return { name, limit: perMinute, remaining: success ? remaining : -1, resetSeconds };
  }

  return {
    async take(checks, nonce, mode) {
      const redis = connect(mode === "open" ? OPEN_DEADLINE_MS : CLOSED_DEADLINE_MS);
      try {
        // All in one tick: the client joins the limits in one pipeline and reads the nonce beside it, so this is one wait.
        const [wrongProofs, ...states] = await Promise.all([
          nonce === undefined ? null : redis.get<number>(`${WRONG_PROOF_KEY}${nonce}`),
          ...checks.map((check) => takeOne(redis, check)),
        ]);
        return { states, isNonceBurnt: (wrongProofs ?? 0) >= WRONG_PROOFS };
      } catch (error) {
        onDegraded(error);
        if (mode === "open") return { states: takeLocally(checks, nowMs()), isNonceBurnt: false };
        throw new AppError("store.unavailable", "The service cannot check its limits at the moment.", {
          retryAfterSeconds: 1,
          cause: error,
        });
      }
    },

    async countWrongProof(nonce) {
      const key = `${WRONG_PROOF_KEY}${nonce}`;
      const redis = connect(OPEN_DEADLINE_MS);
      await Promise.all([redis.incr(key), redis.expire(key, NONCE_SECONDS)]).catch(onDegraded);
    },

    async markNonceUsed(nonce) {
      const redis = connect(OPEN_DEADLINE_MS);
      await redis.set(`${WRONG_PROOF_KEY}${nonce}`, WRONG_PROOFS, { ex: NONCE_SECONDS }).catch(onDegraded);
    },

    async ping() {
      try {
        await connect(CLOSED_DEADLINE_MS).ping();
      } catch (error) {
        throw new AppError("store.unavailable", "The service cannot reach its rate-limit store.", { cause: error });
      }
    },
  };
}
