import { concatBytes } from "../../../../domain/bytes.ts";
import { encodeBase32 } from "../base32.ts";
import { encodeMsgpack, type MsgpackMap, type MsgpackValue } from "../msgpack.ts";
import { sha512_256 } from "../sha512-256.ts";

const tag = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What the key of a transaction's sender signs: its bytes behind a tag that nothing else begins with. */
export function signedBytesOf(transaction: Uint8Array): Uint8Array<ArrayBuffer> {
  return concatBytes(tag("TX"), transaction);
}

const hashOf = (transaction: Uint8Array): Uint8Array => sha512_256(signedBytesOf(transaction));

/** 52 characters of base32. */
export function transactionIdOf(transaction: Uint8Array): string {
  return encodeBase32(hashOf(transaction));
}

export function withoutGroup({ grp: _group, ...fields }: MsgpackMap): MsgpackMap {
  return fields;
}

/** Over what the transactions would be without a group, in their order. Source: Algorand developer documentation, atomic groups. */
export function groupIdOf(transactions: readonly MsgpackMap[]): Uint8Array {
  const txlist: MsgpackValue = transactions.map((fields) => hashOf(encodeMsgpack(withoutGroup(fields))));
  return sha512_256(concatBytes(tag("TG"), encodeMsgpack({ txlist })));
}
