/** A place in a document: names of objects, positions in lists. */
export type Path = readonly (string | number)[];

/** A document as it is kept: a draft need not be right. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value as a field shows it: text as it is, what is not there as nothing, the rest as JSON. */
export function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}

const escape = (step: string | number): string => String(step).replaceAll("~", "~0").replaceAll("/", "~1");

/** A path as a JSON pointer (RFC 6901). */
export const pointerOf = (path: Path): string => path.map((step) => `/${escape(step)}`).join("");

/** The steps of a JSON pointer; positions stay text, as only the document says what they stand in. */
export const stepsOf = (pointer: string): readonly string[] =>
  pointer === ""
    ? []
    : pointer
        .slice(1)
        .split("/")
        .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));

/** What stands at a place; undefined where there is nothing. */
export function readAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const step of path) {
    if (Array.isArray(value)) value = value[Number(step)] as unknown;
    else if (isObject(value) && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}

function setIn(value: unknown, [step, ...rest]: Path, next: unknown): unknown {
  if (step === undefined) return next;
  if (typeof step === "number") {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const inner = setIn(list[step], rest, next);
    return inner === undefined ? list.toSpliced(step, 1) : list.toSpliced(step, 1, inner);
  }
  const fields = isObject(value) ? value : {};
  const inner = setIn(Object.hasOwn(fields, step) ? fields[step] : undefined, rest, next);
  if (inner !== undefined && Object.hasOwn(fields, step)) {
    return Object.fromEntries(Object.entries(fields).map(([name, old]) => [name, name === step ? inner : old]));
  }
  const others = Object.entries(fields).filter(([name]) => name !== step);
  return Object.fromEntries(inner === undefined ? others : [...others, [step, inner]]);
}

/** The document with another value at a place; undefined takes away what is there. What is not on the way stays the same. */
export const setAt = (document: Json, path: Path, value: unknown): Json => setIn(document, path, value) as Json;

const isEmpty = (value: unknown): boolean =>
  Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;

/** The document without what is at a place, and without what would be left empty around it; its own fields stay. */
export function removeAt(document: Json, path: Path): Json {
  const next = setAt(document, path, undefined);
  const around = path.slice(0, -1);
  return around.length > 1 && isEmpty(readAt(next, around)) ? removeAt(next, around) : next;
}

/** The document with one more value at the end of a list, which is made where there is none. */
export function appendAt(document: Json, path: Path, value: unknown): Json {
  const list = readAt(document, path);
  return setAt(document, path, [...(Array.isArray(list) ? (list as unknown[]) : []), value]);
}

/** Whether one pointer is at or below another. */
export const isWithin = (pointer: string, place: string): boolean =>
  pointer === place || pointer.startsWith(`${place}/`);
