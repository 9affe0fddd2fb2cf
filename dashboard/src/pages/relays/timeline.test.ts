import { expect, test } from "vitest";
import { formatDuration, isFinal, timelineOf } from "./timeline.ts";

const RELAY = {
  createdAt: "2026-11-28T12:00:00.000Z",
  signedAt: "2026-11-28T12:00:00.250Z",
  updatedAt: "2026-11-28T12:00:13.000Z",
};
const statuses = (relay: Parameters<typeof timelineOf>[0]) =>
  timelineOf(relay).map(({ name, status }) => `${name} ${status}`);

test("a relay on its way shows what it has reached and what it waits for", () => {
  expect(statuses({ ...RELAY, state: "submitted" })).toEqual([
    "received reached",
    "signed reached",
    "submitted current",
    "confirmed waiting",
    "finalized waiting",
  ]);
});

test("a relay that expired is never said to have landed", () => {
  expect(statuses({ ...RELAY, state: "expired" })).toEqual([
    "received reached",
    "signed reached",
    "expired ended-badly",
  ]);
});

test("a rejected relay was never signed", () => {
  const steps = timelineOf({ ...RELAY, signedAt: null, state: "rejected" });
  expect(steps.map(({ name }) => name)).toEqual(["received", "rejected"]);
  expect(steps.at(-1)?.at).toBe(RELAY.updatedAt);
});

test("times that are not kept are not made up", () => {
  const steps = timelineOf({ ...RELAY, state: "finalized" });
  expect(steps.map(({ at }) => at)).toEqual([RELAY.createdAt, RELAY.signedAt, undefined, undefined, RELAY.updatedAt]);
  expect(steps.map(({ tookMs }) => tookMs)).toEqual([undefined, 250, undefined, undefined, undefined]);
});

test("only the four last states are final", () => {
  expect((["received", "signed", "submitted", "confirmed"] as const).some(isFinal)).toBe(false);
  expect((["finalized", "rejected", "failed", "expired"] as const).every(isFinal)).toBe(true);
});

test("durations are told in the unit that fits", () => {
  expect([340, 2_400, 2_000, 185_000].map(formatDuration)).toEqual(["340 ms", "2.4 s", "2 s", "3 min 5 s"]);
});
