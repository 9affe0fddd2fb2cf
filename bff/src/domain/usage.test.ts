import { describe, expect, test } from "vitest";
import { landTimeOf, stepsUntil } from "./usage.ts";

describe("the time in which a share of the relays landed", () => {
  test.each([
    [[0, 0, 0, 0, 0, 0, 0, 0], 0.5, null],
    [[1, 0, 0, 0, 0, 0, 0, 0], 0.95, 1],
    [[50, 45, 5, 0, 0, 0, 0, 0], 0.5, 1],
    [[50, 45, 5, 0, 0, 0, 0, 0], 0.95, 2],
    [[49, 45, 6, 0, 0, 0, 0, 0], 0.95, 4],
    [[0, 0, 0, 0, 0, 0, 1, 0], 0.5, 64],
    [[0, 0, 0, 0, 0, 0, 0, 3], 0.5, 128],
  ])("of %j at %d is %s", (counts, share, seconds) => {
    expect(landTimeOf(counts, share)).toBe(seconds);
  });
});

test("hours and days end with the one that is not over, and none is left out", () => {
  const nowMs = Date.UTC(2026, 2, 1, 10, 59, 59, 999);
  expect(stepsUntil(nowMs, "hour", 3)).toEqual([8, 9, 10].map((hour) => Date.UTC(2026, 2, 1, hour)));
  expect(stepsUntil(nowMs, "day", 2)).toEqual([Date.UTC(2026, 1, 28), Date.UTC(2026, 2, 1)]);
});
