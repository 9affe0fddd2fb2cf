import { encodeMsgpack, type MsgpackMap, type MsgpackValue } from "../../src/adapters/chains/algorand/msgpack.ts";

/** A member of a map as it is on the wire: its key, and its value. */
type Member = readonly [key: Uint8Array, value: Uint8Array];

const join = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
const write = (value: MsgpackValue): Uint8Array => encodeMsgpack(value);
const membersOf = (map: MsgpackMap): Member[] =>
  Object.keys(map)
    .toSorted()
    .map((key): Member => [write(key), write(map[key] ?? 0n)]);
const writeMembers = (members: readonly Member[], head = [0x80 | members.length]): Uint8Array =>
  join([Uint8Array.from(head), ...members.flat()]);

const bigEndian = (value: bigint, bytes: number): number[] =>
  Array.from({ length: bytes }, (_, index) => Number((value >> BigInt(8 * (bytes - 1 - index))) & 0xffn));
const float = (value: number, bits: 32 | 64): number[] => {
  const view = new DataView(new ArrayBuffer(bits / 8));
  if (bits === 32) view.setFloat32(0, value);
  else view.setFloat64(0, value);
  return [bits === 32 ? 0xca : 0xcb, ...new Uint8Array(view.buffer)];
};

/** The same map, with one value in other bytes. */
const respell =
  (name: string, spell: (value: MsgpackValue) => readonly number[]) =>
  (map: MsgpackMap): Uint8Array =>
    writeMembers(
      membersOf(map).map((member, index) =>
        Object.keys(map).toSorted()[index] === name ? [member[0], Uint8Array.from(spell(map[name] ?? 0n))] : member,
      ),
    );
const asNumber = (value: MsgpackValue): bigint => value as bigint;
const asBytes = (value: MsgpackValue): Uint8Array => value as Uint8Array;
const also = (name: string, value: readonly number[]) => (map: MsgpackMap) =>
  writeMembers(
    [...membersOf(map), [write(name), Uint8Array.from(value)] as const].toSorted(([one], [other]) =>
      Buffer.compare(one, other),
    ),
  );

/** Other bytes that a lenient reader takes for the same payment, or for one that is like it. Of a map with fewer than 16 members. */
export const TRANSACTION_SPELLINGS: readonly (readonly [name: string, spell: (map: MsgpackMap) => Uint8Array])[] = [
  ["its keys the other way round", (map) => writeMembers(membersOf(map).toReversed())],
  [
    "two of its keys exchanged",
    (map) => {
      const [first, second, ...others] = membersOf(map);
      return writeMembers([second, first, ...others].filter((member) => member !== undefined));
    },
  ],
  ["a key twice, with one value", (map) => also("amt", [...write(map["amt"] ?? 0n)])(map)],
  ["a key twice, with another value", also("amt", [7])],
  ["a receiver twice, the second of which is somebody else", also("rcv", [0xc4, 32, ...new Uint8Array(32).fill(9)])],
  ["an amount in nine bytes", respell("amt", (value) => [0xcf, ...bigEndian(asNumber(value), 8)])],
  ["a round in five bytes", respell("fv", (value) => [0xce, ...bigEndian(asNumber(value), 4)])],
  ["an amount in two bytes", respell("amt", (value) => [0xcc, ...bigEndian(asNumber(value), 1)])],
  ["an amount as a float", respell("amt", (value) => float(Number(value), 64))],
  ["an amount as a short float", respell("amt", (value) => float(Number(value), 32))],
  ["an amount that is not a number", respell("amt", () => float(Number.NaN, 64))],
  ["an amount with a sign", respell("amt", (value) => [0xd0, ...bigEndian(asNumber(value), 1)])],
  ["an amount with a sign in nine bytes", respell("amt", (value) => [0xd3, ...bigEndian(asNumber(value), 8)])],
  ["an amount below zero", respell("amt", () => [0xff])],
  ["an amount that is nil", respell("amt", () => [0xc0])],
  ["an amount as text", respell("amt", () => [...write("5")])],
  ["an amount that is true", respell("amt", () => [0xc3])],
  ["an amount in a list", respell("amt", () => [0x91, 5])],
  ["a fee of zero, written out", also("fee", [0])],
  ["an absent lease, written out", also("lx", [0xc4, 32, ...new Uint8Array(32)])],
  ["an absent account to close to, written out", also("close", [0xc4, 32, ...new Uint8Array(32)])],
  ["an empty note", also("note", [0xc4, 0])],
  ["a note as text", also("note", [0xa1, 0x61])],
  ["a note of more than a kilobyte", also("note", [0xc5, 4, 1, ...new Uint8Array(1_025).fill(1)])],
  ["a sender as text", respell("snd", (value) => [0xd9, 32, ...asBytes(value)])],
  ["a sender with a longer head", respell("snd", (value) => [0xc5, 0, 32, ...asBytes(value)])],
  ["a sender with a byte too few", respell("snd", (value) => [0xc4, 31, ...asBytes(value).subarray(1)])],
  ["a sender with a byte too many", respell("snd", (value) => [0xc4, 33, ...asBytes(value), 0])],
  ["a sender as an address in text", respell("snd", () => [0xd9, 58, ...Buffer.from("A".repeat(58))])],
  ["a type as bytes", respell("type", () => [0xc4, 3, ...Buffer.from("pay")])],
  ["a type with a longer head", respell("type", () => [0xd9, 3, ...Buffer.from("pay")])],
  ["a type with capitals", respell("type", () => [...write("Pay")])],
  ["a type with a zero behind it", respell("type", () => [...write("pay\0")])],
  ["a field that nobody knows", also("zzz", [1])],
  ["a field of another kind of transaction", also("xaid", [1])],
  [
    "a field whose name is bytes",
    (map) => writeMembers([...membersOf(map), [Uint8Array.of(0xc4, 1, 0x7a), write(1n)]]),
  ],
  ["a field whose name is a number", (map) => writeMembers([...membersOf(map), [write(7n), write(1n)]])],
  ["a field whose name is __proto__", also("__proto__", [0x80])],
  ["a field of a kind that only extensions have", also("zzz", [0xd4, 1, 1])],
  ["a longer head", (map) => writeMembers(membersOf(map), [0xde, 0, Object.keys(map).length])],
  ["the longest head", (map) => writeMembers(membersOf(map), [0xdf, 0, 0, 0, Object.keys(map).length])],
];

/** The bytes of a group's signed transaction in other envelopes: what is signed stays right. */
export const ENVELOPES: readonly (readonly [name: string, wrap: (txn: MsgpackMap, sig: Uint8Array) => Uint8Array])[] = [
  ["its transaction before its signature", (txn, sig) => writeMembers(membersOf({ sig, txn }).toReversed())],
  ["its signature twice", (txn, sig) => writeMembers([...membersOf({ sig }), ...membersOf({ sig, txn })])],
  ["its signature as text", (txn, sig) => respell("sig", (value) => [0xd9, 64, ...asBytes(value)])({ sig, txn })],
  ["its signature as a list", (txn, sig) => write({ sig: [...sig].map(BigInt), txn })],
  ["a signature of 63 bytes", (txn, sig) => write({ sig: sig.subarray(1), txn })],
  ["a signature of 65 bytes", (txn, sig) => write({ sig: Uint8Array.from([...sig, 0]), txn })],
  ["an empty signature", (txn) => write({ sig: new Uint8Array(), txn })],
  ["a field that nobody knows", (txn, sig) => write({ sig, txn, zzz: 1n })],
  ["its auth address zero", (txn, sig) => write({ sgnr: new Uint8Array(32), sig, txn })],
  ["its auth address too short", (txn, sig) => write({ sgnr: new Uint8Array(31).fill(1), sig, txn })],
  ["an auth address without a signature", (txn) => write({ sgnr: new Uint8Array(32).fill(1), txn })],
  ["a signature and a multisig", (txn, sig) => write({ msig: { v: 1n }, sig, txn })],
  ["a signature and a program", (txn, sig) => write({ lsig: { l: Uint8Array.of(1) }, sig, txn })],
  ["an envelope in an envelope", (txn, sig) => write({ sig, txn: { sig, txn } })],
  ["a longer head", (txn, sig) => writeMembers(membersOf({ sig, txn }), [0xde, 0, 2])],
  ["a byte behind it", (txn, sig) => join([write({ sig, txn }), Uint8Array.of(0)])],
  ["a nil behind it", (txn, sig) => join([write({ sig, txn }), Uint8Array.of(0xc0)])],
  ["an empty map behind it", (txn, sig) => join([write({ sig, txn }), Uint8Array.of(0x80)])],
  ["itself behind it", (txn, sig) => join([write({ sig, txn }), write({ sig, txn })])],
  ["its last byte cut off", (txn, sig) => write({ sig, txn }).subarray(0, -1)],
];

const repeat = (count: number, ...bytes: number[]): Uint8Array =>
  Uint8Array.from({ length: count * bytes.length }, (_, index) => bytes[index % bytes.length] ?? 0);

/** Bytes that are no transaction, and cost who believes their heads. */
export const BOMBS: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  ["nil", Uint8Array.of(0xc0)],
  ["a number", Uint8Array.of(7)],
  ["a text", write("pay")],
  ["an empty map", Uint8Array.of(0x80)],
  ["an empty list", Uint8Array.of(0x90)],
  ["a byte that msgpack never uses", Uint8Array.of(0xc1)],
  ["zeroes", new Uint8Array(1_000)],
  ["a map of a million fields", Uint8Array.of(0xdf, 0x00, 0x0f, 0x42, 0x40)],
  ["a map of four billion fields", Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff)],
  ["a list of four billion members", Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)],
  ["four billion bytes", Uint8Array.of(0xc6, 0xff, 0xff, 0xff, 0xff)],
  ["a text of four billion bytes", Uint8Array.of(0xdb, 0xff, 0xff, 0xff, 0xff)],
  ["a map that says more fields than it has", Uint8Array.of(0x82, 0xa1, 0x61, 1)],
  ["maps in maps, ten thousand deep", repeat(10_000, 0x81, 0xa1, 0x61)],
  ["lists in lists, forty thousand deep", repeat(40_000, 0x91)],
  ["maps as keys of maps", repeat(10_000, 0x81)],
  ["forty thousand empty maps", repeat(40_000, 0x80)],
  [
    "a transaction whose field is lists in lists",
    join([Uint8Array.of(0x82, 0xa4), Buffer.from("type"), write("pay"), write("zzz"), repeat(20_000, 0x91)]),
  ],
  ["JSON", Buffer.from('{"type":"pay"}')],
];
