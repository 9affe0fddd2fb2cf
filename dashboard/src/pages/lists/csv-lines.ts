/** A record, and what is wrong with how it is written. */
export interface CsvLine {
  /** That it begins at, or that its fault is in: a quoted field may span several. */
  readonly line: number;
  readonly cells: readonly string[];
  readonly fault: string | undefined;
}

const SEPARATORS = [",", ";", "\t"] as const;
/** More than any first line of ours. */
const HEAD_CHARS = 4_096;

/** What separates the columns: whatever stands most often in the first line, outside of quotes. */
function separatorOf(text: string): string {
  const bare = text.slice(0, HEAD_CHARS).replaceAll(/"(?:[^"]|"")*"/g, "");
  const first = /^[^\r\n]*/.exec(bare)?.[0] ?? "";
  const counts = SEPARATORS.map((separator) => first.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ",";
}

interface Cell {
  readonly value: string;
  readonly end: number;
  readonly fault?: string;
}

const countBreaks = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

function readPlain(text: string, start: number, end: number): Cell {
  const value = text.slice(start, end);
  return value.includes('"') ? { value, end, fault: "has a quote within a field without quotes" } : { value, end };
}

function readQuoted(text: string, start: number, endOf: (at: number) => number): Cell {
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) {
    const fault = "opens a quote that is not closed: the lines after it were not looked at";
    return { value: text.slice(start + 1), end: text.length, fault };
  }
  const value = text.slice(start + 1, close).replaceAll('""', '"');
  const end = endOf(close + 1);
  if (end === close + 1) return { value, end };
  const lines = countBreaks(value);
  // Mostly the next quote of another line: the one that is missing stood before it.
  const further = lines === 1 ? "one line" : `${lines} lines`;
  const fault =
    lines === 0
      ? "has something behind a closing quote"
      : `opens a quote that is closed ${further} further down, with something behind it`;
  return { value, end, fault };
}

/** Records of comma-, semicolon- or tab-separated text, empty lines left out. Source: RFC 4180, with any line ending. */
export function* readLines(csv: string): Generator<CsvLine> {
  const text = csv.replace(/^\u{FEFF}/u, "");
  const separator = separatorOf(text);
  const stops = new RegExp(`[${separator}\\r\\n]`, "g");
  const endOf = (from: number): number => {
    stops.lastIndex = from;
    return stops.exec(text)?.index ?? text.length;
  };
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const begin = line;
    const cells: string[] = [];
    let fault: Pick<CsvLine, "line" | "fault"> | undefined;
    for (;;) {
      const cell: Cell = text[at] === '"' ? readQuoted(text, at, endOf) : readPlain(text, at, endOf(at));
      cells.push(cell.value);
      if (cell.fault !== undefined) fault ??= { line, fault: cell.fault };
      line += countBreaks(cell.value);
      at = cell.end + 1;
      if (text[cell.end] === separator) continue;
      if (text[cell.end] === "\r" && text[cell.end + 1] === "\n") at += 1;
      break;
    }
    line += 1;
    if (cells.length === 1 && cells[0]?.trim() === "" && fault === undefined) continue;
    yield { line: begin, cells, fault: undefined, ...fault };
  }
}
