import { ABIType } from "algosdk";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { encodeAddress } from "../address.ts";
import { addressesOf, likelyAddresses } from "./abi-addresses.ts";

/** A type, a value of it, and the addresses in that. */
interface Drawn {
  readonly type: string;
  readonly value: unknown;
  readonly addresses: readonly string[];
}

const plain: fc.Arbitrary<Drawn> = fc.oneof(
  fc.constantFrom("uint8", "uint64", "uint512", "byte").map((type) => ({ type, value: 1n, addresses: [] })),
  fc.boolean().map((value) => ({ type: "bool", value, addresses: [] })),
  fc.string({ maxLength: 40 }).map((value) => ({ type: "string", value, addresses: [] })),
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((value) => ({
    type: "address",
    value,
    addresses: [encodeAddress(value)],
  })),
);
const tupleOf = (member: fc.Arbitrary<Drawn>): fc.Arbitrary<Drawn> =>
  fc.array(member, { minLength: 1, maxLength: 12 }).map((members) => ({
    type: `(${members.map(({ type }) => type).join(",")})`,
    value: members.map(({ value }) => value),
    addresses: members.flatMap(({ addresses }) => addresses),
  }));
const listOf = (member: fc.Arbitrary<Drawn>): fc.Arbitrary<Drawn> =>
  fc
    .tuple(member, fc.integer({ min: 0, max: 20 }), fc.boolean())
    .map(([{ type, value, addresses }, length, isFixed]) => ({
      type: isFixed && length > 0 ? `${type}[${length}]` : `${type}[]`,
      value: Array.from({ length }, () => value),
      addresses: Array.from({ length }, () => addresses).flat(),
    }));
const drawn = fc.oneof(
  plain,
  tupleOf(plain),
  listOf(plain),
  listOf(tupleOf(plain)),
  tupleOf(fc.oneof(plain, listOf(plain))),
);

test("every address in what algosdk encodes is found, in its order, whatever the type is made of", () => {
  fc.assert(
    fc.property(drawn, ({ type, value, addresses }) => {
      const bytes = ABIType.from(type).encode(value as Parameters<ABIType["encode"]>[0]);
      expect(addressesOf(type, bytes)).toEqual(addresses);
    }),
    { numRuns: 500 },
  );
});

test("bytes that are not of their type end the search, and never it", () => {
  fc.assert(
    fc.property(drawn, fc.uint8Array({ maxLength: 300 }), ({ type }, bytes) => {
      expect(addressesOf(type, bytes).length).toBeLessThanOrEqual(400);
      expect(likelyAddresses(bytes).length).toBeLessThanOrEqual(20);
    }),
  );
});
