import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("work waits for its turn, and what fails does not keep the next from it", async () => {
  const turns = createTurns();
  const heard: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.take(async () => {
    heard.push("first");
    await gate.promise;
    throw new Error("failed");
  });
  const second = turns.take(async () => {
    heard.push("second");
    return 2;
  });
  await Promise.resolve();
  expect([heard, turns.isTaken()]).toEqual([["first"], true]);
  gate.resolve();
  await expect(first).rejects.toThrow("failed");
  expect(await second).toBe(2);
  expect([heard, turns.isTaken()]).toEqual([["first", "second"], false]);
});
