import { readFileSync } from "node:fs";

/** Source: proc(5), USER_HZ, which is 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** CPU time that a process has used so far, in milliseconds. */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in brackets may hold spaces: the numbers begin behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/**
 * CPU time that a process with one thread has used so far, in microseconds. Source: Linux, Documentation/scheduler/sched-stats:
 * the first number, in nanoseconds; exact while the process sleeps.
 */
export function exactCpuUsOf(pid: number): number {
  const [runNs] = readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ");
  return Number(runNs) / 1_000;
}
