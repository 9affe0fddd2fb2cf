/** One difference between two documents. */
export interface Difference {
  /** JSON pointer. */
  readonly pointer: string;
  readonly before: unknown;
  readonly after: unknown;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const escape = (step: string): string => step.replaceAll("~", "~0").replaceAll("/", "~1");
const text = (value: unknown): string => JSON.stringify(sorted(value)) ?? "";

/** The same value with its fields in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((name) => [name, sorted(value[name])]),
  );
}

/** Lists are sets here: the order of an allowlist means nothing, so only what came and went is told. */
function diffLists(before: readonly unknown[], after: readonly unknown[], pointer: string): Difference[] {
  const left = new Set(before.map(text));
  const right = new Set(after.map(text));
  return [
    ...before.flatMap((value, index) =>
      right.has(text(value)) ? [] : [{ pointer: `${pointer}/${index}`, before: value, after: undefined }],
    ),
    ...after.flatMap((value, index) =>
      left.has(text(value)) ? [] : [{ pointer: `${pointer}/${index}`, before: undefined, after: value }],
    ),
  ];
}

/** What a new version of a policy changes, in the order of its fields. */
export function diffDocuments(before: unknown, after: unknown, pointer = ""): readonly Difference[] {
  if (text(before) === text(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, pointer);
  if (!isObject(before) || !isObject(after)) return [{ pointer, before, after }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => diffDocuments(before[name], after[name], `${pointer}/${escape(name)}`));
}
