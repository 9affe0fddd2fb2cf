import { randomBytes } from "node:crypto";
import { requestChallenge, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { altering, createIdentityWallet, createSmallOrderWallet, findWallet } from "../support/dishonest-wallets.ts";
import { stretchScalar } from "../support/ed25519-forgeries.ts";
import { postSession, type Proof } from "../support/proofs.ts";
import {
  type Attempt,
  encodeText,
  expectOnlyGenuine,
  expectOpened,
  expectRefused,
  proveGenuinely,
  textOfAttempt,
  tryMethods,
} from "../support/sign-in-attempts.ts";
import { type Stack, startStack } from "../support/stack.ts";
import smallOrderKeys from "../vectors/ed25519/small_order_pubkeys.json" with { type: "json" };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

function flipBit(signature: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(signature);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

const reverse = (bytes: Uint8Array): Uint8Array => bytes.toReversed();
const pad = (signature: Buffer, length: number): Buffer =>
  Buffer.concat([signature, Buffer.alloc(length)]).subarray(0, length);

/** What is done to a genuine signature, wherever the method keeps it. */
const CHANGES: readonly (readonly [string, (signature: Buffer) => Uint8Array])[] = [
  ...[0, 1, 100, 254, 255, 256, 257, 400, 508, 509, 510, 511].map(
    (bit) => [`with bit ${bit} flipped`, (signature: Buffer) => flipBit(signature, bit)] as const,
  ),
  ["with S + L", stretchScalar],
  ["with S + 2 L", (signature) => stretchScalar(stretchScalar(signature))],
  ["with S = 0", (signature) => Buffer.concat([signature.subarray(0, 32), Buffer.alloc(32)])],
  ["with R = 0", (signature) => Buffer.concat([Buffer.alloc(32), signature.subarray(32)])],
  ["with R and S exchanged", (signature) => Buffer.concat([signature.subarray(32), signature.subarray(0, 32)])],
  ["with its bytes in reverse", reverse],
  ["of zeros", () => Buffer.alloc(64)],
  ["of ones", () => Buffer.alloc(64, 0xff)],
  ["at random", () => randomBytes(64)],
  ...[1, 32, 63, 65, 96, 128].map((length) => [`of ${length} bytes`, (own: Buffer) => pad(own, length)] as const),
];

describe("a genuine signature, by any method,", () => {
  test.each(CHANGES)("%s opens no session, and as it was it does", async (_name, change) => {
    await tryMethods(stack, async (attempt) => {
      const wrong = await proveGenuinely({ ...attempt, wallet: altering(attempt.wallet, change) });
      await expectOnlyGenuine(attempt, wrong, "auth.signature_invalid");
    });
  });

  test("by another wallet opens no session in the name of ours", async () => {
    const thief = await createWallet();
    await tryMethods(stack, async (attempt) => {
      const disguised = { address: attempt.wallet.address, sign: thief.sign };
      const wrong = await proveGenuinely({ ...attempt, wallet: disguised });
      await expectOnlyGenuine(attempt, wrong, "auth.signature_invalid");
    });
  });

  test("of another challenge, with or without that one's message, opens no session by ours", async () => {
    await tryMethods(stack, async (attempt) => {
      const other = await proveGenuinely({ ...attempt, challenge: await requestChallenge(attempt.target, {}) });
      const own = await proveGenuinely(attempt);
      const { challengeId } = own;
      await expectRefused(attempt, { ...other, challengeId }, "auth.signature_invalid");
      await expectRefused(attempt, { ...own, signature: other.signature }, "auth.signature_invalid");
      const signed = { signedMessage: other.signedMessage, transaction: other.transaction };
      if (signed.signedMessage ?? signed.transaction) {
        await expectRefused(attempt, { ...own, ...signed }, "auth.signature_invalid");
      }
      await expectOpened(attempt, own);
    });
  });

  test("with an empty signature does not fit the schema", async () => {
    await tryMethods(stack, async (attempt) => {
      const wrong = { ...(await proveGenuinely(attempt)), signature: "" };
      await expectOnlyGenuine(attempt, wrong, { invalid: ["/signature"] });
    });
  });
});

describe("a text method with the message that was signed beside it", () => {
  const methods = ["siws", "message", "local"] as const;

  test("is taken when that is our text, and refused when it is another one, whatever was signed", async () => {
    const tryMessages = async (attempt: Attempt): Promise<void> => {
      const own = await proveGenuinely(attempt);
      const text = textOfAttempt(attempt);
      for (const other of [`${text}\n`, text.slice(1), "\0"]) {
        const wrong = { ...own, signedMessage: toBase64(encodeText(other)) };
        await expectRefused(attempt, wrong, "auth.signature_invalid");
      }
      await expectOpened(attempt, { ...own, signedMessage: toBase64(encodeText(text)) });
    };
    await tryMethods(stack, tryMessages, { methods });
  });
});

describe("a key that anybody can sign for opens no session by any method:", () => {
  test.each(smallOrderKeys)("%s", async (encoding) => {
    const wallet = createSmallOrderWallet(encoding);
    const tryKey = async (attempt: Attempt): Promise<void> => {
      const forged = { ...attempt, wallet };
      await expectRefused(forged, await proveGenuinely(forged), "auth.signature_invalid");
    };
    await tryMethods(stack, tryKey, { opens: 0 });
  });

  // The field has p = 2^255 - 19 elements: these encode 3, 4 and 18 once more, the last with the other sign.
  test.each(["f0".padEnd(62, "f"), "f1".padEnd(62, "f"), "ff".padEnd(62, "f")])(
    "%s.., a second spelling of a point",
    async (start) => {
      for (const end of ["7f", "ff"]) {
        const address = base58.encode(Buffer.from(`${start}${end}`, "hex"));
        const tryKey = async (attempt: Attempt): Promise<void> => {
          await expectRefused(attempt, { ...(await proveGenuinely(attempt)), address }, "auth.signature_invalid");
        };
        await tryMethods(stack, tryKey, { opens: 0 });
      }
    },
  );
});

describe("a small-order point in the place of R opens no session by any method:", () => {
  test("the identity, by the owner of a real key", async () => {
    const tryIdentity = async (attempt: Attempt): Promise<void> => {
      const forged = { ...attempt, wallet: await createIdentityWallet() };
      await expectRefused(forged, await proveGenuinely(forged), "auth.signature_invalid");
    };
    await tryMethods(stack, tryIdentity, { opens: 0 });
  });

  test.each(smallOrderKeys)("%s, with S = 0", async (encoding) => {
    await tryMethods(stack, async (attempt) => {
      const point = Buffer.concat([Buffer.from(encoding, "hex"), Buffer.alloc(32)]);
      const wrong = await proveGenuinely({ ...attempt, wallet: altering(attempt.wallet, () => point) });
      await expectOnlyGenuine(attempt, wrong, "auth.signature_invalid");
    });
  });
});

const SEXTETS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** The unused bits of the last character are not zero: lenient decoders give the same bytes. */
const spoilTail = (text: string): string =>
  text.replace(/.(?==+$)/, (last) => SEXTETS.charAt(SEXTETS.indexOf(last) + 1));

const SPELLINGS: readonly (readonly [string, (text: string) => string])[] = [
  ["with a space before it", (text) => ` ${text}`],
  ["with a line end behind it", (text) => `${text}\n`],
  ["with a line end in it", (text) => `${text.slice(0, 76)}\r\n${text.slice(76)}`],
  ["without padding", (text) => text.replace(/=+$/, "")],
  ["with a padding sign too many", (text) => `${text}=`],
  ["in the alphabet of URLs", (text) => `-_${text.slice(2)}`],
  ["with another tail of the same bytes", spoilTail],
  ["as a data URL", (text) => `data:;base64,${text}`],
  ["in hex", (text) => `${Buffer.from(text, "base64").toString("hex")}0`],
  ["with full-width letters", (text) => text.replace(/^./, "\uFF21")],
];

describe("base64, by any method, in every field that is it,", () => {
  test.each(SPELLINGS)("%s does not fit the schema", async (_name, spell) => {
    await tryMethods(stack, async (attempt) => {
      const own = await proveGenuinely(attempt);
      for (const name of ["signature", "signedMessage", "transaction"] as const) {
        const text = own[name];
        const other = text === undefined ? undefined : spell(text);
        // Where the length needs no padding, there is none to write otherwise.
        if (other !== undefined && other !== text) {
          await expectRefused(attempt, { ...own, [name]: other }, { invalid: [`/${name}`] });
        }
      }
      await expectOpened(attempt, own);
    });
  });
});

/** 32 bytes in another's spelling are another wallet; anything else is none. */
function isAddress(text: string): boolean {
  try {
    return base58.decode(text).length === 32;
  } catch {
    return false;
  }
}

describe("an address, by any method,", () => {
  const NO_ADDRESS: readonly (readonly [string, (address: string) => string])[] = [
    ["with a space before it", (address) => ` ${address}`],
    ["with a line end behind it", (address) => `${address}\n`],
    ["with its family", (address) => `solana:${address}`],
    ["behind one more 1", (address) => `1${address}`],
    ["with a NUL behind it", (address) => `${address}\0`],
    ["with three letters too many", (address) => `${address}zzz`],
    ["with letters that base58 has not", () => "0OIl".repeat(11)],
    ["in hex", (address) => Buffer.from(base58.decode(address)).toString("hex")],
    ["in base64", (address) => toBase64(base58.decode(address))],
    ["with a full-width digit", (address) => address.replace(/.$/, "\uFF11")],
  ];
  test.each(NO_ADDRESS)("%s does not fit the schema", async (_name, spell) => {
    await tryMethods(stack, async (attempt) => {
      const wrong = { ...(await proveGenuinely(attempt)), address: spell(attempt.wallet.address) };
      await expectOnlyGenuine(attempt, wrong, { invalid: ["/address"] });
    });
  });

  test("in another case is another wallet, and proves nothing of it", async () => {
    const cases = [(text: string) => text.toLowerCase(), (text: string) => text.toUpperCase()];
    for (const spell of cases) {
      const wallet = await findWallet((address) => isAddress(spell(address)));
      await tryMethods(stack, async (attempt) => {
        const own = { ...attempt, wallet };
        const genuine = await proveGenuinely(own);
        await expectOnlyGenuine(own, { ...genuine, address: spell(wallet.address) }, "auth.signature_invalid");
      });
    }
  });

  test("that begins with zero bytes has one spelling too", async () => {
    const wallet = await findWallet((address) => address.startsWith("1"));
    await tryMethods(stack, async (attempt) => {
      const own = { ...attempt, wallet };
      const genuine = await proveGenuinely(own);
      for (const address of [`1${wallet.address}`, wallet.address.slice(1)]) {
        await expectRefused(own, { ...genuine, address }, { invalid: ["/address"] });
      }
      await expectOpened(own, genuine);
    });
  });

  test("with a `publicKey` beside it that is another one or another spelling opens no session", async () => {
    const other = await createWallet();
    await tryMethods(stack, async (attempt) => {
      const own = await proveGenuinely(attempt);
      const { address } = attempt.wallet;
      const spellings = [other.address, ` ${address}`, Buffer.from(base58.decode(address)).toString("hex")];
      for (const publicKey of spellings) {
        await expectRefused(attempt, { ...own, publicKey }, "auth.signature_invalid");
      }
      await expectOpened(attempt, { ...own, publicKey: address } as Proof);
    });
  });
});

describe("a wallet that nobody has seen", () => {
  test("is refused in the very words of one that has sessions", async () => {
    await tryMethods(stack, async (attempt) => {
      await expectOpened(attempt, await proveGenuinely(attempt));
      const refusalOf = async (known: boolean) => {
        const wallet = known ? attempt.wallet : await createWallet();
        const challenge = await requestChallenge(attempt.target, {});
        const spoilt = altering(wallet, (signature) => flipBit(signature, 300));
        const { status, headers, body } = await postSession(
          attempt.target,
          await proveGenuinely({ ...attempt, challenge, wallet: spoilt }),
        );
        const { requestId: _requestId, ...words } = body as unknown as Record<string, unknown>;
        const names = [...headers.keys()].filter((name) => !["date", "request-id", "ratelimit"].includes(name));
        return { status, words, names };
      };
      const [known, unknown] = [await refusalOf(true), await refusalOf(false)];
      expect(known.words).toMatchObject({ code: "auth.signature_invalid", status: 401 });
      expect(unknown).toEqual(known);
    });
  });
});
