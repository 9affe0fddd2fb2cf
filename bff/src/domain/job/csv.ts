import { failure, type Result, success } from "../result.ts";

/** A line of a file, by the number that an editor shows, and what is wrong with it. */
export interface LineFault {
  readonly line: number;
  readonly detail: string;
}

/** A record and the line on which it begins: a quoted field may span several. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

const BYTE_ORDER_MARK = "\uFEFF";
/** In the order of preference; spreadsheets write the second where a comma is in numbers. */
const SEPARATORS = [",", ";", "\t"] as const;

/** Of the beginning of a file; more than any first line of ours. */
const HEAD_CHARS = 4_096;

/** What stands most often outside of quotes in the first record. */
function findSeparator(text: string): string {
  const bare = text.slice(0, HEAD_CHARS).replaceAll(/"(?:[^"]|"")*"/g, "");
  const [first = ""] = bare.split(/[\r\n]/, 1);
  const counts = SEPARATORS.map((separator) => first.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ",";
}

/** One field from `start` on: its value and where it ends. Reason: what is wrong. */
function readField(text: string, start: number, separator: string): Result<{ value: string; end: number }, string> {
  const isEnd = (at: number): boolean =>
    at >= text.length || text[at] === separator || text[at] === "\n" || text[at] === "\r";
  if (text[start] !== '"') {
    let end = start;
    while (!isEnd(end)) end += 1;
    const value = text.slice(start, end);
    return value.includes('"') ? failure("a quote stands within a field without quotes") : success({ value, end });
  }
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close < 0) return failure("a quote opens here and is not closed: the lines after it were not looked at");
  if (!isEnd(close + 1)) return failure("something stands between a closing quote and the end of its field");
  return success({ value: text.slice(start + 1, close).replaceAll('""', '"'), end: close + 1 });
}

const countBreaks = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

/**
 * Records of comma-, semicolon- or tab-separated text; empty lines are none. At most `maxRecords`.
 * Source: RFC 4180, with a byte-order mark and any line ending.
 */
export function parseCsv(text: string, maxRecords: number): Result<readonly CsvRecord[], LineFault> {
  const separator = findSeparator(text);
  const records: CsvRecord[] = [];
  let at = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const fields: string[] = [];
    const begin = line;
    for (;;) {
      const field = readField(text, at, separator);
      if (!field.ok) return failure({ line, detail: field.reason });
      const { value, end } = field.value;
      fields.push(value);
      line += countBreaks(value);
      at = end + 1;
      if (text[end] !== separator) {
        if (text[end] === "\r" && text[end + 1] === "\n") at += 1;
        break;
      }
    }
    line += 1;
    if (fields.length === 1 && fields[0]?.trim() === "") continue;
    if (records.length === maxRecords)
      return failure({ line: begin, detail: `there are more than ${maxRecords} lines` });
    records.push({ line: begin, fields });
  }
  return success(records);
}
