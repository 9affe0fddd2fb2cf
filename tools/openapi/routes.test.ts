import { expect, test } from "vitest";
import { ROUTES } from "../../bff/src/contract/routes.ts";
import { PROBLEMS } from "../../bff/src/errors.ts";
import { app } from "../../bff/src/http/app.ts";
import { MANAGE_OPERATIONS } from "./manage/operations.ts";

/** The dashboard is a page with its files, and nothing that anybody calls. */
const isCall = (path: string): boolean => path !== "/dashboard" && !path.startsWith("/dashboard/");

test("the table has every route of the app, and no other", () => {
  const served = app.routes
    .filter(({ method, path }) => method !== "ALL" && isCall(path))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  const described = [
    ...ROUTES.map(({ method, path }) => `${method} ${path}`),
    ...MANAGE_OPERATIONS.map(({ method, address }) => `${method} ${address}`),
  ];
  expect(described.toSorted()).toEqual([...new Set(served)].toSorted());
});

test("a route names only codes that there are", () => {
  const named = [...ROUTES, ...MANAGE_OPERATIONS].flatMap(({ codes }) => codes);
  expect(named.filter((code) => !Object.hasOwn(PROBLEMS, code))).toEqual([]);
});

test("every code is answered by a route, but for those that no route can answer", () => {
  const named = new Set([...ROUTES, ...MANAGE_OPERATIONS].flatMap(({ codes }) => codes));
  expect(Object.keys(PROBLEMS).filter((code) => !named.has(code))).toEqual([
    "request.method_not_allowed",
    "transaction.execution_failed",
  ]);
});
