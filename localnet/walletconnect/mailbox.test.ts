import { expect, test } from "vitest";
import { createMailbox } from "./mailbox.ts";

const LIMITS = { maxMessages: 3, maxBytes: 100, maxAgeMs: 1_000 };

test("what was kept for a topic comes once, in its order, and other topics keep theirs", () => {
  const mailbox = createMailbox(LIMITS, () => 0);
  mailbox.keep("a", "first");
  mailbox.keep("b", "other");
  mailbox.keep("a", "second");
  expect(mailbox.take("a")).toEqual(["first", "second"]);
  expect(mailbox.take("a")).toEqual([]);
  expect(mailbox.take("b")).toEqual(["other"]);
});

test("a flood of messages pushes out the oldest, never more than is allowed stays", () => {
  const mailbox = createMailbox(LIMITS, () => 0);
  for (const name of ["1", "2", "3", "4", "5"]) mailbox.keep("a", name);
  expect(mailbox.count).toBe(3);
  expect(mailbox.take("a")).toEqual(["3", "4", "5"]);
});

test("bytes are bounded too, counted as they are sent", () => {
  const mailbox = createMailbox(LIMITS, () => 0);
  mailbox.keep("a", "é".repeat(40));
  mailbox.keep("a", "x".repeat(30));
  expect(mailbox.take("a")).toEqual(["x".repeat(30)]);
  mailbox.keep("a", "x".repeat(101));
  expect(mailbox.count).toBe(0);
  mailbox.keep("a", "x".repeat(100));
  expect(mailbox.count).toBe(1);
});

test("nothing is kept for longer than its age allows", () => {
  let nowMs = 0;
  const mailbox = createMailbox(LIMITS, () => nowMs);
  mailbox.keep("a", "old");
  nowMs = 999;
  mailbox.keep("a", "young");
  nowMs = 1_000;
  expect(mailbox.take("a")).toEqual(["young"]);
});
