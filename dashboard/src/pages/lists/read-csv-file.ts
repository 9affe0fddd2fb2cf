/** What a browser reads without a thought; the API takes less. */
const MAX_FILE_BYTES = 6_000_000;

type CsvFile = { readonly csv: string } | { readonly fault: string };

/** The text of a file, or why it is none that could be imported. */
export async function readCsvFile(file: File): Promise<CsvFile> {
  if (file.size > MAX_FILE_BYTES) {
    return { fault: `${file.name} is too large: at most 10,000 lines go at once. Split it.` };
  }
  try {
    const csv = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    return csv.trim() === "" ? { fault: `${file.name} is empty.` } : { csv };
  } catch (thrown) {
    // Spreadsheets write the letters of one country unless they are told otherwise.
    if (thrown instanceof TypeError) return { fault: `${file.name} is not in UTF-8: save it as “CSV UTF-8”.` };
    return { fault: `${file.name} could not be read.` };
  }
}

/** Reads one file after another; what was chosen before the last one gives nothing any more, however late it is read. */
export function createFileReader(read: (file: File) => Promise<CsvFile> = readCsvFile) {
  let last = 0;
  return {
    async read(file: File): Promise<CsvFile | undefined> {
      last += 1;
      const own = last;
      const result = await read(file);
      return own === last ? result : undefined;
    },
    /** Something else was taken in place of a file. */
    forget(): void {
      last += 1;
    },
  };
}
