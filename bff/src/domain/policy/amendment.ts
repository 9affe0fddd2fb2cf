import type { PolicyChange } from "../chain-transaction.ts";
import type { Rule } from "./rule.ts";

/** A change of a policy, in words and as what it makes of a document. */
export interface Amendment<Document> {
  readonly description: string;
  readonly apply: (document: Document) => Document;
}

/** What makes a rule pass that fails. Undefined: no policy may mend it. */
export type Fixer<Input, Document> = (input: Input) => Amendment<Document> | undefined;

/** The policies of one family of networks, and what can be done about a rule of theirs. */
export interface Repair<Input, Document> {
  readonly rules: readonly Rule<Input>[];
  /** Undefined: no policy may mend it. `failing`: all that fail beside it. */
  readonly fixerOf: (rule: string, failing: readonly string[]) => Fixer<Input, Document> | undefined;
  readonly documentOf: (input: Input) => Document;
  readonly withDocument: (input: Input, document: Document) => Input;
}

const fails = <Input>({ check }: Rule<Input>, input: Input): boolean =>
  check(input).some(({ verdict }) => verdict === "fail");

/** One amendment out of several. */
export function together<Document>(amendments: readonly Amendment<Document>[]): Amendment<Document> {
  return {
    description: [...new Set(amendments.map(({ description }) => description))].join(" "),
    apply: (document) => amendments.reduce((changed, { apply }) => apply(changed), document),
  };
}

/**
 * Changes of the policy that make the rules pass that fail: one for each way to mend some of them, and one that is all of
 * it. None at all when one of them is not the policy's to mend: the others alone would let nothing through, and invite to
 * allow what misuses the sponsor.
 */
export function proposeFor<Input, Document>(
  { rules, fixerOf, documentOf, withDocument }: Repair<Input, Document>,
  input: Input,
): readonly PolicyChange[] {
  const failing = rules.filter((rule) => fails(rule, input));
  const names = failing.map(({ name }) => name);
  const byFixer = Map.groupBy(failing, ({ name }) => fixerOf(name, names));
  const amended = [...byFixer].flatMap(([fixer, mended]) => {
    const amendment = fixer?.(input);
    return amendment ? [{ mended, amendment }] : [];
  });
  if (amended.length < byFixer.size) return [];
  const all = { mended: failing, amendment: together(amended.map(({ amendment }) => amendment)) };
  const changes = (amended.length > 1 ? [...amended, all] : amended).map(({ mended, amendment }) => {
    const document = amendment.apply(documentOf(input));
    return { mended, description: amendment.description, document, after: withDocument(input, document) };
  });
  if (changes.some(({ mended, after }) => mended.some((rule) => fails(rule, after)))) return [];
  return changes.map(({ mended, description, document }) => ({
    rules: mended.map(({ name }) => name),
    description,
    document,
  }));
}
