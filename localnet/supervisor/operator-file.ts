import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cleanup } from "./cleanup.ts";

/** Tells the operator's commands (`npm run policy`, `explain`, `sponsors`) where this stack is, for as long as it runs. */
export function tellOperator(
  dataFolder: string,
  installation: { readonly databaseUrl: string; readonly variables: Readonly<Record<string, string>> },
  cleanup: Cleanup,
): void {
  const file = join(dataFolder, "operator.json");
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(installation), { mode: 0o600, flag: "wx" });
  cleanup.add("the operator's file", () => rmSync(file, { force: true }));
}
