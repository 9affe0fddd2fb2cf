import { parseTime } from "../../../domain/job/parse-time.ts";
import type { Clock } from "../../../ports.ts";

/** A time, or a date, in the form of the wire; undefined when it is neither. */
export function readTime(clock: Clock, text: string): { readonly text: string; readonly isOver: boolean } | undefined {
  const atMs = parseTime(text);
  return atMs === undefined ? undefined : { text: clock.format(atMs), isOver: atMs <= clock.nowMs() };
}
