import type { Job } from "../../../../bff/src/contract/manage/jobs.ts";

/** It will move by itself. */
export const isOpen = ({ state }: Pick<Job, "state">): boolean => state === "queued" || state === "running";

export const KIND_LABELS: Readonly<Record<Job["kind"], string>> = { import: "Import", backtest: "Backtest" };

/** How far it is, in words. */
export function sayProgress({ done, total, state }: Pick<Job, "done" | "total" | "state">): string {
  const count = new Intl.NumberFormat("en");
  if (total === 0) return state === "queued" ? "waiting" : count.format(done);
  return `${count.format(done)} of ${count.format(total)}`;
}

/** What tells two looks at the same jobs apart. */
export const traceOf = (jobs: readonly Job[]): string =>
  jobs.map(({ id, state, done, total }) => `${id} ${state} ${done}/${total}`).join("\n");
