import { type ApiTarget, callApi, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forgeRefreshToken } from "../support/forgeries.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { postRefresh, type TokensBody } from "../support/proofs.ts";
import { ORIGIN, type Stack, startStack } from "../support/stack.ts";

const OTHER_ORIGIN = "https://other.example";
const HOUR_MS = 3_600_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

async function openSession() {
  const target = await stack.createProject({ origins: [ORIGIN, OTHER_ORIGIN] });
  const tokens = (await signIn(target, await createWallet())) as TokensBody;
  return { target, tokens, sessionId: tokens.session.id };
}

/** Everything that is stored of a session, so that a test can say that nothing has changed. */
async function rowOf(sessionId: string): Promise<Record<string, unknown>> {
  const { rows } = await stack.database.query<Record<string, unknown>>("select * from sessions where id = $1", [
    sessionId,
  ]);
  return rows[0] ?? {};
}

/** Time passes for a session: its clock is the database's. */
const age = (sessionId: string, column: "refreshed_at" | "idle_expires_at" | "expires_at", interval: string) =>
  stack.database.query(`update sessions set ${column} = now() - $2::interval where id = $1`, [sessionId, interval]);

async function rotate(target: ApiTarget, refreshToken: string): Promise<TokensBody> {
  const { status, body } = await postRefresh(target, refreshToken);
  expect(status).toBe(200);
  return body;
}

const isRevoked = async (sessionId: string): Promise<boolean> => (await rowOf(sessionId))["revoked_at"] !== null;

describe("a refresh token", () => {
  test("gives the next pair for the same session, of the same shape", async () => {
    const { target, tokens } = await openSession();
    const answer = await postRefresh(target, tokens.refreshToken);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { body } = answer;
    expect(Object.keys(body).toSorted()).toEqual(Object.keys(tokens).toSorted());
    expect(body).toMatchObject({ tokenType: "Bearer", expiresIn: 300, user: tokens.user });
    expect(body.session).toEqual({ ...tokens.session, idleExpiresAt: body.session.idleExpiresAt });
    expect(body.refreshToken).not.toBe(tokens.refreshToken);
    expect(decodeJwt(body.accessToken)).toMatchObject({ sid: tokens.session.id, origin: ORIGIN, amr: ["message"] });
    expect((await callApi(target, "GET", "/v1/sessions/current", { token: body.accessToken })).status).toBe(200);
    await rotate(target, body.refreshToken);
  });

  test("gives the same successor again within 30 seconds, as for a lost answer or a second tab", async () => {
    const { target, tokens, sessionId } = await openSession();
    const first = await rotate(target, tokens.refreshToken);
    const again = await Promise.all([1, 2, 3].map(() => rotate(target, tokens.refreshToken)));
    expect(new Set(again.map(({ refreshToken }) => refreshToken))).toEqual(new Set([first.refreshToken]));
    await age(sessionId, "refreshed_at", "29 seconds");
    expect((await rotate(target, tokens.refreshToken)).refreshToken).toBe(first.refreshToken);
    await rotate(target, first.refreshToken);
  });

  test("sent twenty times at once moves the session one step", async () => {
    const { target, tokens, sessionId } = await openSession();
    const answers = await Promise.all(Array.from({ length: 20 }, () => rotate(target, tokens.refreshToken)));
    expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(await rowOf(sessionId)).toMatchObject({ refresh_counter: 1, revoked_at: null });
  });

  test("moves the idle end with use, and the absolute end never", async () => {
    const { target, tokens, sessionId } = await openSession();
    await stack.database.query("update sessions set idle_expires_at = now() + interval '1 hour' where id = $1", [
      sessionId,
    ]);
    const { session } = await rotate(target, tokens.refreshToken);
    expect(Date.parse(session.idleExpiresAt) - Date.now()).toBeGreaterThan(23 * HOUR_MS);
    expect(session.expiresAt).toBe(tokens.session.expiresAt);
  });

  test("binds the session to the key that asked, so that it outlives a roll of keys", async () => {
    const { target, tokens, sessionId } = await openSession();
    const publishableKey = `pk_test_${crypto.randomUUID().replaceAll("-", "")}`;
    await stack.database.query(
      "insert into project_keys (id, project_id, key_hash, last_four) values ($1, $2, sha256($3::text::bytea), 'roll')",
      [`key_${publishableKey}`, target.projectId, publishableKey],
    );
    await rotate({ ...target, publishableKey }, tokens.refreshToken);
    expect((await rowOf(sessionId))["key_id"]).toBe(`key_${publishableKey}`);
  });

  test("never moves the idle end past the absolute end", async () => {
    const { target, tokens, sessionId } = await openSession();
    await stack.database.query("update sessions set expires_at = now() + interval '1 hour' where id = $1", [sessionId]);
    const { session } = await rotate(target, tokens.refreshToken);
    expect(session.idleExpiresAt).toBe(session.expiresAt);
  });
});

describe("a stolen refresh token", () => {
  test("used after its successor was used ends the session, for the thief and for the owner", async () => {
    const { target, tokens, sessionId } = await openSession();
    const second = await rotate(target, tokens.refreshToken);
    const third = await rotate(target, second.refreshToken);
    expectProblem(await postRefresh(target, tokens.refreshToken), 401, "auth.refresh_reused");
    expect(await isRevoked(sessionId)).toBe(true);
    expectProblem(await postRefresh(target, third.refreshToken), 401, "auth.session_revoked");
    expectProblem(await postRefresh(target, tokens.refreshToken), 401, "auth.session_revoked");
    const current = await callApi(target, "GET", "/v1/sessions/current", { token: third.accessToken });
    expectProblem(current, 401, "auth.session_revoked");
  });

  test("used again later than 30 seconds ends the session", async () => {
    const { target, tokens, sessionId } = await openSession();
    await rotate(target, tokens.refreshToken);
    await age(sessionId, "refreshed_at", "31 seconds");
    expectProblem(await postRefresh(target, tokens.refreshToken), 401, "auth.refresh_reused");
    expect(await isRevoked(sessionId)).toBe(true);
  });

  test("sent from another page of the project changes nothing", async () => {
    const { target, tokens, sessionId } = await openSession();
    await rotate(target, tokens.refreshToken);
    await age(sessionId, "refreshed_at", "1 hour");
    const before = await rowOf(sessionId);
    const elsewhere = { ...target, origin: OTHER_ORIGIN };
    expectProblem(await postRefresh(elsewhere, tokens.refreshToken), 403, "project.origin_not_allowed");
    expect(await rowOf(sessionId)).toEqual(before);
  });

  test("sent with another project's key changes nothing", async () => {
    const { target, tokens, sessionId } = await openSession();
    const thief = await stack.createProject();
    const before = await rowOf(sessionId);
    expectProblem(await postRefresh(thief, tokens.refreshToken), 401, "auth.token_invalid");
    expect(await rowOf(sessionId)).toEqual(before);
    await rotate(target, tokens.refreshToken);
  });
});

describe("a refresh token that is not ours changes nothing:", () => {
  test("ahead of the session, though its MAC is right", async () => {
    const { target, tokens, sessionId } = await openSession();
    const before = await rowOf(sessionId);
    const forge = (counter: number) => forgeRefreshToken(stack.secrets.secret, target.projectId, sessionId, counter);
    // The forger works: this is the token that was given.
    expect(forge(0)).toBe(tokens.refreshToken);
    for (const counter of [1, 2, 999_999_999]) {
      expectProblem(await postRefresh(target, forge(counter)), 401, "auth.token_invalid");
    }
    expect(await rowOf(sessionId)).toEqual(before);
  });

  test("with a wrong MAC, counter, session or key id", async () => {
    const { target, tokens, sessionId } = await openSession();
    const other = await openSession();
    const before = await rowOf(sessionId);
    const [version = "", kid = "", sid = "", , mac = ""] = tokens.refreshToken.split(".");
    const foreignSecret = Buffer.alloc(32, 7).toString("base64");
    const attempts = [
      `${version}.${kid}.${sid}.0.${mac.replace(/^./, mac.startsWith("A") ? "B" : "A")}`,
      `${version}.${kid}.${sid}.1.${mac}`,
      `${version}.${kid}.${other.sessionId}.0.${mac}`,
      `${version}.k2.${sid}.0.${mac}`,
      forgeRefreshToken(foreignSecret, target.projectId, sessionId, 0),
      forgeRefreshToken(stack.secrets.secret, target.projectId, "ses_00000000000000000000000000", 0),
    ];
    for (const attempt of attempts) expectProblem(await postRefresh(target, attempt), 401, "auth.token_invalid");
    expect(await rowOf(sessionId)).toEqual(before);
    await rotate(target, tokens.refreshToken);
  });

  test("that is spelled another way or is garbage", async () => {
    const { target, tokens, sessionId } = await openSession();
    const before = await rowOf(sessionId);
    const { refreshToken } = tokens;
    const garbage = ["x", "rt1", "rt1....", `${refreshToken}=`, ` ${refreshToken}`, `${refreshToken}\n`];
    const spellings = [refreshToken.replace(".0.", ".00."), refreshToken.replace(".0.", ".-0."), tokens.accessToken];
    for (const attempt of [...garbage, ...spellings].filter(({ length }) => length <= 512)) {
      expectProblem(await postRefresh(target, attempt), 401, "auth.token_invalid");
    }
    expectInvalid(await postRefresh(target, ""), ["/refreshToken"]);
    expectInvalid(await postRefresh(target, "a".repeat(513)), ["/refreshToken"]);
    expect(await rowOf(sessionId)).toEqual(before);
  });
});

describe("a session that is over", () => {
  test.each(["idle_expires_at", "expires_at"] as const)("by its %s cannot be refreshed or used", async (column) => {
    const { target, tokens, sessionId } = await openSession();
    await age(sessionId, column, "1 second");
    expectProblem(await postRefresh(target, tokens.refreshToken), 401, "auth.token_expired");
    expect(await isRevoked(sessionId)).toBe(false);
    const current = await callApi(target, "GET", "/v1/sessions/current", { token: tokens.accessToken });
    expectProblem(current, 401, "auth.session_revoked");
  });

  test("because its user signed out cannot be refreshed", async () => {
    const { target, tokens } = await openSession();
    await callApi(target, "DELETE", "/v1/sessions/current", { token: tokens.accessToken });
    expectProblem(await postRefresh(target, tokens.refreshToken), 401, "auth.session_revoked");
  });
});
