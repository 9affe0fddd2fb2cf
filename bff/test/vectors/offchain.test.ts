import { requestChallenge, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { postSession } from "../support/proofs.ts";
import { countSessions } from "../support/sign-in-attempts.ts";
import { type Stack, startStack } from "../support/stack.ts";
import vectors from "./siws/offchain_message_layouts.json" with { type: "json" };

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const { note: _note, envelope: _envelope, ...ledger } = vectors.ledger_dmk;
const MESSAGES: readonly (readonly [string, string])[] = [
  ...vectors.kit.map(({ name, hex }) => [`kit, ${name}`, hex] as const),
  ...Object.entries(ledger).map(([name, hex]) => [`Ledger, ${name}`, hex] as const),
];

describe("an off-chain message of somebody else's text, honestly signed, opens no session:", () => {
  test.each(MESSAGES)("%s, alone, beside nothing and in an envelope", async (_name, hex) => {
    const target = await stack.createProject();
    const wallet = await createWallet();
    const message = Buffer.from(hex, "hex");
    const signature = await wallet.sign(message);
    const envelope = Buffer.concat([Buffer.from([1]), signature, message]);
    const forms = [
      { signature: toBase64(signature), signedMessage: toBase64(message) },
      { signature: toBase64(signature) },
      { signature: toBase64(envelope) },
      { signature: toBase64(envelope), signedMessage: toBase64(message) },
    ];
    const { challengeId } = await requestChallenge(target, {});
    for (const form of forms) {
      const proof = { challengeId, network: target.network, address: wallet.address, method: "offchain", ...form };
      expectProblem(await postSession(target, proof), 401, "auth.signature_invalid");
    }
    expect(await countSessions(stack, target)).toBe(0);
  });
});
