import { type ApiTarget, callApi, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { makeProof, postRefresh, postSession } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** Connecting and asking have deadlines of 1.5 and 3 seconds; more than both nobody waits. */
const PATIENCE_MS = 6_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
afterEach(() => stack.sql.setMode("pass"));

async function timed<Value>(work: () => Promise<Value>): Promise<Value> {
  const startedAtMs = performance.now();
  const value = await work();
  expect(performance.now() - startedAtMs).toBeLessThan(PATIENCE_MS);
  return value;
}

const unknownProject = (target: ApiTarget): ApiTarget => ({
  ...target,
  publishableKey: `pk_test_${crypto.randomUUID().replaceAll("-", "")}`,
});

describe("when the database", () => {
  test.each(["refuse", "hang", "reset"] as const)(
    "does %s, calls end soon with store.unavailable, nothing is lost, and all is well afterwards",
    async (mode) => {
      const target = await stack.createProject();
      const wallet = await createWallet();
      const tokens = await signIn(target, wallet);
      const proof = await makeProof(target, wallet);
      await stack.sql.setMode(mode);
      const token = tokens.accessToken;
      const body = { network: target.network };
      const answers = await timed(() =>
        Promise.all([
          postSession(target, proof),
          postRefresh(target, tokens.refreshToken),
          callApi(target, "GET", "/v1/sessions/current", { token }),
          callApi(target, "GET", "/v1/sessions", { token }),
          callApi(target, "DELETE", "/v1/sessions/current", { token }),
          callApi(target, "GET", `/v1/allowance?network=${target.network}`, { token }),
          callApi(target, "GET", "/v1/relays", { token }),
          callApi(target, "POST", "/v1/relays/prepare", { token, body }),
          callApi(unknownProject(target), "GET", "/v1/config"),
        ]),
      );
      for (const answer of answers) {
        const { retryAfterSeconds, detail, context } = expectProblem(answer, 503, "store.unavailable");
        expect(retryAfterSeconds).toBe(1);
        expect(detail).not.toMatch(/postgres|econn|timeout|select|\d/i);
        expect(context).toBeUndefined();
      }
      // Challenges need no database: they go on, for a project that is known.
      expect((await callApi(target, "POST", "/v1/challenges", { body })).status).toBe(201);

      await stack.sql.setMode("pass");
      expect((await postSession(target, proof)).status).toBe(201);
      expect((await postRefresh(target, tokens.refreshToken)).status).toBe(200);
    },
  );

  test("takes a connection and then does not answer, calls end soon as well", async () => {
    const target = await stack.createProject();
    const { accessToken: token } = await signIn(target, await createWallet());
    stack.sql.setQueryDelayMs(60_000);
    const answer = await timed(() => callApi(target, "GET", "/v1/sessions/current", { token }));
    stack.sql.setQueryDelayMs(0);
    expectProblem(answer, 503, "store.unavailable");
    expect((await callApi(target, "GET", "/v1/sessions/current", { token })).status).toBe(200);
  });

  test("has the row locked for somebody else, a refresh ends soon and can be sent again", async () => {
    const target = await stack.createProject();
    const { refreshToken, session } = await signIn(target, await createWallet());
    const holder = await stack.database.connect();
    await holder.query("begin");
    await holder.query("select from sessions where id = $1 for update", [session.id]);
    const answer = await timed(() => postRefresh(target, refreshToken));
    await holder.query("rollback");
    holder.release();
    expectProblem(answer, 503, "store.unavailable");
    expect((await postRefresh(target, refreshToken)).status).toBe(200);
  });

  test("raises what nobody expects, the caller learns no more than that", async () => {
    const target = await stack.createProject();
    const { refreshToken } = await signIn(target, await createWallet());
    await stack.database.query(`create or replace function wallets_of(p_project_id text, p_user_id text) returns jsonb
      language plpgsql stable as $$ begin raise exception 'the secret of row 7' using errcode = 'GL099'; end $$`);
    const answer = await postRefresh(target, refreshToken);
    const problem = expectProblem(answer, 500, "internal.unexpected");
    expect(Object.keys(problem).toSorted()).toEqual(
      ["type", "title", "status", "code", "detail", "instance", "requestId"].toSorted(),
    );
    expect(JSON.stringify(problem)).not.toContain("secret of row");
    // Whoever is on call finds it by the same id.
    expect(stack.log.some((line) => line.includes(problem.requestId) && line.includes("secret of row"))).toBe(true);
  });
});
