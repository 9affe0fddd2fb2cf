import { createHash } from "node:crypto";
import { callApi } from "@gasless/localnet/api-client";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { PROBLEMS } from "../../src/errors.ts";
import { expectProblem } from "../support/problems.ts";
import { send } from "../support/send.ts";
import { NETWORK, type Stack, startStack } from "../support/stack.ts";

/** A result is kept for five seconds. */
const KEPT = { timeout: 8_000, interval: 200 };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
afterEach(async () => {
  await Promise.all([stack.sql.setMode("pass"), stack.redis.setMode("pass"), stack.rpc.setMode("pass")]);
});

const readReady = () => send(stack, "GET", "/ready");

interface Failed {
  readonly name: string;
  readonly code: string;
  readonly since: string;
}

describe("readiness", () => {
  test("uses every dependency, keeps its result, and names what failed and since when", async () => {
    const ready = await readReady();
    expect(ready.status).toBe(200);
    expect(ready.body).toEqual({ status: "ready", dependencies: ["sql", "redis", NETWORK] });
    expect(ready.headers.get("cache-control")).toBe("no-store");

    const asked = () => [stack.sql.counters.connections, stack.redis.counters.requests, stack.rpc.counters.requests];
    const before = asked();
    await Promise.all(Array.from({ length: 10 }, readReady));
    expect(asked()).toEqual(before);

    const downAtMs = Date.now();
    await Promise.all([stack.sql.setMode("refuse"), stack.redis.setMode("refuse"), stack.rpc.setMode("refuse")]);
    const { failed, since } = await vi.waitFor(async () => {
      const problem = expectProblem(await readReady(), 503, "store.unavailable");
      expect(problem.retryAfterSeconds).toBe(5);
      const { failed } = problem.context as unknown as { failed: readonly Failed[] };
      expect(problem.detail).toBe(
        `Not ready: ${failed.map(({ name, since }) => `${name} (since ${since})`).join(", ")}.`,
      );
      return { failed, since: failed[2]?.since ?? "" };
    }, KEPT);
    expect(failed.map(({ name, code }) => [name, code])).toEqual([
      ["sql", "store.unavailable"],
      ["redis", "store.unavailable"],
      [NETWORK, "upstream.rpc_unavailable"],
    ]);
    expect(Date.parse(since)).toBeGreaterThanOrEqual(downAtMs);
    expect(Date.parse(since)).toBeLessThanOrEqual(Date.now());
    expect(JSON.stringify(failed)).not.toMatch(/127\.0\.0\.1|econn/i);

    // The stores come back, the node hangs: it is still the same outage of the node.
    await Promise.all([stack.sql.setMode("pass"), stack.redis.setMode("pass"), stack.rpc.setMode("hang")]);
    await vi.waitFor(async () => {
      const { context } = expectProblem(await readReady(), 503, "upstream.rpc_unavailable");
      expect(context).toEqual({ failed: [{ name: NETWORK, code: "upstream.rpc_timeout", since }] });
    }, KEPT);
  });
});

describe("liveness", () => {
  test("asks nobody", async () => {
    await Promise.all([stack.sql.setMode("hang"), stack.redis.setMode("hang"), stack.rpc.setMode("hang")]);
    const { status, body, headers } = await send(stack, "GET", "/live");
    expect(status).toBe(200);
    expect(body).toEqual({ status: "live" });
    expect(headers.get("request-id")).toMatch(/^req_[0-9a-z]{26}$/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("the documents", () => {
  test("are the deployment's own: every code has its place where `type` leads", async () => {
    const page = await (await fetch(`${stack.api}/docs`)).text();
    for (const code of Object.keys(PROBLEMS)) expect(page).toContain(`id="${code}"`);
    expect(page).not.toContain("{api}");
    const { body } = await send<{ openapi: string; servers: unknown }>(stack, "GET", "/openapi.json");
    expect(body).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./), servers: [{ url: stack.api }] });
  });

  test.each(["/docs", "/docs/guide", "/docs/management"])(
    "%s may be kept, and runs nothing but its own style",
    async (path) => {
      const page = await fetch(stack.api + path, { headers: { origin: "https://dapp.example" } });
      const text = await page.text();
      expect(text).toContain(stack.api);
      expect(text).not.toMatch(/\{api\}|api\.example/);
      const [, style = ""] = /<style>([^<]*)<\/style>/.exec(text) ?? [];
      const hash = createHash("sha256").update(style).digest("base64");
      expect(style).not.toBe("");
      expect(page.headers.get("content-security-policy")).toBe(
        `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      );
      expect(page.headers.get("content-type")).toBe("text/html; charset=UTF-8");
      expect(page.headers.get("cache-control")).toBe("public, max-age=300");
    },
  );

  test("are one for machines, too, which may be kept as long", async () => {
    const { headers } = await send(stack, "GET", "/openapi.json");
    expect(headers.get("cache-control")).toBe("public, max-age=300");
  });

  test("are under no other address", async () => {
    for (const path of ["/docs.html", "/docs-guide.html", "/docs/", "/docs/guide/", "/index.html", "/worker.js"]) {
      expectProblem(await send(stack, "GET", path), 404, "request.not_found");
    }
  });
});

describe("a worker whose settings make no sense", () => {
  test.each([
    ["SECRETS", '{"k1":"dG9vIHNob3J0"}'],
    [
      "NETWORKS",
      '{"solana:devnet":{"providers":[{"name":"a","url":"https://a"}],"genesisHash":"a-wrong-genesis-hash"}}',
    ],
    ["TOKEN_KEYS", '[{"kty":"oct","k":"hunter2"}]'],
    ["UPSTASH_REDIS_REST_URL", "redis://hunter2@127.0.0.1"],
  ])(
    "because of %s says that it is misconfigured, the log says where, and neither says the value",
    async (name, value) => {
      const broken = await startStack({ bindings: { [name]: value } });
      try {
        for (const path of ["/live", "/v1/config"]) {
          const response = await fetch(`${broken.api}${path}`, { headers: { origin: "https://dapp.example" } });
          const text = await response.text();
          expect(response.status).toBe(500);
          expect(response.headers.get("content-type")).toBe("application/problem+json");
          expect(JSON.parse(text)).toMatchObject({ status: 500, code: "internal.misconfigured" });
          for (const secret of ["hunter2", "dG9v", "a-wrong-genesis", name]) expect(text).not.toContain(secret);
        }
        await vi.waitFor(() => expect(broken.log.join("\n")).toContain(name), KEPT);
        for (const secret of ["hunter2", "dG9v", "a-wrong-genesis"])
          expect(broken.log.join("\n")).not.toContain(secret);
      } finally {
        await broken.close();
      }
    },
  );

  test("has said nothing of it while it is well", async () => {
    const target = await stack.createProject();
    expect((await callApi(target, "GET", "/v1/config")).status).toBe(200);
    expect(stack.log.join("\n")).not.toContain("config.invalid");
  });
});
