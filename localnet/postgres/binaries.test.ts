import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { findBinaries, makeLinks } from "./binaries.ts";

const folder = mkdtempSync(join(tmpdir(), "gasless-binaries-"));

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("binaries", () => {
  test("this machine's programs are found", () => {
    const { nativeFolder } = findBinaries(join(folder, "links"));
    for (const program of ["postgres", "initdb"]) expect(existsSync(join(nativeFolder, "bin", program))).toBe(true);
  });

  test("missing library links are made, again at every start", () => {
    const links = [{ source: "native/lib/libx.so.1.2", target: "native/lib/libx.so.1" }];
    const linkFolder = join(folder, "links");
    mkdirSync(join(folder, "native", "lib"), { recursive: true });
    writeFileSync(join(folder, "native", "lib", "libx.so.1.2"), "library");
    makeLinks(join(folder, "an older place"), links, linkFolder);
    makeLinks(folder, links, linkFolder);
    expect(readFileSync(join(linkFolder, "libx.so.1"), "utf8")).toBe("library");
  });
});
