import { encodeAddress } from "../address.ts";
import { isMap, type MsgpackValue } from "../msgpack.ts";
import { addressesOf, likelyAddresses } from "../policy/abi-addresses.ts";
import { selectorOf, typeAt } from "../policy/abi.ts";
import { allowedKey, type CompiledAlgorandPolicy } from "../policy/compile.ts";
import type { ApplicationCall, DecodedGroup, GroupEntry } from "./decoded-group.ts";

const KEY_BYTES = 32;
/** 32 bytes in these are no key; the arguments of a call are read by their types. */
const NO_KEYS = new Set(["gh", "grp", "lx", "note", "apaa"]);
/** Of kinds that are never sponsored, whose fields nobody has bounded. */
const MAX_OTHER_KEYS = 16;

function keysIn(value: MsgpackValue): readonly string[] {
  if (value instanceof Uint8Array) return value.length === KEY_BYTES ? [encodeAddress(value)] : [];
  if (isMap(value)) return Object.entries(value).flatMap(([name, member]) => (NO_KEYS.has(name) ? [] : keysIn(member)));
  return Array.isArray(value) ? (value as readonly MsgpackValue[]).flatMap(keysIn) : [];
}

/** As the method's signature says, where the policy has it; else wherever an address usually stands. */
function keysOfArguments(call: ApplicationCall, { allowed }: CompiledAlgorandPolicy): readonly string[] {
  const entries = allowed.get(allowedKey("application-call", call.application)) ?? [];
  const methods = entries.flatMap(({ methods }) => methods.get(selectorOf(call) ?? "") ?? []);
  const types = methods.find((method) => method.types !== undefined)?.types;
  return call.arguments.flatMap((bytes, place) => {
    const type = types && typeAt(place, types);
    return type === undefined ? likelyAddresses(bytes) : addressesOf(type, bytes);
  });
}

function keysOfEntry(
  { fields, authAddress, transaction }: GroupEntry,
  policy: CompiledAlgorandPolicy,
): readonly string[] {
  const named = transaction.type === "other" ? keysIn(fields).slice(0, MAX_OTHER_KEYS) : keysIn(fields);
  const inCall = transaction.type === "appl" ? keysOfArguments(transaction, policy) : [];
  return [...named, ...inCall, ...(authAddress === undefined ? [] : [authAddress])];
}

/** Every address that a group names: whoever sends, receives, signs or is among the arguments of a call. */
export function keysOfGroup({ entries }: DecodedGroup, policy: CompiledAlgorandPolicy): readonly string[] {
  return [...new Set(entries.flatMap((entry) => keysOfEntry(entry, policy)))];
}
