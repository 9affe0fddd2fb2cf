/** What addresses of a family look like; enough to tell families apart, not to check one. */
const SHAPES: readonly (readonly [family: string, shape: RegExp])[] = [
  ["algorand", /^[A-Z2-7]{58}$/],
  ["eip155", /^0x[0-9a-fA-F]{40}$/],
  ["near", /^(?:[0-9a-f]{64}|[a-z0-9_.-]{2,58}\.(?:near|testnet))$/],
  ["solana", /^[1-9A-HJ-NP-Za-km-z]{32,44}$/],
];
const WALLET = /^[a-z0-9]+:.{8,}$/;

/** A wallet as the API looks for it, also by its address alone; undefined: it is not there as a whole. */
export function walletFilter(typed: string): string | undefined {
  const text = typed.trim();
  if (WALLET.test(text)) return text;
  const family = SHAPES.find(([, shape]) => shape.test(text))?.[0];
  return family === undefined ? undefined : `${family}:${text}`;
}
