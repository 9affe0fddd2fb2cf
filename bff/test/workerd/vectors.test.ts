import { toBase64 } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SignatureCase, SignInCase } from "../support/adapter-worker.ts";
import { type AdapterWorkerd, startAdapterWorkerd } from "../support/adapter-workerd.ts";
import { DPOP_EXAMPLES } from "../support/dpop-examples.ts";
import { forgeForSmallOrderKey, stretchScalar } from "../support/ed25519-forgeries.ts";
import { SOLANA_METHODS } from "../support/method-proofs.ts";
import { createKnownWallets, createSignInCase, TEXTS_OF_OTHERS } from "../support/sign-in-cases.ts";
import rfc8032 from "../vectors/ed25519/rfc8032_tests_1_3.json" with { type: "json" };
import smallOrderKeys from "../vectors/ed25519/small_order_pubkeys.json" with { type: "json" };
import dpop from "../vectors/jose/dpop_draft_examples.json" with { type: "json" };
import offchain from "../vectors/siws/offchain_message_layouts.json" with { type: "json" };

let workerd: AdapterWorkerd;
beforeAll(async () => {
  workerd = await startAdapterWorkerd();
});
afterAll(() => workerd.stop());

const ofHex = (hex: string): string => toBase64(Buffer.from(hex, "hex"));

const genuine = rfc8032.map(({ publicKey, message, signature }) => ({
  publicKey: ofHex(publicKey),
  message: ofHex(message),
  signature: ofHex(signature),
}));

/** The same case with one bit of one of its parts another. */
function flip(one: SignatureCase, part: keyof SignatureCase, bit: number): SignatureCase {
  const bytes = Buffer.from(one[part], "base64");
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return { ...one, [part]: toBase64(bytes) };
}

const askSignatures = (cases: readonly SignatureCase[]) => workerd.ask<boolean[]>({ kind: "signatures", cases });
const all = <Value>(cases: readonly unknown[], value: Value): Value[] => cases.map(() => value);

describe("RFC 8032's signatures, in workerd,", () => {
  test("are genuine, all three", async () => {
    expect(genuine).toHaveLength(3);
    expect(await askSignatures(genuine)).toEqual([true, true, true]);
  });

  test("are none with any bit of signature or key flipped, with S + L, or of another length", async () => {
    const bits = Array.from({ length: 512 }, (_, bit) => bit);
    const spoilt = genuine.flatMap((one) => [
      ...bits.map((bit) => flip(one, "signature", bit)),
      ...bits.slice(0, 256).map((bit) => flip(one, "publicKey", bit)),
      { ...one, signature: toBase64(stretchScalar(Buffer.from(one.signature, "base64"))) },
      { ...one, message: toBase64(Buffer.from("another")) },
      ...[0, 1, 32, 63, 65, 128].map((length) => ({ ...one, signature: toBase64(Buffer.alloc(length, 1)) })),
      ...[0, 31, 33, 64].map((length) => ({ ...one, publicKey: toBase64(Buffer.alloc(length, 1)) })),
    ]);
    expect(await askSignatures(spoilt)).toEqual(all(spoilt, false));
  });

  test("are nobody's by a key of small order, though a plain verifier would take them", async () => {
    const message = Buffer.from("anybody may say this");
    const forged = smallOrderKeys.map((hex) => ({
      publicKey: ofHex(hex),
      message: toBase64(message),
      signature: toBase64(forgeForSmallOrderKey(Buffer.from(hex, "hex"), message)),
    }));
    expect(forged).toHaveLength(14);
    expect(await askSignatures(forged)).toEqual(all(forged, false));
  });
});

describe.each(DPOP_EXAMPLES)("RFC 9449's proof $name, in workerd,", ({ api, proof, call, nowMs, jti }) => {
  const ask = (changes: object = {}) =>
    workerd.ask<object>({ kind: "possession", api, proof, call, nowMs, ...changes });

  test("is genuine for its call, its key and its minute", async () => {
    expect(await ask()).toEqual({ ok: true, value: { keyThumbprint: dpop.jkt, jti } });
  });

  test("is refused for anything else", async () => {
    expect(await ask({ nowMs: nowMs + 61_000 })).toEqual({ ok: false, reason: "untimely" });
    expect(await ask({ nowMs: nowMs - 61_000 })).toEqual({ ok: false, reason: "untimely" });
    expect(await ask({ call: { ...call, path: "/" } })).toEqual({ ok: false, reason: "of_another_call" });
    expect(await ask({ call: { ...call, method: "PUT" } })).toEqual({ ok: false, reason: "of_another_call" });
    expect(await ask({ call: { ...call, accessToken: "x" } })).toEqual({ ok: false, reason: "of_another_token" });
    const at = proof.length - 20;
    const spoilt = proof.slice(0, at) + (proof[at] === "A" ? "B" : "A") + proof.slice(at + 1);
    expect(await ask({ proof: spoilt })).toEqual({ ok: false, reason: "malformed" });
  });
});

describe("sign-in texts of others, in workerd,", () => {
  const askSignIns = (cases: readonly SignInCase[]) => workerd.ask<string[]>({ kind: "sign-ins", cases });

  test.each(SOLANA_METHODS)(
    "are genuine by %s where they are the challenge's, and of no other challenge",
    async (method) => {
      const [, wallet] = await createKnownWallets();
      if (!wallet) throw new Error("there are no vectors");
      const texts = TEXTS_OF_OTHERS.map(([, text]) => text);
      const cases = await Promise.all(texts.map((text) => createSignInCase(method, text, wallet)));
      expect(await askSignIns(cases)).toEqual(all(cases, "proven"));
      const foreign = cases.flatMap((one) =>
        texts
          .filter((text) => text !== one.challenge.text)
          .map((text) => ({ ...one, challenge: { ...one.challenge, text } })),
      );
      expect(await askSignIns(foreign)).toEqual(all(foreign, "unproven"));
    },
  );
});

describe("off-chain messages of others, in workerd,", () => {
  test("are read in the layouts that they have, and not at all where they must not be", async () => {
    const { note: _note, envelope: _envelope, ...ledger } = offchain.ledger_dmk;
    const messages = [...offchain.kit.map(({ hex }) => hex), ...Object.values(ledger)].map(ofHex);
    const expected = [
      ["v0"],
      ["v1"],
      [],
      [],
      [],
      [],
      ["v0"],
      ["v0"],
      ["compact"],
      ["compact"],
      ["v1"],
      ["v1", "v1-with-length"],
    ];
    expect(await workerd.ask({ kind: "offchain", messages })).toEqual(expected);
  });
});
