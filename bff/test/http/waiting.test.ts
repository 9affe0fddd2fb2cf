import { buildTransaction, callApi, memoBy, postRelay, prepareRelay, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

const WAITING_USERS = 40;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ slotMs: 0 });
});
afterAll(() => stack.close());

test("whoever waits for a relay holds no connection to the database", async () => {
  const target = await stack.createProject();
  const wallet = await createWallet();
  const { accessToken: token } = await signIn(target, wallet);
  const wire = await buildTransaction(await prepareRelay(target, token), [memoBy(wallet, "waited for")], [wallet]);
  const { body } = await postRelay(target, token, wire);

  // Time stands still, so the relay stays what it is and everybody waits.
  const path = `/v1/relays/${body.id}?wait=4&after=submitted`;
  const waiting = Array.from({ length: WAITING_USERS }, () => callApi(target, "GET", path, { token }));
  const seen: number[] = [];
  const isWaiting = Promise.all(waiting);
  let isOver = false;
  void isWaiting.finally(() => (isOver = true));
  while (!isOver) {
    const { rows } = await stack.database.query<{ count: number }>(
      "select count(*)::integer as count from pg_stat_activity where datname = current_database() and application_name <> 'test' and pid <> pg_backend_pid()",
    );
    seen.push(rows[0]?.count ?? 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const { status } of await isWaiting) expect(status).toBe(200);
  const median = seen.toSorted((left, right) => left - right)[Math.floor(seen.length / 2)] ?? 0;
  expect(median).toBeLessThan(WAITING_USERS / 2);
});
