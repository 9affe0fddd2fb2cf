import { expect, test } from "vitest";
import { createRetryBudget } from "./retry-budget.ts";

test("a call may be tried again at once, the next one not", () => {
  const budget = createRetryBudget();
  budget.earn();
  expect([budget.spend(), budget.spend()]).toEqual([true, false]);
});

test("five calls earn one retry, to the last fifth", () => {
  const budget = createRetryBudget();
  budget.spend();
  for (let calls = 0; calls < 4; calls++) budget.earn();
  expect(budget.hasRetry()).toBe(false);
  budget.earn();
  expect(budget.spend()).toBe(true);
});

test("a long calm saves up ten retries, no more", () => {
  const budget = createRetryBudget();
  for (let calls = 0; calls < 10_000; calls++) budget.earn();
  let retries = 0;
  while (budget.spend()) retries++;
  expect(retries).toBe(10);
});
