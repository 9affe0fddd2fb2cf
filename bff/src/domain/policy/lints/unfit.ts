import type { Predicate } from "../../../contract/policy.ts";
import type { FieldType } from "../programs/shape.ts";

const INTEGERS = /^(?:option<)?[ui]\d+/;

/** What about a predicate can never hold for a value of that type. */
export function unfit(predicate: Predicate, type: FieldType | "account"): string | undefined {
  const { eq, in: list, startsWith, all = [], any = [], not } = predicate;
  const isInteger = INTEGERS.test(type);
  const isBoolean = type === "bool" || type === "option<bool>";
  if (type.startsWith("vec") || type.startsWith("rest")) return "nothing can be said about a list";
  const isCompared = ["lt", "lte", "gt", "gte"].some((operator) => operator in predicate);
  if (isCompared && !isInteger) return "lt, lte, gt and gte are for whole numbers";
  if (startsWith !== undefined && (isInteger || isBoolean)) return "startsWith is for text, bytes and keys";
  const wanted = [...(eq === undefined ? [] : [eq]), ...(list ?? [])];
  const isOption = type.includes("option") || type.startsWith("zeroable");
  for (const value of wanted) {
    if (value === null && !isOption) return "null is for values that may be absent";
    if (typeof value === "boolean" && !isBoolean) return "true and false are for bool";
    if (typeof value === "string" && isBoolean) return "a bool is true or false";
    if (typeof value === "string" && isInteger && !/^-?[0-9]+$/.test(value))
      return "a whole number is a decimal string";
  }
  const low = predicate.gte ?? predicate.gt;
  const high = predicate.lte ?? predicate.lt;
  if (low !== undefined && high !== undefined && BigInt(low) > BigInt(high))
    return "its lower bound is above its upper one";
  const inner = [...all, ...any, ...(not ? [not] : [])].map((nested) => unfit(nested, type));
  return inner.find((reason) => reason !== undefined);
}
