import type { CsvLine } from "./csv-lines.ts";

export const COLUMNS = ["address", "note", "expires_at"] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** What others call them: files come out of spreadsheets, explorers and other people's tools. */
const ALIASES: Readonly<Record<ColumnName, readonly string[]>> = {
  address: ["wallet", "walletaddress", "pubkey", "publickey", "account", "addresses", "user"],
  note: ["notes", "comment", "comments", "reason", "memo", "label", "description", "name"],
  expires_at: ["expires", "expiry", "expiration", "expireson", "end", "ends", "endsat", "until", "validuntil"],
};

const lettersOf = (cell: string): string =>
  cell
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, "");

/** Of any network. A line that begins with less and names a column is meant to name them all. */
const SHORTEST_ADDRESS = 30;

/** A column by its name, as the API reads it: `Expires at` and `expiresAt` are `expires_at`. */
const columnOf = (cell: string): ColumnName | undefined =>
  COLUMNS.find((column) => column.replace("_", "") === lettersOf(cell));

const meantBy = (cell: string): ColumnName | undefined =>
  COLUMNS.find((column) => ALIASES[column].includes(lettersOf(cell)));

/**
 * Which column stands where, by its name or, where it is none, as it is written; undefined: this line is an entry
 * itself.
 */
export function headerOf({ cells }: CsvLine): readonly string[] | undefined {
  const names = cells.map((cell) => columnOf(cell) ?? cell.trim());
  // The API takes it for one by its address alone; words that are all columns' names are no entry to a person.
  const isHeader =
    names.includes("address") ||
    names.every((name) => columnOf(name) ?? meantBy(name)) ||
    (names.some(columnOf) && (names[0] ?? "").length < SHORTEST_ADDRESS);
  return isHeader ? names : undefined;
}

const EXISTING = "There are address, note and expires_at.";

/** What is wrong with the names of the columns. */
export function headerFault(names: readonly string[]): string | undefined {
  const stranger = names.find((name) => columnOf(name) === undefined);
  if (stranger !== undefined) {
    const meant = meantBy(stranger);
    const question = meant === undefined || names.includes(meant) ? "" : ` Did you mean ${meant}?`;
    return `The first line names a column “${stranger}”, which there is not.${question} ${EXISTING}`;
  }
  if (!names.includes("address")) return `The first line names no column “address”. ${EXISTING}`;
  return new Set(names).size < names.length ? "The first line names a column twice." : undefined;
}
