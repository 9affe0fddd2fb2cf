import { AccountRole, type Instruction } from "@solana/kit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeAsKit } from "../../../../test/support/kit-decoder.ts";
import { addressOf, compileWire, composeWire, keyOf } from "../../../../test/support/wire.ts";
import { attachFeePayerSignature, decodeTransaction } from "./decode.ts";

const codeOf = (wire: Uint8Array): string => {
  const decoded = decodeTransaction(wire);
  return decoded.ok ? "decoded" : decoded.reason.code;
};

/** What our decoder says, when it says anything, is what kit says, and no byte of it is lost. */
function expectFaithful(wire: Uint8Array): void {
  const decoded = decodeTransaction(wire);
  if (!decoded.ok) return;
  const { message: _message, ...fields } = decoded.value;
  const kit = decodeAsKit(wire);
  expect(fields).toEqual(kit.fields);
  expect(kit.encodedAgain).toEqual(wire);
  expect(attachFeePayerSignature(decoded.value, decoded.value.signatures[0] ?? new Uint8Array())).toEqual(wire);
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
const validWire = fc
  .tuple(fc.array(instruction, { minLength: 1, maxLength: 4 }), fc.constantFrom<"legacy" | 0>("legacy", 0))
  .map(([instructions, version]) => compileWire(addressOf(1), instructions, version))
  .filter(({ length }) => length <= 1_232);

describe("decoding is total", () => {
  test("no bytes make it throw, and what it reads of them is what kit reads", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 1_300 }), expectFaithful), { numRuns: 2_000 });
  });

  test("no bytes behind a plausible beginning make it throw", () => {
    const beginning = composeWire({ version: [0x80] }).subarray(0, 1 + 128 + 5);
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
    const samples = fc
      .sample(validWire, { numRuns: 3, seed: 2 })
      .concat(composeWire(), composeWire({ version: [0x80] }));
    for (const wire of samples) {
      for (const [index, byte] of wire.entries()) {
        for (const other of [byte ^ 1, byte ^ 0x80, (byte + 1) & 0xff, 0, 0xff]) {
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

  test("more than 256 accounts, most of them behind tables", () => {
    const table = [...keyOf(5), 0x80, 0x01, ...Array.from({ length: 128 }, (__, index) => index), 0];
    const other = [...keyOf(6), 0x80, 0x01, ...Array.from({ length: 128 }, (__, index) => index), 0];
    expect(codeOf(composeWire({ version: [0x80], tail: [2, ...table, ...other] }))).toBe("transaction.malformed");
  });

  test("nothing at all", () => {
    expect(codeOf(new Uint8Array())).toBe("transaction.malformed");
  });
});

describe("what this version does not support has its own code", () => {
  test.each([
    ["version 1, which begins with its version", Uint8Array.from([0x81, ...composeWire()])],
    ["version 1 without signers", new Uint8Array(100).with(0, 0x81)],
    ["version 1 with 4,096 bytes", new Uint8Array(4_096).with(0, 0x81)],
    ["any other version that begins so", Uint8Array.from([0xff])],
    ["a message of version 1 behind signatures", composeWire({ version: [0x81] })],
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
  test("is told to the rules with the accounts that an instruction takes from it", () => {
    const tail = [1, ...keyOf(5), 1, 0, 1, 4];
    const decoded = decodeTransaction(composeWire({ version: [0x80], instructions: [[2, 2, 3, 4, 0]], tail }));
    expect(decoded).toMatchObject({ ok: true, value: { lookupTables: [addressOf(5)] } });
  });
});

test("the sponsor's signature goes into its slot and changes nothing else", () => {
  const wire = composeWire({ version: [0x80] });
  const decoded = decodeTransaction(wire);
  if (!decoded.ok) throw new Error(decoded.reason.detail);
  const signed = attachFeePayerSignature(decoded.value, new Uint8Array(64).fill(5));
  expect(signed.subarray(1, 65)).toEqual(new Uint8Array(64).fill(5));
  expect(Uint8Array.from([...wire.subarray(0, 1), ...new Uint8Array(64), ...signed.subarray(65)])).toEqual(wire);
});
