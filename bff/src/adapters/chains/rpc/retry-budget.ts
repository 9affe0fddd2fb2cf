/** In fifths of a retry, so that nothing is lost by rounding. */
const RETRY = 5;
const EARNED_BY_CALL = 1;
const AT_FIRST = RETRY;
const MOST = 10 * RETRY;

/**
 * Each call earns a fifth of a retry: however many fail, there are at most 1.2 attempts a call, and one more. An outage
 * is met with a few retries and not with twice the load.
 */
export function createRetryBudget() {
  let credit = AT_FIRST;
  const hasRetry = (): boolean => credit >= RETRY;
  return {
    hasRetry,
    earn(): void {
      credit = Math.min(MOST, credit + EARNED_BY_CALL);
    },
    /** False when there is none left. */
    spend(): boolean {
      if (!hasRetry()) return false;
      credit -= RETRY;
      return true;
    },
  };
}
