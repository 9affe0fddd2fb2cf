import { expect, test, vi } from "vitest";
import { createTokens } from "./token.ts";

/** Tokens of five minutes, counted; the clock is moved by hand. */
function scene() {
  let opened = 0;
  const clock = { nowMs: 0 };
  const fetch = vi.fn<typeof globalThis.fetch>(() => {
    opened += 1;
    return Promise.resolve(Response.json({ accessToken: `token ${opened}`, expiresIn: 300 }, { status: 201 }));
  });
  const authorize = vi.fn((method: string, path: string) =>
    Promise.resolve({ Authorization: "DPoP x", DPoP: `${method} ${path}` }),
  );
  return { clock, fetch, tokens: createTokens({ fetch, authorize, nowMs: () => clock.nowMs }) };
}

test("the session of the wallet is proved for the one call that opens a management token", async () => {
  const { tokens, fetch } = scene();
  expect(await tokens.token(false)).toBe("token 1");
  const [path, init] = fetch.mock.calls[0] ?? [];
  expect(path).toBe("/v1/manage/sessions");
  expect(init).toMatchObject({ method: "POST", body: "{}", credentials: "omit" });
  expect(init?.headers).toMatchObject({ Authorization: "DPoP x", DPoP: "POST /v1/manage/sessions" });
});

test("a token is used until shortly before its end, then renewed", async () => {
  const { tokens, clock } = scene();
  await tokens.token(false);
  clock.nowMs = 269_999;
  expect(await tokens.token(false)).toBe("token 1");
  clock.nowMs = 270_000;
  expect(await tokens.token(false)).toBe("token 2");
});

test("a token that was refused is not used again", async () => {
  const { tokens } = scene();
  await tokens.token(false);
  expect(await tokens.token(true)).toBe("token 2");
  expect(await tokens.token(false)).toBe("token 2");
});

test("calls at the same time open one token between them", async () => {
  const { tokens, fetch } = scene();
  expect(await Promise.all([tokens.token(false), tokens.token(false), tokens.token(false)])).toEqual([
    "token 1",
    "token 1",
    "token 1",
  ]);
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("a token of somebody who has signed out is forgotten, also one that was on its way", async () => {
  const { tokens } = scene();
  const coming = tokens.token(false);
  tokens.forget();
  await coming;
  expect(await tokens.token(false)).toBe("token 2");
});

test("a session that opens none is told as the API tells it", async () => {
  const refusal = { status: 401, code: "auth.session_revoked", detail: "The session has ended." };
  const fetch = () => Promise.resolve(Response.json(refusal, { status: 401 }));
  const tokens = createTokens({ fetch, authorize: () => Promise.resolve({}) });
  await expect(tokens.token(false)).rejects.toMatchObject({ code: "auth.session_revoked" });
});
