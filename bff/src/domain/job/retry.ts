/** What a part that failed waits before it is tried again. */
const BACKOFF_SECONDS = [5, 30, 120, 600] as const;

/** After so many attempts at one part a job is a dead letter. */
export const MAX_ATTEMPTS = BACKOFF_SECONDS.length + 1;

/** Undefined: it has been tried often enough. `attempts` counts the one that just failed. */
export const backoffSeconds = (attempts: number): number | undefined => BACKOFF_SECONDS[attempts - 1];
