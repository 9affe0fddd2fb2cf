import { Ratelimit } from "@upstash/ratelimit";
import { Redis } from "@upstash/redis/cloudflare";
import { AppError } from "../../errors.ts";
import type { LimiterPort } from "../../ports.ts";
import type { LimitCheck, LimiterRequest, LimitState } from "../../domain/limits.ts";
import type { Possession } from "../../domain/possession.ts";
import { createLocalAllowance } from "./local-allowance.ts";
import { createOnePipeline, type PipelinedRedis } from "./one-pipeline.ts";
import { faultOf, RedisFault } from "./redis-fault.ts";
import { createSeenProofs } from "./seen-proofs.ts";

/** Sign-in and reading go on without Redis after this; sponsoring does not, and waits longer (a cold isolate needs its round trips). */
const OPEN_DEADLINE_MS = 250;
const CLOSED_DEADLINE_MS = 1_000;
const WINDOW_SECONDS = 60;
/** While Redis is away, each isolate lets through this part of a limit. */
const LOCAL_SHARE = 10;
const WRONG_PROOFS = 5;
/** A nonce lives five minutes; what is known of it a little longer. */
const NONCE_SECONDS = 360;
const WRONG_PROOF_KEY = "gasless:nonce:";
const SEEN_PROOF_KEY = "gasless:dpop:";
/** A proof is timely for a minute before and after its time. */
const SEEN_PROOF_SECONDS = 130;

export interface LimiterOptions {
  readonly url: string;
  readonly token: string;
  readonly nowMs: () => number;
  /** Told when Redis did not answer and the local allowance decided. */
  readonly onDegraded: (cause: unknown) => void;
}

/** While Redis is away. */
const shareOf = (check: LimitCheck): LimitCheck => ({
  ...check,
  perMinute: Math.max(1, Math.floor(check.perMinute / LOCAL_SHARE)),
});

/** Rate limits and what is known of nonces and proofs, in Redis. No money is decided here. */
export function createLimiter({ url, token, nowMs, onDegraded }: LimiterOptions): LimiterPort {
  const addresses = createLocalAllowance("pass");
  const lookups = createLocalAllowance("pass");
  const degraded = createLocalAllowance("share");
  const seenProofs = createSeenProofs(SEEN_PROOF_SECONDS * 1000);
  const connect = (deadlineMs: number): Redis =>
    new Redis({
      url,
      token,
      retry: false,
      enableTelemetry: false,
      signal: () => AbortSignal.timeout(deadlineMs),
    });

  async function takeOne(redis: PipelinedRedis, { name, subject, perMinute }: LimitCheck): Promise<LimitState> {
    const limiter = new Ratelimit({
      redis,
      limiter: Ratelimit.fixedWindow(perMinute, `${WINDOW_SECONDS} s`),
      prefix: `gasless:rate:${name}`,
      analytics: false,
      ephemeralCache: false,
      timeout: 0,
    });
    const { success, remaining, reset } = await limiter.limit(subject);
    if (!Number.isInteger(remaining)) throw new RedisFault("the rate-limit store gave an answer that is none");
    const resetSeconds = Math.min(WINDOW_SECONDS, Math.max(1, Math.ceil((reset - nowMs()) / 1000)));
    return { name, limit: perMinute, remaining: success ? remaining : -1, resetSeconds };
  }

  /** True when the key has made this proof before. */
  async function isSeen(redis: PipelinedRedis, { keyThumbprint, jti }: Possession): Promise<boolean> {
    const answer = await redis.set(`${SEEN_PROOF_KEY}${keyThumbprint} ${jti}`, 1, { nx: true, ex: SEEN_PROOF_SECONDS });
    if (answer !== "OK" && answer !== null) throw new RedisFault("the store of proofs gave an answer that is none");
    return answer === null;
  }

  async function takeAll(redis: Redis, { checks, nonce, possession }: LimiterRequest) {
    const size = checks.length + (nonce === undefined ? 0 : 1) + (possession === undefined ? 0 : 1);
    const pipeline = createOnePipeline(redis, size);
    const [wrongProofs, isReplay, ...states] = await Promise.all([
      nonce === undefined ? null : pipeline.get<number>(`${WRONG_PROOF_KEY}${nonce}`),
      possession !== undefined && isSeen(pipeline, possession),
      ...checks.map((check) => takeOne(pipeline, check)),
    ]);
    return { states, isNonceBurnt: (wrongProofs ?? 0) >= WRONG_PROOFS, isReplay };
  }

  /** An address that has had enough takes nothing from what it shares with others, and asks Redis nothing. */
  function findSpentAddress(checks: readonly LimitCheck[]): LimitState | undefined {
    const own = checks.filter(({ name }) => name === "address").map((check) => addresses(check, nowMs()));
    return own.find(({ remaining }) => remaining < 0);
  }

  /** What an address has taken at other isolates is known from now on, until the minute is over. */
  function rememberSpent(checks: readonly LimitCheck[], states: readonly LimitState[]): void {
    const isSpent = states.some(({ name, remaining }) => name === "address" && remaining < 0);
    const own = checks.find(({ name }) => name === "address");
    if (isSpent && own) addresses(own, nowMs(), own.perMinute);
  }

  /** In their order, to the first that is spent. */
  function takeShares(checks: readonly LimitCheck[]): LimitState[] {
    const states: LimitState[] = [];
    for (const check of checks) {
      const state = degraded(shareOf(check), nowMs());
      states.push(state);
      if (state.remaining < 0) break;
    }
    return states;
  }

  const degrade = (error: unknown): void => onDegraded(faultOf(error));

  return {
    async take(request, mode) {
      const { checks, possession, isSignedIn } = request;
      const spent = findSpentAddress(checks);
      if (spent) return { states: [spent], isNonceBurnt: false, isReplay: false };
      // Of those without a token each is good for one nonce or one key's own session: a replay gains nothing.
      const isKnown = possession !== undefined && isSignedIn && seenProofs.see(possession, nowMs());
      try {
        const taken = await takeAll(connect(mode === "open" ? OPEN_DEADLINE_MS : CLOSED_DEADLINE_MS), request);
        rememberSpent(checks, taken.states);
        return { ...taken, isReplay: taken.isReplay || isKnown };
      } catch (error) {
        const cause = faultOf(error);
        onDegraded(cause);
        if (mode === "open") return { states: takeShares(checks), isNonceBurnt: false, isReplay: isKnown };
        throw new AppError("store.unavailable", "The service cannot check its limits at the moment.", {
          retryAfterSeconds: 1,
          cause,
        });
      }
    },

    countLookup: (check, amount) => lookups(check, nowMs(), amount),

    async countWrongProof(nonce) {
      const key = `${WRONG_PROOF_KEY}${nonce}`;
      const redis = connect(OPEN_DEADLINE_MS);
      await redis.multi().incr(key).expire(key, NONCE_SECONDS).exec().catch(degrade);
    },

    async markNonceUsed(nonce) {
      const redis = connect(OPEN_DEADLINE_MS);
      await redis.set(`${WRONG_PROOF_KEY}${nonce}`, WRONG_PROOFS, { ex: NONCE_SECONDS }).catch(degrade);
    },

    async ping() {
      try {
        await connect(CLOSED_DEADLINE_MS).ping();
      } catch (error) {
        throw new AppError("store.unavailable", "The service cannot reach its rate-limit store.", {
          cause: faultOf(error),
        });
      }
    },
  };
}
