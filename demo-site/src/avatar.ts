import { base58 } from "@scure/base";
import { createSvg } from "./dom.ts";

const SIZE = 5;
const MIDDLE = 2;
/** Each readable on light and dark paper. */
const INKS = ["#b4532a", "#0f7a68", "#7a4fb3", "#2a6fb4", "#a3355f", "#6f7a0f"] as const;

/** A small mirror-image pattern that is the same for the same address. */
export function drawAvatar(address: string): SVGElement {
  const bytes = base58.decode(address);
  const fill = INKS[(bytes[0] ?? 0) % INKS.length] ?? INKS[0];
  const cells = Array.from({ length: SIZE * SIZE }, (_, index) => ({ x: index % SIZE, y: Math.floor(index / SIZE) }));
  const squares = cells
    .filter(({ x, y }) => ((bytes[1 + y * (MIDDLE + 1) + Math.min(x, SIZE - 1 - x)] ?? 0) & 1) === 1)
    .map(({ x, y }) => createSvg("rect", { x: `${x}`, y: `${y}`, width: "1.02", height: "1.02", fill }));
  return createSvg("svg", { viewBox: "-1 -1 7 7", class: "avatar", "aria-hidden": "true" }, ...squares);
}

/** Enough of an address for a person to tell it from others. */
export function shorten(address: string): string {
  return `${address.slice(0, 4)}…${address.slice(-4)}`;
}
