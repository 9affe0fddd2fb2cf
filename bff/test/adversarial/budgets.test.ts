import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { memo } from "../support/instructions.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { EMPTY_LEDGER, expectRefusal, ledgerOf, post, visitNewProject, wireOf } from "../support/visitor.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const SECONDS = { hour: 3_600, day: 86_400, month: 31 * 86_400 } as const;
const CASES = (["user", "project"] as const).flatMap((subjectKind) =>
  (["hour", "day", "month"] as const).flatMap((window) =>
    (["relays", "fee"] as const).map((unit) => ({ subjectKind, window, unit })),
  ),
);

describe("a budget that is spent", () => {
  test.each(CASES)("of the $subjectKind, $unit a $window, says when it is there again", async (limit) => {
    const { subjectKind, window, unit } = limit;
    const amount = unit === "fee" ? 19_999n : 1n;
    const visitor = await visitNewProject(stack, { limits: [{ ...limit, amount }] });
    const relay = async (text: string) => post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], text)]));
    expect((await relay("first")).status).toBe(202);
    const refused = await relay("second");
    const body = expectRefusal(refused, `budget.${subjectKind}_exhausted`);

    expect(body.context).toEqual({ window, unit, limit: String(amount), resetsAt: expect.any(String) });
    const resetsAtMs = Date.parse(String(body.context?.["resetsAt"]));
    const resetsAt = new Date(resetsAtMs);
    expect(resetsAt.toISOString()).toMatch(
      window === "month" ? /-01T00:00:00/ : window === "day" ? /T00:00:00/ : /:00:00/,
    );
    const retryAfter = Number(refused.headers.get("retry-after"));
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(SECONDS[window]);
    const answeredAtMs = Date.parse(refused.headers.get("date") ?? "");
    expect(Math.abs(answeredAtMs + retryAfter * 1_000 - resetsAtMs)).toBeLessThan(5_000);
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ keys: 1 });
  });

  test.each(["user", "project"] as const)("of the %s for its lifetime never comes back", async (subjectKind) => {
    const limits = [{ subjectKind, window: "lifetime", unit: "relays", amount: 0n }] as const;
    const visitor = await visitNewProject(stack, { limits });
    const refused = await post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], "first")]));
    const body = expectRefusal(refused, "budget.lifetime_exhausted");
    expect(body.context).toEqual({ window: "lifetime", unit: "relays", limit: "0", resetsAt: null });
    expect(refused.headers.has("retry-after")).toBe(false);
    expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  });
});

test("what one limit has taken is given back when the next refuses, and the key stays free", async () => {
  const limits = [
    { subjectKind: "user", window: "hour", unit: "relays", amount: 5n },
    { subjectKind: "user", window: "day", unit: "relays", amount: 5n },
    { subjectKind: "project", window: "month", unit: "fee", amount: 9_999n },
  ] as const;
  const visitor = await visitNewProject(stack, { limits });
  const wire = await wireOf(visitor, [memo([visitor.wallet.address], "hello")]);
  const code: ErrorCode = "budget.project_exhausted";
  expectRefusal(await post(visitor, wire, "key"), code);
  expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  await stack.database.query("update limits set amount = 10000 where project_id = $1 and unit = 'fee'", [
    visitor.target.projectId,
  ]);
  expect((await post(visitor, wire, "key")).status).toBe(202);
});

test("a limit that is lowered below what is used refuses, and forgets nothing that was used", async () => {
  const limits = [{ subjectKind: "user", window: "day", unit: "relays", amount: 3n }] as const;
  const visitor = await visitNewProject(stack, { limits });
  const relay = async (text: string) => post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], text)]));
  const edit = (amount: number) =>
    stack.database.query("update limits set amount = $2 where project_id = $1", [visitor.target.projectId, amount]);
  expect([(await relay("one")).status, (await relay("two")).status]).toEqual([202, 202]);
  await edit(1);
  expectRefusal(await relay("three"), "budget.user_exhausted");
  await edit(3);
  expect((await relay("four")).status).toBe(202);
  expectRefusal(await relay("five"), "budget.user_exhausted");
});
