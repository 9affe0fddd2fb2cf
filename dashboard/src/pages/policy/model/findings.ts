import type { PolicyCheck } from "../../../../../bff/src/contract/manage/policies.ts";
import type { ApiProblem } from "../../../api/problem.ts";
import { isWithin } from "./pointer.ts";

type Told = PolicyCheck["findings"][number];

/** What can be brought into sight. */
export type Place = Pick<Told, "pointer">;

/** Something about a document that its author should know. */
export interface Finding extends Omit<Told, "fix"> {
  readonly fix?: string;
}

/** The findings of an answer. */
export const findingsOf = ({ findings }: PolicyCheck): readonly Finding[] =>
  findings.map(({ severity, lint, pointer, message, fix }) => ({
    severity,
    lint,
    pointer,
    message,
    fix: fix.description,
  }));

/** A document that could not even be read: what was wrong with it, place by place. */
export const faultsOf = (problem: ApiProblem): readonly Finding[] =>
  problem.errors.map(({ pointer, detail }) => ({
    severity: "error",
    lint: "form",
    pointer: pointer.replace(/^\/document(?=\/|$)/, ""),
    message: detail,
  }));

/** Those about a place and what is in it. */
export const findingsAt = (findings: readonly Finding[], place: string): readonly Finding[] =>
  findings.filter(({ pointer }) => isWithin(pointer, place));

/** Those that keep it from being published. */
export const errorsOf = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ severity }) => severity === "error");
