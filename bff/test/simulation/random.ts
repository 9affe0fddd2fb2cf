/** Reproducible randomness: one seed, one life. */
export interface Random {
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
}

const RANGE = 2 ** 32;

/** Source: mulberry32 (public domain), behind one round of mixing so that neighbouring seeds have nothing in common. */
export function createRandom(seed: number): Random {
  let state = Math.imul(seed ^ (seed >>> 16), 0x9e37_79b1) ^ Math.floor(seed / RANGE);
  const next = (): number => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / RANGE) * limit);
  return {
    below,
    chance: (probability) => next() < probability * RANGE,
    // The index is within the list: nobody picks from an empty one.
    pick: <Item>(items: readonly Item[]) => items[below(items.length)] as Item,
  };
}
