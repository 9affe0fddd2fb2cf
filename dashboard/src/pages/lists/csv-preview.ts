import { addressFault } from "./address-fault.ts";
import { COLUMNS, type ColumnName, headerFault, headerOf } from "./csv-columns.ts";
import { readLines } from "./csv-lines.ts";

const MAX_LINES = 10_000;
/** As the API counts them: UTF-16 units of the text. */
const MAX_CHARS = 1_500_000;
export const MAX_NOTE_CHARS = 200;
const MAX_ADDRESS_CHARS = 120;

export interface PreviewRow {
  readonly line: number;
  readonly address: string;
  readonly note: string;
  readonly expiresAt: string;
  readonly fault: string | undefined;
}

export interface CsvPreview {
  readonly rows: readonly PreviewRow[];
  /** Lines without the header. */
  readonly entries: number;
  readonly hasHeader: boolean;
  /** Lines that the API would refuse, as far as can be told here; the first of them. */
  readonly faults: readonly PreviewRow[];
  readonly faultCount: number;
  /** Why the whole cannot be sent. */
  readonly blocked: string | undefined;
}

/** How many there are. */
export const entriesOf = (count: number): string => (count === 1 ? "1 entry" : `${count.toLocaleString("en")} entries`);

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

function endFault(text: string, nowMs: number): string | undefined {
  if (text === "") return undefined;
  const atMs = DATE.test(text) || TIME.test(text) ? Date.parse(text) : Number.NaN;
  const isDay = DATE.test(text) && !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
  if (Number.isNaN(atMs) || (DATE.test(text) && !isDay)) {
    return "has an end that is neither a date nor a time with its zone, such as 2027-01-31T12:00:00Z";
  }
  return atMs <= nowMs ? "ends in the past" : undefined;
}

type Entry = Omit<PreviewRow, "line" | "fault">;

function rowFault({ address, note, expiresAt }: Entry, { network, nowMs }: PreviewOptions): string | undefined {
  if (address === "") return "has no address";
  if (/\s/.test(address) || address.length > MAX_ADDRESS_CHARS) return "has no address that could be one";
  const fault = addressFault(network, address);
  if (fault !== undefined) return `has an address that ${fault}`;
  if (note.length > MAX_NOTE_CHARS) return `has a note of more than ${MAX_NOTE_CHARS} characters`;
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(note)) return "has a note of more than one line, or with control characters";
  return endFault(expiresAt, nowMs);
}

function blockedBy(csv: string, entries: number, header: readonly string[] | undefined): string | undefined {
  if (entries > MAX_LINES) return `It has ${entries.toLocaleString("en")} lines; at most 10,000 go at once. Split it.`;
  if (csv.length > MAX_CHARS) return "It is larger than 1.5 million characters. Split it.";
  if (header === undefined) return entries === 0 ? "It is empty." : undefined;
  return headerFault(header) ?? (entries === 0 ? "There is no line below the names of the columns." : undefined);
}

interface PreviewOptions {
  readonly network: string;
  readonly nowMs: number;
  readonly shown?: number;
  readonly mostFaults?: number;
}

/** What the API will find in a CSV: the first entries, how many there are, and which lines it would refuse. */
export function previewCsv(csv: string, options: PreviewOptions): CsvPreview {
  const { shown = 8, mostFaults = 20 } = options;
  const rows: PreviewRow[] = [];
  const faults: PreviewRow[] = [];
  let header: readonly string[] | undefined;
  let isReadable = true;
  let isFirst = true;
  let entries = 0;
  let faultCount = 0;
  for (const record of readLines(csv)) {
    const names = isFirst ? headerOf(record) : undefined;
    isFirst = false;
    if (names) {
      header = names;
      isReadable = headerFault(names) === undefined;
      continue;
    }
    entries += 1;
    const { line, cells } = record;
    const of = (name: ColumnName): string => cells[(header ?? COLUMNS).indexOf(name)]?.trim() ?? "";
    const entry = { address: of("address"), note: of("note"), expiresAt: of("expires_at") };
    const width = header?.length ?? COLUMNS.length;
    const wide = cells.length > width ? `has more than ${width} fields` : undefined;
    // While it is not known what stands where, nothing is wrong with a line by itself.
    const fault = isReadable ? (record.fault ?? wide ?? rowFault(entry, options)) : undefined;
    const row = { line, ...entry, fault };
    if (row.fault !== undefined) {
      faultCount += 1;
      if (faults.length < mostFaults) faults.push(row);
    }
    if (rows.length < shown) rows.push(row);
  }
  const hasHeader = header !== undefined;
  return {
    rows: isReadable ? rows : [],
    entries,
    hasHeader,
    faults,
    faultCount,
    blocked: blockedBy(csv, entries, header),
  };
}
