import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { createAssociatedAccount } from "../support/associated-token.ts";
import { memo } from "../support/instructions.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { placeMint } from "../support/token-scene.ts";
import {
  EMPTY_LEDGER,
  expectRefusal,
  ledgerOf,
  post,
  type Visitor,
  visitNewProject,
  wireOf,
} from "../support/visitor.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const SECONDS = { hour: 3_600, day: 86_400, month: 31 * 86_400 } as const;
const CASES = (["user", "project", "policy"] as const).flatMap((subjectKind) =>
  (["hour", "day", "month"] as const).flatMap((window) =>
    (["relays", "fee", "rent"] as const).map((unit) => ({ subjectKind, window, unit })),
  ),
);
/** Enough for one, and not for two. */
const AMOUNTS = { relays: 1n, fee: 19_999n, rent: 4_078_559n } as const;

/** A token account of nobody's yet, with the sponsor's rent. */
async function createAccount({ sponsor, wallet }: Visitor, mint: string) {
  const { address: owner } = await createWallet();
  return [memo([wallet.address], "hello"), await createAssociatedAccount({ payer: sponsor, owner, mint })];
}

describe("a budget that is spent", () => {
  test.each(CASES)("of the $subjectKind, $unit a $window, says when it is there again", async (limit) => {
    const { subjectKind, window, unit } = limit;
    const amount = AMOUNTS[unit];
    const visitor = await visitNewProject(stack, { limits: [{ ...limit, amount }] });
    const mint = placeMint(stack);
    const relay = async (text: string) => {
      const plain = [memo([visitor.wallet.address], text)];
      return post(visitor, await wireOf(visitor, unit === "rent" ? await createAccount(visitor, mint) : plain));
    };
    expect((await relay("first")).status).toBe(202);
    const refused = await relay("second");
    const body = expectRefusal(refused, `budget.${subjectKind === "user" ? "user" : "project"}_exhausted`);

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

test("a budget of rent that is spent leaves what takes no rent alone", async () => {
  const limits = [{ subjectKind: "user", window: "day", unit: "rent", amount: 0n }] as const;
  const visitor = await visitNewProject(stack, { limits });
  const creating = await wireOf(visitor, await createAccount(visitor, placeMint(stack)));
  expectRefusal(await post(visitor, creating), "budget.user_exhausted");
  expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  expect((await post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], "hello")]))).status).toBe(202);
});

test("a budget of a policy's version begins anew with the next version, and forgets nothing of the one before", async () => {
  const limits = [{ subjectKind: "policy", window: "lifetime", unit: "relays", amount: 1n }] as const;
  const visitor = await visitNewProject(stack, { limits });
  const relay = async (text: string) => post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], text)]));
  const { projectId, network } = visitor.target;
  expect((await relay("one")).status).toBe(202);
  expectRefusal(await relay("two"), "budget.lifetime_exhausted");
  await stack.database.query(
    `select publish_policy($1, $2, document, 1) from policies where project_id = $1 and network = $2 and version = 1`,
    [projectId, network],
  );
  expect((await relay("three")).status).toBe(202);
  expectRefusal(await relay("four"), "budget.lifetime_exhausted");
  await stack.database.query("select roll_back_policy($1, $2, 1, 2)", [projectId, network]);
  expectRefusal(await relay("five"), "budget.lifetime_exhausted");
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
