import { pointerOf } from "./pointer.ts";

/** From where to where a value stands in its text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^\s,\]}]+/y;
const SPACE = /\s*/y;

/** Where in a JSON text the value at a pointer stands; undefined where there is no such value, or the text is no JSON. */
export function locate(text: string, pointer: string): Span | undefined {
  let at = 0;
  let found: Span | undefined;

  function take(pattern: RegExp): string {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match === undefined) throw new SyntaxError("not JSON");
    at += match.length;
    return match;
  }

  function readList(here: string): void {
    for (let index = 0; ; index += 1) {
      take(SPACE);
      if (text[at] === "]") break;
      readValue(here + pointerOf([index]));
      take(SPACE);
      if (text[at] !== ",") break;
      at += 1;
    }
    take(/\]/y);
  }

  function readFields(here: string): void {
    for (;;) {
      take(SPACE);
      if (text[at] === "}") break;
      const name = JSON.parse(take(STRING)) as string;
      take(/\s*:/y);
      readValue(here + pointerOf([name]));
      take(SPACE);
      if (text[at] !== ",") break;
      at += 1;
    }
    take(/\}/y);
  }

  function readValue(here: string): void {
    take(SPACE);
    const start = at;
    if (text[at] === "{" || text[at] === "[") {
      const isList = text[at] === "[";
      at += 1;
      if (isList) readList(here);
      else readFields(here);
    } else take(text[at] === '"' ? STRING : SCALAR);
    if (here === pointer) found ??= { start, end: at };
  }

  try {
    readValue("");
  } catch {
    return undefined;
  }
  return found;
}

/** The nearest place on the way to a pointer that there is: what is missing is looked for in what it should stand in. */
export function locateNearest(text: string, pointer: string): Span | undefined {
  for (let place = pointer; ; place = place.slice(0, place.lastIndexOf("/"))) {
    const span = locate(text, place);
    if (span || place === "") return span;
  }
}

/** Line and column of an offset, as they are counted for people. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
