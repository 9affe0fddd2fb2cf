import { base58 } from "@scure/base";
import {
  type Address,
  getOffchainMessageDecoder,
  getOffchainMessageEncoder,
  getOffchainMessageV0Encoder,
  getOffchainMessageV1Encoder,
  isOffchainMessageContentRestrictedAsciiOf1232BytesMax,
  offchainMessageApplicationDomain,
  offchainMessageContentRestrictedAsciiOf1232BytesMax,
  offchainMessageContentUtf8Of1232BytesMax,
  type OffchainMessageV0,
} from "@solana/kit";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOut, OFFCHAIN_START } from "../../../../../test/support/method-proofs.ts";
import vectors from "../../../../../test/vectors/siws/offchain_message_layouts.json" with { type: "json" };
import { type OffchainMessage, readOffchainMessage, writeOffchainMessage } from "./offchain-message.ts";

const RUNS = 500;
const read = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const textOf = ({ content }: OffchainMessage): string => Buffer.from(content).toString();
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** With bytes as hex, which says more when it differs. */
const readWords = (bytes: Uint8Array) =>
  readOffchainMessage(bytes).map(({ content, applicationDomain, ...words }) => ({
    ...words,
    content: hexOf(content),
    ...(applicationDomain && { applicationDomain: hexOf(applicationDomain) }),
  }));

const kitVectors = vectors.kit.map(({ name, hex, decoded }) => ({ name, bytes: read(hex), decoded }));

describe("kit's vectors", () => {
  test.each(kitVectors.filter(({ decoded }) => decoded))("$name is read as kit reads it", ({ bytes, decoded }) => {
    const [reading, ...others] = readOffchainMessage(bytes);
    expect(others).toEqual([]);
    expect(reading && { ...decoded, content: textOf(reading), signers: reading.signers }).toEqual(decoded);
    expect(reading?.layout).toBe(`v${decoded?.version}`);
    expect(reading?.format).toBe(decoded?.format);
  });

  const rejected = kitVectors.filter(({ decoded }) => !decoded);
  test.each(rejected)("$name", ({ bytes }) => {
    expect(readOffchainMessage(bytes)).toEqual([]);
  });

  test("are all here", () => {
    expect([kitVectors.length, rejected.length]).toEqual([6, 4]);
  });
});

describe("Ledger's layouts", () => {
  const { ledger_dmk: ledger } = vectors;
  const signers = [base58.encode(new Uint8Array(32).fill(0x11))];

  test("in version 0, for no application and for one, are read with all that they say", () => {
    const domain = Buffer.concat([Buffer.from("supabase.com"), Buffer.alloc(20)]).toString("hex");
    const v0 = { layout: "v0", signers };
    expect(readWords(read(ledger.v0))).toEqual([
      { ...v0, format: 0, applicationDomain: "00".repeat(32), content: hexOf(Buffer.from("AB")) },
    ]);
    expect(readWords(read(ledger.v0_appdomain_supabase))).toEqual([
      { ...v0, format: 1, applicationDomain: domain, content: "01" },
    ]);
  });

  test("in their older, compact form name nobody", () => {
    const compact = { layout: "compact", signers: [] };
    expect(readWords(read(ledger.legacy_ABC))).toEqual([{ ...compact, format: 0, content: hexOf(Buffer.from("ABC")) }]);
    expect(readWords(read(ledger.legacy_with_LF_is_format1))).toEqual([
      { ...compact, format: 1, content: hexOf(Buffer.from("hello\nworld")) },
    ]);
  });

  test("in version 1 are read with and without a length, where they can be read as both", () => {
    expect(readWords(read(ledger.v1))).toEqual([{ layout: "v1", signers, content: "abcd" }]);
    expect(readWords(read(ledger.v1_with_len_prefix))).toEqual([
      { layout: "v1", signers, content: "0200abcd" },
      { layout: "v1-with-length", signers, content: "abcd" },
    ]);
  });

  const layouts = Object.entries(ledger).filter(([name]) => !["note", "envelope"].includes(name));
  test.each(layouts)("%s cut off at any byte is read as nothing that has a length", (_name, hex) => {
    const bytes = read(hex);
    for (let end = 0; end < bytes.length; end++) {
      // What has no length can be cut off in its content: then its content is another one.
      expect(readOffchainMessage(bytes.subarray(0, end)).filter(({ layout }) => layout !== "v1")).toEqual([]);
    }
  });

  test.each(layouts)("%s with a byte behind it is read as nothing that has a length", (_name, hex) => {
    const longer = Uint8Array.from([...read(hex), 0]);
    expect(readOffchainMessage(longer).filter(({ layout }) => layout !== "v1")).toEqual([]);
  });
});

const bytesOf = (minLength: number, maxLength = minLength): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const addresses: fc.Arbitrary<readonly string[]> = fc
  .uniqueArray(bytesOf(32), { minLength: 1, maxLength: 4, selector: hexOf })
  .map((keys) => keys.toSorted((one, two) => Buffer.compare(one, two)).map((key) => base58.encode(key)));
/** Kit's decoder of text leaves out zeros and a byte order mark, and writes a sign for what is no UTF-8. */
const isKeptByKit = (text: string): boolean => !/[\0\uFEFF\uFFFD]/.test(text) && text.isWellFormed();
const texts = fc.string({ minLength: 1, maxLength: 300, unit: "binary" }).filter(isKeptByKit);
const lines = fc.string({ minLength: 1, maxLength: 300, unit: "grapheme-ascii" });
const domains = bytesOf(32);

const asSignatories = (signers: readonly string[]) => signers.map((address) => ({ address: address as Address }));

/** What kit writes: of version 1, and of version 0 in both formats that a sign-in text fits into. */
const kitMessages: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.tuple(addresses, texts).map(([signers, content]) => {
    const requiredSignatories = asSignatories(signers);
    return new Uint8Array(getOffchainMessageV1Encoder().encode({ version: 1, requiredSignatories, content }));
  }),
  fc.tuple(addresses, domains, lines, fc.boolean()).map(([signers, domain, text, isUtf8]) => {
    const parts = {
      version: 0,
      applicationDomain: offchainMessageApplicationDomain(base58.encode(domain)),
      requiredSignatories: asSignatories(signers),
    } as const;
    const message: OffchainMessageV0 = isUtf8
      ? { ...parts, content: offchainMessageContentUtf8Of1232BytesMax(text) }
      : { ...parts, content: offchainMessageContentRestrictedAsciiOf1232BytesMax(text) };
    return new Uint8Array(getOffchainMessageV0Encoder().encode(message));
  }),
);

/** Version, signers and text as kit reads them, where it writes the same bytes again: it passes over zeros at the end. */
function readAsKit(bytes: Uint8Array) {
  try {
    const message = getOffchainMessageDecoder().decode(bytes);
    if (hexOf(new Uint8Array(getOffchainMessageEncoder().encode(message))) !== hexOf(bytes)) return undefined;
    const { version, requiredSignatories, content } = message;
    const signers = requiredSignatories.map(({ address }) => address as string);
    return typeof content === "string"
      ? { version, signers, text: content }
      : { version, signers, text: content.text as string, format: content.format as number };
  } catch {
    return undefined;
  }
}

/** Ours as kit would say it: kit knows neither Ledger's compact form nor a length in version 1. */
function readAsOurs(bytes: Uint8Array) {
  const reading = readOffchainMessage(bytes).find(({ layout }) => layout === "v0" || layout === "v1");
  if (!reading) return undefined;
  const { layout, signers, format } = reading;
  const version = layout === "v0" ? 0 : 1;
  return { version, signers: [...signers], text: textOf(reading), ...(format !== undefined && { format }) };
}

/** What kit takes and we do not need: format 2 is for texts that are longer than ours. */
const isForUs = (message: ReturnType<typeof readAsKit>): boolean => (message?.format ?? 0) < 2;

/** What we take and kit does not: we compare bytes, so that they need to be no text at all. */
function isForKit({ text, format }: NonNullable<ReturnType<typeof readAsOurs>>): boolean {
  if (!isKeptByKit(text)) return false;
  return format !== 0 || isOffchainMessageContentRestrictedAsciiOf1232BytesMax({ format, text });
}

describe("next to kit's codec", () => {
  test("everything that it writes is read as it reads it", () => {
    fc.assert(
      fc.property(kitMessages, (bytes) => {
        const theirs = readAsKit(bytes);
        expect(theirs).toBeDefined();
        expect(readAsOurs(bytes)).toEqual(theirs);
      }),
      { numRuns: RUNS },
    );
  });

  test("everything that it reads of a spoilt message is read the same, and nothing else is", () => {
    const spoilt = fc
      .tuple(kitMessages, fc.nat(), fc.nat({ max: 255 }), fc.constantFrom("exchange", "cut", "append"))
      .map(([bytes, at, value, how]) => {
        if (how === "cut") return bytes.slice(0, at % bytes.length);
        if (how === "append") return Uint8Array.from([...bytes, value]);
        return bytes.map((byte, index) => (index === at % Math.min(bytes.length, 90) ? value : byte));
      });
    fc.assert(
      fc.property(spoilt, (bytes) => {
        const [ours, theirs] = [readAsOurs(bytes), readAsKit(bytes)];
        if (theirs && isForUs(theirs)) expect(ours).toEqual(theirs);
        if (ours && isForKit(ours)) expect(theirs).toEqual(ours);
      }),
      { numRuns: 4 * RUNS },
    );
  });

  test("what we write for a signature alone is what it writes", () => {
    fc.assert(
      fc.property(addresses, texts, ([address = ""], text) => {
        const content = new TextEncoder().encode(text);
        const requiredSignatories = asSignatories([address]);
        const theirs = getOffchainMessageV1Encoder().encode({ version: 1, requiredSignatories, content: text });
        expect(hexOf(writeOffchainMessage(address, content))).toBe(hexOf(new Uint8Array(theirs)));
      }),
      { numRuns: RUNS },
    );
  });
});

describe("any bytes", () => {
  const anything = fc.oneof(
    bytesOf(0, 200),
    bytesOf(0, 200).map((bytes) => Uint8Array.from([...OFFCHAIN_START, ...bytes])),
    fc
      .tuple(fc.constantFrom(0, 1, 2), bytesOf(0, 3), bytesOf(0, 100))
      .map(([version, head, rest]) => Uint8Array.from([...OFFCHAIN_START, version, ...head, ...rest])),
  );

  test("are read without an exception, and as nothing but what they are to the last byte", () => {
    fc.assert(
      fc.property(anything, (bytes) => {
        for (const { layout: name, content, ...parts } of readOffchainMessage(bytes)) {
          expect(content.length).toBeGreaterThan(0);
          expect(hexOf(layOut(content, { name, ...parts }))).toBe(hexOf(bytes));
        }
      }),
      { numRuns: 4 * RUNS },
    );
  });

  test("that another writer has laid out are read back, in that layout among others", () => {
    const layouts = fc.constantFrom("v0", "compact", "v1", "v1-with-length");
    fc.assert(
      fc.property(layouts, addresses, bytesOf(1, 300), domains, fc.constantFrom(0, 1), (...given) => {
        const [name, signers, content, applicationDomain, format] = given;
        const bytes = Uint8Array.from(layOut(content, { name, signers, applicationDomain, format }));
        const found = readWords(bytes).find(({ layout }) => layout === name);
        expect(found).toEqual({
          layout: name,
          signers: name === "compact" ? [] : signers,
          content: hexOf(content),
          ...((name === "v0" || name === "compact") && { format }),
          ...(name === "v0" && { applicationDomain: hexOf(applicationDomain) }),
        });
      }),
      { numRuns: RUNS },
    );
  });
});
