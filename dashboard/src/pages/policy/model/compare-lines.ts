export interface Line {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** Longer texts are told apart as a whole: the table of their lines would be too large. */
const MAX_CELLS = 4_000_000;

const lines = (kind: Line["kind"], all: readonly string[]): Line[] => all.map((text) => ({ kind, text }));

/** The longest common run of lines, by the table of all pairs. */
function compareMiddle(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1;
  if ((before.length + 1) * width > MAX_CELLS) return [...lines("removed", before), ...lines("added", after)];
  const longest = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number): number => longest[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      longest[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const found: Line[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [old, next] = [before[row], after[column]];
    if (old !== undefined && old === next) {
      found.push({ kind: "same", text: old });
      row += 1;
      column += 1;
    } else if (next === undefined || (old !== undefined && at(row + 1, column) >= at(row, column + 1))) {
      found.push({ kind: "removed", text: old ?? "" });
      row += 1;
    } else {
      found.push({ kind: "added", text: next });
      column += 1;
    }
  }
  return found;
}

/** What has to be done to one text, line by line, to make it the other. */
export function compareLines(before: string, after: string): readonly Line[] {
  const [old, next] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < Math.min(old.length, next.length) && old[start] === next[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, next.length) - start && old.at(-1 - end) === next.at(-1 - end)) end += 1;
  return [
    ...lines("same", old.slice(0, start)),
    ...compareMiddle(old.slice(start, old.length - end), next.slice(start, next.length - end)),
    ...lines("same", end > 0 ? old.slice(-end) : []),
  ];
}

/** Lines that changed with so many around them; what is left out between is told by its number of lines. */
export function foldLines(all: readonly Line[], around = 3): readonly (Line | { readonly skipped: number })[] {
  const isNear = (index: number): boolean =>
    all.slice(Math.max(0, index - around), index + around + 1).some(({ kind }) => kind !== "same");
  const folded: (Line | { skipped: number })[] = [];
  for (const [index, line] of all.entries()) {
    const last = folded.at(-1);
    if (isNear(index)) folded.push(line);
    else if (last && "skipped" in last) last.skipped += 1;
    else folded.push({ skipped: 1 });
  }
  return folded;
}
