import type { Possession } from "../../domain/possession.ts";

const MAX_KEPT = 20_000;

/**
 * The proofs that this isolate has seen, so that going away and coming back Redis opens no gap. Of more than can be kept
 * the oldest are forgotten; where money moves, Redis has the last word.
 */
export function createSeenProofs(lifeMs: number) {
  // In the order of their arrival, so that the oldest stand first.
  const untilMs = new Map<string, number>();

  function makeRoom(nowMs: number): void {
    for (const [proof, endMs] of untilMs) {
      if (endMs > nowMs && untilMs.size < MAX_KEPT) return;
      untilMs.delete(proof);
    }
  }

  return {
    /** True when it was seen before; from now on it was. */
    see({ keyThumbprint, jti }: Possession, nowMs: number): boolean {
      makeRoom(nowMs);
      const proof = `${keyThumbprint} ${jti}`;
      if (untilMs.has(proof)) return true;
      untilMs.set(proof, nowMs + lifeMs);
      return false;
    },
  };
}
