import { expect, test } from "vitest";
import { runwayOf, successorsOf } from "./runway.ts";

const SPONSOR = {
  id: "spn_1",
  network: "solana:devnet",
  address: "A",
  state: "active",
  isMember: true,
  canSign: true,
  balance: "5000000000",
  balanceFloor: "1000000000",
  observedAt: null,
  spentPerDay: "0",
  runwayDays: 30,
} as const;

test("a sponsor at its floor is told before any pace is", () => {
  expect(runwayOf({ ...SPONSOR, balance: "1000000000", runwayDays: 300 })).toMatchObject({
    text: "at its floor",
    tone: "bad",
  });
});

test("less than a week is a warning with what to do, less than a day an alarm", () => {
  expect(runwayOf({ ...SPONSOR, runwayDays: 6.9 })).toMatchObject({ text: "6 days", tone: "warn" });
  expect(runwayOf({ ...SPONSOR, runwayDays: 0.4 })).toMatchObject({ text: "less than a day", tone: "bad" });
  expect(runwayOf({ ...SPONSOR, runwayDays: 7 }).advice).toBeUndefined();
});

test("a draining sponsor need not be funded, and one without a key cannot pay", () => {
  expect(runwayOf({ ...SPONSOR, state: "draining", runwayDays: 1 }).advice).toBeUndefined();
  expect(runwayOf({ ...SPONSOR, canSign: false }).text).toBe("cannot sign");
});

test("only a sponsor of the same network that can sign and has funds takes over", () => {
  const others = [
    { ...SPONSOR, id: "spn_2", isMember: false },
    { ...SPONSOR, id: "spn_3", network: "algorand:testnet" },
    { ...SPONSOR, id: "spn_4", canSign: false },
    { ...SPONSOR, id: "spn_5", state: "retired" as const },
    { ...SPONSOR, id: "spn_6", state: "draining" as const },
    { ...SPONSOR, id: "spn_7", balance: "1" },
  ];
  expect(successorsOf(SPONSOR, [SPONSOR, ...others]).map(({ id }) => id)).toEqual(["spn_2"]);
});
