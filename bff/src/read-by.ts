import { closestMatch } from "leven";
import * as z from "zod";
import { failure, type Result, success } from "./domain/result.ts";

/** What is wrong with one field, where: a JSON pointer (RFC 6901), and words that go on after the field's name. */
export interface FieldFault {
  readonly pointer: string;
  readonly detail: string;
}

const MISSING = "is missing";
const NOUNS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};
const nounOf = (type: string): string => NOUNS[type] ?? type;

/** Further apart, a word is another one rather than a slip. */
const SLIP = 3;
/** Of one object: a body may have ten thousands of unknown ones, and each is compared with what there is. */
const MAX_KEYS = 100;
/** Between names in a message that is taken apart again; no field's name has one. */
const BREAK = "\n";

function guess(written: unknown, known: readonly string[]): string {
  if (typeof written !== "string") return "";
  // A long word may be a few letters off, a short one hardly any.
  const maxDistance = Math.min(SLIP, Math.floor(written.length / 2));
  const meant =
    known.find((name) => name.toLowerCase() === written.toLowerCase()) ?? closestMatch(written, known, { maxDistance });
  return meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
}

function exampleOf(schema: unknown): string {
  const examples = schema instanceof z.ZodType ? schema.meta()?.["examples"] : undefined;
  return Array.isArray(examples) && examples.length > 0 ? ` such as ${JSON.stringify(examples[0])}` : "";
}

const inputType = (input: unknown): string => (input === null ? "null" : Array.isArray(input) ? "array" : typeof input);

const oneOf = (words: readonly string[]): string =>
  words.length < 3 ? words.join(" or ") : `one of: ${words.join(", ")}`;

const UNITS: Readonly<Record<string, string>> = { string: "character", array: "item" };

function sayBound(origin: string, bound: "least" | "most", count: number | bigint): string {
  const unit = UNITS[origin];
  return unit === undefined
    ? `must be at ${bound} ${count}`
    : `must have at ${bound} ${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** What zod has no words for that help whoever wrote the field: the schema's own words come before these. */
const explain: z.core.$ZodErrorMap = (issue) => {
  const must = issue.input === undefined ? `${MISSING}; it must be` : "must be";
  if (issue.code === "invalid_type") {
    const not = issue.input === undefined ? "" : `, not ${nounOf(inputType(issue.input))}`;
    return `${must} ${nounOf(issue.expected)}${exampleOf(issue.inst)}${not}`;
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    return `${must} ${oneOf(values)}${guess(issue.input, values)}`;
  }
  if (issue.code === "invalid_union" && issue.errors.length === 0) {
    const options = "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
    return `must be ${oneOf(options)}`;
  }
  if (issue.code === "too_small") return sayBound(issue.origin, "least", issue.minimum);
  if (issue.code === "too_big") return sayBound(issue.origin, "most", issue.maximum);
  if (issue.code === "invalid_format" && issue.format === "datetime") {
    return "must be a time with its zone, such as 2027-01-31T12:00:00Z";
  }
  if (issue.code === "unrecognized_keys") {
    return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(BREAK) : "";
  }
  return undefined;
};

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** It is another alternative that was meant, or none. */
const isNotMeant = ({ code, path }: z.core.$ZodIssue): boolean =>
  (code === "invalid_type" || code === "invalid_value") && path.length === 0;

/** What an alternative asks for. */
function wantOf([issue]: readonly z.core.$ZodIssue[]): readonly string[] {
  if (issue?.code === "invalid_type") return [nounOf(issue.expected)];
  return issue?.code === "invalid_value" ? issue.values.map(String) : [];
}

/** The alternative that was meant: one of the right type when there is one, else what all of them ask for. */
function describeUnion(branches: readonly (readonly z.core.$ZodIssue[])[], path: readonly PropertyKey[]): FieldFault[] {
  const meant = branches.find((issues) => !issues.some(isNotMeant));
  if (meant) return meant.flatMap((issue) => describeIssue({ ...issue, path: [...path, ...issue.path] }));
  const must = branches.some(([issue]) => issue?.message.startsWith(MISSING) === true)
    ? `${MISSING}; it must be`
    : "must be";
  return [{ pointer: pointerOf(path), detail: `${must} ${oneOf([...new Set(branches.flatMap(wantOf))])}` }];
}

function describeIssue(issue: z.core.$ZodIssue): FieldFault[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(BREAK);
    return issue.keys.slice(0, MAX_KEYS).map((key) => ({
      pointer: pointerOf([...path, key]),
      detail: `is not a known field${guess(key, known)}`,
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) return describeUnion(issue.errors, path);
  const detail =
    issue.code === "invalid_key" ? `is no key: it ${issue.issues[0]?.message ?? "does not fit"}` : issue.message;
  return [{ pointer: pointerOf(path), detail }];
}

/** What does not come from us against its schema. Reasons: what is wrong with which field, at most `maxFaults`. */
export function readBy<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  maxFaults: number,
): Result<z.output<Schema>, readonly FieldFault[]> {
  const parsed = schema.safeParse(given, { error: explain });
  if (parsed.success) return success(parsed.data);
  return failure(parsed.error.issues.slice(0, maxFaults).flatMap(describeIssue).slice(0, maxFaults));
}
