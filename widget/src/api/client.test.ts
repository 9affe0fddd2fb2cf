import { afterEach, describe, expect, test, vi } from "vitest";
import { createApi } from "./client.ts";
import { createServerClock } from "./clock.ts";
import { createProofKey } from "./dpop.ts";

const target = { api: "https://gasless.example", project: "pk_test_1" };
const MINUTE_MS = 60_000;

interface Seen {
  readonly headers: Record<string, string>;
  readonly claims: { readonly iat: number; readonly jti: string; readonly ath?: string };
}

afterEach(() => void vi.unstubAllGlobals());

/** An API of one answer after the other, the last one again and again; its clock is `aheadMs` before this machine's. */
function answer(aheadMs: number, ...answers: readonly (readonly [status: number, body: unknown])[]): Seen[] {
  const seen: Seen[] = [];
  vi.stubGlobal("fetch", async (_url: string, { headers }: { headers: Record<string, string> }) => {
    const [status, body] = answers[seen.length] ?? answers.at(-1) ?? [200, {}];
    const claims = Buffer.from(headers["dpop"]?.split(".")[1] ?? "e30", "base64url").toString();
    seen.push({ headers, claims: JSON.parse(claims) as Seen["claims"] });
    const date = new Date(Date.now() + aheadMs).toUTCString();
    return new Response(JSON.stringify(body), { status, headers: { date } });
  });
  return seen;
}

const refused = (code: string) => [401, { code, title: code, requestId: "req_1" }] as const;
const api = () => createApi(() => target, createServerClock());

describe("a call", () => {
  test("with a bound token sends it as DPoP with a proof of its hash, and never as Bearer", async () => {
    const seen = answer(0, [200, {}]);
    await api()("GET", "/v1/allowance", { token: "a.b.c", key: await createProofKey() });
    expect(seen[0]?.headers["authorization"]).toBe("DPoP a.b.c");
    expect(seen[0]?.claims.ath).toMatch(/^[\w-]{43}$/);
  });

  test("without a token names the project, and proves the key that is to be bound", async () => {
    const seen = answer(0, [200, {}]);
    await api()("POST", "/v1/challenges", { body: {}, key: await createProofKey() });
    expect(seen[0]?.headers).toMatchObject({ "gasless-key": "pk_test_1", dpop: expect.any(String) as string });
    expect(seen[0]?.claims).not.toHaveProperty("ath");
    expect(seen[0]?.headers).not.toHaveProperty("authorization");
  });

  test("of a session from before there were keys stays Bearer", async () => {
    const seen = answer(0, [200, {}]);
    await api()("GET", "/v1/allowance", { token: "a.b.c" });
    expect(seen[0]?.headers).toEqual({ authorization: "Bearer a.b.c" });
  });
});

describe("a proof that is refused", () => {
  test.each([-10 * MINUTE_MS, 3 * 24 * 60 * MINUTE_MS])(
    "because this device is %i ms behind: the server's time is taken over, and the next one is right",
    async (aheadMs) => {
      const seen = answer(aheadMs, refused("auth.proof_invalid"), [200, { ok: true }]);
      const callApi = api();
      const key = await createProofKey();
      expect(await callApi("POST", "/v1/challenges", { key })).toEqual({ ok: true });
      const offSeconds = (each?: Seen) => (each?.claims.iat ?? 0) - (Date.now() + aheadMs) / 1000;
      expect(Math.abs(offSeconds(seen[0]))).toBeGreaterThan(500);
      expect(Math.abs(offSeconds(seen[1]))).toBeLessThan(5);
      expect(seen[1]?.claims.jti).not.toBe(seen[0]?.claims.jti);
      // What was learnt once holds for the next call.
      await callApi("POST", "/v1/challenges", { key });
      expect([seen.length, Math.abs(offSeconds(seen[2])) < 5]).toEqual([3, true]);
    },
  );

  test("twice is an error, not a loop", async () => {
    const seen = answer(0, refused("auth.proof_invalid"));
    const call = api()("POST", "/v1/sessions/refresh", { body: {}, key: await createProofKey() });
    await expect(call).rejects.toMatchObject({ code: "auth.proof_invalid" });
    expect(seen).toHaveLength(2);
  });

  test("is the only thing that is tried again", async () => {
    for (const code of ["auth.token_expired", "auth.signature_invalid", "rate.limited", "store.unavailable"]) {
      const seen = answer(10 * MINUTE_MS, refused(code));
      const call = api()("POST", "/v1/sessions", { key: await createProofKey() });
      await expect(call).rejects.toMatchObject({ code });
      expect([code, seen.length]).toEqual([code, 1]);
    }
    const bare = answer(0, refused("auth.proof_invalid"));
    await expect(api()("GET", "/v1/allowance", { token: "a.b.c" })).rejects.toMatchObject({
      code: "auth.proof_invalid",
    });
    expect(bare).toHaveLength(1);
  });
});

test("an answer without a time, or with one that is none, leaves the clock as it is", () => {
  const clock = createServerClock();
  for (const date of [null, "", "yesterday"]) clock.see(date);
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(1000);
});
