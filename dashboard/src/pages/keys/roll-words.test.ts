import { expect, test } from "vitest";
import { rollSteps } from "./roll-words.ts";

const NOW_MS = Date.parse("2026-11-28T12:00:00.000Z");
const KEY = { kind: "secret", lastFour: "AbCd", endsAt: null } as const;

test("with an overlap both keys open, and the old one is said to stop at its end", () => {
  const steps = rollSteps(KEY, 86_400, NOW_MS);
  expect(steps).toHaveLength(3);
  expect(steps[1]?.what).toMatch(/^Both open/);
  expect(steps[2]?.what).toBe("The key …AbCd stops by itself.");
});

test("without an overlap it is said that the old key is refused at once", () => {
  expect(rollSteps(KEY, 0, NOW_MS).at(-1)?.what).toContain("refused within five seconds");
});

test("rolling is never said to make a key live longer than it would have", () => {
  const endsAt = "2026-11-28T13:00:00.000Z";
  const early = rollSteps({ ...KEY, endsAt }, 2_592_000, NOW_MS);
  expect(early.at(-1)?.at).toBe(rollSteps(KEY, 3_600, NOW_MS).at(-1)?.at);
});
