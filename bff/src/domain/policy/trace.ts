import type { Refusal } from "../refusal.ts";
import type { Finding, Rule } from "./rule.ts";

/** One line of an explanation, in the words of the wire. */
export interface TraceEntry {
  readonly rule: string;
  readonly verdict: "pass" | "fail" | "skip";
  readonly code?: string;
  readonly observed?: string;
  readonly limit?: string;
  readonly remaining?: string;
  readonly resetsAt?: string;
  readonly instruction?: number;
  readonly hint?: string;
}

function entryOf(rule: string, finding: Finding): TraceEntry {
  const { verdict, observed, limit, instruction, hint } = finding;
  return {
    rule,
    verdict,
    ...(finding.verdict === "fail" && { code: finding.refusal.code }),
    ...(observed !== undefined && { observed }),
    ...(limit !== undefined && { limit }),
    ...(instruction !== undefined && { instruction }),
    ...(hint !== undefined && { hint }),
  };
}

/** What every rule says, also those behind the first that fails. */
export function traceRules<Input>(rules: readonly Rule<Input>[], input: Input): readonly TraceEntry[] {
  return rules.flatMap(({ name, check }) => {
    const findings = check(input);
    return findings.length === 0
      ? [{ rule: name, verdict: "pass" as const }]
      : findings.map((finding) => entryOf(name, finding));
  });
}

/** Rules that could not be asked, and why. */
export function skipRules<Input>(rules: readonly Rule<Input>[], hint: string): readonly TraceEntry[] {
  return rules.map(({ name }) => ({ rule: name, verdict: "skip" as const, hint }));
}

/** A refusal that is no rule's own. */
export const failRule = (rule: string, { code }: Refusal, hint: string): TraceEntry => ({
  rule,
  verdict: "fail",
  code,
  hint,
});
