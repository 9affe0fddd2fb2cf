import { describe, expect, test, vi } from "vitest";
import { createClient, pathOf } from "./client.ts";
import type { ApiProblem } from "./problem.ts";

const PROJECT = "prj_01jf8zq0k3f7c9v2m5n8p1r4st";
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
const problem = (status: number, code: string, more: object = {}, headers: Record<string, string> = {}) =>
  json({ status, code, detail: `because of ${code}`, requestId: "req_1", ...more }, status, headers);

/** A client whose answers are given one after another. */
function scene(answers: readonly (Response | Error)[]) {
  const left = [...answers];
  const fetch = vi.fn<typeof globalThis.fetch>(() => {
    const answer = left.shift();
    return answer instanceof Response
      ? Promise.resolve(answer)
      : Promise.reject(answer ?? new Error("one call too many"));
  });
  const token = vi.fn((isFresh: boolean) => Promise.resolve(isFresh ? "fresh" : "kept"));
  const waits: number[] = [];
  const wait = (ms: number) => Promise.resolve(void waits.push(ms));
  const authorizations = () => fetch.mock.calls.map(([, init]) => new Headers(init?.headers).get("authorization"));
  return { api: createClient({ fetch, token, wait }), fetch, waits, authorizations };
}

const failure = (call: Promise<unknown>): Promise<ApiProblem> =>
  call.then(
    () => Promise.reject(new Error("it did not fail")),
    (thrown: unknown) => thrown as ApiProblem,
  );

describe("an address", () => {
  test("takes each name as one segment: what is in it leads nowhere else", () => {
    const params = { projectId: PROJECT, origin: "https://a.example/../../x?y#z" };
    expect(pathOf("removeOrigin", { params })).toBe(
      `/v1/manage/projects/${PROJECT}/origins/https%3A%2F%2Fa.example%2F..%2F..%2Fx%3Fy%23z`,
    );
  });

  test("leaves out what is not asked for", () => {
    const query = { code: "policy.fee_exceeded", cursor: undefined, wallet: "" };
    expect(pathOf("listDecisions", { params: { projectId: PROJECT }, query })).toBe(
      `/v1/manage/projects/${PROJECT}/decisions?code=policy.fee_exceeded`,
    );
  });
});

describe("a call", () => {
  test("carries the token and its body as JSON, and neither cookies nor a cache", async () => {
    const { api, fetch } = scene([json({ origin: "https://a.example" }, 201)]);
    const answer = await api.call("addOrigin", {
      params: { projectId: PROJECT },
      body: { origin: "https://a.example" },
    });
    expect(answer).toEqual({ origin: "https://a.example" });
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe(`/v1/manage/projects/${PROJECT}/origins`);
    expect(init).toMatchObject({ method: "POST", body: '{"origin":"https://a.example"}', credentials: "omit" });
    expect(init?.headers).toEqual({ Authorization: "Bearer kept", "Content-Type": "application/json" });
  });

  test("gives nothing where the answer is empty, and text where it is no JSON", async () => {
    const lines = new Response('{"a":1}\n', { headers: { "Content-Type": "application/x-ndjson" } });
    const { api } = scene([new Response(null, { status: 204 }), lines]);
    const params = { projectId: PROJECT };
    expect(await api.call("removeOrigin", { params: { ...params, origin: "https://a.example" } })).toBeUndefined();
    expect(await api.call("exportProjectAudit", { params })).toBe('{"a":1}\n');
  });
});

describe("a refusal", () => {
  test("keeps everything that the API says of it", async () => {
    const errors = [{ pointer: "/name", detail: "is too long" }];
    const { api } = scene([problem(422, "request.invalid", { errors, context: { limit: 80 } })]);
    const thrown = await failure(api.call("readMe", {}));
    expect(thrown).toMatchObject({
      status: 422,
      code: "request.invalid",
      message: "because of request.invalid",
      errors,
      requestId: "req_1",
      context: { limit: 80 },
    });
  });

  test("that is no problem document is one all the same", async () => {
    const { api } = scene([new Response("<html>", { status: 502, headers: { "Request-Id": "req_2" } })]);
    const thrown = await failure(api.call("readMe", {}));
    expect(thrown).toMatchObject({ status: 502, code: "internal.unexpected", requestId: "req_2", errors: [] });
  });

  test("of the token is answered with a fresh one, once", async () => {
    const refused = () => problem(401, "auth.token_expired");
    const good = scene([refused(), json({ isClaimed: true })]);
    expect(await good.api.call("readMe", {})).toEqual({ isClaimed: true });
    expect(good.authorizations()).toEqual(["Bearer kept", "Bearer fresh"]);
    const bad = scene([refused(), refused()]);
    expect(await failure(bad.api.call("readMe", {}))).toMatchObject({ status: 401 });
    expect(bad.fetch).toHaveBeenCalledTimes(2);
  });

  test("for now is asked about again after its time, once, when nothing changes by it", async () => {
    const busy = () => problem(429, "rate.limited", {}, { "Retry-After": "2" });
    const good = scene([busy(), json({ isClaimed: true })]);
    expect(await good.api.call("readMe", {})).toEqual({ isClaimed: true });
    expect(good.waits).toEqual([2000]);
    const bad = scene([busy(), busy()]);
    expect(await failure(bad.api.call("readMe", {}))).toMatchObject({ code: "rate.limited", retryAfterSeconds: 2 });
  });

  test("of a change is never asked about twice", async () => {
    const { api, fetch } = scene([problem(503, "store.unavailable")]);
    const call = api.call("addOrigin", { params: { projectId: PROJECT }, body: { origin: "https://a.example" } });
    expect(await failure(call)).toMatchObject({ code: "store.unavailable" });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("for longer than somebody waits is told at once", async () => {
    const { api, waits } = scene([problem(503, "store.unavailable", {}, { "Retry-After": "30" })]);
    expect(await failure(api.call("readMe", {}))).toMatchObject({ retryAfterSeconds: 30 });
    expect(waits).toEqual([]);
  });
});

describe("no answer", () => {
  test("is a problem that says so", async () => {
    const { api } = scene([new TypeError("Failed to fetch")]);
    expect(await failure(api.call("readMe", {}))).toMatchObject({ status: 0, code: "network.no_answer" });
  });

  test("to a call that was given up is no problem: the reason is passed on", async () => {
    const { api } = scene([new DOMException("gone", "AbortError")]);
    const reason = new Error("another page");
    const thrown = await failure(api.call("readMe", { signal: AbortSignal.abort(reason) }));
    expect(thrown).toBe(reason);
  });
});
