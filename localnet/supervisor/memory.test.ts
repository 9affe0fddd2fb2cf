import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { findTree, measureTree } from "./memory.ts";

test("a process is measured with its children and their children", async () => {
  const child = spawn("sh", ["-c", "sleep 30 & echo ready; wait"], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  try {
    await once(child.stdout, "data");
    const tree = findTree(child.pid ?? 0);
    expect(tree).toHaveLength(2);
    expect(findTree(process.pid)).toEqual(expect.arrayContaining([...tree]));
    const memory = measureTree(process.pid);
    expect(memory.processes).toBeGreaterThanOrEqual(3);
    expect(memory.megabytes).toBeGreaterThan(10);
  } finally {
    process.kill(-(child.pid ?? 0), "SIGKILL");
  }
});
