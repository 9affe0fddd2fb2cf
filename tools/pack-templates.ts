import type { Plugin } from "vite";

const BEGINNING = /\b(css|html|svg)`/g;

/** Spaces that a style sheet does not need. */
const packCss = (text: string): string =>
  text
    .replaceAll(/ ?([{};]) ?|([,:]) /g, "$1$2")
    .replaceAll(";}", "}")
    .replaceAll(/(?<=[ :(])0(?=\.\d)/g, "")
    .replaceAll(/#([\da-f])\1([\da-f])\2([\da-f])\3\b/g, "#$1$2$3");
/** A space before the end of a tag is none between words. */
const packMarkup = (text: string): string => text.replaceAll(" >", ">");

interface Packed {
  readonly code: string;
  /** Where the template ends, behind its last backtick. */
  readonly end: number;
}

/** The template whose text begins at `from`. Its lines are given back behind it, so that source maps stay right. */
function packTemplate(code: string, from: number, isCss: boolean): Packed {
  let packed = "";
  let text = "";
  let lines = 0;
  const flush = (): void => {
    const dense = text.replaceAll(/\s+/g, " ");
    packed += isCss ? packCss(dense) : packMarkup(dense);
    lines += text.split("\n").length - 1;
    text = "";
  };
  for (let at = from; at < code.length; at++) {
    if (code[at] === "`") {
      flush();
      return { code: `${packed}\`${"\n".repeat(lines)}`, end: at + 1 };
    }
    if (code[at] !== "$" || code[at + 1] !== "{") {
      text += code[at];
      continue;
    }
    flush();
    const expression = packExpression(code, at + 2);
    packed += `\${${expression.code}`;
    at = expression.end - 1;
  }
  throw new Error("a template without an end");
}

/** Code up to the brace that closes it, with the templates inside of it packed. */
function packExpression(code: string, from: number): Packed {
  let packed = "";
  let depth = 1;
  for (let at = from; at < code.length; at++) {
    const letter = code[at] ?? "";
    packed += letter;
    if (letter === "{") depth += 1;
    if (letter === "}" && --depth === 0) return { code: packed, end: at + 1 };
    if (letter === '"') {
      const end = code.indexOf('"', at + 1);
      packed += code.slice(at + 1, end + 1);
      at = end;
    }
    if (letter === "`") {
      const isMarkup = /\b(?:html|svg)$/.test(code.slice(0, at));
      const inner = isMarkup ? packTemplate(code, at + 1, false) : keepTemplate(code, at + 1);
      packed += inner.code;
      at = inner.end - 1;
    }
  }
  throw new Error("an expression without an end");
}

/** A text for people or programs stays as it is written. */
function keepTemplate(code: string, from: number): Packed {
  let at = from;
  for (; code[at] !== "`"; at++) {
    if (code[at] === "$" && code[at + 1] === "{") at = packExpression(code, at + 2).end - 1;
  }
  return { code: code.slice(from, at + 1), end: at + 1 };
}

/** Nobody reads the line breaks of markup and styles inside a script, and they would be sent to everybody. */
export function packTemplates(code: string): string {
  let packed = "";
  let at = 0;
  for (const match of code.matchAll(BEGINNING)) {
    if (match.index < at) continue;
    const from = match.index + match[0].length;
    const template = packTemplate(code, from, match[1] === "css");
    packed += code.slice(at, from) + template.code;
    at = template.end;
  }
  return packed + code.slice(at);
}

export const packTemplatesPlugin: Plugin = {
  name: "pack-templates",
  enforce: "pre",
  transform: (code, id) => (/widget\/src\/.*\.ts$/.test(id) ? { code: packTemplates(code), map: null } : undefined),
};
