import { base58 } from "@scure/base";
import type { SolanaPolicy } from "../../contract/policy.ts";
import { KNOWN_PROGRAMS } from "../policy/programs/known-programs.ts";
import { failure, type Result, success } from "../result.ts";
import { readAnchor } from "./anchor.ts";
import { readCodama } from "./codama.ts";
import type { IdlFault, IdlInstruction, IdlProgram } from "./idl-program.ts";
import { fieldOf, type JsonObject, listOf, textOf } from "./json.ts";
import { isName, showName } from "./names.ts";

type OwnProgram = NonNullable<SolanaPolicy["programs"]>[number];
type OwnInstruction = OwnProgram["instructions"][number];

/** More than any program has: what is larger is not looked at. */
const MAX_INSTRUCTIONS = 500;
const MAX_TYPES = 2_000;
/** As many as a policy takes of one program. */
const MAX_TAKEN = 100;

/** A program that has been read, but for the digests that its instructions are told by. */
export interface IdlDraft extends IdlProgram {
  readonly address: string;
  /** Where in the request its instructions stand. */
  readonly pointer: string;
}

export interface IdlReading {
  readonly program: OwnProgram;
  /** Instructions that no policy can decide about, and why: they stay refused. */
  readonly skipped: readonly { readonly instruction: string; readonly reason: string }[];
}

function isAddress(text: string): boolean {
  try {
    return text.length <= 44 && base58.decode(text).length === 32;
  } catch {
    return false;
  }
}

function findAddressFault(named: string | undefined, given: string | undefined): IdlFault | undefined {
  const pointer = given === undefined ? "/idl" : "/programAddress";
  const address = given ?? named;
  if (address === undefined) return { pointer: "/programAddress", detail: "is required: the IDL does not name it" };
  if (!isAddress(address)) return { pointer, detail: "is no address of a Solana program" };
  if (given !== undefined && named !== undefined && given !== named) {
    return { pointer, detail: "is not the address that the IDL names" };
  }
  const known = KNOWN_PROGRAMS.get(address);
  return known && { pointer, detail: `is ${known.name}, which is built in: its instructions are known already` };
}

/** Reads an IDL as far as that goes without a digest. Reasons: what about it cannot be read at all. */
export function draftProgram(
  idl: JsonObject,
  programAddress: string | undefined,
): Result<IdlDraft, readonly IdlFault[]> {
  const isCodama = textOf(idl, "kind") === "rootNode";
  const [root, pointer] = isCodama ? [fieldOf(idl, "program"), "/idl/program"] : [idl, "/idl"];
  const instructions = listOf(root, "instructions").length;
  const types = listOf(root, isCodama ? "definedTypes" : "types").length;
  const fault = (path: string, detail: string) => failure([{ pointer: `${pointer}/${path}`, detail }]);
  if (instructions === 0) return fault("instructions", "are missing: this is neither an Anchor IDL nor a Codama root");
  if (instructions > MAX_INSTRUCTIONS) return fault("instructions", `are more than ${MAX_INSTRUCTIONS}`);
  if (types > MAX_TYPES) return fault(isCodama ? "definedTypes" : "types", `are more than ${MAX_TYPES}`);
  const program = isCodama ? readCodama(idl) : readAnchor(idl);
  const addressFault = findAddressFault(program.address, programAddress);
  const address = programAddress ?? program.address;
  return addressFault || address === undefined
    ? failure(addressFault ? [addressFault] : [])
    : success({ ...program, address, pointer: `${pointer}/instructions` });
}

/** What has to be digested before the program is whole. */
export const preimagesOf = ({ instructions }: IdlProgram): readonly string[] =>
  instructions.flatMap(({ discriminator }) =>
    discriminator.ok && "preimage" in discriminator.value ? [discriminator.value.preimage] : [],
  );

type Told = IdlInstruction & { readonly discriminatorHex: string | undefined };

/** Why an instruction cannot be taken, or what it is in a policy. Those that are left out count too: the program has them. */
function takeInstruction(own: Told, all: readonly Told[]): Result<OwnInstruction, string> {
  const { name, discriminator, discriminatorHex, accounts, arguments: values } = own;
  if (!isName(name)) return failure("it has no name that a policy can use");
  if (!discriminator.ok) return discriminator;
  if (discriminatorHex === undefined) return failure("what it is told by is not known");
  if (all.some((other) => other !== own && other.name === name))
    return failure("another instruction has the same name");
  const other = all.find(
    ({ discriminatorHex: bytes }, index) =>
      all[index] !== own &&
      bytes !== undefined &&
      (bytes.startsWith(discriminatorHex) || discriminatorHex.startsWith(bytes)),
  );
  if (other) return failure(`it cannot be told from ${showName(other.name)} by its first bytes`);
  if (!values.ok) return values;
  if (!accounts.ok) return accounts;
  const { names, moreAccounts } = accounts.value;
  return success({
    name,
    discriminator: discriminatorHex,
    arguments: [...values.value] as OwnInstruction["arguments"],
    accounts: [...names],
    ...(moreAccounts && { moreAccounts }),
  });
}

/** The program of a policy. `digests`: SHA-256 in hex, by what was digested. Reasons: nothing of it can be taken. */
export function completeProgram(
  { address, name, instructions, pointer }: IdlDraft,
  digests: ReadonlyMap<string, string>,
): Result<IdlReading, readonly IdlFault[]> {
  const all = instructions.map((instruction): Told => {
    const found = instruction.discriminator.ok ? instruction.discriminator.value : undefined;
    const digest = found && "preimage" in found ? digests.get(found.preimage)?.slice(0, 16) : found?.hex;
    return { ...instruction, discriminatorHex: digest };
  });
  const readings = all.map((own) => ({ own, taken: takeInstruction(own, all) }));
  const taken = readings.flatMap(({ taken: reading }) => (reading.ok ? [reading.value] : []));
  const skipped = readings.flatMap(({ own, taken: reading }) =>
    reading.ok ? [] : [{ instruction: showName(own.name), reason: reading.reason }],
  );
  const excess = taken.slice(MAX_TAKEN).map((instruction) => ({
    instruction: instruction.name,
    reason: `a policy takes at most ${MAX_TAKEN} instructions of a program`,
  }));
  if (taken.length === 0) {
    return failure(
      skipped.slice(0, MAX_TAKEN).map(({ instruction, reason }, index) => ({
        pointer: `${pointer}/${index}`,
        detail: `${instruction}: ${reason}`,
      })),
    );
  }
  const program = { address, name: showName(name) || "Program", instructions: taken.slice(0, MAX_TAKEN) };
  return success({ program, skipped: [...skipped, ...excess] });
}
