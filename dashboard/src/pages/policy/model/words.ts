/** A piece of a sentence: words, a value that is shown as code, or a list of values too long to be told at once. */
type Part = string | { readonly value: string } | { readonly values: readonly string[] };

/** A sentence. */
export type Words = readonly Part[];

export const value = (text: string): Part => ({ value: text });

const textOfPart = (part: Part): string => {
  if (typeof part === "string") return part;
  return "value" in part ? part.value : part.values.join(", ");
};

/** The sentence as plain text, nothing left out: two that read the same are the same. */
export const textOf = (words: Words): string => words.map(textOfPart).join("");

/** Several as one: "a, b and c". */
export function listWords(all: readonly Words[], last = "and"): Words {
  return all.flatMap((words, index) => {
    const before = index === 0 ? "" : index === all.length - 1 ? ` ${last} ` : ", ";
    return before === "" ? words : [before, ...words];
  });
}

/** What statements are about, in the order in which they are told. */
export type Section = "allow" | "limit" | "sponsor" | "option" | "programs";

/** One thing that a policy says. */
export interface Statement {
  readonly section: Section;
  /** Of a setting that has one value: its name, so that a change is told as one. */
  readonly name?: string;
  /** Where in the document it stands. */
  readonly pointer: string;
  readonly words: Words;
}
