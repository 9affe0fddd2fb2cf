import {
  computeGroupID,
  decodeSignedTransaction,
  encodeMsgpack,
  msgpackRawDecodeAsMap,
  msgpackRawEncode,
  SignedTransaction,
} from "algosdk";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import smallOrderKeys from "../../bff/test/vectors/ed25519/small_order_pubkeys.json" with { type: "json" };
import golden from "./vectors/golden-transactions.json" with { type: "json" };
import { isSignedBy } from "./ed25519.ts";
import { messageOf, openScene, simulation } from "./test-support.ts";
import { isSignatureValid, readWireTransaction, readWireTransactions } from "./wire-transaction.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));

test.each(golden.evaluated)(
  "the official $name is read, encoded again byte for byte, and its signature verifies",
  (vector) => {
    const bytes = bytesOf(vector.signed);
    const wire = readWireTransaction(bytes);
    expect(Buffer.from(encodeMsgpack(wire.signed)).toString("base64")).toBe(vector.signed);
    expect(wire.id).toBe("id" in vector ? vector.id : wire.transaction.txID());
    expect(isSignatureValid(wire)).toBe(true);
  },
);

test("a signature of an official transaction verifies for no other one", () => {
  const wires = golden.evaluated.map(({ signed }) => readWireTransaction(bytesOf(signed)));
  for (const [index, wire] of wires.entries()) {
    const { sig } = wires[(index + 1) % wires.length]?.signed ?? {};
    const { txn, sgnr } = wire.signed;
    const swapped = new SignedTransaction({
      txn,
      ...(sig === undefined ? {} : { sig }),
      ...(sgnr === undefined ? {} : { sgnr }),
    });
    expect(isSignatureValid(readWireTransaction(encodeMsgpack(swapped)))).toBe(false);
  }
});

test("no changed bit of an official transaction keeps its signature valid", () => {
  fc.assert(
    fc.property(fc.constantFrom(...golden.evaluated), fc.nat(), fc.nat(7), ({ signed }, at, bit) => {
      const bytes = bytesOf(signed);
      const index = at % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      expect(isAccepted(bytes)).toBe(false);
    }),
    { numRuns: 400 },
  );
});

test("the official group is read from one body, and its id is computed anew", () => {
  const group = readWireTransactions(bytesOf(golden.group.transactions));
  const alone = golden.group.alone.map((bytes) => readWireTransaction(bytesOf(bytes)));
  const id = computeGroupID(alone.map(({ transaction }) => transaction));
  expect(group.map(({ transaction }) => transaction.group)).toEqual([id, id]);
});

test("any official transactions laid end to end are read one by one", () => {
  const some = fc.array(fc.constantFrom(...golden.evaluated), { minLength: 1, maxLength: 16 });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 200 }), (vectors, cut) => {
      const parts = vectors.map(({ signed }) => bytesOf(signed));
      const body = Buffer.concat(parts);
      expect(readWireTransactions(body).map(({ bytes }) => Buffer.from(bytes))).toEqual(
        parts.map((part) => Buffer.from(part)),
      );
      expect(() => readWireTransactions(body.subarray(0, body.length - cut))).toThrow();
    }),
    { numRuns: 50 },
  );
});

test("whatever is not canonical msgpack is refused, although algosdk would read it", () => {
  const bytes = bytesOf(golden.evaluated[0]?.signed ?? "");
  const changed = (
    change: (transaction: Map<unknown, unknown>, envelope: Map<unknown, unknown>) => void,
  ): Uint8Array => {
    const envelope = asMap(msgpackRawDecodeAsMap(bytes));
    change(asMap(envelope.get("txn")), envelope);
    return msgpackRawEncode(envelope);
  };
  const unknownField = changed((transaction) => transaction.set("zzz", 1));
  const zeroField = changed((transaction) => transaction.set("apid", 0));
  const foreignField = changed((transaction) => transaction.set("xaid", 7));
  const unknownEnvelope = changed((_transaction, envelope) => envelope.set("zzz", 1));
  // A fixmap of two: its first entry (`sig`) goes behind the second.
  const sigEntry = bytes.subarray(1, 1 + 4 + 2 + 64);
  const otherOrder = Buffer.concat([bytes.subarray(0, 1), bytes.subarray(1 + sigEntry.length), sigEntry]);
  // `amt` 1000 as uint32 instead of uint16.
  const amount = Buffer.from(bytes).indexOf(Buffer.from([0xcd, 0x03, 0xe8]));
  const wideInteger = Buffer.concat([
    bytes.subarray(0, amount),
    Buffer.from([0xce, 0, 0, 0x03, 0xe8]),
    bytes.subarray(amount + 3),
  ]);
  for (const other of [unknownField, zeroField, foreignField, unknownEnvelope, otherOrder, wideInteger]) {
    expect(decodeSignedTransaction(other).txn.txID()).toBe(readWireTransaction(bytes).id);
    expect(() => readWireTransaction(other)).toThrow("not in canonical encoding");
  }
});

test("what is no transaction is refused with 400, and a body of none or of 17 as algod does", async () => {
  await using scene = await openScene();
  const signed = bytesOf(golden.evaluated[0]?.signed ?? "");
  const refuse = async (body: Uint8Array): Promise<string> =>
    await messageOf(scene.algod.sendRawTransaction(body).do());
  expect(await refuse(new Uint8Array())).toBe("empty txgroup");
  expect(await refuse(Buffer.concat(Array.from({ length: 17 }, () => signed)))).toBe("max group size is 16");
  expect(await refuse(Buffer.from("{}"))).toContain("msgpack decode error");
  expect(await refuse(new Uint8Array(10_000).fill(0x91))).toContain("nested too deeply");
  expect(await refuse(Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff))).toContain("unexpected EOF");
});

test.each(golden.notEvaluated)("$kind are refused by name, in a send and in a simulation", async ({ kind, signed }) => {
  await using scene = await openScene();
  const bytes = bytesOf(signed);
  const { id } = readWireTransaction(bytes);
  expect(await scene.refusal(bytes)).toContain(`transaction ${id}: this double does not evaluate ${kind}`);
  const simulated = messageOf(scene.algod.simulateTransactions(simulation([decodeSignedTransaction(bytes)])).do());
  expect(await simulated).toContain(`this double does not evaluate ${kind}`);
});

test("a key of small order signs for nobody, although a signature that needs no key would verify under it", () => {
  // R is the base point and S is one: right wherever the hash times the key is nothing, which it is sooner or later.
  const forged = Buffer.concat([Buffer.from(`58${"66".repeat(31)}`, "hex"), Uint8Array.of(1), new Uint8Array(31)]);
  const messages = Array.from({ length: 64 }, (_, index) => Uint8Array.of(index));
  expect(smallOrderKeys.length).toBeGreaterThan(7);
  for (const key of smallOrderKeys) {
    const isForged = messages.some((message) => isSignedBy(Buffer.from(key, "hex"), message, forged));
    expect(isForged).toBe(false);
  }
});

function isAccepted(bytes: Uint8Array): boolean {
  try {
    return isSignatureValid(readWireTransaction(bytes));
  } catch {
    return false;
  }
}

function asMap(value: unknown): Map<unknown, unknown> {
  if (!(value instanceof Map)) throw new Error("not a map");
  return value;
}
