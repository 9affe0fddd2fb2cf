import type { SolanaPolicy } from "../../../contract/policy.ts";
import type { Finding } from "../lint.ts";

/** Entries are found again by what they say: other fixes may have moved them. */
const sameAs = (wanted: unknown) => {
  const text = JSON.stringify(wanted);
  return (candidate: unknown): boolean => JSON.stringify(candidate) === text;
};

/** What mends a policy, for the policies of one family. */
export function createFixes<Document extends { readonly allow: readonly unknown[] }>() {
  type Entry = Document["allow"][number];
  type Apply = Finding<Document>["fix"]["apply"];
  return {
    /** Takes an entry out of the allowlist. */
    removeEntry(entry: Entry): Apply {
      const isIt = sameAs(entry);
      return (document) => {
        const at = document.allow.findLastIndex(isIt);
        return at < 0 ? document : { ...document, allow: document.allow.toSpliced(at, 1) };
      };
    },
    /** Puts another entry in its place. */
    replaceEntry<Kind extends Entry>(entry: Kind, change: (entry: Kind) => Entry): Apply {
      const isIt = sameAs(entry);
      return (document) => ({
        ...document,
        allow: document.allow.map((candidate) => (isIt(candidate) ? change(candidate as Kind) : candidate)),
      });
    },
    /** Sets fields of the document; undefined takes one away. */
    set(fields: { readonly [Name in keyof Document]?: Document[Name] | undefined }): Apply {
      return (document) =>
        Object.fromEntries(
          Object.entries({ ...document, ...fields }).filter(([, value]) => value !== undefined),
        ) as unknown as Document;
    },
  };
}

export const { removeEntry, replaceEntry, set } = createFixes<SolanaPolicy>();

export function omit<Shape extends object, Name extends keyof Shape>(
  value: Shape,
  ...names: readonly Name[]
): Omit<Shape, Name> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name as Name))) as Omit<
    Shape,
    Name
  >;
}
