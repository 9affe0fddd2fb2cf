import { createWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { verifyEd25519 } from "../chains/ed25519.ts";
import { publicKeyOf } from "../chains/solana/chain.ts";
import { createWebCryptoSigner } from "./web-crypto.ts";

const seed = new Uint8Array(32).fill(3);
const message = new TextEncoder().encode("message");

describe("a sponsor's signature", () => {
  test("is its own key's, over exactly the message, time and again", async () => {
    const { address } = await createWallet(seed);
    const signer = createWebCryptoSigner(new Map([[address, seed]]), publicKeyOf);
    const signature = await signer.sign(address, message);
    expect(await verifyEd25519(base58.decode(address), message, signature)).toBe(true);
    expect(await signer.sign(address, message)).toEqual(signature);
  });

  test("is not given for an address without a key", async () => {
    const { address } = await createWallet();
    const signer = createWebCryptoSigner(new Map(), publicKeyOf);
    await expect(signer.sign(address, message)).rejects.toMatchObject({ code: "sponsor.unavailable" });
  });

  test("made with another key's seed is never given out", async () => {
    const { address } = await createWallet();
    const signer = createWebCryptoSigner(new Map([[address, seed]]), publicKeyOf);
    await expect(signer.sign(address, message)).rejects.toMatchObject({ code: "internal.misconfigured" });
  });

  test("for an address whose key nobody can tell is never given out", async () => {
    const { address } = await createWallet(seed);
    const signer = createWebCryptoSigner(new Map([[address, seed]]), () => undefined);
    await expect(signer.sign(address, message)).rejects.toMatchObject({ code: "internal.misconfigured" });
  });
});
