import { AccountRole, type Instruction, type V1TransactionConfig } from "@solana/kit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeAsKit } from "../../../../test/support/kit-decoder.ts";
import {
  addressOf,
  compileWire,
  compileWireV1,
  composeWire,
  composeWireV1,
  keyOf,
} from "../../../../test/support/wire.ts";
import type { DecodedTransaction } from "../../../domain/policy/decoded-transaction.ts";
import { attachFeePayerSignature, decodeTransaction } from "./decode.ts";

const codeOf = (wire: Uint8Array): string => {
  const decoded = decodeTransaction(wire);
  return decoded.ok ? "decoded" : decoded.reason.code;
};

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** With bytes as text, which is compared a hundred times faster. */
const inWords = ({ signatures, instructions, ...fields }: Omit<DecodedTransaction, "message">) => ({
  ...fields,
  signatures: signatures.map(hexOf),
  instructions: instructions.map(({ data, ...instruction }) => ({ ...instruction, data: hexOf(data) })),
});

/** What our decoder says, when it says anything, is what kit says, and no byte of it is lost. */
function expectFaithful(wire: Uint8Array): void {
  const decoded = decodeTransaction(wire);
  if (!decoded.ok) return;
  const { message: _message, ...fields } = decoded.value;
  const kit = decodeAsKit(wire);
  expect(inWords(fields)).toEqual(inWords(kit.fields));
  expect(hexOf(kit.encodedAgain)).toBe(hexOf(wire));
  const signedAsBefore = attachFeePayerSignature(decoded.value, decoded.value.signatures[0] ?? new Uint8Array());
  expect(hexOf(signedAsBefore)).toBe(hexOf(wire));
}

const role = fc.constantFrom(
  AccountRole.READONLY,
  AccountRole.WRITABLE,
  AccountRole.READONLY_SIGNER,
  AccountRole.WRITABLE_SIGNER,
);
const instruction: fc.Arbitrary<Instruction> = fc.record({
  programAddress: fc.integer({ min: 20, max: 23 }).map(addressOf),
  accounts: fc.array(fc.record({ address: fc.integer({ min: 1, max: 8 }).map(addressOf), role }), { maxLength: 6 }),
  data: fc.uint8Array({ maxLength: 140 }),
});
const instructions = fc.array(instruction, { minLength: 1, maxLength: 4 });
const olderWire = fc
  .tuple(instructions, fc.constantFrom<"legacy" | 0>("legacy", 0))
  .map(([list, version]) => compileWire(addressOf(1), list, version))
  .filter(({ length }) => length <= 1_232);
/** Every value may be missing: a mask says which are there. */
const config = fc.record(
  {
    priorityFeeLamports: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    computeUnitLimit: fc.integer({ min: 1, max: 1_400_000 }),
    loadedAccountsDataSizeLimit: fc.integer({ min: 1, max: 64 * 1024 * 1024 }),
    heapSize: fc.integer({ min: 32, max: 256 }).map((kibibytes) => kibibytes * 1_024),
  },
  { requiredKeys: [] },
);
const wireV1 = fc.tuple(instructions, config).map(([list, values]) => compileWireV1(addressOf(1), list, values));
const validWire = fc.oneof(olderWire, wireV1);

describe("decoding is total", () => {
  test("no bytes make it throw, and what it reads of them is what kit reads", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1_300 }), expectFaithful), { numRuns: 2_000 });
  });

  test.each([
    ["version 0", composeWire({ version: [0x80] }).subarray(0, 1 + 128 + 5)],
    ["version 1", composeWireV1().subarray(0, 1 + 3)],
    ["a config", composeWireV1({ mask: [0b1_1111, 0, 0, 0] }).subarray(0, 42 + 96)],
  ])("no bytes behind a plausible beginning of %s make it throw", (_, beginning) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rest) => {
        expectFaithful(Uint8Array.from([...beginning, ...rest]));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a transaction that kit made", () => {
  test("is read as kit reads it, and encodes again to the same bytes", () => {
    fc.assert(
      fc.property(validWire, (wire) => {
        expect(codeOf(wire)).toBe("decoded");
        expectFaithful(wire);
      }),
      { numRuns: 300 },
    );
  });

  test("with any one byte changed is refused, or means exactly what the changed bytes say", () => {
    const everyValue = { mask: [0b1_1111, 0, 0, 0], config: Array.from({ length: 20 }, () => 1) } as const;
    const short = (wire: fc.Arbitrary<Uint8Array>) => wire.filter(({ length }) => length <= 400);
    const samples = fc
      .sample(short(olderWire), { numRuns: 2, seed: 2 })
      .concat(fc.sample(short(wireV1), { numRuns: 2, seed: 2 }))
      .concat(composeWire(), composeWire({ version: [0x80] }), composeWireV1(), composeWireV1(everyValue));
    for (const wire of samples) {
      for (const [index, byte] of wire.entries()) {
        for (const other of [byte ^ 1, byte ^ 0x80, 0, 0xff]) {
          if (other !== byte) expectFaithful(wire.with(index, other));
        }
      }
    }
  });

  test("cut anywhere is refused", () => {
    fc.assert(
      fc.property(validWire, fc.nat(), (wire, at) => {
        expect(codeOf(wire.subarray(0, at % wire.length))).toMatch(/^transaction\.(?:malformed|version_unsupported)$/);
      }),
    );
  });

  test("with anything behind it is refused", () => {
    fc.assert(
      fc.property(validWire, fc.uint8Array({ minLength: 1, maxLength: 80 }), (wire, tail) => {
        expect(codeOf(Uint8Array.from([...wire, ...tail]))).toMatch(/^transaction\.(?:malformed|too_large)$/);
      }),
    );
  });
});

describe("bytes that a runtime could read in two ways are refused", () => {
  test("the plain forms, of which the others are changes, decode", () => {
    expect(codeOf(composeWire())).toBe("decoded");
    expect(codeOf(composeWire({ version: [0x80] }))).toBe("decoded");
  });

  test.each([
    ["a count of signatures in two bytes", { signatureCount: [0x82, 0x00] }],
    [
      "a count of one signature in two bytes, which begins like version 1",
      { signatureCount: [0x81, 0x00], signatures: 1, header: [1, 0, 1] as const },
    ],
    ["a count of accounts in two bytes", { accountCount: [0x83, 0x00] }],
    ["a count of accounts in three bytes", { accountCount: [0x83, 0x80, 0x00] }],
    ["a count above what sixteen bits hold", { accountCount: [0xff, 0xff, 0x04] }],
    ["a count that goes on after its third byte", { accountCount: [0x83, 0x80, 0x80, 0x00] }],
    ["a count of instructions in two bytes", { instructionCount: [0x81, 0x00] }],
    ["a length of data in two bytes", { instructions: [[2, 1, 1, 0x81, 0x00, 7]] }],
    ["a length of accounts in two bytes", { instructions: [[2, 0x81, 0x00, 1, 1, 7]] }],
    ["a count of lookup tables in two bytes", { version: [0x80], tail: [0x80, 0x00] }],
    ["more signatures than signers", { signatures: 3 }],
    ["fewer signatures than signers", { signatures: 1 }],
    ["no signature", { signatures: 0 }],
    ["no signer", { signatures: 0, header: [0, 0, 1] as const }],
    ["a fee payer that is not writable", { header: [2, 2, 1] as const }],
    ["more signers than accounts", { signatures: 4, header: [4, 0, 0] as const }],
    ["more read-only accounts than are left", { header: [2, 0, 2] as const }],
    ["an account that is listed twice", { accounts: [keyOf(1), keyOf(2), keyOf(2)] }],
    ["the fee payer listed a second time", { accounts: [keyOf(1), keyOf(2), keyOf(1)] }],
    ["no account", { accounts: [] }],
    ["no instruction", { instructions: [] }],
    ["a program that is not there", { instructions: [[3, 0, 0]] }],
    ["an account that is not there", { instructions: [[2, 1, 3, 0]] }],
    ["an account of a table that is not used", { version: [0x80], instructions: [[2, 1, 3, 0]] }],
    [
      "a program that only a table names",
      { version: [0x80], instructions: [[3, 0, 0]], tail: [1, ...keyOf(5), 1, 0, 0] },
    ],
    ["a table of which nothing is used", { version: [0x80], tail: [1, ...keyOf(5), 0, 0] }],
    ["tables without a version", { tail: [0] }],
    ["version 0 without its tables", { version: [0x80], tail: [] }],
    ["a byte behind it", { tail: [7] }],
    ["fewer instructions than it says", { instructionCount: [2] }],
  ])("%s", (_, parts) => {
    expect(codeOf(composeWire(parts))).toBe("transaction.malformed");
  });

  test("more than 256 accounts, most of them behind a table", () => {
    const list = (count: number): number[] => [
      ...(count < 128 ? [count] : [(count & 0x7f) | 0x80, count >> 7]),
      ...Array.from({ length: count }, (_, index) => index),
    ];
    /** Three are named by the message itself. */
    const named = (count: number) =>
      composeWire({ version: [0x80], tail: [1, ...keyOf(5), ...list(128), ...list(count - 131)] });
    expect([255, 256, 257, 259].map((count) => codeOf(named(count)))).toEqual([
      "decoded",
      "decoded",
      "transaction.malformed",
      "transaction.malformed",
    ]);
  });

  test("nothing at all", () => {
    expect(codeOf(new Uint8Array())).toBe("transaction.malformed");
  });
});

/** Bytes of a number, little-endian. */
const bytesOf = (value: bigint, length: number): number[] =>
  Array.from({ length }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
const manyKeys = (count: number): Uint8Array[] => Array.from({ length: count }, (_, index) => keyOf(index + 1));
const manyHeads = (count: number) => Array.from({ length: count }, () => [2, 0, 0, 0] as const);
const signedBy = (count: number) =>
  ({ header: [count, 0, 1], accounts: manyKeys(count + 1), signatures: count }) as const;

describe("version 1, whose signatures are last and whose compute budget is a config", () => {
  test("is decoded in its plain form, of which the others are changes", () => {
    const decoded = decodeTransaction(composeWireV1());
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        version: 1,
        requiredSignatures: 2,
        accounts: [1, 2, 3].map(addressOf),
        blockhash: addressOf(9),
        instructions: [{ programIndex: 2, accountIndexes: [1], data: Uint8Array.of(7) }],
        lookupTables: [],
        config: { priorityFee: 0n, computeUnits: undefined },
        message: composeWireV1({ signatures: 0 }),
      },
    });
  });

  test.each<[string, V1TransactionConfig, bigint, bigint | undefined]>([
    ["nothing", {}, 0n, undefined],
    ["the largest fee there is", { priorityFeeLamports: 2n ** 64n - 1n }, 2n ** 64n - 1n, undefined],
    ["a compute limit", { computeUnitLimit: 1_400_000 }, 0n, 1_400_000n],
    ["both", { priorityFeeLamports: 7n, computeUnitLimit: 9 }, 7n, 9n],
    [
      "limits that cost nothing, which are no compute limit",
      { loadedAccountsDataSizeLimit: 12_345, heapSize: 262_144 },
      0n,
      undefined,
    ],
    [
      "everything",
      { priorityFeeLamports: 1n, computeUnitLimit: 2, loadedAccountsDataSizeLimit: 3, heapSize: 32_768 },
      1n,
      2n,
    ],
  ])("says in its config what it asks for: %s", (_, values, priorityFee, computeUnits) => {
    const memo = { programAddress: addressOf(20), data: Uint8Array.of(7) };
    const decoded = decodeTransaction(compileWireV1(addressOf(1), [memo], values));
    expect(decoded).toMatchObject({ ok: true, value: { config: { priorityFee, computeUnits } } });
  });

  test("whose config is absent has none of the older versions, so that nobody reads their instructions for it", () => {
    for (const wire of [composeWire(), composeWire({ version: [0x80] })]) {
      const decoded = decodeTransaction(wire);
      expect(decoded.ok && decoded.value.config).toBeUndefined();
    }
  });

  test.each(Array.from({ length: 27 }, (_, index) => index + 5))(
    "with bit %i of its mask set, which means nothing yet, is refused",
    (bit) => {
      const [a = 0, b = 0, c = 0, d = 0] = bytesOf(1n << BigInt(bit), 4);
      expect(codeOf(composeWireV1({ mask: [a, b, c, d] }))).toBe("transaction.malformed");
      expect(codeOf(composeWireV1({ mask: [a, b, c, d], config: [0, 0, 0, 0] }))).toBe("transaction.malformed");
      expect(codeOf(composeWireV1({ mask: [a, b, c, d], config: bytesOf(0n, 8) }))).toBe("transaction.malformed");
    },
  );

  test.each([
    ["the lower half of a priority fee", { mask: [1, 0, 0, 0], config: [] }],
    ["the lower half of a priority fee, with four bytes", { mask: [1, 0, 0, 0], config: [1, 0, 0, 0] }],
    ["the lower half of a priority fee, with eight bytes", { mask: [1, 0, 0, 0], config: bytesOf(1n, 8) }],
    ["the upper half of a priority fee, with four bytes", { mask: [2, 0, 0, 0], config: [1, 0, 0, 0] }],
    ["the upper half of a priority fee, with eight bytes", { mask: [2, 0, 0, 0], config: bytesOf(1n, 8) }],
    ["a fee that is announced and absent", { mask: [3, 0, 0, 0] }],
    ["a limit that is announced and absent", { mask: [4, 0, 0, 0] }],
    ["a fee that is there and not announced", { config: bytesOf(1n, 8) }],
    ["a limit behind the fee that is not announced", { mask: [3, 0, 0, 0], config: bytesOf(1n, 12) }],
    ["more than 12 signers", signedBy(13)],
    ["more than 64 accounts", { accounts: manyKeys(65) }],
    ["more than 64 instructions", { heads: manyHeads(65), payload: [] }],
    ["no signer", { signatures: 0, header: [0, 0, 1] }],
    ["a fee payer that is not writable", { header: [2, 2, 1] }],
    ["more signers than accounts", { signatures: 4, header: [4, 0, 0] }],
    ["more read-only accounts than are left", { header: [2, 0, 2] }],
    ["an account that is listed twice", { accounts: [keyOf(1), keyOf(2), keyOf(2)] }],
    ["the fee payer listed a second time", { accounts: [keyOf(1), keyOf(2), keyOf(1)] }],
    ["no account", { accounts: [] }],
    ["fewer accounts than it says", { accountCount: 4 }],
    ["more accounts than it says", { accountCount: 2 }],
    ["no instruction", { heads: [], payload: [] }],
    ["fewer instructions than it says", { instructionCount: 2 }],
    ["more instructions than it says", { heads: [...manyHeads(2)], instructionCount: 1, payload: [] }],
    ["a program that is not there", { heads: [[3, 1, 1, 0]] }],
    ["an account that is not there", { payload: [3, 7] }],
    ["less data than its head says", { heads: [[2, 1, 0xff, 0xff]] }],
    ["more data than its head says", { payload: [1, 7, 7] }],
    ["a signature too many", { signatures: 3 }],
    ["a signature too few", { signatures: 1 }],
    ["no signature", { signatures: 0 }],
    ["a byte behind it", { tail: [0] }],
    ["a lookup table behind it", { tail: [1, ...keyOf(5), 1, 0, 0] }],
  ] as const)("with %s is refused", (_, parts) => {
    expect(codeOf(composeWireV1(parts))).toBe("transaction.malformed");
  });

  test("may have 12 signers, 64 accounts and 64 instructions", () => {
    expect(codeOf(composeWireV1(signedBy(12)))).toBe("decoded");
    expect(codeOf(composeWireV1({ accounts: manyKeys(64) }))).toBe("decoded");
    expect(codeOf(composeWireV1({ heads: manyHeads(64), payload: [] }))).toBe("decoded");
  });

  test("of 4,096 bytes is read, one more is too large", () => {
    const dataLength = 4_096 - composeWireV1({ payload: [1] }).length;
    const longest = (length: number) =>
      composeWireV1({
        heads: [[2, 1, length & 0xff, length >> 8]],
        payload: [1, ...Array.from({ length }, () => 7)],
      });
    expect([longest(dataLength).length, codeOf(longest(dataLength))]).toEqual([4_096, "decoded"]);
    expect(codeOf(longest(dataLength + 1))).toBe("transaction.too_large");
  });

  test("takes the sponsor's signature into the first slot behind its message, and nothing else changes", () => {
    const wire = composeWireV1();
    const decoded = decodeTransaction(wire);
    if (!decoded.ok) throw new Error(decoded.reason.detail);
    const signed = attachFeePayerSignature(decoded.value, new Uint8Array(64).fill(5));
    const slot = wire.length - 128;
    expect(signed.subarray(slot, slot + 64)).toEqual(new Uint8Array(64).fill(5));
    expect(new Uint8Array(signed).fill(0, slot, slot + 64)).toEqual(wire);
    expect(decodeTransaction(signed)).toMatchObject({ ok: true, value: { message: decoded.value.message } });
  });
});

describe("what this version does not support has its own code", () => {
  test.each([
    ["a transaction that begins with version 2", composeWireV1({ version: 0x82 })],
    ["a transaction that begins with version 0, whose signatures are never last", composeWireV1({ version: 0x80 })],
    ["one with 4,096 bytes", new Uint8Array(4_096).fill(1).with(0, 0x82)],
    ["one with more bytes than any version has", new Uint8Array(5_000).fill(1).with(0, 0x82)],
    ["any other version that begins so", Uint8Array.from([0xff])],
    ["a message of version 1 behind signatures", composeWire({ version: [0x81] })],
    ["a message of version 2 behind signatures", composeWire({ version: [0x82] })],
    ["a message of version 127", composeWire({ version: [0xff] })],
  ])("%s", (_, wire) => {
    expect(codeOf(wire)).toBe("transaction.version_unsupported");
  });

  test("1,232 bytes are read, one more is too large", () => {
    const dataLength = 1_232 - composeWire({ instructions: [[2, 0, 0x80, 0x08]] }).length;
    const fits = [2, 0, (dataLength & 0x7f) | 0x80, dataLength >> 7, ...Array.from({ length: dataLength }, () => 7)];
    const wire = composeWire({ instructions: [fits] });
    expect([wire.length, codeOf(wire)]).toEqual([1_232, "decoded"]);
    expect(codeOf(Uint8Array.from([...wire, 0]))).toBe("transaction.too_large");
  });
});

describe("a lookup table", () => {
  test("is told to the rules with how many accounts it adds, writable ones first", () => {
    const tail = [2, ...keyOf(5), 2, 0, 7, 1, 4, ...keyOf(6), 0, 3, 1, 2, 3];
    const decoded = decodeTransaction(composeWire({ version: [0x80], instructions: [[2, 2, 3, 8, 0]], tail }));
    expect(decoded).toMatchObject({
      ok: true,
      value: {
        lookupTables: [
          { address: addressOf(5), writable: 2, readonly: 1 },
          { address: addressOf(6), writable: 0, readonly: 3 },
        ],
        instructions: [{ accountIndexes: [3, 8] }],
      },
    });
  });

  test("adds no account beyond those that it names", () => {
    const tail = [1, ...keyOf(5), 1, 0, 1, 4];
    const using = (index: number) => composeWire({ version: [0x80], instructions: [[2, 1, index, 0]], tail });
    expect([using(4), using(5)].map(codeOf)).toEqual(["decoded", "transaction.malformed"]);
  });
});

test.each([["legacy", composeWire()] as const, ["version 0", composeWire({ version: [0x80] })] as const])(
  "the sponsor's signature goes into its slot of a %s transaction and changes nothing else",
  (_, wire) => {
    const decoded = decodeTransaction(wire);
    if (!decoded.ok) throw new Error(decoded.reason.detail);
    const signed = attachFeePayerSignature(decoded.value, new Uint8Array(64).fill(5));
    expect(signed.subarray(1, 65)).toEqual(new Uint8Array(64).fill(5));
    expect(new Uint8Array(signed).fill(0, 1, 65)).toEqual(wire);
  },
);
