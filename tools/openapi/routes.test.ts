import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { ROUTES } from "../../bff/src/contract/routes.ts";
import { PROBLEMS } from "../../bff/src/errors.ts";

const root = new URL("../../", import.meta.url);

// The app serves what the generator writes, so a fresh clone has to write it before the app can be imported.
beforeAll(() => {
  if (existsSync(new URL("bff/src/generated/docs.ts", root))) return;
  spawnSync(process.execPath, ["tools/openapi.ts"], { cwd: root, stdio: "inherit" });
});

test("the table has every route of the app, and no other", async () => {
  const { app } = await import("../../bff/src/http/app.ts");
  const served = app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  const described = ROUTES.map(({ method, path }) => `${method} ${path}`);
  expect(described.toSorted()).toEqual([...new Set(served)].toSorted());
});

test("a route names only codes that there are", () => {
  const named = ROUTES.flatMap(({ codes }) => codes);
  expect(named.filter((code) => !Object.hasOwn(PROBLEMS, code))).toEqual([]);
});

test("every code is answered by a route, but for those that no route can answer", () => {
  const named = new Set(ROUTES.flatMap(({ codes }) => codes));
  expect(Object.keys(PROBLEMS).filter((code) => !named.has(code))).toEqual([
    "request.method_not_allowed",
    "transaction.execution_failed",
  ]);
});
