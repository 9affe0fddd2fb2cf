const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

const words = (text: string): readonly string[] =>
  text
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");

const capitalize = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** As policies write names: `mint_to_checked`, `MintToChecked` and `mintToChecked` are one. */
export function camelCase(text: string): string {
  const [first = "", ...others] = words(text).map((word) => word.toLowerCase());
  return first + others.map(capitalize).join("");
}

/** As Rust writes the names of functions. */
export const snakeCase = (text: string): string =>
  words(text)
    .map((word) => word.toLowerCase())
    .join("_");

/** One name out of those on the way to a field. */
export const joinNames = (outer: string, inner: string): string => outer + capitalize(inner);

/** Whether a policy can name it. */
export const isName = (text: string): boolean => NAME.test(text);

/** A name as it is told to people, whatever it holds. */
export const showName = (text: unknown): string =>
  typeof text === "string" ? text.slice(0, 64).replaceAll(/[^\w .:-]/g, "?") : "?";
