import { failure, type Result, success } from "../result.ts";
import { type CsvRecord, type LineFault, parseCsv } from "./csv.ts";

export const MAX_LINES = 10_000;
const MAX_FAULTS = 100;
const MAX_NOTE_CHARS = 200;
const COLUMNS = ["address", "note", "expires_at"] as const;
type Column = (typeof COLUMNS)[number];

/** An address that goes on a list, with its end in RFC 3339, UTC. */
export interface FileEntry {
  readonly address: string;
  readonly note: string | null;
  readonly expiresAt: string | null;
}

export interface FileReader {
  /** The address in its one spelling. */
  readonly parseAddress: (text: string) => string | undefined;
  /** An RFC 3339 time with its zone, or a date, in UTC; undefined when it is none. */
  readonly parseTime: (text: string) => { readonly text: string; readonly isOver: boolean } | undefined;
}

/** `expires_at` is known as `Expires at` and, as the API writes it, as `expiresAt`, too. */
const nameOf = (text: string): string => {
  const name = text.trim().toLowerCase();
  return COLUMNS.find((column) => column.replace("_", "") === name.replaceAll(/[\s_-]+/g, "")) ?? name;
};

/** Where each column stands: by the first line when it names them, otherwise in their own order. */
function readHeader(
  [first]: readonly CsvRecord[],
  { parseAddress }: FileReader,
): Result<
  { readonly places: ReadonlyMap<Column, number>; readonly hasHeader: boolean; readonly width: number },
  LineFault
> {
  const names = (first?.fields ?? []).map(nameOf);
  const isKnown = (name: string): boolean => COLUMNS.some((column) => column === name);
  if (!names.includes("address")) {
    // A name that is written wrong must not make an entry of them all.
    if (names.some(isKnown) && parseAddress(first?.fields[0]?.trim() ?? "") === undefined) {
      const detail = `no column is called address: there are ${COLUMNS.join(", ")}`;
      return failure({ line: first?.line ?? 1, detail });
    }
    return success({
      places: new Map(COLUMNS.map((name, index) => [name, index])),
      hasHeader: false,
      width: COLUMNS.length,
    });
  }
  const line = first?.line ?? 1;
  const stranger = names.find((name) => !isKnown(name));
  if (stranger !== undefined)
    return failure({ line, detail: `there is no column ${JSON.stringify(stranger)}: there are ${COLUMNS.join(", ")}` });
  if (new Set(names).size < names.length) return failure({ line, detail: "a column is there twice" });
  const places = new Map(
    COLUMNS.flatMap((name) => (names.includes(name) ? [[name, names.indexOf(name)] as const] : [])),
  );
  return success({ places, hasHeader: true, width: names.length });
}

function readNote(text: string): Result<string | null, string> {
  if (text === "") return success(null);
  if (text.length > MAX_NOTE_CHARS) return failure(`the note has more than ${MAX_NOTE_CHARS} characters`);
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)
    ? failure("the note must be one line without control characters")
    : success(text);
}

function readEntry(valueOf: (column: Column) => string, reader: FileReader): Result<FileEntry, string> {
  const address = reader.parseAddress(valueOf("address"));
  if (address === undefined) return failure("this is no address of the network");
  const note = readNote(valueOf("note"));
  if (!note.ok) return note;
  const end = valueOf("expires_at");
  const time = end === "" ? undefined : reader.parseTime(end);
  if (end !== "" && !time)
    return failure("expires_at must be a date, or a time with its zone such as 2027-01-31T12:00:00Z");
  if (time?.isOver === true) return failure("expires_at is over");
  return success({ address, note: note.value, expiresAt: time?.text ?? null });
}

/**
 * The entries of a file, sorted, each address once: of several lines for one the last counts. What stands in a note stays
 * as it is. Reasons: what is wrong with which line, at most a hundred.
 */
export function readListFile(csv: string, reader: FileReader): Result<readonly FileEntry[], readonly LineFault[]> {
  const records = parseCsv(csv, MAX_LINES + 1);
  if (!records.ok) return failure([records.reason]);
  const header = readHeader(records.value, reader);
  if (!header.ok) return failure([header.reason]);
  const { places, hasHeader, width } = header.value;
  const lines = hasHeader ? records.value.slice(1) : records.value;
  if (lines.length === 0) {
    const detail = hasHeader ? "there is no line below the names of the columns" : "the file is empty";
    return failure([{ line: 1, detail }]);
  }
  if (lines.length > MAX_LINES) {
    return failure([{ line: lines[MAX_LINES]?.line ?? 0, detail: `there are more than ${MAX_LINES} lines` }]);
  }
  const entries = new Map<string, FileEntry>();
  const faults: LineFault[] = [];
  for (const { line, fields } of lines) {
    const valueOf = (column: Column): string => fields[places.get(column) ?? -1]?.trim() ?? "";
    const entry = fields.length > width ? failure(`there are more than ${width} fields`) : readEntry(valueOf, reader);
    if (entry.ok) entries.set(entry.value.address, entry.value);
    else faults.push({ line, detail: entry.reason });
    if (faults.length === MAX_FAULTS) break;
  }
  if (faults.length > 0) return failure(faults);
  return success([...entries.values()].toSorted((one, other) => (one.address < other.address ? -1 : 1)));
}
