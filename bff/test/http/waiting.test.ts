import { buildTransaction, callApi, memoBy, postRelay, prepareRelay, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../support/stack.ts";

const WAITING_USERS = 40;
/** Together less than everybody waits. */
const LOOKS = 60;
const LOOK_EVERY_MS = 50;

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

  await expect
    .poll(async () => (await stack.database.query("select state from relays where id = $1", [body.id])).rows)
    .toEqual([{ state: "submitted" }]);

  // Time stands still, so the relay stays what it is and everybody waits.
  const path = `/v1/relays/${body.id}?wait=4&after=submitted`;
  const waiting = Promise.all(Array.from({ length: WAITING_USERS }, () => callApi(target, "GET", path, { token })));
  const seen: number[] = [];
  for (let look = 0; look < LOOKS; look++) {
    const { rows } = await stack.database.query<{ count: number }>(
      "select count(*)::integer as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    seen.push(rows[0]?.count ?? 0);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  for (const answer of await waiting) expect(answer).toMatchObject({ status: 200, body: { state: "submitted" } });
  const median = seen.toSorted((left, right) => left - right)[LOOKS / 2] ?? 0;
  expect(median).toBeLessThan(WAITING_USERS / 2);
});
