import type { PolicyCatalogue } from "../../../../../bff/src/contract/manage/policies.ts";
import { isObject, type Json } from "./pointer.ts";
import { value, type Words } from "./words.ts";

/** What programs are called. */
export type Names = (address: string) => Words;

/** Those that a document describes: it may give them any name. */
function describedIn(document: Json): ReadonlyMap<string, string> {
  const own: readonly unknown[] = Array.isArray(document["programs"]) ? (document["programs"] as unknown[]) : [];
  return new Map(
    own.flatMap((program) =>
      isObject(program) && typeof program["address"] === "string" && typeof program["name"] === "string"
        ? [[program["address"], program["name"]] as const]
        : [],
    ),
  );
}

/**
 * Names of what is built in stand alone where there is one of that name. Every other program is told with its address: a
 * name that a document gives, or that several have, says nothing about which one it is.
 */
export function namesOf(catalogue: PolicyCatalogue | undefined, document: Json): Names {
  const programs = catalogue?.programs ?? [];
  const known = new Map(programs.map(({ address, name }) => [address, name]));
  const described = describedIn(document);
  return (address) => {
    const name = known.get(address);
    const isAlone = name !== undefined && programs.filter((program) => program.name === name).length === 1;
    if (isAlone) return [name];
    const given = name ?? described.get(address);
    return given === undefined ? [value(address)] : [`${given} at `, value(address)];
  };
}
