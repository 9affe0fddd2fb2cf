import {
  appendTransactionMessageInstructions,
  assertIsTransactionWithBlockhashLifetime,
  createTransactionMessage,
  generateKeyPairSigner,
  getSignatureFromTransaction,
  lamports,
  pipe,
  sendAndConfirmTransactionFactory,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
} from "@solana/kit";
import { expect, test } from "vitest";
import { airdropper, openScene, transfer } from "./test-support.ts";

test("kit's own airdrop and sendAndConfirm work unchanged against a ticking chain", async () => {
  await using scene = await openScene({ slotMs: 20 });
  const { rpc, subscriptions } = scene;
  const payer = await generateKeyPairSigner();
  const recipient = await generateKeyPairSigner();
  await airdropper(scene)({
    commitment: "confirmed",
    lamports: lamports(2_000_000_000n),
    recipientAddress: payer.address,
  });
  const { value: lifetime } = await rpc.getLatestBlockhash({ commitment: "confirmed" }).send();
  const transaction = await signTransactionMessageWithSigners(
    pipe(
      createTransactionMessage({ version: 0 }),
      (message) => setTransactionMessageFeePayerSigner(payer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
      (message) => appendTransactionMessageInstructions([transfer(payer, recipient.address, 1_000_000_000n)], message),
    ),
  );
  assertIsTransactionWithBlockhashLifetime(transaction);
  const sendAndConfirm = sendAndConfirmTransactionFactory({ rpc, rpcSubscriptions: subscriptions });
  await sendAndConfirm(transaction, { commitment: "confirmed" });
  const { value: balance } = await rpc.getBalance(recipient.address).send();
  expect(balance).toBe(1_000_000_000n);
  const signature = getSignatureFromTransaction(transaction);
  const landed = await rpc
    .getTransaction(signature, { commitment: "confirmed", maxSupportedTransactionVersion: 0, encoding: "json" })
    .send();
  expect(landed?.meta?.fee).toBe(5000n);
});
