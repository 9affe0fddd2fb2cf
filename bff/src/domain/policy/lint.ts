import type { SolanaPolicy } from "../../contract/policy.ts";
import { allowlistLints } from "./lints/allowlist.ts";
import { boundLints } from "./lints/bounds.ts";
import { ownProgramLints } from "./lints/own-programs.ts";
import { sponsorLints } from "./lints/sponsor.ts";

/** What a policy is looked at beside: budgets are kept apart from it. */
export interface LintContext {
  /** True when the project has a budget of rent on this network. */
  readonly hasRentBudget: boolean;
}

/** Something that a policy says and its author hardly means. An error keeps it from being published. */
export interface Finding<Document = SolanaPolicy> {
  readonly severity: "error" | "warning";
  /** JSON pointer into the document. */
  readonly pointer: string;
  readonly message: string;
  /** What mends it, in words, and the document after it. */
  readonly fix: { readonly description: string; readonly apply: (document: Document) => Document };
}

/** Looks for one mistake. Pure; after its fixes it finds nothing. */
export interface Lint<Document = SolanaPolicy> {
  readonly name: string;
  readonly find: (document: Document, context: LintContext) => readonly Finding<Document>[];
}

type NamedFinding<Document = SolanaPolicy> = Finding<Document> & { readonly lint: string };

/** A finding as it is told: by which lint, and what mends it in words. */
export type PolicyFinding = Omit<NamedFinding, "fix"> & { readonly fix: { readonly description: string } };

export const LINTS: readonly Lint[] = [...ownProgramLints, ...allowlistLints, ...sponsorLints, ...boundLints];

/** Everything that every lint finds, errors first. */
export function runLints<Document>(
  lints: readonly Lint<Document>[],
  document: Document,
  context: LintContext,
): readonly NamedFinding<Document>[] {
  const findings = lints.flatMap(({ name, find }) =>
    find(document, context).map((finding) => ({ ...finding, lint: name })),
  );
  return findings.toSorted((left, right) => left.severity.localeCompare(right.severity));
}

export const lintPolicy = (document: SolanaPolicy, context: LintContext): readonly NamedFinding[] =>
  runLints(LINTS, document, context);
