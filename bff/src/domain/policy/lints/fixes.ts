import type { SolanaPolicy } from "../../../contract/policy.ts";
import type { Finding } from "../lint.ts";

type Entry = SolanaPolicy["allow"][number];

/** Entries are found again by what they say: other fixes may have moved them. */
const sameAs = (wanted: unknown) => {
  const text = JSON.stringify(wanted);
  return (candidate: unknown): boolean => JSON.stringify(candidate) === text;
};

/** Takes an entry out of the allowlist. */
export function removeEntry(entry: Entry): Finding["fix"]["apply"] {
  const isIt = sameAs(entry);
  return (document) => {
    const at = document.allow.findLastIndex(isIt);
    return at < 0 ? document : { ...document, allow: document.allow.toSpliced(at, 1) };
  };
}

/** Puts another entry in its place. */
export function replaceEntry(entry: Entry, change: (entry: Entry) => Entry): Finding["fix"]["apply"] {
  const isIt = sameAs(entry);
  return (document) => ({
    ...document,
    allow: document.allow.map((candidate) => (isIt(candidate) ? change(candidate) : candidate)),
  });
}

/** Sets fields of the document; undefined takes one away. */
export function set(fields: {
  readonly [Name in keyof SolanaPolicy]?: SolanaPolicy[Name] | undefined;
}): Finding["fix"]["apply"] {
  return (document) =>
    Object.fromEntries(
      Object.entries({ ...document, ...fields }).filter(([, value]) => value !== undefined),
    ) as unknown as SolanaPolicy;
}

export function omit<Shape extends object, Name extends keyof Shape>(
  value: Shape,
  ...names: readonly Name[]
): Omit<Shape, Name> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name as Name))) as Omit<
    Shape,
    Name
  >;
}
