import { expect, test } from "vitest";
import { exportLog } from "./export-log.ts";

const line = (sequence: number): string => JSON.stringify({ sequence: String(sequence), hash: "00", entry: "{}" });

/** A log of so many entries, given in parts. */
const logOf = (entries: number, size: number) => async (after: string) => {
  const from = Number(after) + 1;
  const count = Math.max(0, Math.min(size, entries - from + 1));
  return Array.from({ length: count }, (_, index) => line(from + index)).join("\n");
};
const goOn = () => false;

test("the log is read to its end, each line once and in order", async () => {
  const seen: number[] = [];
  const { parts, lines, isComplete } = await exportLog({
    read: logOf(2_500, 1_000),
    onProgress: (count) => seen.push(count),
    isStopped: goOn,
  });
  const text = parts.join("");
  expect({ lines, isComplete, seen }).toEqual({ lines: 2_500, isComplete: true, seen: [1_000, 2_000, 2_500] });
  expect(
    text
      .trimEnd()
      .split("\n")
      .map((each) => JSON.parse(each).sequence),
  ).toEqual(Array.from({ length: 2_500 }, (_, index) => String(index + 1)));
});

test("an empty log is complete", async () => {
  expect(await exportLog({ read: async () => "", onProgress: () => {}, isStopped: goOn })).toEqual({
    parts: [],
    lines: 0,
    isComplete: true,
  });
});

test("an API that gives the same part for ever is not asked for ever", async () => {
  const stuck = exportLog({ read: async () => line(1), onProgress: () => {}, isStopped: goOn });
  await expect(stuck).rejects.toThrow("does not move on");
});

test("what was stopped says that it is not complete", async () => {
  let lines = 0;
  const stopped = await exportLog({
    read: logOf(5_000, 1_000),
    onProgress: (count) => (lines = count),
    isStopped: () => lines >= 2_000,
  });
  expect(stopped).toMatchObject({ lines: 2_000, isComplete: false });
});
