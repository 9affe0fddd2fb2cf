import { createWallet } from "@gasless/localnet/wallet";
import { describe, expect, test } from "vitest";
import { verifyEd25519 } from "../chains/solana/ed25519.ts";
import { base58 } from "@scure/base";
import { createWebCryptoSigner } from "./web-crypto.ts";

const seed = new Uint8Array(32).fill(3);
const message = new TextEncoder().encode("message");

describe("a sponsor's signature", () => {
  test("is its own key's, over exactly the message, time and again", async () => {
    const { address } = await createWallet(seed);
    const signer = createWebCryptoSigner(new Map([[address, seed]]));
    const signature = await signer.sign(address, message);
    expect(await verifyEd25519(base58.decode(address), message, signature)).toBe(true);
    expect(await signer.sign(address, message)).toEqual(signature);
  });

  test("is not given for an address without a key", async () => {
    const { address } = await createWallet();
    const signer = createWebCryptoSigner(new Map());
    await expect(signer.sign(address, message)).rejects.toMatchObject({ code: "sponsor.unavailable" });
  });

  test("made with another key's seed is never given out", async () => {
    const { address } = await createWallet();
    const signer = createWebCryptoSigner(new Map([[address, seed]]));
    await expect(signer.sign(address, message)).rejects.toMatchObject({ code: "internal.misconfigured" });
  });
});
