import { AppError } from "../../../errors.ts";
import type { PolicyFault } from "../../../ports.ts";

/** Deeper than any policy is. */
const MAX_DEPTH = 32;

const escape = (step: string): string => step.replaceAll("~", "~0").replaceAll("/", "~1");
const isText = (text: string): boolean => !text.includes("\0") && text.isWellFormed();

function findFault(value: unknown, pointer: string, depth: number): PolicyFault | undefined {
  if (typeof value === "string" && !isText(value)) {
    return { pointer, detail: "holds a character that no store keeps" };
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (depth === 0) return { pointer, detail: `is nested more than ${MAX_DEPTH} deep` };
  for (const [name, member] of Object.entries(value)) {
    if (!isText(name)) return { pointer, detail: "has a name that no store keeps" };
    const fault = findFault(member, `${pointer}/${escape(name)}`, depth - 1);
    if (fault) return fault;
  }
  return undefined;
}

/** PostgreSQL keeps neither a NUL nor half a character in JSON, and reads only so deep. @throws request.invalid */
export function assertKeepable(document: Readonly<Record<string, unknown>>): void {
  const fault = findFault(document, "/document", MAX_DEPTH);
  if (fault) throw new AppError("request.invalid", "The request does not fit its schema.", { errors: [fault] });
}
