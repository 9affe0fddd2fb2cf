import { callApi, requestChallenge, toBase64 } from "@gasless/localnet/api-client";
import { NETWORK } from "@gasless/localnet/testing/stack";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  begin,
  bytesOf,
  countSessions,
  expectClosed,
  expectOpened,
  newKey,
  prove,
  proveBytes,
  proveNewly,
} from "../support/algorand-attempts.ts";
import { type AlgorandScene, createOpenProject, openScene, type Project } from "../support/algorand-scene.ts";
import { ALGORAND_METHODS } from "../support/algorand-sign-ins.ts";
import { SOLANA_METHODS } from "../support/method-proofs.ts";
import { makeProof, postSession } from "../support/proofs.ts";
import { expectRefusal } from "../support/visitor.ts";

const INVALID = "auth.signature_invalid";
const FOREIGN = "auth.challenge_invalid";
const OTHER_ORIGIN = "https://other.example";

let scene: AlgorandScene;
let target: Project;
let opened = 0;
beforeAll(async () => {
  scene = await openScene();
  const names = { name: `Shop ${crypto.randomUUID()}`, publishableKey: `pk_test_${"7".repeat(32)}` };
  const origins = ["https://dapp.example", OTHER_ORIGIN];
  await scene.stack.createProject({ ...names, origins });
  target = await createOpenProject(scene, {}, { ...names, origins });
});
afterAll(() => scene.stack.close());
/** Whatever was tried, only what a test has said opened a session. */
afterEach(async () => {
  expect(await countSessions(scene, target)).toBe(opened);
});

async function expectIn(proof: Parameters<typeof expectOpened>[1]): Promise<void> {
  await expectOpened(target, proof);
  opened += 1;
}

describe("a proof", () => {
  test.each(ALGORAND_METHODS)("by %s is none by another method, though the challenge takes any", async (method) => {
    for (const other of ALGORAND_METHODS.filter((one) => one !== method)) {
      const key = newKey();
      const unbound = await requestChallenge(target, { address: key.address });
      // What a challenge of either method would have given to sign.
      const bound = await begin(target, method, key);
      const proof = await prove({ ...bound, challenge: { ...bound.challenge, challengeId: unbound.challengeId } });
      const transaction =
        other === "zero-transaction" ? { transaction: toBase64(Uint8Array.of(0x80)) } : { transaction: undefined };
      await expectClosed(target, { ...proof, method: other, ...transaction }, INVALID);
      await expectClosed(target, { ...(await prove(bound)), method: other, ...transaction }, FOREIGN);
    }
  });

  test.each(ALGORAND_METHODS)("by %s is of one challenge, address, project, page and network", async (method) => {
    const [key, other] = [newKey(), newKey()];
    const attempt = await begin(target, method, key);
    const proof = await prove(attempt);
    const { challengeId } = await requestChallenge(target, {});
    await expectClosed(target, { ...proof, challengeId }, INVALID);
    await expectClosed(target, { ...proof, address: other.address }, FOREIGN);
    await expectClosed(target, { ...proof, challengeId, address: other.address }, INVALID);
    await expectClosed({ ...target, origin: OTHER_ORIGIN }, proof, FOREIGN);
    const elsewhere = await createOpenProject(scene);
    expectRefusal(await postSession(elsewhere, proof), FOREIGN);
    expectRefusal(await postSession(target, { ...proof, network: "algorand:testnet" }), "project.network_not_enabled");
    expectRefusal(await postSession(target, { ...proof, network: NETWORK }), "auth.wallet_unsupported");
    await expectIn(proof);
  });

  test("made by a page of another origin, for a challenge that this origin got, is refused by all methods", async () => {
    for (const method of ALGORAND_METHODS) {
      const key = newKey();
      const there = await begin({ ...target, origin: OTHER_ORIGIN }, method, key);
      const here = await begin(target, method, key);
      const proof = await prove(there);
      await expectClosed(target, proof, FOREIGN);
      await expectClosed(target, { ...proof, challengeId: here.challenge.challengeId }, INVALID);
    }
  });

  test("wrong five times burns its challenge, for the right one too", async () => {
    const attempt = await begin(target, "mx");
    const wrong = proveBytes(attempt, bytesOf("MXanother text"));
    for (let count = 0; count < 5; count++) await expectClosed(target, wrong, INVALID);
    await expectClosed(target, await prove(attempt), FOREIGN);
  });

  test.each([63, 65, 0, 128])("with a signature of %i bytes is refused", async (length) => {
    const proof = await proveNewly(target, "arc60");
    const signature = toBase64(new Uint8Array(length).fill(0x01));
    const answer = await postSession(target, { ...proof, signature });
    expectRefusal(answer, length === 0 ? "request.invalid" : INVALID);
  });
});

describe("methods of one family are none of the other", () => {
  test.each(SOLANA_METHODS)("%s does not open a session on Algorand", async (method) => {
    const proof = await proveNewly(target, "mx");
    const transaction = method === "memo-transaction" ? { transaction: proof.signature } : {};
    const signedMessage = method === "siws" ? { signedMessage: proof.signature } : {};
    await expectClosed(target, { ...proof, method, ...transaction, ...signedMessage }, "auth.wallet_unsupported");
    const body = { network: target.network, address: proof.address, method };
    expectRefusal(await callApi(target, "POST", "/v1/challenges", { body }), "auth.wallet_unsupported");
  });

  test.each(ALGORAND_METHODS)("%s does not open one on Solana", async (method) => {
    const onSolana = { ...target, network: NETWORK };
    const proof = await makeProof(onSolana, await createWallet());
    const transaction = method === "zero-transaction" ? { transaction: proof.signature } : {};
    await expectClosed(target, { ...proof, method, ...transaction }, "auth.wallet_unsupported");
  });

  test("the address of one is none on the other's network", async () => {
    const onSolana = { ...target, network: NETWORK };
    const solana = await makeProof(onSolana, await createWallet());
    expectRefusal(await postSession(target, { ...solana, network: target.network, method: "mx" }), "request.invalid");
    const algorand = await proveNewly(target, "mx");
    expectRefusal(await postSession(target, { ...algorand, network: NETWORK, method: "message" }), "request.invalid");
  });
});

describe("mx", () => {
  const mutate = (change: (text: string) => string) => async (): Promise<void> => {
    const attempt = await begin(target, "mx");
    const text = change(attempt.challenge.message);
    expect(text).not.toBe(attempt.challenge.message);
    await expectClosed(target, proveBytes(attempt, bytesOf(`MX${text}`)), INVALID);
    const signedMessage = toBase64(bytesOf(text));
    await expectClosed(target, { ...proveBytes(attempt, bytesOf(`MX${text}`)), signedMessage }, INVALID);
  };
  test.each<[string, (text: string) => string]>([
    ["another page", (text) => text.replace("dapp.example", "evil.example")],
    ["another chain", (text) => text.replace("Algorand account", "Solana account")],
    ["another network", (text) => text.replace("algorand:localnet", "algorand:mainnet")],
    ["another address", (text) => text.replace(/\n[A-Z2-7]{58}\n/, `\n${newKey().address}\n`)],
    ["another nonce", (text) => text.replace(/Nonce: ./, "Nonce: x")],
    ["a longer life", (text) => text.replace(/Expiration Time: 20/, "Expiration Time: 21")],
    ["another statement", (text) => text.replace("This is free", "This is expensive")],
    ["a line feed behind it", (text) => `${text}\n`],
    ["line ends of Windows", (text) => text.replaceAll("\n", "\r\n")],
    ["one resource more", (text) => `${text}\n- https://evil.example`],
    ["nothing but a space", () => " "],
  ])("of a text that says another thing is refused: %s", (_, change) => mutate(change)());

  test.each(["", "mx", "MXMX", "TX", "MX\0", "Program"])("behind another tag is refused: %j", async (tag) => {
    const attempt = await begin(target, "mx");
    await expectClosed(target, proveBytes(attempt, bytesOf(`${tag}${attempt.challenge.message}`)), INVALID);
  });

  test("tells what was signed, or does not, and never another thing", async () => {
    const attempt = await begin(target, "mx");
    const { message } = attempt.challenge;
    const proof = await prove(attempt);
    await expectClosed(target, { ...proof, signedMessage: toBase64(bytesOf("another text")) }, INVALID);
    await expectIn({ ...proof, signedMessage: toBase64(bytesOf(message)) });
  });
});
