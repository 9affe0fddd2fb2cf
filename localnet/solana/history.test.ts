import { expect, test } from "vitest";
import { createHistory } from "./history.ts";

test("memory is bounded: old details go first, then old statuses", () => {
  const history = createHistory();
  const details = { wire: new Uint8Array(), keys: [], meta: {} };
  for (let index = 0; index < 250_000; index += 1) {
    const landed = { slot: BigInt(index), timeMs: 0, error: null, messageHash: String(index), details };
    history.add({ ...landed, signature: String(index) });
    if (index % 1000 === 0) history.forgetMessagesBefore(BigInt(index - 150));
  }
  expect(history.count()).toBe(250_000);
  expect(history.get("249999")?.details).not.toBeNull();
  expect(history.get("220000")?.details).toBeNull();
  expect(history.get("0")).toBeUndefined();
  expect(history.get("150001")).toBeDefined();
  expect(history.hasMessage("249999")).toBe(true);
  expect(history.hasMessage("1")).toBe(false);
  expect([...history.newestFirst()].length).toBeLessThanOrEqual(200_000);
});
