import { expectStatus } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readMetrics } from "../../support/metrics.ts";
import { createConsole } from "../../support/manage.ts";
import { expectProblem } from "../../support/problems.ts";
import { type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

test("a call of the management API is logged with its project and the kind of its caller, never the caller, and counted by its method", async () => {
  const desk = createConsole(stack);
  const organization = await desk.organization();
  const [own, foreign] = [await stack.createProject(), await stack.createProject()];
  await organization.own(own);
  const admin = await organization.member("admin");
  const key = await organization.key(own.projectId, ["project:read"]);
  const pathOf = ({ projectId }: { readonly projectId: string }) => `/projects/${projectId}`;
  const patch = { name: "Renamed", version: "0" };

  const linesOf = async (call: () => Promise<unknown>): Promise<readonly Record<string, unknown>[]> => {
    const from = stack.log.length;
    await call();
    const isOurs = (line: string) => line.includes('"request"') && line.includes("/v1/manage/projects/");
    await expect.poll(() => stack.log.slice(from).some(isOurs)).toBe(true);
    return stack.log
      .slice(from)
      .filter(isOurs)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const read = () => desk.call(key, "GET", pathOf(own));
  expect(await linesOf(async () => expectStatus(await read(), 200))).toMatchObject([
    { method: "GET", projectId: own.projectId, actorKind: "key" },
  ]);
  const change = await linesOf(() => desk.call(admin.token, "PATCH", pathOf(own), patch));
  expect(change).toMatchObject([{ method: "PATCH", projectId: own.projectId, actorKind: "member" }]);
  for (const secret of [admin.userId, admin.wallet, admin.token, key]) {
    expect(JSON.stringify(change)).not.toContain(secret);
  }
  const [refused] = await linesOf(async () =>
    expectProblem(await desk.call(admin.token, "PATCH", pathOf(foreign), patch), 404, "request.not_found"),
  );
  expect(refused).toMatchObject({ actorKind: "member" });
  expect(refused).not.toHaveProperty("projectId");

  const page = () => readMetrics(stack);
  await expect
    .poll(page, { timeout: 5_000, interval: 100 })
    .toMatch(/^gasless_requests_total\{method="PATCH",route="\/v1\/manage\/projects\/:projectId",status="404"\} 1$/m);
});
