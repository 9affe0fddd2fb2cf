import { type ApiTarget, requestChallenge, toBase64 } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, test } from "vitest";
import { expectProblem } from "../support/problems.ts";
import { postSession } from "../support/proofs.ts";
import { type Stack, startStack } from "../support/stack.ts";
import caip122 from "./siws/caip122_examples.json" with { type: "json" };
import walletStandard from "./siws/wallet_standard_signin_text.json" with { type: "json" };

let stack: Stack;
let target: ApiTarget;
beforeAll(async () => {
  stack = await startStack();
  target = await stack.createProject();
});
afterAll(() => stack.close());

const decoded = new TextDecoder().decode(Buffer.from(caip122.raw_base64url, "base64url"));
const TEXTS: readonly (readonly [string, string])[] = [
  ...Object.entries(walletStandard).map(([name, { text }]) => [`Wallet Standard, ${name}`, text] as const),
  ["CAIP-122, the example", caip122.solana_text],
  ["CAIP-122, its encoded form", decoded],
];

/** A genuine signature over somebody else's text; where the text names a wallet, over the same text for ours. */
async function signText(text: string) {
  const wallet = await createWallet();
  const ours = text.replace(/^(.*\n)(.*)/, `$1${wallet.address}`);
  return Promise.all(
    [text, ours].map(async (signed) => {
      const bytes = new TextEncoder().encode(signed);
      return { address: wallet.address, signedMessage: toBase64(bytes), signature: toBase64(await wallet.sign(bytes)) };
    }),
  );
}

describe("a valid sign-in text that is not ours opens no session:", () => {
  test.each(TEXTS)("%s, with a challenge of ours", async (_name, text) => {
    for (const signed of await signText(text)) {
      for (const method of ["siws", "message", "local"]) {
        const { challengeId } = await requestChallenge(target, {});
        const proof = { challengeId, network: target.network, method, ...signed };
        expectProblem(await postSession(target, proof), 401, "auth.signature_invalid");
      }
    }
  });

  test.each(TEXTS)("%s, with its own nonce or none", async (_name, text) => {
    const [, nonce = "none"] = /^Nonce: (.*)$/m.exec(text) ?? [];
    for (const signed of await signText(text)) {
      for (const challengeId of [nonce, `chl_${nonce}`]) {
        const proof = { challengeId, network: target.network, method: "siws", ...signed };
        expectProblem(await postSession(target, proof), 401, "auth.challenge_invalid");
      }
    }
  });
});
