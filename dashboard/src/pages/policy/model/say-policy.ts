import type { Names } from "./names.ts";
import type { Json } from "./pointer.ts";
import { sayAlgorand } from "./say-algorand.ts";
import { sayLimits } from "./say-limits.ts";
import { saySolana } from "./say-solana.ts";
import type { Section, Statement } from "./words.ts";

export const isAlgorand = (network: string): boolean => network.startsWith("algorand:");

export const SECTION_LABELS: Readonly<Record<Section, string>> = {
  allow: "What is sponsored",
  limit: "Up to what cost",
  sponsor: "Where the sponsor may stand",
  option: "What else may be in it",
  programs: "Own programs",
};

/** What a policy says, in plain words. Total: what cannot be read is told as that. */
export function sayPolicy(document: Json, names: Names, network: string): readonly Statement[] {
  const own = isAlgorand(network) ? sayAlgorand(document, network) : saySolana(document, names, network);
  const order = Object.keys(SECTION_LABELS);
  return [...own, ...sayLimits(document, network)].toSorted(
    (one, other) => order.indexOf(one.section) - order.indexOf(other.section),
  );
}
