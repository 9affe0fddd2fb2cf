import { randomBytes } from "node:crypto";
import { type ApiTarget, requestChallenge, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { startWorker } from "@gasless/localnet/worker";
import { base58 } from "@scure/base";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { forgeForSmallOrderKey, signWithIdentityAsR, stretchScalar } from "../support/ed25519-forgeries.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";
import { fieldsOf, makeProof, postSession, textOf } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";
import smallOrderKeys from "../vectors/ed25519/small_order_pubkeys.json" with { type: "json" };

let stack: Stack;
let target: ApiTarget;
beforeAll(async () => {
  stack = await startStack();
  target = await stack.createProject();
});
afterAll(() => stack.close());

/** The verifier that a worker has without our list, in the same workerd. */
async function askPlainVerifier(cases: readonly (readonly [Uint8Array, Uint8Array, Uint8Array])[]): Promise<boolean[]> {
  const plain = await startWorker({
    scriptPath: "bff/test/support/plain-verifier.js",
    bindings: {},
    databaseUrl: inject("postgresUrl"),
    durableObjects: {},
  });
  try {
    const body = JSON.stringify(cases.map((parts) => parts.map((part) => Buffer.from(part).toString("hex"))));
    const answer = await fetch(plain.url, { method: "POST", body });
    return (await answer.json()) as boolean[];
  } finally {
    await plain.stop();
  }
}

async function challengeTextFor(address: string) {
  const challenge = await requestChallenge(target, { address });
  return { challengeId: challenge.challengeId, bytes: new TextEncoder().encode(textOf(fieldsOf(challenge), address)) };
}

const proofOf = (challengeId: string, address: string, signature: Uint8Array) => ({
  challengeId,
  network: target.network,
  address,
  method: "message",
  signature: toBase64(signature),
});

describe("forged signatures", () => {
  test.each(smallOrderKeys)("of the small-order key %s open no session", async (hex) => {
    const key = Buffer.from(hex, "hex");
    const address = base58.encode(key);
    const { challengeId, bytes } = await challengeTextFor(address);
    const forged = proofOf(challengeId, address, forgeForSmallOrderKey(key, bytes));
    expectProblem(await postSession(target, forged), 401, "auth.signature_invalid");
  });

  // Without the list anybody is the wallet 11111111111111111111111111111111: this is what makes it necessary.
  test("are taken for genuine by the plain verifier of this very runtime", async () => {
    const message = new TextEncoder().encode("anybody may say this");
    const seed = randomBytes(32);
    const wallet = await createWallet(seed);
    const systemProgram = new Uint8Array(32);
    const verdicts = await askPlainVerifier([
      [systemProgram, message, forgeForSmallOrderKey(systemProgram, message)],
      [base58.decode(wallet.address), message, signWithIdentityAsR(seed, message)],
    ]);
    expect(verdicts).toEqual([true, true]);
  });

  test("with a small-order R are refused, though their key is a real one", async () => {
    const seed = randomBytes(32);
    const { address } = await createWallet(seed);
    const { challengeId, bytes } = await challengeTextFor(address);
    const forged = proofOf(challengeId, address, signWithIdentityAsR(seed, bytes));
    expectProblem(await postSession(target, forged), 401, "auth.signature_invalid");
  });

  test.each(smallOrderKeys)("with R = %s and S = 0 are refused", async (hex) => {
    const { address } = await createWallet();
    const { challengeId } = await challengeTextFor(address);
    const forged = proofOf(challengeId, address, Buffer.concat([Buffer.from(hex, "hex"), Buffer.alloc(32)]));
    expectProblem(await postSession(target, forged), 401, "auth.signature_invalid");
  });

  test("with S + L, a second spelling of a genuine one, are refused", async () => {
    const proof = await makeProof(target, await createWallet());
    const signature = toBase64(stretchScalar(Buffer.from(proof.signature, "base64")));
    expectProblem(await postSession(target, { ...proof, signature }), 401, "auth.signature_invalid");
    expect((await postSession(target, proof)).status).toBe(201);
  });
});

describe("a proof of the wrong size", () => {
  test("without a signature does not fit the schema", async () => {
    const proof = await makeProof(target, await createWallet());
    expectInvalid(await postSession(target, { ...proof, signature: "" }), ["/signature"]);
  });

  // workerd throws here, where other runtimes answer false.
  test.each([1, 63, 65, 128])("with a signature of %i bytes is a wrong signature", async (length) => {
    const proof = await makeProof(target, await createWallet());
    const genuine = Buffer.from(proof.signature, "base64");
    const signature = toBase64(Buffer.concat([genuine, Buffer.alloc(64)]).subarray(0, length));
    expectProblem(await postSession(target, { ...proof, signature }), 401, "auth.signature_invalid");
  });

  test.each([31, 33])("with an address of %i bytes names no wallet", async (length) => {
    const proof = await makeProof(target, await createWallet());
    const address = base58.encode(randomBytes(length).fill(7, 0, 1));
    expectInvalid(await postSession(target, { ...proof, address }), ["/address"]);
  });

  test("with 32 bytes that are no point of the curve is a wrong signature", async () => {
    const proof = await makeProof(target, await createWallet());
    // y = 2 belongs to no point.
    const address = base58.encode(Buffer.from("02".padEnd(64, "0"), "hex"));
    expectProblem(await postSession(target, { ...proof, address }), 401, "auth.signature_invalid");
  });
});
