import { execFileSync } from "node:child_process";
import { cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { completeLibraries, findNativeFolder } from "./binaries.ts";

const folder = mkdtempSync(join(tmpdir(), "gasless-binaries-"));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an install without scripts leaves. */
function copyWithoutLinks(name: string): string {
  const native = join(folder, name);
  cpSync(findNativeFolder(), native, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() });
  return native;
}

describe("binaries", () => {
  test("this machine's programs are found", () => {
    for (const program of ["postgres", "initdb"]) {
      expect(existsSync(join(findNativeFolder(), "bin", program))).toBe(true);
    }
  });

  test("without the package's links both programs run by way of ours, at the second start as well", () => {
    const native = copyWithoutLinks("native");
    const links = join(folder, "links");
    completeLibraries(native, links);
    const libraryPath = completeLibraries(native, links);
    for (const program of ["postgres", "initdb"]) {
      const env = { LD_LIBRARY_PATH: libraryPath ?? "" };
      const version = execFileSync(join(native, "bin", program), ["--version"], { env, encoding: "utf8" });
      expect(version).toContain("PostgreSQL) 16.");
    }
    expect(readdirSync(links).length).toBeGreaterThan(5);
  });
});
