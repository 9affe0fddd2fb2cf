import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { fieldsOf, type SignInTextFields, textOf } from "../support/proofs.ts";
import {
  type Attempt,
  encodeText,
  expectOnlyGenuine,
  expectOpened,
  expectRefused,
  proveBytes,
  proveGenuinely,
  type Refusal,
  textOfAttempt,
  tryMethods,
} from "../support/sign-in-attempts.ts";
import { type Stack, startStack } from "../support/stack.ts";

/** Parsers of sign-in texts have needed half a minute for 200 KB of newlines; a busy machine needs its moment too. */
const SOON_MS = 2_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();

/** Texts of the right form that say something else. */
const FOREIGN_FIELDS: readonly (readonly [string, (fields: SignInTextFields) => Partial<SignInTextFields>])[] = [
  ["another domain", () => ({ domain: "evil.example" })],
  ["our domain as the start of another", ({ domain }) => ({ domain: `${domain}.evil.example` })],
  ["our domain with its port", ({ domain }) => ({ domain: `${domain}:443` })],
  ["our domain with a user's name", ({ domain }) => ({ domain: `${domain}@evil.example` })],
  ["our domain with a dot behind it", ({ domain }) => ({ domain: `${domain}.` })],
  ["our domain in upper case", ({ domain }) => ({ domain: domain.toUpperCase() })],
  ["our domain with a Cyrillic a", ({ domain }) => ({ domain: domain.replace("a", "\u0430") })],
  ["our domain with a full-width d", ({ domain }) => ({ domain: domain.replace("d", "\uFF44") })],
  ["our domain with a zero-width space", ({ domain }) => ({ domain: domain.replace(".", "\u200B.") })],
  ["another URI", () => ({ uri: "https://evil.example" })],
  ["our URI over plain HTTP", ({ uri }) => ({ uri: uri.replace("https", "http") })],
  ["our URI with a slash", ({ uri }) => ({ uri: `${uri}/` })],
  ["our URI with a path", ({ uri }) => ({ uri: `${uri}/login` })],
  ["another statement", () => ({ statement: "I give you everything." })],
  ["our statement and one more line", ({ statement }) => ({ statement: `${statement}\nAnd more.` })],
  ["our statement with a no-break space", ({ statement }) => ({ statement: statement.replace(" ", "\u00A0") })],
  ["no statement", () => ({ statement: "" })],
  ["another version", () => ({ version: "2" })],
  ["mainnet", () => ({ chainId: "solana:mainnet" })],
  ["the network under its longer name", () => ({ chainId: "solana:localnet" })],
  ["another nonce", ({ nonce }) => ({ nonce: nonce.replace(/^./, nonce.startsWith("0") ? "1" : "0") })],
  ["its nonce in upper case", ({ nonce }) => ({ nonce: nonce.toUpperCase() })],
  ["a time of issue that is earlier", ({ issuedAt }) => ({ issuedAt: later(issuedAt, -1_000) })],
  ["a time of issue that is still to come", ({ issuedAt }) => ({ issuedAt: later(issuedAt, 3_600_000) })],
  ["a time of issue without milliseconds", ({ issuedAt }) => ({ issuedAt: issuedAt.replace(".000", "") })],
  ["a time of issue that is none", () => ({ issuedAt: "yesterday" })],
  ["an end that is later", ({ expirationTime }) => ({ expirationTime: later(expirationTime, 1_000) })],
  ["an end in another zone", ({ expirationTime }) => ({ expirationTime: expirationTime.replace("Z", "+00:00") })],
  ["an end in lower case", ({ expirationTime }) => ({ expirationTime: expirationTime.toLowerCase() })],
  ["an end that no calendar has", () => ({ expirationTime: "2026-02-31T25:61:61.000Z" })],
  ["an end in the year 10000", () => ({ expirationTime: "+010000-01-01T00:00:00.000Z" })],
  ["another request", ({ requestId }) => ({ requestId: `${requestId}0` })],
  ["another project's resource", ({ resources }) => ({ resources: [`${resources[0]}0`] })],
];

const without = (text: string, line: RegExp): string => text.replace(line, "");

/** Texts that say the same in another form, and what parsers have taken for it. */
const OTHER_FORMS: readonly (readonly [string, (text: string) => string | Uint8Array])[] = [
  ["with CR LF", (text) => text.replaceAll("\n", "\r\n")],
  ["with CR", (text) => text.replaceAll("\n", "\r")],
  ["with line separators", (text) => text.replaceAll("\n", "\u2028")],
  ["with a final LF", (text) => `${text}\n`],
  ["with a final CR LF", (text) => `${text}\r\n`],
  ["with a final space", (text) => `${text} `],
  ["with a final NUL", (text) => `${text}\0`],
  ["with an LF before it", (text) => `\n${text}`],
  ["with a byte order mark", (text) => `\uFEFF${text}`],
  ["with a byte order mark behind it", (text) => `${text}\uFEFF`],
  ["with a space at the end of a line", (text) => text.replace("Version: 1\n", "Version: 1 \n")],
  ["with a tab for a space", (text) => text.replace("Version: 1", "Version:\t1")],
  ["with two spaces", (text) => text.replace("Version: 1", "Version:  1")],
  ["with an empty line too many", (text) => text.replace("\n\nURI", "\n\n\nURI")],
  ["with an empty line too few", (text) => text.replace("\n\nURI", "\nURI")],
  ["with a field's name in lower case", (text) => text.replace("URI:", "uri:")],
  ["with a full-width colon", (text) => text.replace("URI:", "URI\uFF1A")],
  ["in CAIP-122's order of fields", (text) => text.replace(/(Chain ID: .*)\n(Nonce: .*)\n/, "$2\n$1\n")],
  ["with URI and version exchanged", (text) => text.replace(/(URI: .*)\n(Version: .*)\n/, "$2\n$1\n")],
  ["with its times exchanged", (text) => text.replace(/(Issued At: .*)\n(Expiration Time: .*)\n/, "$2\n$1\n")],
  ["with its nonce twice", (text) => text.replace(/(Nonce: .*\n)/, "$1$1")],
  ["without its nonce", (text) => without(text, /Nonce: .*\n/)],
  ["without its end", (text) => without(text, /Expiration Time: .*\n/)],
  ["without its request id", (text) => without(text, /Request ID: .*\n/)],
  ["without its resources", (text) => without(text, /\nResources:[^]*$/)],
  ["with one more resource", (text) => `${text}\n- https://evil.example`],
  ["with a time before which it is not valid", (text) => text.replace("Request ID", "Not Before: 2020\nRequest ID")],
  ["of another family", (text) => text.replace("Solana account", "Ethereum account")],
  ["with a letter less", (text) => text.slice(0, -1)],
  ["twice", (text) => `${text}\n${text}`.slice(0, 900)],
  ["its first line alone", (text) => text.slice(0, text.indexOf("\n"))],
  ["with the address in lower case", (text) => text.replace(/\n.*\n/, (line) => line.toLowerCase())],
  ["with the address behind one more 1", (text) => text.replace("\n", "\n1")],
  ["with a byte that is no UTF-8", (text) => Buffer.concat([encodeText(text), Buffer.from([0xff])])],
  ["with half a character", (text) => Buffer.concat([encodeText(text), Buffer.from([0xe2, 0x82])])],
  ["with half a pair of surrogates", (text) => Buffer.concat([encodeText(text), Buffer.from([0xed, 0xa0, 0x80])])],
  ["with a slash written too long", (text) => Buffer.from(text.replace("/", "\u00C0\u00AF"), "latin1")],
  ["in UTF-16", (text) => Buffer.from(text.slice(0, 400), "utf16le")],
];

describe("an honest signature, by any method, over a text that says", () => {
  test.each(FOREIGN_FIELDS)("%s opens no session, and the genuine one does", async (_name, change) => {
    await tryMethods(stack, async (attempt) => {
      const fields = fieldsOf(attempt.challenge);
      const text = textOf({ ...fields, ...change(fields) }, attempt.wallet.address);
      expect(text).not.toBe(textOfAttempt(attempt));
      await expectOnlyGenuine(attempt, await proveBytes(attempt, encodeText(text)), "auth.signature_invalid");
    });
  });

  test("another wallet opens no session, and the genuine one does", async () => {
    const other = await createWallet();
    await tryMethods(stack, async (attempt) => {
      const text = textOf(fieldsOf(attempt.challenge), other.address);
      await expectOnlyGenuine(attempt, await proveBytes(attempt, encodeText(text)), "auth.signature_invalid");
    });
  });
});

describe("an honest signature, by any method, over our text", () => {
  test.each(OTHER_FORMS)("%s opens no session, and the genuine one does", async (_name, change) => {
    await tryMethods(stack, async (attempt) => {
      const changed = change(textOfAttempt(attempt));
      const bytes = typeof changed === "string" ? encodeText(changed) : changed;
      expect(Buffer.from(bytes).equals(encodeText(textOfAttempt(attempt)))).toBe(false);
      await expectOnlyGenuine(attempt, await proveBytes(attempt, bytes), "auth.signature_invalid");
    });
  });
});

describe("newlines in the place of a text", () => {
  async function expectRefusedSoon(attempt: Attempt, body: unknown, refusal: Refusal): Promise<void> {
    const startedAtMs = performance.now();
    await expectRefused(attempt, body, refusal);
    expect(performance.now() - startedAtMs).toBeLessThan(SOON_MS);
  }

  test("as many as fit are a wrong signature within moments, by any method", async () => {
    await tryMethods(stack, async (attempt) => {
      // The longest message is 4 KiB; a transaction holds about a thousand bytes, an off-chain message's head 50.
      const count = attempt.method === "memo-transaction" ? 1_000 : 4_096 - 50;
      const wrong = await proveBytes(attempt, Buffer.alloc(count, "\n"));
      await expectRefusedSoon(attempt, wrong, "auth.signature_invalid");
      await expectOpened(attempt, await proveGenuinely(attempt));
    });
  });

  test("one more than fits does not fit the schema", async () => {
    await tryMethods(stack, async (attempt) => {
      const genuine = await proveGenuinely(attempt);
      const name = attempt.method === "memo-transaction" ? "transaction" : "signedMessage";
      const wrong = { ...genuine, [name]: toBase64(Buffer.alloc(4_099, "\n")) };
      await expectOnlyGenuine(attempt, wrong, { invalid: [`/${name}`] });
    });
  });

  test("200 KB of them are refused by their size within moments", async () => {
    const trySizes = async (attempt: Attempt): Promise<void> => {
      const genuine = await proveGenuinely(attempt);
      for (const newlines of ["\n".repeat(200_000), toBase64(Buffer.alloc(200_000, "\n"))]) {
        await expectRefusedSoon(attempt, { ...genuine, signedMessage: newlines }, "request.too_large");
      }
      await expectOpened(attempt, genuine);
    };
    await tryMethods(stack, trySizes);
  });
});
