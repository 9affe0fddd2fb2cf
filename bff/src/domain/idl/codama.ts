import { hex } from "@scure/base";
import { concatBytes } from "../bytes.ts";
import { failure, type Result, success } from "../result.ts";
import { encodeConstant } from "./codama-constants.ts";
import { readCodamaFields, readCodamaTypes } from "./codama-types.ts";
import { flattenFields } from "./flatten-fields.ts";
import type { Discriminator, IdlAccounts, IdlInstruction, IdlProgram, IdlType } from "./idl-program.ts";
import { fieldOf, type JsonObject, listOf, textOf } from "./json.ts";
import { camelCase, isName, showName } from "./names.ts";

const MAX_ACCOUNTS = 64;
const MAX_DISCRIMINATOR_BYTES = 32;

interface Constants {
  /** How many arguments they are, from the first. */
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Where each of them begins. */
  readonly offsets: ReadonlyMap<string, number>;
}

/** The arguments with which the data begins and that nobody chooses: they are what an instruction is told by. */
function leadingConstants(items: readonly unknown[]): Constants {
  const parts: Uint8Array[] = [];
  const offsets = new Map<string, number>();
  let length = 0;
  for (const item of items) {
    const isOmitted = textOf(item, "defaultValueStrategy") === "omitted";
    const bytes = isOmitted ? encodeConstant(fieldOf(item, "type"), fieldOf(item, "defaultValue")) : undefined;
    if (!bytes || length + bytes.length > MAX_DISCRIMINATOR_BYTES) break;
    offsets.set(textOf(item, "name") ?? "", length);
    parts.push(bytes);
    length += bytes.length;
  }
  return { count: parts.length, bytes: concatBytes(...parts), offsets };
}

/** Whether what the IDL says of how the instruction is told is what its arguments say. */
function isTold(node: unknown, { bytes, offsets }: Constants): boolean {
  const offset = fieldOf(node, "offset");
  switch (textOf(node, "kind") ?? "") {
    case "fieldDiscriminatorNode":
      return offset === offsets.get(textOf(node, "name") ?? "");
    case "constantDiscriminatorNode": {
      const constant = fieldOf(node, "constant");
      const wanted = encodeConstant(fieldOf(constant, "type"), fieldOf(constant, "value"));
      if (!wanted || typeof offset !== "number") return false;
      const own = bytes.subarray(offset, offset + wanted.length);
      return own.length === wanted.length && own.every((byte, index) => byte === wanted[index]);
    }
    case "sizeDiscriminatorNode":
      // Data is read to its last byte anyway.
      return true;
    default:
      return false;
  }
}

function readDiscriminator(instruction: unknown, constants: Constants): Result<Discriminator, string> {
  const isKnown = listOf(instruction, "discriminators").every((node) => isTold(node, constants));
  if (!isKnown || constants.bytes.length === 0) {
    return failure("what it is told by does not stand at the beginning of its data");
  }
  return success({ hex: hex.encode(constants.bytes) });
}

/** An optional account keeps its place, or is left out with all behind it: then only those before it have a name. */
function readAccounts(instruction: unknown): Result<IdlAccounts, string> {
  const items = listOf(instruction, "accounts");
  if (items.length > MAX_ACCOUNTS) return failure(`it has more than ${MAX_ACCOUNTS} accounts`);
  const isOmitting = textOf(instruction, "optionalAccountStrategy") === "omitted";
  const firstOptional = isOmitting ? items.findIndex((item) => fieldOf(item, "isOptional") === true) : -1;
  const fixed = firstOptional < 0 ? items : items.slice(0, firstOptional);
  const names = fixed.map((item) => camelCase(textOf(item, "name") ?? ""));
  const unnamed = names.find((name) => !isName(name));
  if (unnamed !== undefined) return failure(`its account ${showName(unnamed)} has no name that a policy can use`);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) return failure(`two of its accounts are called ${double}`);
  const moreAccounts = firstOptional >= 0 || listOf(instruction, "remainingAccounts").length > 0;
  return success({ names, moreAccounts });
}

function readInstruction(instruction: unknown, types: ReadonlyMap<string, IdlType>): IdlInstruction {
  const items = listOf(instruction, "arguments");
  const constants = leadingConstants(items);
  return {
    name: camelCase(textOf(instruction, "name") ?? ""),
    discriminator: readDiscriminator(instruction, constants),
    arguments: flattenFields(readCodamaFields(items.slice(constants.count)), types),
    accounts: readAccounts(instruction),
  };
}

/** The program of a Codama root; those beside it are others'. */
export function readCodama(idl: JsonObject): IdlProgram {
  const program = fieldOf(idl, "program");
  const types = readCodamaTypes(listOf(program, "definedTypes"));
  return {
    address: textOf(program, "publicKey"),
    name: textOf(program, "name") ?? "",
    instructions: listOf(program, "instructions").map((instruction) => readInstruction(instruction, types)),
  };
}
