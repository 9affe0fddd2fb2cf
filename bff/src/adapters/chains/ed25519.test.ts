import { describe, expect, test } from "vitest";
import { forgeForSmallOrderKey, signWithIdentityAsR, stretchScalar } from "../../../test/support/ed25519-forgeries.ts";
import rfc8032 from "../../../test/vectors/ed25519/rfc8032_tests_1_3.json" with { type: "json" };
import smallOrderKeys from "../../../test/vectors/ed25519/small_order_pubkeys.json" with { type: "json" };
import { verifyEd25519 } from "./ed25519.ts";

const read = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const vectors = rfc8032.map(({ test: name, seed, publicKey, message, signature }) => ({
  name,
  seed: read(seed),
  publicKey: read(publicKey),
  message: read(message),
  signature: read(signature),
}));
const [vector = vectors[0]] = vectors.slice(1);
if (!vector) throw new Error("there are no vectors");

const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe("a signature", () => {
  test.each(vectors)("of $name is genuine", async ({ publicKey, message, signature }) => {
    expect(await verifyEd25519(publicKey, message, signature)).toBe(true);
  });

  test.each(vectors)("of $name is no longer, once a bit of anything is another", async (one) => {
    const { publicKey, message, signature } = one;
    for (const at of [0, 31, 32, 63]) expect(await verifyEd25519(publicKey, message, flip(signature, at))).toBe(false);
    expect(await verifyEd25519(flip(publicKey, 0), message, signature)).toBe(false);
    expect(await verifyEd25519(publicKey, read("00"), signature)).toBe(false);
  });

  test("or key of another length is false and no exception", async () => {
    const { publicKey, message, signature } = vector;
    for (const length of [0, 1, 63, 65, 128]) {
      const resized = Uint8Array.from({ length }, (_, index) => signature[index] ?? 0);
      expect(await verifyEd25519(publicKey, message, resized)).toBe(false);
    }
    for (const length of [0, 31, 33, 64]) {
      const resized = Uint8Array.from({ length }, (_, index) => publicKey[index] ?? 0);
      expect(await verifyEd25519(resized, message, signature)).toBe(false);
    }
  });

  test("forged for a small-order key, which fits anything, is false", async () => {
    for (const hex of smallOrderKeys) {
      const forged = forgeForSmallOrderKey(read(hex), vector.message);
      expect(await verifyEd25519(read(hex), vector.message, forged)).toBe(false);
    }
  });

  test("with a small-order R, or with S + L, is false even of the key's owner", async () => {
    const { seed, publicKey, message, signature } = vector;
    expect(await verifyEd25519(publicKey, message, signWithIdentityAsR(seed, message))).toBe(false);
    expect(await verifyEd25519(publicKey, message, stretchScalar(signature))).toBe(false);
  });

  test("in a view on a larger buffer is read from where the view begins", async () => {
    const { publicKey, message, signature } = vector;
    const shift = (bytes: Uint8Array): Uint8Array => Uint8Array.of(9, ...bytes, 9).subarray(1, 1 + bytes.length);
    expect(await verifyEd25519(shift(publicKey), shift(message), shift(signature))).toBe(true);
  });
});
