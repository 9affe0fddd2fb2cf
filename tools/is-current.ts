import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** When a file, or anything in a folder, was changed last; zero where there is nothing. */
export function newestMs(path: string): number {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}

/** Whether what was made is newer than everything it is made of. */
export const isCurrent = (output: string, sources: readonly string[]): boolean =>
  existsSync(output) && statSync(output).mtimeMs > Math.max(...sources.map(newestMs));
