import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

/** What a file imports of ours, and what that imports. */
function closureOf(file: string, known: Map<string, ReadonlySet<string>>): ReadonlySet<string> {
  const found = known.get(file);
  if (found) return found;
  const closure = new Set([file]);
  // Put in before it is whole, so that a circle ends.
  known.set(file, closure);
  const source = readFileSync(file, "utf8");
  for (const [, path = ""] of source.matchAll(IMPORT)) {
    if (!path.endsWith(".ts")) continue;
    for (const inner of closureOf(join(dirname(file), path), known)) closure.add(inner);
  }
  return closure;
}

/** The test files that can notice a change of a source file. */
export function findTests(tests: readonly string[]): (source: string) => readonly string[] {
  const known = new Map<string, ReadonlySet<string>>();
  const closures = tests.map((test) => [test, closureOf(test, known)] as const);
  return (source) => closures.flatMap(([test, closure]) => (closure.has(source) ? [test] : []));
}
