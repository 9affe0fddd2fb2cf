import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { chooseLaunch, giveTo, launchAsNobody, reachableDataFolder, readableBinaries, wrap } from "./launch.ts";

const isRoot = process.getuid?.() === 0;
/** What mkdtemp makes is for its owner alone, as a root's home folder is. */
const closedFolder = mkdtempSync(join(tmpdir(), "gasless-launch-test-"));
const made: string[] = [closedFolder];

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

describe("launch", () => {
  test("a program is run by way of the prefix", () => {
    expect(wrap({ kind: "self", prefix: [], owner: 1 }, "initdb", ["-D", "x"])).toEqual({
      program: "initdb",
      args: ["-D", "x"],
    });
    expect(wrap({ kind: "namespace", prefix: ["unshare", "--user"], owner: 0 }, "initdb", ["-D", "x"])).toEqual({
      program: "unshare",
      args: ["--user", "initdb", "-D", "x"],
    });
  });

  test("who can read everything uses the folders as they are", () => {
    const launch = chooseLaunch();
    if (launch.kind === "nobody") return;
    expect(readableBinaries(launch, closedFolder)).toBe(closedFolder);
    expect(reachableDataFolder(launch, join(closedFolder, "data"))).toBe(join(closedFolder, "data"));
  });

  test.runIf(isRoot)("programs that nobody cannot read are copied once to where nobody can", () => {
    const native = join(closedFolder, "native");
    mkdirSync(join(native, "bin"), { recursive: true });
    writeFileSync(join(native, "bin", "postgres"), "program", { mode: 0o755 });
    const copy = readableBinaries(launchAsNobody(), native);
    made.push(copy);
    expect(copy).not.toBe(native);
    expect(existsSync(join(copy, "bin", "postgres"))).toBe(true);
    expect(readableBinaries(launchAsNobody(), native)).toBe(copy);
  });

  test.runIf(isRoot)("data below a closed folder goes to a stable place that nobody can reach", () => {
    const wanted = join(closedFolder, "unreachable");
    const folder = reachableDataFolder(launchAsNobody(), wanted);
    made.push(folder);
    expect(folder).not.toBe(wanted);
    expect(reachableDataFolder(launchAsNobody(), wanted)).toBe(folder);
    const open = join(closedFolder, "..", `gasless-launch-open-${process.pid}`);
    mkdirSync(open);
    chmodSync(open, 0o755);
    made.push(open);
    expect(reachableDataFolder(launchAsNobody(), open)).toBe(open);
  });

  test.runIf(isRoot)("a folder is handed over with all that is in it", () => {
    const folder = join(closedFolder, "handed");
    mkdirSync(folder);
    writeFileSync(join(folder, "file"), "");
    giveTo(launchAsNobody(), folder);
    expect(statSync(join(folder, "file")).uid).toBe(65_534);
    giveTo({ kind: "namespace", prefix: [], owner: 0 }, folder);
    expect(statSync(join(folder, "file")).uid).toBe(0);
  });
});
