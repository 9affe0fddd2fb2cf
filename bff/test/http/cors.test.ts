import { callApi, signIn } from "@gasless/localnet/api-client";
import { untilRoomInMinute } from "@gasless/localnet/testing/minute";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { pageOf, send } from "../support/send.ts";
import { ORIGIN, type Stack, startStack } from "../support/stack.ts";

const FOREIGN = "https://anybody.example";
const EXPOSED =
  "Date, Request-Id, RateLimit, RateLimit-Policy, Retry-After, Idempotent-Replayed, WWW-Authenticate".toLowerCase();
const PATHS = ["/v1/config", "/v1/challenges", "/v1/sessions", "/v1/relays", "/live", "/docs", "/nowhere", "/v1/x/y"];

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const json = { "content-type": "application/json" };
const listOf = (value: string | null): string[] => (value ?? "").toLowerCase().split(", ").toSorted();

function expectReadable(headers: Headers, origin: string): void {
  expect(headers.get("access-control-allow-origin")).toBe(origin);
  expect(listOf(headers.get("vary"))).toContain("origin");
  expect(listOf(headers.get("access-control-expose-headers"))).toEqual(EXPOSED.split(", ").toSorted());
  expect(headers.get("access-control-allow-credentials")).toBeNull();
  expect(headers.get("request-id")).toMatch(/^req_[0-9a-z]{26}$/);
  expect(Math.abs(Date.parse(headers.get("date") ?? "") - Date.now())).toBeLessThan(5_000);
}

describe("a preflight", () => {
  test.each(PATHS)("to %s is answered for any origin, and decides nothing", async (path) => {
    const asked = { "access-control-request-method": "POST", "access-control-request-headers": "gasless-key" };
    const { status, headers, body } = await send(stack, "OPTIONS", path, { headers: { ...asked, origin: FOREIGN } });
    expect(status).toBe(204);
    expect(body).toEqual({});
    expect(headers.get("access-control-allow-origin")).toBe(FOREIGN);
    expect(listOf(headers.get("access-control-allow-methods"))).toEqual(["delete", "get", "options", "post"]);
    expect(listOf(headers.get("access-control-allow-headers"))).toEqual(
      ["authorization", "content-type", "dpop", "gasless-key", "idempotency-key"].toSorted(),
    );
    expect(headers.get("access-control-max-age")).toBe("7200");
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("request-id")).toMatch(/^req_/);
  });

  test("from a sandboxed frame (null) or from nobody gets no Allow-Origin", async () => {
    for (const headers of [{ origin: "null" }, {}]) {
      const answer = await send(stack, "OPTIONS", "/v1/challenges", { headers });
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  test("touches no store, also with a key that would have to be looked up", async () => {
    const target = await stack.createProject();
    const look = () => ({ sql: stack.sql.counters.connections, redis: stack.redis.counters.requests });
    const before = look();
    for (const path of PATHS) await send(stack, "OPTIONS", path, { headers: pageOf(target) });
    expect(look()).toEqual(before);
    // The same call without preflight asks both: the counters count.
    await callApi(target, "GET", "/v1/config");
    expect(look().sql).toBeGreaterThan(before.sql);
    expect(look().redis).toBeGreaterThan(before.redis);
  });
});

describe("a page can read why it was refused:", () => {
  test("without a key, from a foreign origin, without a token", async () => {
    const target = await stack.createProject();
    const asked = await send(target, "GET", "/v1/config", { headers: { origin: FOREIGN } });
    expectProblem(asked, 401, "project.key_invalid");
    expectReadable(asked.headers, FOREIGN);
    const foreign = await callApi({ ...target, origin: FOREIGN }, "GET", "/v1/config");
    expectProblem(foreign, 403, "project.origin_not_allowed");
    expectReadable(foreign.headers, FOREIGN);
    const signedOut = await send(target, "GET", "/v1/sessions/current", { headers: { origin: ORIGIN } });
    expectProblem(signedOut, 401, "auth.token_missing");
    expectReadable(signedOut.headers, ORIGIN);
  });

  test("nothing there, another method, too large, no JSON, not the schema, too often", async () => {
    await untilRoomInMinute();
    const target = await stack.createProject({ addressRequestsPerMinute: 2 });
    const page = pageOf(target);
    const missing = await send(target, "GET", "/v1/nowhere", { headers: page });
    expectProblem(missing, 404, "request.not_found");
    const method = await send(target, "DELETE", "/v1/config", { headers: page });
    expectProblem(method, 405, "request.method_not_allowed");
    const large = { headers: { ...page, ...json }, body: `"${"a".repeat(9_000)}"` };
    const tooLarge = await send(target, "POST", "/v1/challenges", large);
    expectProblem(tooLarge, 413, "request.too_large");
    const text = await send(target, "POST", "/v1/challenges", { headers: page, body: "{}" });
    expectProblem(text, 415, "request.unsupported_media_type");
    const ask = (body: string) => send(target, "POST", "/v1/challenges", { headers: { ...page, ...json }, body });
    const malformed = await ask("{");
    expectProblem(malformed, 400, "request.malformed");
    const invalid = await ask("{}");
    expectProblem(invalid, 422, "request.invalid");
    const limited = await ask("{}");
    expectProblem(limited, 429, "rate.limited");
    for (const { headers } of [missing, method, tooLarge, text, malformed, invalid, limited]) {
      expectReadable(headers, ORIGIN);
    }
  });

  test("but a sandboxed frame (null) cannot", async () => {
    const target = await stack.createProject();
    const { headers } = await callApi({ ...target, origin: "null" }, "GET", "/v1/config");
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("every answer of the API", () => {
  test.each(["/live", "/docs", "/openapi.json", "/.well-known/jwks.json", "/v1/config", "/nowhere", "/metrics"])(
    "guards whoever is led to it: %s",
    async (path) => {
      const { headers } = await fetch(stack.api + path);
      expect(headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("strict-transport-security")).toBe("max-age=31536000");
    },
  );
});

describe("an origin", () => {
  test("is exact: what only looks like a listed one is refused by the server itself", async () => {
    const target = await stack.createProject({ origins: ["https://shop.example", "https://xn--pple-43d.example"] });
    expect((await callApi({ ...target, origin: "https://shop.example" }, "GET", "/v1/config")).status).toBe(200);
    expect((await callApi({ ...target, origin: "https://xn--pple-43d.example" }, "GET", "/v1/config")).status).toBe(
      200,
    );
    const lookalikes = [
      "http://shop.example",
      "https://shop.example:8443",
      "https://shop.example:443",
      "https://shop.example/",
      "https://SHOP.example",
      "https://shop.example.evil.example",
      "https://evil-shop.example",
      "https://www.shop.example",
      "https://shop.example, https://evil.example",
      "https://apple.example",
      "null",
      "file://",
      "*",
    ];
    for (const origin of lookalikes) {
      const answer = await callApi({ ...target, origin }, "GET", "/v1/config");
      expectProblem(answer, 403, "project.origin_not_allowed");
    }
  });

  test("cannot be kept in a form that no browser sends", async () => {
    const { projectId } = await stack.createProject();
    const insert = (origin: string) =>
      stack.database.query("insert into project_origins (project_id, origin) values ($1, $2)", [projectId, origin]);
    for (const origin of ["null", "*", "https://bücher.example", "https://Shop.example", "shop.example", ""]) {
      await expect(insert(origin)).rejects.toThrow("project_origins_origin");
    }
  });
});

describe("what is good news", () => {
  test("can be read by its page, and by no credentials", async () => {
    const target = await stack.createProject();
    const tokens = await signIn(target, await createWallet());
    const config = await callApi(target, "GET", "/v1/config");
    const ended = await callApi(target, "DELETE", "/v1/sessions/current", { token: tokens.accessToken });
    expect([config.status, ended.status]).toEqual([200, 204]);
    for (const { headers } of [config, ended]) expectReadable(headers, ORIGIN);
  });

  test.each(["/.well-known/jwks.json", "/openapi.json"])("%s can be read by any page", async (path) => {
    for (const headers of [{ origin: FOREIGN }, { origin: "null" }, {}]) {
      const answer = await send(stack, "GET", path, { headers });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
      expect(answer.headers.get("request-id")).toMatch(/^req_/);
    }
  });
});
