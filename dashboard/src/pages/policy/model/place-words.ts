import { isObject, type Json, readAt, stepsOf } from "./pointer.ts";

/** Fields of a policy, as the form calls them. */
const FIELDS: Readonly<Record<string, string>> = {
  allow: "What is sponsored",
  maxFee: "Fee",
  maxRent: "Rent",
  maxSignatures: "Signatures",
  maxComputeUnits: "Compute units",
  maxComputeUnitPrice: "Price of a compute unit",
  maxTransactions: "Transactions in one group",
  minimumBalance: "Minimum balance",
  sponsorRoles: "Where the sponsor may stand",
  walletAssertions: "Assertions that wallets add",
  unlistedPrograms: "Programs that are not listed",
  lookupTables: "Lookup tables",
  programs: "Own programs",
};

/** What an entry of a list is called in its policy. */
function nameOf(entry: unknown): string | undefined {
  if (!isObject(entry)) return undefined;
  return [entry["instruction"], entry["transaction"], entry["role"], entry["name"]].find(
    (name): name is string => typeof name === "string",
  );
}

/** A place in a policy as people look for it in the form: "Entry 7, transfer: amount". */
export function placeWords(document: Json, pointer: string): string {
  const [field = "", index, ...rest] = stepsOf(pointer);
  const label = Object.hasOwn(FIELDS, field) ? FIELDS[field] : field;
  if (label === undefined || label === "") return "The policy as a whole";
  if (index === undefined || !/^\d+$/.test(index)) return label;
  const name = nameOf(readAt(document, [field, index]));
  const entry = `${field === "allow" ? "Entry" : `${label},`} ${Number(index) + 1}${name === undefined ? "" : `, ${name}`}`;
  // Of a condition its subject is told; what stands in it is seen there.
  const [part, subject = part] = rest;
  return subject === undefined ? entry : `${entry}: ${subject}`;
}
