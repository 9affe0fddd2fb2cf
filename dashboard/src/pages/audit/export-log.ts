/** Lines of the sealed log behind a sequence: NDJSON, each with its `sequence`. */
type ReadLines = (after: string) => Promise<string>;

interface ExportOptions {
  readonly read: ReadLines;
  readonly onProgress: (lines: number) => void;
  readonly isStopped: () => boolean;
}

export interface ExportedLog {
  readonly parts: readonly string[];
  readonly lines: number;
  /** False: it was stopped, or there is more than a browser should hold. */
  readonly isComplete: boolean;
}

/** A thousand lines each: what is longer is exported by a script. */
const MOST_PARTS = 500;

function lastSequence(line: string): string {
  const entry: unknown = JSON.parse(line);
  const sequence = typeof entry === "object" && entry !== null && "sequence" in entry ? entry.sequence : undefined;
  if (typeof sequence === "string" || typeof sequence === "number") return String(sequence);
  throw new Error("A line of the export has no sequence: it cannot be gone on from there.");
}

/** Reads the sealed log to its end, part by part. @throws what a part throws, and when it does not move on */
export async function exportLog({ read, onProgress, isStopped }: ExportOptions): Promise<ExportedLog> {
  const parts: string[] = [];
  let lines = 0;
  let after = "0";
  while (parts.length < MOST_PARTS) {
    if (isStopped()) return { parts, lines, isComplete: false };
    const text = await read(after);
    const own = text.split("\n").filter((line) => line !== "");
    const last = own.at(-1);
    if (last === undefined) return { parts, lines, isComplete: true };
    const next = lastSequence(last);
    if (BigInt(next) <= BigInt(after)) throw new Error("The export does not move on.");
    parts.push(`${own.join("\n")}\n`);
    lines += own.length;
    after = next;
    onProgress(lines);
  }
  return { parts, lines, isComplete: false };
}
