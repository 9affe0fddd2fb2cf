import { readdirSync, readFileSync } from "node:fs";

export interface StackMemory {
  readonly megabytes: number;
  readonly processes: number;
  /** PSS divides shared pages among those who share them; RSS counts them for each. */
  readonly measure: "PSS" | "RSS";
}

/** What a process and everything below it holds in memory. */
export function measureTree(rootPid: number): StackMemory {
  const pids = findTree(rootPid);
  const proportional = pids.map((pid) => readNumber(`/proc/${pid}/smaps_rollup`, "Pss"));
  const isComplete = proportional.every((kilobytes) => kilobytes !== undefined);
  const kilobytes = isComplete ? proportional : pids.map((pid) => readNumber(`/proc/${pid}/status`, "VmRSS"));
  const total = kilobytes.reduce<number>((sum, own) => sum + (own ?? 0), 0);
  return { megabytes: Math.round(total / 1024), processes: pids.length, measure: isComplete ? "PSS" : "RSS" };
}

/** A process and all its descendants. */
export function findTree(rootPid: number): readonly number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), readNumber(`/proc/${name}/status`, "PPid")] as const);
  const tree = [rootPid];
  // It grows while it is walked: children are found when their parent's turn comes.
  for (const pid of tree) tree.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  return tree;
}

function readNumber(file: string, name: string): number | undefined {
  try {
    const value = new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(readFileSync(file, "utf8"))?.[1];
    return value === undefined ? undefined : Number(value);
  } catch {
    return undefined;
  }
}
