import { expect, test } from "vitest";
import { createCleanup } from "./cleanup.ts";

test("the newest is undone first, a failure is told and stops nothing, nothing is undone twice", async () => {
  const undone: string[] = [];
  const warnings: string[] = [];
  const cleanup = createCleanup((message) => warnings.push(message));
  cleanup.add("the first", () => void undone.push("first"));
  cleanup.add("the second", () => Promise.reject(new Error("stuck")));
  cleanup.add("the third", () => void undone.push("third"));
  await cleanup.run();
  await cleanup.run();
  expect(undone).toEqual(["third", "first"]);
  expect(warnings).toEqual(["the second did not stop: Error: stuck"]);
});
