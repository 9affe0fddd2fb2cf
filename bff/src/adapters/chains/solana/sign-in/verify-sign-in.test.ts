import { base64 } from "@scure/base";
import { beforeAll, describe, expect, test } from "vitest";
import type { SignInCase } from "../../../../../test/support/adapter-worker.ts";
import { createKnownWallets, createSignInCase, TEXTS_OF_OTHERS } from "../../../../../test/support/sign-in-cases.ts";
import { SOLANA_METHODS } from "../../../../../test/support/method-proofs.ts";
import { verifySignIn } from "./verify-sign-in.ts";

type Wallet = Awaited<ReturnType<typeof createKnownWallets>>[number];

let own: Wallet;
let other: Wallet;
beforeAll(async () => {
  const [first, second] = await createKnownWallets();
  if (!first || !second) throw new Error("there are no vectors");
  [own, other] = [first, second];
});

const decode = (text: string | undefined) => (text === undefined ? undefined : base64.decode(text));

const verify = ({ challenge, address, signature, signedMessage, publicKey, transaction }: SignInCase) =>
  verifySignIn(challenge, {
    address,
    signature: base64.decode(signature),
    signedMessage: decode(signedMessage),
    publicKey,
    transaction: decode(transaction),
  });

describe.each(SOLANA_METHODS)("a proof by %s", (method) => {
  test.each(TEXTS_OF_OTHERS)("of %s is genuine where that is the challenge's text", async (_name, text) => {
    expect(await verify(await createSignInCase(method, text, own))).toBe("proven");
  });

  test.each(TEXTS_OF_OTHERS)("of %s is none of any other text", async (_name, text) => {
    const proof = await createSignInCase(method, text, own);
    const others = TEXTS_OF_OTHERS.map(([, foreign]) => foreign).filter((foreign) => foreign !== text);
    const verdicts = others.map((foreign) => verify({ ...proof, challenge: { ...proof.challenge, text: foreign } }));
    expect(await Promise.all(verdicts)).toEqual(others.map(() => "unproven"));
  });

  test.each(TEXTS_OF_OTHERS)(
    "of %s is none by another wallet, or by a method of another family",
    async (_name, text) => {
      const proof = await createSignInCase(method, text, own);
      expect(await verify({ ...proof, address: other.address })).toBe("unproven");
      const { signature } = await createSignInCase(method, text, other);
      expect(await verify({ ...proof, signature })).toBe("unproven");
      for (const foreign of ["mx", "siwe", "nep413", "arc60", "zero-transaction", "eip712"] as const) {
        expect(await verify({ ...proof, challenge: { ...proof.challenge, method: foreign } })).toBe("unproven");
      }
    },
  );
});

test("a proof is none where another address is said to have signed, whoever has", async () => {
  const [[, text] = ["", ""]] = TEXTS_OF_OTHERS;
  const proof = await createSignInCase("message", text, own);
  const { signature } = await createSignInCase("message", text, other);
  expect(await verify({ ...proof, publicKey: own.address })).toBe("proven");
  expect(await verify({ ...proof, publicKey: other.address })).toBe("unproven");
  expect(await verify({ ...proof, signature, publicKey: other.address })).toBe("unproven");
});

test("a transaction's proof is of its challenge, also where the text is the same", async () => {
  const [[, text] = ["", ""]] = TEXTS_OF_OTHERS;
  const proof = await createSignInCase("memo-transaction", text, own);
  expect(await verify({ ...proof, challenge: { ...proof.challenge, challengeId: "chl_2" } })).toBe("unproven");
});
