import {
  SOLANA_ERROR__BLOCK_HEIGHT_EXCEEDED,
  appendTransactionMessageInstructions,
  assertIsTransactionWithBlockhashLifetime,
  createTransactionMessage,
  generateKeyPairSigner,
  getSignatureFromTransaction,
  isSolanaError,
  lamports,
  pipe,
  sendAndConfirmTransactionFactory,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
} from "@solana/kit";
import type { Address, KeyPairSigner } from "@solana/kit";
import { expect, test } from "vitest";
import { airdropper, openScene, transfer } from "./test-support.ts";
import type { Scene } from "./test-support.ts";

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
  const transaction = await signTransfer(scene, payer, recipient.address);
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

test("kit sees that a transaction which never lands has expired", async () => {
  await using scene = await openScene({ slotMs: 5 });
  const { rpc, subscriptions } = scene;
  const payer = await scene.fund();
  const transaction = await signTransfer(scene, payer, payer.address);
  scene.net.faults.dropNext(1);
  const sendAndConfirm = sendAndConfirmTransactionFactory({ rpc, rpcSubscriptions: subscriptions });
  const outcome = sendAndConfirm(transaction, { commitment: "confirmed" });
  const error: unknown = await outcome.catch((caught: unknown) => caught);
  expect(isSolanaError(error, SOLANA_ERROR__BLOCK_HEIGHT_EXCEEDED)).toBe(true);
});

async function signTransfer({ rpc }: Scene, payer: KeyPairSigner, recipient: Address) {
  const { value: lifetime } = await rpc.getLatestBlockhash({ commitment: "confirmed" }).send();
  const transaction = await signTransactionMessageWithSigners(
    pipe(
      createTransactionMessage({ version: 0 }),
      (message) => setTransactionMessageFeePayerSigner(payer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
      (message) => appendTransactionMessageInstructions([transfer(payer, recipient, 1_000_000_000n)], message),
    ),
  );
  assertIsTransactionWithBlockhashLifetime(transaction);
  return transaction;
}
