import { encode } from "uqr";

/** A code as one shape: each run of dark modules in a row is a rectangle. `side` counts the quiet zone around it. */
export function qrPath(text: string): { readonly path: string; readonly side: number } {
  const { data, size } = encode(text, { border: 4 });
  const rows = data.map((row, y) => {
    const line = row.map((isDark) => (isDark ? "1" : "0")).join("");
    return [...line.matchAll(/1+/g)]
      .map(({ 0: { length }, index }) => `M${index} ${y}h${length}v1h-${length}z`)
      .join("");
  });
  return { path: rows.join(""), side: size };
}
