import { encode } from "uqr";
import { expect, test } from "vitest";
import { qrPath } from "./qr-path.ts";

test("the shape is dark where the code is, light everywhere else, and has the quiet zone that scanners want", () => {
  const text = `wc:${crypto.randomUUID()}@1?bridge=https%3A%2F%2Fa.bridge.example&key=${"ab".repeat(32)}&algorand=true`;
  const { path, side } = qrPath(text);
  const drawn = Array.from({ length: side }, () => Array.from({ length: side }, () => false));
  for (const [, x = "", y = "", length = ""] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    drawn[Number(y)]?.fill(true, Number(x), Number(x) + Number(length));
  }
  const { data, size } = encode(text, { border: 0 });
  expect(side).toBe(size + 8);
  expect(drawn.slice(4, -4).map((row) => row.slice(4, -4))).toEqual(data);
  const quiet = [
    ...drawn.slice(0, 4),
    ...drawn.slice(-4),
    ...drawn.map((row) => [...row.slice(0, 4), ...row.slice(-4)]),
  ];
  expect(quiet.flat()).not.toContain(true);
});
