import { expect, test } from "vitest";
import { instantOf, instantsOf } from "./period.ts";

const NOW_MS = Date.parse("2026-11-28T12:00:00.000Z");

test("a period up to now has a beginning and no end", () => {
  expect(instantsOf({ period: "24h", from: "", to: "" }, NOW_MS)).toEqual({ from: "2026-11-27T12:00:00.000Z" });
});

test("an own period asks for what is complete, and for nothing else", () => {
  const local = "2026-11-01T08:30";
  expect(instantsOf({ period: "custom", from: local, to: "" }, NOW_MS)).toEqual({
    from: new Date(local).toISOString(),
  });
  expect(instantsOf({ period: "custom", from: "nonsense", to: "" }, NOW_MS)).toEqual({});
});

test("an address with an unknown period, or a name that every object has, means any time", () => {
  expect(instantsOf({ period: "constructor", from: "2026-11-01T08:30", to: "" }, NOW_MS)).toEqual({});
});

test("half a time is no instant", () => {
  expect(instantOf("")).toBeUndefined();
  expect(instantOf("2026-13-45T99:00")).toBeUndefined();
});
