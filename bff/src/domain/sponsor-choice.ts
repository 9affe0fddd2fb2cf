import type { ProjectSponsor } from "./project.ts";

/** True when nothing that is known speaks against the sponsor; a balance that nobody could read does not. */
function isFit({ balance, balanceFloor, isSpent }: ProjectSponsor): boolean {
  return !isSpent && (balance === null || balance > balanceFloor);
}

/**
 * The sponsor that a new transaction should name: any of the fit ones, so that their accounts share the load. When none
 * is fit, one that is not: what is known may be a minute old, and the relay itself is judged by the chain.
 * `unit`: a random number from 0 to below 1. Undefined: there is none that may be given out.
 */
export function chooseSponsor(
  sponsors: readonly ProjectSponsor[],
  canSign: (address: string) => boolean,
  unit: number,
): ProjectSponsor | undefined {
  const active = sponsors.filter(({ state, address }) => state === "active" && canSign(address));
  const fit = active.filter(isFit);
  const candidates = fit.length > 0 ? fit : active;
  return candidates[Math.floor(unit * candidates.length)];
}
