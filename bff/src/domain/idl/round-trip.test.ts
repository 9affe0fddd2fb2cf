import { base58, hex } from "@scure/base";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePolicy } from "../policy/compile.ts";
import { nameInstruction } from "../policy/programs/name-instruction.ts";
import type { ArgumentValue, ProgramShape } from "../policy/programs/shape.ts";
import { writeArguments } from "../policy/programs/write-arguments.test-support.ts";
import { PROGRAM_ADDRESS, readWhole } from "../../../test/support/idl.ts";

/** A type of Anchor's and of Codama's, any value as its program reads it, and what a policy makes of it: an encoder of the test's own. */
interface Sample {
  readonly type: unknown;
  readonly node: object;
  readonly bytes: readonly number[];
  readonly values: readonly ArgumentValue[];
}

const littleEndian = (value: bigint, sizeBytes: number): number[] => {
  const data = new DataView(new ArrayBuffer(16));
  data.setBigUint64(0, BigInt.asUintN(64, value), true);
  data.setBigUint64(8, BigInt.asUintN(64, value >> 64n), true);
  return [...new Uint8Array(data.buffer, 0, sizeBytes)];
};

const numberNode = (format: string) => ({ kind: "numberTypeNode", format, endian: "le" });
const sizedNode = (kind: string) => ({ kind: "sizePrefixTypeNode", type: { kind }, prefix: numberNode("u32") });

const integers = (["u", "i"] as const).flatMap((sign) =>
  [8, 16, 32, 64, 128].map((bits) => {
    const [min, max] =
      sign === "u" ? [0n, 2n ** BigInt(bits) - 1n] : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
    return fc.bigInt({ min, max }).map((value): Sample => ({
      type: `${sign}${bits}`,
      node: numberNode(`${sign}${bits}`),
      bytes: littleEndian(value, bits / 8),
      values: [value],
    }));
  }),
);
const bool = fc.boolean().map((value): Sample => ({
  type: "bool",
  node: { kind: "booleanTypeNode", size: numberNode("u8") },
  bytes: [Number(value)],
  values: [value],
}));
const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Sample => ({
  type: "pubkey",
  node: { kind: "publicKeyTypeNode" },
  bytes: [...bytes],
  values: [base58.encode(bytes)],
}));
const text = fc.string({ unit: "grapheme", maxLength: 20 }).map((value): Sample => {
  const bytes = [...new TextEncoder().encode(value)];
  return {
    type: "string",
    node: sizedNode("stringTypeNode"),
    bytes: [...littleEndian(BigInt(bytes.length), 4), ...bytes],
    values: [value],
  };
});
const sized = fc
  .tuple(fc.constantFrom("bytes", { vec: "u8" }), fc.uint8Array({ maxLength: 20 }))
  .map(([type, bytes]): Sample => ({
    type,
    node: sizedNode("bytesTypeNode"),
    bytes: [...littleEndian(BigInt(bytes.length), 4), ...bytes],
    values: [hex.encode(bytes)],
  }));
const scalar: fc.Arbitrary<Sample> = fc.oneof(...integers, bool, key, text, sized);
const optional = fc
  .tuple(fc.oneof(...integers.filter((_, index) => [0, 1, 2, 3, 4, 8].includes(index)), bool, key, text), fc.boolean())
  .map(([{ type, node, bytes, values }, isThere]): Sample => ({
    type: { option: type },
    node: { kind: "optionTypeNode", item: node, prefix: numberNode("u8") },
    bytes: isThere ? [1, ...bytes] : [0],
    values: isThere ? values : [null],
  }));
const leaf = fc.oneof(scalar, optional);

interface Scenario {
  readonly idl: Readonly<Record<string, unknown>>;
  readonly bytes: readonly number[];
  readonly values: readonly ArgumentValue[];
}

interface Argument {
  readonly name: string;
  /** One value, or the fields of a struct. */
  readonly part: Sample | readonly Sample[];
}
const isStruct = (part: Argument["part"]): part is readonly Sample[] => Array.isArray(part);

function anchorIdl(discriminator: readonly number[], args: readonly Argument[]): Scenario["idl"] {
  const types = args.flatMap(({ name, part }) => {
    if (!isStruct(part)) return [];
    const fields = part.map(({ type }, place) => ({ name: `f${place}`, type }));
    return [{ name: `${name}Type`, type: { kind: "struct", fields } }];
  });
  const items = args.map(({ name, part }) => ({
    name,
    type: isStruct(part) ? { defined: { name: `${name}Type` } } : part.type,
  }));
  return { instructions: [{ name: "it", discriminator, accounts: [{ name: "owner" }], args: items }], types };
}

function codamaIdl(discriminator: readonly number[], args: readonly Argument[]): Scenario["idl"] {
  const constant = {
    name: "tag",
    type: { kind: "fixedSizeTypeNode", size: discriminator.length, type: { kind: "bytesTypeNode" } },
    defaultValue: { kind: "bytesValueNode", encoding: "base58", data: base58.encode(Uint8Array.from(discriminator)) },
    defaultValueStrategy: "omitted",
  };
  const items = args.map(({ name, part }) => ({
    name,
    type: isStruct(part)
      ? { kind: "structTypeNode", fields: part.map(({ node }, place) => ({ name: `f${place}`, type: node })) }
      : part.node,
  }));
  const discriminators = [{ kind: "fieldDiscriminatorNode", name: "tag", offset: 0 }];
  const it = { name: "it", accounts: [{ name: "owner" }], arguments: [constant, ...items], discriminators };
  return { kind: "rootNode", program: { name: "program", instructions: [it] } };
}

/** Instructions with plain arguments and structs between them, in either language. */
const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    discriminator: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 8 }),
    parts: fc.array(fc.oneof(leaf, fc.array(leaf, { minLength: 1, maxLength: 4 })), { maxLength: 7 }),
    write: fc.constantFrom(anchorIdl, codamaIdl),
  })
  .map(({ discriminator, parts, write }) => {
    const samples = parts.flat();
    return {
      idl: write(
        discriminator,
        parts.map((part, index) => ({ name: `arg_${index}`, part })),
      ),
      bytes: [...discriminator, ...samples.flatMap(({ bytes }) => bytes)],
      values: samples.flatMap(({ values }) => values),
    };
  });

/** The program as decisions see it. */
function shapeOf(idl: Scenario["idl"]): ProgramShape {
  const reading = readWhole(idl);
  if (!reading.ok) throw new Error(JSON.stringify(reading.reason));
  expect(reading.value.skipped).toEqual([]);
  const { programs } = compilePolicy({
    allow: [],
    programs: [reading.value.program],
    maxSignatures: 2,
    maxFee: "10000",
    maxComputeUnits: 0,
    maxComputeUnitPrice: "0",
  });
  const shape = programs.get(PROGRAM_ADDRESS);
  if (!shape) throw new Error("the program is not there");
  return shape;
}

describe("whatever instruction is taken from an IDL", () => {
  test("its data is read back value for value, and written again byte for byte", () => {
    fc.assert(
      fc.property(scenario, ({ idl, bytes, values }) => {
        const named = nameInstruction(shapeOf(idl), Uint8Array.from(bytes), 1);
        expect(named && [...named.arguments.values()]).toEqual(values);
        const { shape, arguments: read } = named ?? { shape: undefined, arguments: new Map<string, ArgumentValue>() };
        expect([...(shape?.discriminator ?? []), ...writeArguments(shape?.arguments ?? [], read)]).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  test("data that is cut off or goes on is refused, wherever", () => {
    fc.assert(
      fc.property(scenario, fc.nat(), fc.integer({ min: 0, max: 255 }), ({ idl, bytes }, cut, more) => {
        const shape = shapeOf(idl);
        const shorter = bytes.slice(0, cut % bytes.length);
        expect(nameInstruction(shape, Uint8Array.from(shorter), 1)).toBeUndefined();
        expect(nameInstruction(shape, Uint8Array.from([...bytes, more]), 1)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON at all is read or refused, and never throws", () => {
    const json = fc.jsonValue({ maxDepth: 5 });
    const fields = fc.dictionary(
      fc.constantFrom(
        "name",
        "type",
        "args",
        "accounts",
        "discriminator",
        "defined",
        "kind",
        "fields",
        "arguments",
        "option",
      ),
      json,
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(json, fields)), fc.array(fields), fc.boolean(), (instructions, types, isCodama) => {
        const program = { instructions, types, definedTypes: types };
        const reading = readWhole(isCodama ? { kind: "rootNode", program } : program);
        expect(reading.ok || reading.reason.length > 0).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
