import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createCleanup } from "./cleanup.ts";
import { openWorkerLog } from "./worker-log.ts";

const folder = mkdtempSync(join(tmpdir(), "gasless-worker-log-test-"));
const file = join(folder, "worker.log");
const LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z (\w+) (.*)$/gm;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(): (readonly [level: string, message: string])[] {
  return [...readFileSync(file, "utf8").matchAll(LINE)].map(([, level = "", message = ""]) => [level, message]);
}

test("the log begins anew, errors are shown as well, and last words after its end are dropped", async () => {
  writeFileSync(file, "what an earlier run said\n");
  const shown: string[] = [];
  const cleanup = createCleanup(() => undefined);
  const log = openWorkerLog(file, cleanup, (message) => shown.push(message));
  log({ level: "info", message: "a request\n" });
  log({ level: "error", message: "a failure" });
  await cleanup.run();
  log({ level: "info", message: "too late" });
  expect(read()).toEqual([
    ["info", "a request"],
    ["error", "a failure"],
  ]);
  expect(shown).toEqual(["worker: a failure"]);
});

test("a full log begins anew instead of filling the disk", async () => {
  const cleanup = createCleanup(() => undefined);
  const log = openWorkerLog(file, cleanup, () => undefined, 100);
  for (const message of ["x".repeat(100), "after that"]) log({ level: "info", message });
  await cleanup.run();
  expect(read()).toEqual([["info", "after that"]]);
});
