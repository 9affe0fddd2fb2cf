import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { AppEnv } from "../context.ts";
import { answerProblem } from "./problem.ts";
import { requestId } from "./request-id.ts";

const SECRET = "postgres://gasless:hunter2@db";

/** What a page gets, and what the log keeps, when a route throws. */
async function answer(thrown: unknown) {
  const logged: Readonly<Record<string, unknown>>[] = [];
  const ports: Pick<Ports, "api" | "clock" | "random" | "log" | "metrics"> = {
    api: "https://api.example",
    clock: { nowMs: () => 1_800_000_000_000, format: String, sleep: async () => undefined },
    random: { bytes: (length) => new Uint8Array(length), id: (prefix) => `${prefix}_1`, uuid: () => "uuid" },
    metrics: {
      count: () => undefined,
      observe: () => undefined,
      set: () => undefined,
      read: () => Promise.resolve([]),
      isReader: () => Promise.resolve(false),
    },
    log: { info: () => undefined, warn: () => undefined, error: (_event, fields) => void logged.push(fields) },
  };
  const app = new Hono<AppEnv>()
    .onError((error, context) => answerProblem(error, context))
    .use(requestId)
    .get("/route", () => {
      throw thrown;
    });
  // The routes of this app ask for no other port.
  const deployment = { ports: ports as Ports, networks: [], clientAddress: "203.0.113.7" };
  const response = await app.request("/route", {}, { deployment });
  return { response, text: await response.text(), logged };
}

describe("an exception that nobody expected", () => {
  test.each([
    ["an error", new Error(SECRET)],
    ["an error with a cause", new TypeError("outer", { cause: new Error(SECRET) })],
    ["an error that looks like ours", Object.assign(new Error(SECRET), { code: "rate.limited", status: 429 })],
  ])("as %s tells its caller nothing but that it happened", async (_name, thrown) => {
    const { response, text, logged } = await answer(thrown);
    expect(response.status).toBe(500);
    expect(JSON.parse(text)).toEqual({
      type: "https://api.example/docs#internal.unexpected",
      title: "Something unexpected happened",
      status: 500,
      code: "internal.unexpected",
      detail: "Something unexpected happened",
      instance: "/route",
      requestId: "req_1",
    });
    expect(JSON.stringify([...response.headers])).not.toContain("hunter2");
    expect(logged).toEqual([{ requestId: "req_1", code: "internal.unexpected", cause: thrown }]);
  });
});

describe("a refusal of ours", () => {
  test("keeps its cause in the log", async () => {
    const cause = new Error(SECRET);
    const { response, text, logged } = await answer(
      new AppError("store.unavailable", "Away.", { cause, retryAfterSeconds: 2 }),
    );
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(text).not.toContain("hunter2");
    expect(logged).toEqual([{ requestId: "req_1", code: "store.unavailable", cause }]);
  });

  test("that is the caller's own doing is no error of the log's", async () => {
    const { response, logged } = await answer(
      new AppError("request.invalid", "No.", { errors: [{ pointer: "/a", detail: "b" }] }),
    );
    expect(response.status).toBe(422);
    expect(logged).toEqual([]);
  });

  test.each([
    ["auth.token_missing", "Bearer"],
    ["auth.token_invalid", 'Bearer error="invalid_token"'],
    ["auth.token_expired", 'Bearer error="invalid_token"'],
    ["project.key_invalid", "Bearer"],
  ] as const)("as %s says how to authenticate: %s", async (code, challenge) => {
    const { response } = await answer(new AppError(code));
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe(challenge);
  });
});
