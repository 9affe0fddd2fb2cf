import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createCleanup } from "./cleanup.ts";
import { claimDataFolder } from "./data-folder.ts";

const root = mkdtempSync(join(tmpdir(), "gasless-data-folder-test-"));
const cleanup = createCleanup(() => undefined);

afterEach(async () => {
  await cleanup.run();
  rmSync(root, { recursive: true, force: true });
});

test("a folder is made when absent, belongs to one supervisor, and is free again after it", async () => {
  const path = join(root, "new", "data");
  const own = createCleanup(() => undefined);
  expect((await claimDataFolder(path, own)).path).toBe(path);
  await expect(claimDataFolder(path, cleanup)).rejects.toThrow(
    `${path} is in use by another npm start (process ${process.pid}); stop it, or set GASLESS_DATA to another folder.`,
  );
  await own.run();
  await expect(claimDataFolder(path, cleanup)).resolves.toBeDefined();
});
