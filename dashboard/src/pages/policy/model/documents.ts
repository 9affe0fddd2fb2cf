import { isObject, type Json } from "./pointer.ts";
import { isAlgorand } from "./say-policy.ts";

/** A policy to begin with that allows nothing, with bounds in which ordinary transactions fit. */
export const blankPolicy = (network: string): Json =>
  isAlgorand(network)
    ? { allow: [], maxFee: "4000" }
    : { allow: [], maxSignatures: 3, maxFee: "25000", maxComputeUnits: 200_000, maxComputeUnitPrice: "50000" };

const isList = (value: unknown, isEach: (entry: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every((entry) => isEach(entry));

/** Whether the form can show it: what it goes into has its shape, whatever the values are. Else it is edited as JSON. */
export function fitsForm(document: Json): boolean {
  const { allow, programs, sponsorRoles, minimumBalance } = document;
  const isEntry = (entry: unknown): boolean =>
    isObject(entry) &&
    [entry["arguments"], entry["accounts"]].every((part) => part === undefined || isObject(part)) &&
    [entry["sessionWalletIs"], entry["methods"], entry["onComplete"]].every(
      (part) => part === undefined || isList(part, (each) => typeof each === "string"),
    );
  return (
    isList(allow, isEntry) &&
    [programs, sponsorRoles].every((part) => part === undefined || isList(part, isObject)) &&
    (minimumBalance === undefined || isObject(minimumBalance))
  );
}

/** A document as it is shown and edited. */
export const formatDocument = (document: unknown): string => JSON.stringify(document, null, 2);

/** Whether two documents are the same, whatever the order of their fields. */
export const isSameDocument = (one: unknown, other: unknown): boolean =>
  JSON.stringify(sortFields(one)) === JSON.stringify(sortFields(other));

/** The same value with the fields of its objects in one order. */
export function sortFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortFields);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, sortFields(inner)] as const);
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
