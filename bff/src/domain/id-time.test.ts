import { expect, test } from "vitest";
import { createRandom } from "../adapters/ids.ts";
import { firstIdAt } from "./id-time.ts";

const MOMENT_MS = Date.UTC(2026, 10, 28, 12, 0, 0, 123);

test("no id that was made before a moment sorts behind its first, and none that was made then before it", () => {
  const idAt = (epochMs: number) => createRandom(() => epochMs).id("rly");
  const first = firstIdAt("rly", MOMENT_MS);
  expect(first).toMatch(/^rly_[0-9a-hjkmnp-tv-z]{26}$/);
  for (let draw = 0; draw < 100; draw++) {
    expect(idAt(MOMENT_MS - 1) < first).toBe(true);
    expect(idAt(MOMENT_MS) >= first).toBe(true);
  }
});

test("a moment before there was time is the beginning", () => {
  expect(firstIdAt("rly", -5)).toBe(`rly_${"0".repeat(26)}`);
});
