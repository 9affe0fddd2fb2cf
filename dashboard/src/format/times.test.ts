import { expect, test } from "vitest";
import { formatRelative } from "./times.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 1440 * MINUTE;

test.each([
  [0, "now"],
  [-9 * SECOND, "now"],
  [-42 * SECOND, "42 seconds ago"],
  [-5 * MINUTE, "5 minutes ago"],
  [-119 * MINUTE, "1 hour ago"],
  [-25 * 60 * MINUTE, "yesterday"],
  [3 * DAY, "in 3 days"],
  // A week that has just begun.
  [7 * DAY - 10 * SECOND, "in 7 days"],
  [-70 * DAY, "2 months ago"],
  [-800 * DAY, "2 years ago"],
])("%s ms from now is told as %s: never more than has passed", (offsetMs, text) => {
  expect(formatRelative(NOW + offsetMs, NOW)).toBe(text);
});
