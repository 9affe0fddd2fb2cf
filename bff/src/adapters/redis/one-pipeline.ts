import type { Redis } from "@upstash/redis/cloudflare";

/** What of the client is collected. */
export type PipelinedRedis = Pick<Redis, "evalsha" | "eval" | "get" | "set">;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** One command's part of the answer, as `keepErrors` gives it. */
interface Answer {
  readonly result?: unknown;
  readonly error?: string;
}

/**
 * A client whose first `size` commands, whoever gives them, leave together as one pipeline: a request has one exchange
 * with Redis. What comes later (a script that Redis has forgotten) goes by itself.
 */
export function createOnePipeline(redis: Redis, size: number): PipelinedRedis {
  const pipeline = redis.pipeline();
  const waiting: Waiting[] = [];

  async function send(): Promise<void> {
    try {
      const answers: readonly Answer[] = await pipeline.exec({ keepErrors: true });
      if (answers.length !== size) throw new Error("the pipeline was answered in part");
      waiting.forEach(({ resolve, reject }, index) => {
        const { result, error } = answers[index] ?? {};
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  const collect =
    <Arguments extends unknown[]>(add: (...command: Arguments) => unknown, alone: (...command: Arguments) => unknown) =>
    (...command: Arguments): unknown => {
      if (waiting.length === size) return alone(...command);
      return new Promise((resolve, reject) => {
        add(...command);
        waiting.push({ resolve, reject });
        if (waiting.length === size) void send();
      });
    };

  // The same commands with the same answers: only the types of the library's overloads are lost on the way.
  return {
    eval: redis.eval,
    evalsha: collect(pipeline.evalsha, redis.evalsha),
    get: collect(pipeline.get, redis.get),
    set: collect(pipeline.set, redis.set),
  } as PipelinedRedis;
}
