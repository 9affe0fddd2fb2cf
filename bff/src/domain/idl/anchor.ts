import { hex } from "@scure/base";
import { failure, type Result, success } from "../result.ts";
import { readAnchorFields, readAnchorTypes } from "./anchor-types.ts";
import { flattenFields } from "./flatten-fields.ts";
import type { Discriminator, IdlAccounts, IdlInstruction, IdlProgram, IdlType } from "./idl-program.ts";
import { fieldOf, type JsonObject, listOf, textOf } from "./json.ts";
import { camelCase, isName, joinNames, showName, snakeCase } from "./names.ts";

const MAX_ACCOUNTS = 64;
const MAX_DISCRIMINATOR_BYTES = 32;
const MAX_DEPTH = 4;

function isByte(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 256;
}

/**
 * New IDLs give the bytes; before that they were a digest of the function's name, and programs without Anchor have a
 * number of one byte. Source: Anchor 0.29 and 0.31; Shank.
 */
function readDiscriminator(instruction: unknown, name: string): Result<Discriminator, string> {
  const given = fieldOf(instruction, "discriminator");
  if (Array.isArray(given)) {
    const bytes = (given as readonly unknown[]).filter(isByte);
    const isWhole = bytes.length === given.length && bytes.length > 0 && bytes.length <= MAX_DISCRIMINATOR_BYTES;
    return isWhole
      ? success({ hex: hex.encode(Uint8Array.from(bytes)) })
      : failure("its discriminator is not 1 to 32 bytes");
  }
  const discriminant = fieldOf(instruction, "discriminant");
  if (discriminant === undefined) return success({ preimage: `global:${snakeCase(name)}` });
  const value = fieldOf(discriminant, "value");
  return textOf(discriminant, "type") === "u8" && isByte(value)
    ? success({ hex: hex.encode(Uint8Array.of(value)) })
    : failure("its discriminant is no single byte");
}

interface NamedAccount {
  readonly name: string;
  /** With the names of the groups that it is in. */
  readonly path: string;
}

/** Accounts in the order of the instruction; those in groups where their group stands. Undefined: too many, or too deep. */
function flattenAccounts(items: readonly unknown[], outer: string, depth: number): readonly NamedAccount[] | undefined {
  if (depth > MAX_DEPTH || items.length > MAX_ACCOUNTS) return undefined;
  const flat: NamedAccount[] = [];
  for (const item of items) {
    const name = camelCase(textOf(item, "name") ?? "");
    const path = outer === "" ? name : joinNames(outer, name);
    const isGroup = Array.isArray(fieldOf(item, "accounts"));
    const inner = isGroup ? flattenAccounts(listOf(item, "accounts"), path, depth + 1) : [{ name, path }];
    if (!inner || flat.length + inner.length > MAX_ACCOUNTS) return undefined;
    flat.push(...inner);
  }
  return flat;
}

/** An optional account keeps its place: the program's own address stands there when it is left out. */
function readAccounts(items: readonly unknown[]): Result<IdlAccounts, string> {
  const flat = flattenAccounts(items, "", 0);
  if (!flat) return failure(`it has more than ${MAX_ACCOUNTS} accounts, or groups of them too deep`);
  const isTwice = (name: string): boolean => flat.filter((other) => other.name === name).length > 1;
  const names = flat.map(({ name, path }) => (isTwice(name) ? path : name));
  const unnamed = names.find((name) => !isName(name));
  if (unnamed !== undefined) return failure(`its account ${showName(unnamed)} has no name that a policy can use`);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) return failure(`two of its accounts are called ${double}`);
  return success({ names, moreAccounts: false });
}

function readInstruction(instruction: unknown, types: ReadonlyMap<string, IdlType>): IdlInstruction {
  const name = textOf(instruction, "name") ?? "";
  return {
    name: camelCase(name),
    discriminator: readDiscriminator(instruction, name),
    arguments: flattenFields(readAnchorFields(listOf(instruction, "args")), types),
    accounts: readAccounts(listOf(instruction, "accounts")),
  };
}

/** An Anchor IDL, of whichever version. */
export function readAnchor(idl: JsonObject): IdlProgram {
  const metadata = fieldOf(idl, "metadata");
  const types = readAnchorTypes(listOf(idl, "types"));
  return {
    address: textOf(idl, "address") ?? textOf(metadata, "address"),
    name: textOf(idl, "name") ?? textOf(metadata, "name") ?? "",
    instructions: listOf(idl, "instructions").map((instruction) => readInstruction(instruction, types)),
  };
}
