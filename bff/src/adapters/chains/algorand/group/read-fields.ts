import { base64 } from "@scure/base";
import { isZero } from "../../../../domain/bytes.ts";
import { encodeAddress, ZERO_ADDRESS } from "../address.ts";
import { isMap, type MsgpackMap, type MsgpackValue } from "../msgpack.ts";
import {
  type ApplicationCall,
  type AssetTransfer,
  ON_COMPLETE,
  type Payment,
  type Transaction,
} from "./decoded-group.ts";

/** What stops a read; only `decode-group.ts` and its like see it. */
export class Malformed extends Error {}

const KEY_BYTES = 32;
/** What the chain takes of each, so that nothing longer is looked at or kept. Source: go-algorand, consensus parameters v41. */
const MAX_NOTE_BYTES = 1_024;
const MAX_GENESIS_ID = 32;
const MAX_TYPE = 8;
const MAX_ARGUMENTS = 16;
const MAX_ARGUMENT_BYTES = 2_048;
const MAX_REFERENCES = 8;
const MAX_ACCESS = 16;

const isList = (value: MsgpackValue | undefined): value is readonly MsgpackValue[] => Array.isArray(value);

function asInteger(value: MsgpackValue): bigint {
  if (typeof value !== "bigint") throw new Malformed("a number in it is none");
  return value;
}

function asBytes(value: MsgpackValue): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Malformed("bytes in it are none");
  return value;
}

function asKey(value: MsgpackValue): Uint8Array {
  const bytes = asBytes(value);
  if (bytes.length !== KEY_BYTES) throw new Malformed(`a key or hash in it has not ${KEY_BYTES} bytes`);
  return bytes;
}

const asAddress = (value: MsgpackValue): string => encodeAddress(asKey(value));

/** What is zero is left out of a map; the members of a list are written as they are. */
function isEmpty(value: MsgpackValue): boolean {
  if (isMap(value)) return Object.keys(value).length === 0;
  if (typeof value === "object") return value.length === 0;
  return value === 0n || value === "" || value === false;
}

/** Takes fields out of a map by name; at the end nothing may be left over. */
export function createFields(map: MsgpackMap) {
  const left = new Map(Object.entries(map));
  const take = <Value>(name: string, read: (value: MsgpackValue) => Value): Value | undefined => {
    const value = left.get(name);
    if (value === undefined) return undefined;
    if (isEmpty(value)) throw new Malformed(`its ${name} is empty, and would be left out in canonical msgpack`);
    left.delete(name);
    return read(value);
  };
  const takeKey = (name: string): Uint8Array | undefined =>
    take(name, (value) => {
      const key = asKey(value);
      if (isZero(key)) throw new Malformed(`its ${name} is zero, and would be left out in canonical msgpack`);
      return key;
    });
  return {
    takeInteger: (name: string): bigint => take(name, asInteger) ?? 0n,
    takeBytes: (name: string): Uint8Array | undefined => take(name, asBytes),
    takeKey,
    takeAddress(name: string): string | undefined {
      const key = takeKey(name);
      return key && encodeAddress(key);
    },
    takeText: (name: string, most: number): string =>
      take(name, (value) => {
        if (typeof value !== "string" || value.length > most)
          throw new Malformed(`its ${name} is no text, or too long`);
        return value;
      }) ?? "",
    takeMap: (name: string): MsgpackMap | undefined =>
      take(name, (value) => {
        if (!isMap(value)) throw new Malformed(`its ${name} is no map`);
        return value;
      }),
    takeList: <Member>(name: string, read: (value: MsgpackValue) => Member, most: number): readonly Member[] =>
      take(name, (value) => {
        if (!isList(value)) throw new Malformed(`its ${name} is no list`);
        if (value.length > most) throw new Malformed(`its ${name} has more than ${most} members`);
        return value.map(read);
      }) ?? [],
    finish(): void {
      const [name] = left.keys();
      if (name !== undefined) throw new Malformed(`it has a field ${name} that its type does not have`);
    },
  };
}

type Fields = ReturnType<typeof createFields>;

/** A map of nothing but these numbers, and bytes where it is of a box. */
function assertNumbers(value: MsgpackValue, names: readonly string[], isBox = false): void {
  if (!isMap(value)) throw new Malformed("a reference in it is no map");
  const fields = createFields(value);
  for (const name of names) fields.takeInteger(name);
  if (isBox) fields.takeBytes("n");
  fields.finish();
}

/** An account, asset or application, or a pair of them, that an application may use. Gives the account, if it is one. */
function readAccess(value: MsgpackValue): string | undefined {
  if (!isMap(value)) throw new Malformed("a reference in it is no map");
  const fields = createFields(value);
  const account = fields.takeAddress("d");
  fields.takeInteger("s");
  fields.takeInteger("p");
  const [holding, locals, box] = [fields.takeMap("h"), fields.takeMap("l"), fields.takeMap("b")];
  if (holding) assertNumbers(holding, ["d", "s"]);
  if (locals) assertNumbers(locals, ["d", "p"]);
  if (box) assertNumbers(box, ["i"], true);
  fields.finish();
  return account;
}

const readPayment = (fields: Fields): Omit<Payment, keyof Header> => ({
  type: "pay",
  receiver: fields.takeAddress("rcv") ?? ZERO_ADDRESS,
  amount: fields.takeInteger("amt"),
  closeRemainderTo: fields.takeAddress("close"),
});

const readAssetTransfer = (fields: Fields): Omit<AssetTransfer, keyof Header> => ({
  type: "axfer",
  asset: fields.takeInteger("xaid"),
  amount: fields.takeInteger("aamt"),
  receiver: fields.takeAddress("arcv") ?? ZERO_ADDRESS,
  clawedFrom: fields.takeAddress("asnd"),
  closeTo: fields.takeAddress("aclose"),
});

function readCallArguments(fields: Fields): readonly Uint8Array[] {
  const given = fields.takeList("apaa", asBytes, MAX_ARGUMENTS);
  const length = given.reduce((sum, argument) => sum + argument.length, 0);
  if (length > MAX_ARGUMENT_BYTES) throw new Malformed(`its arguments have more than ${MAX_ARGUMENT_BYTES} bytes`);
  return given;
}

function readApplicationCall(fields: Fields): Omit<ApplicationCall, keyof Header> {
  const onComplete = ON_COMPLETE[Number(fields.takeInteger("apan"))];
  if (!onComplete) throw new Malformed("its apan is none of the six that there are");
  const accounts = fields.takeList("apat", asAddress, MAX_REFERENCES);
  const access = fields.takeList("al", readAccess, MAX_ACCESS);
  fields.takeList("apbx", (box) => assertNumbers(box, ["i"], true), MAX_REFERENCES);
  fields.takeInteger("aprv");
  const programs = [fields.takeBytes("apap"), fields.takeBytes("apsu")];
  const storage = [fields.takeMap("apls"), fields.takeMap("apgs")];
  for (const schema of storage) if (schema) assertNumbers(schema, ["nui", "nbs"]);
  const extraPages = fields.takeInteger("apep");
  return {
    type: "appl",
    application: fields.takeInteger("apid"),
    onComplete,
    arguments: readCallArguments(fields),
    accounts: [...accounts, ...access.filter((account) => account !== undefined)],
    hasAccessList: access.length > 0,
    applications: fields.takeList("apfa", asInteger, MAX_REFERENCES),
    assets: fields.takeList("apas", asInteger, MAX_REFERENCES),
    hasPrograms: programs.some((program) => program !== undefined),
    hasStorage: extraPages > 0n || storage.some((schema) => schema !== undefined),
  };
}

type Header = Omit<Payment, "type" | "receiver" | "amount" | "closeRemainderTo">;

function readNote(fields: Fields): Uint8Array {
  const note = fields.takeBytes("note") ?? new Uint8Array();
  if (note.length > MAX_NOTE_BYTES) throw new Malformed(`its note has more than ${MAX_NOTE_BYTES} bytes`);
  return note;
}

function readHeader(fields: Fields): Header & { readonly group: Uint8Array | undefined } {
  const genesisHash = fields.takeKey("gh");
  return {
    sender: fields.takeAddress("snd") ?? ZERO_ADDRESS,
    fee: fields.takeInteger("fee"),
    firstValid: fields.takeInteger("fv"),
    lastValid: fields.takeInteger("lv"),
    genesisId: fields.takeText("gen", MAX_GENESIS_ID),
    genesisHash: genesisHash ? base64.encode(genesisHash) : "",
    group: fields.takeKey("grp"),
    note: readNote(fields),
    hasLease: fields.takeKey("lx") !== undefined,
    rekeyTo: fields.takeAddress("rekey"),
  };
}

/** What a transaction says, and the group that it says it is of. @throws Malformed */
export function readTransactionFields(map: MsgpackMap): {
  readonly transaction: Transaction;
  readonly group: Uint8Array | undefined;
} {
  const fields = createFields(map);
  const { group, ...header } = readHeader(fields);
  const name = fields.takeText("type", MAX_TYPE);
  if (name === "") throw new Malformed("it has no type");
  if (name !== "pay" && name !== "axfer" && name !== "appl") {
    return { transaction: { ...header, type: "other", name }, group };
  }
  const body =
    name === "pay" ? readPayment(fields) : name === "axfer" ? readAssetTransfer(fields) : readApplicationCall(fields);
  fields.finish();
  return { transaction: { ...header, ...body }, group };
}
