/** What a JSON-RPC answer may hold; bigints are written as plain integers. */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

// JSON.rawJSON and the reviver's source text: Node 22 and later have both.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the members exist, the library's type lags
const json = JSON as unknown as {
  rawJSON(text: string): unknown;
  parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown;
};

/** Integers beyond 2^53 come back as bigint, everything else as JSON.parse gives it. */
export function parseJson(text: string): unknown {
  // The reviver visits every value, so only texts that can hold a large integer pay for it.
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return json.parse(text, (_key, value, { source }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value,
  );
}

export function stringifyJson(value: Json): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === "bigint" ? json.rawJSON(entry.toString()) : entry,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
