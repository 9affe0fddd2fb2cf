import { concatBytes, equalBytes } from "../../../../domain/bytes.ts";
import { type Refusal, refuse } from "../../../../domain/refusal.ts";
import { failure, type Result, success } from "../../../../domain/result.ts";
import { encodeAddress } from "../address.ts";
import { decodeMsgpackMaps, encodeMsgpack, type MsgpackMap, type ReadMap } from "../msgpack.ts";
import type { DecodedGroup, GroupEntry } from "./decoded-group.ts";
import { createFields, Malformed, readTransactionFields } from "./read-fields.ts";
import { groupIdOf, transactionIdOf } from "./transaction-id.ts";

/** Source: go-algorand, MaxTxGroupSize. */
const MAX_GROUP_SIZE = 16;
/** As much as a request's body can hold. */
const MAX_WIRE_BYTES = 49_152;
const SIGNATURE_BYTES = 64;
/** What the place of a signature may hold that is not one key's. */
export const OTHER_SIGNATURES = ["msig", "lsig", "pqsig"] as const;

type Signed = Pick<GroupEntry, "kind" | "signature" | "authAddress"> & { readonly fields: MsgpackMap };

/** A transaction by itself, or with what has been signed of it. @throws Malformed */
function readSigned(value: MsgpackMap): Signed {
  if ("type" in value) return { kind: "unsigned", signature: undefined, authAddress: undefined, fields: value };
  const fields = createFields(value);
  const transaction = fields.takeMap("txn");
  if (!transaction) throw new Malformed("it is no transaction");
  const signature = fields.takeBytes("sig");
  if (signature && signature.length !== SIGNATURE_BYTES) throw new Malformed("its signature has not 64 bytes");
  const others = OTHER_SIGNATURES.filter((name) => fields.takeMap(name) !== undefined);
  const kinds = [...(signature ? (["sig"] as const) : []), ...others];
  if (kinds.length > 1) throw new Malformed("it is signed in more than one way");
  const [kind = "unsigned"] = kinds;
  const authAddress = kind === "unsigned" ? undefined : fields.takeKey("sgnr");
  fields.finish();
  return { kind, signature, authAddress: authAddress && encodeAddress(authAddress), fields: transaction };
}

interface ReadEntry {
  readonly entry: GroupEntry;
  readonly group: Uint8Array | undefined;
}

/** @throws Malformed */
function readEntry({ value, bytes: wire }: ReadMap): ReadEntry {
  const signed = readSigned(value);
  const bytes = signed.fields === value ? wire : encodeMsgpack(signed.fields);
  const { transaction, group } = readTransactionFields(signed.fields);
  if (signed.authAddress === transaction.sender) throw new Malformed("its sgnr is its sender, and would be left out");
  return { entry: { ...signed, wire, bytes, id: transactionIdOf(bytes), transaction }, group };
}

const malformed = (detail: string): Result<never, Refusal> => failure(refuse("transaction.malformed", detail));

/** Transactions one behind the other, whatever group they say they are of. */
function readEntries(wire: Uint8Array): Result<readonly ReadEntry[], Refusal> {
  if (wire.length > MAX_WIRE_BYTES) {
    const detail = `The transactions have ${wire.length} bytes; at most ${MAX_WIRE_BYTES} are taken.`;
    return failure(refuse("transaction.too_large", detail));
  }
  const maps = decodeMsgpackMaps(wire);
  if (!maps.ok) return malformed(`A transaction cannot be read: ${maps.reason}.`);
  if (maps.value.length > MAX_GROUP_SIZE) {
    const detail = `There are ${maps.value.length} transactions; a group has at most ${MAX_GROUP_SIZE}.`;
    return failure(refuse("transaction.too_large", detail));
  }
  const entries: ReadEntry[] = [];
  for (const [index, map] of maps.value.entries()) {
    try {
      entries.push(readEntry(map));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return malformed(`Transaction ${index + 1} cannot be read: ${error.message}.`);
    }
  }
  return success(entries);
}

/**
 * Reads the transactions of a group, one behind the other, signed or not. Total: whatever the bytes are, it answers.
 * Reasons: `transaction.too_large`, `.malformed`. Source: Algorand developer documentation, transactions and atomic groups.
 */
export function decodeGroup(wire: Uint8Array): Result<DecodedGroup, Refusal> {
  const read = readEntries(wire);
  if (!read.ok) return read;
  const entries = read.value.map(({ entry }) => entry);
  if (entries.length === 0) return malformed("There is no transaction.");
  const groupId = groupIdOf(entries.map(({ fields }) => fields));
  const stray = read.value.findIndex(({ group }) => !group || !equalBytes(group, groupId));
  if (stray >= 0) {
    const isNone = read.value[stray]?.group === undefined;
    return malformed(
      `Transaction ${stray + 1} is ${isNone ? "of no group" : "of another group than these transactions make"}: prepare and sign them together.`,
    );
  }
  return success({ groupId, entries });
}

/** What a user wants to do, to be put into a group: each part one unsigned transaction. Reasons: as of `decodeGroup`. */
export function readUserTransactions(parts: readonly Uint8Array[]): Result<readonly GroupEntry[], Refusal> {
  const entries: GroupEntry[] = [];
  for (const [index, part] of parts.entries()) {
    const read = readEntries(part);
    if (!read.ok) return read;
    const [first, ...others] = read.value;
    if (!first || others.length > 0) return malformed(`Part ${index + 1} is not one transaction.`);
    if (first.entry.kind !== "unsigned") {
      return malformed(`Transaction ${index + 1} is signed already: it changes when its group is made.`);
    }
    entries.push(first.entry);
  }
  if (entries.length === 0) return malformed("There is no transaction.");
  if (entries.length < MAX_GROUP_SIZE) return success(entries);
  const detail = `There are ${entries.length} transactions; beside the sponsor's a group has room for ${MAX_GROUP_SIZE - 1}.`;
  return failure(refuse("transaction.too_large", detail));
}

/** The group with the sponsor's signature in its first transaction: what a node is sent. */
export function attachSponsorSignature({ entries }: DecodedGroup, signature: Uint8Array): Uint8Array {
  const [sponsored, ...others] = entries;
  if (!sponsored) return new Uint8Array();
  return concatBytes(encodeMsgpack({ sig: signature, txn: sponsored.fields }), ...others.map(({ wire }) => wire));
}
