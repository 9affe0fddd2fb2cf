import {
  address,
  appendTransactionMessageInstructions,
  blockhash,
  createTransactionMessage,
  generateKeyPairSigner,
  getBase64EncodedWireTransaction,
  pipe,
  setTransactionMessageConfig,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
} from "@solana/kit";
import { expect, test } from "vitest";
import { callRpc, computeLimit, computePrice, openScene, sendRaw, sign, transfer } from "./test-support.ts";
import type { Scene } from "./test-support.ts";
import type { Instruction, KeyPairSigner } from "@solana/kit";
import { decodeTransaction } from "./wire-transaction.ts";

const STAKE = address("Stake11111111111111111111111111111111111111");
const ED25519 = address("Ed25519SigVerify111111111111111111111111111");
const SECP256K1 = address("KeccakSecp256k11111111111111111111111111111");
const SECP256R1 = address("Secp256r1SigVerify1111111111111111111111111");
const ABSENT = address("Foo1111111111111111111111111111111111111111");

/** Lands the instructions and compares every fee that the server tells with what the payer lost. */
async function debit(scene: Scene, payer: KeyPairSigner, instructions: readonly Instruction[]): Promise<bigint> {
  const signed = await sign(scene, payer, instructions);
  const { value: before } = await scene.rpc.getBalance(payer.address).send();
  const { value: simulated } = await scene.rpc
    .simulateTransaction(signed.wire, { encoding: "base64", commitment: "processed" })
    .send();
  const message = Buffer.from(decodeTransaction(Buffer.from(signed.wire, "base64")).messageBytes).toString("base64");
  const quote = await callRpc(scene.net, "getFeeForMessage", message, { commitment: "processed" });
  await sendRaw(scene, signed);
  const { value: after } = await scene.rpc.getBalance(payer.address).send();
  expect(simulated).toMatchObject({ fee: before - after });
  expect(quote.result).toMatchObject({ value: Number(before - after) });
  expect(scene.net.chain.history.get(signed.signature)?.details?.meta["fee"]).toBe(before - after);
  return before - after;
}

test("the fee told is the fee taken: signatures, price times limit, and their defaults", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const other = await scene.fund();
  const self = transfer(payer, payer.address, 1n);
  expect(await debit(scene, payer, [self])).toBe(5000n);
  expect(await debit(scene, payer, [self, transfer(other, other.address, 1n)])).toBe(10_000n);
  expect(await debit(scene, payer, [computePrice(1_000_000n), computeLimit(12_345), self])).toBe(17_345n);
  expect(await debit(scene, payer, [computePrice(1n), computeLimit(1001), self])).toBe(5001n);
  expect(await debit(scene, payer, [computePrice(1_000_000n), self])).toBe(11_000n);
  expect(
    await debit(scene, payer, [computePrice(1_000_000n), { programAddress: STAKE, data: new Uint8Array(2) }]),
  ).toBe(208_000n);
});

test("precompile signatures are charged", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  for (const programAddress of [ED25519, SECP256K1, SECP256R1]) {
    expect(await debit(scene, payer, [{ programAddress, data: new Uint8Array([2, 0, 0]) }])).toBe(15_000n);
  }
});

test("a transaction that fails, or whose program does not exist, still pays", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const recipient = await generateKeyPairSigner();
  expect(await debit(scene, payer, [transfer(payer, recipient.address, 10n ** 18n)])).toBe(5000n);
  expect(await debit(scene, payer, [{ programAddress: ABSENT, data: new Uint8Array() }])).toBe(5000n);
});

test("a version 1 transaction names its priority fee itself, and lands", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const { blockhash: recent, height } = scene.net.chain.blocks.newest();
  const config = { computeUnitLimit: 1000, loadedAccountsDataSizeLimit: 100_000, priorityFeeLamports: 777n };
  const transaction = await signTransactionMessageWithSigners(
    pipe(
      createTransactionMessage({ version: 1 }),
      (message) => setTransactionMessageFeePayerSigner(payer, message),
      (message) =>
        setTransactionMessageLifetimeUsingBlockhash(
          { blockhash: blockhash(recent), lastValidBlockHeight: height + 150n },
          message,
        ),
      (message) => setTransactionMessageConfig(config, message),
      (message) => appendTransactionMessageInstructions([transfer(payer, payer.address, 1n)], message),
    ),
  );
  const { value: before } = await scene.rpc.getBalance(payer.address).send();
  const wire = getBase64EncodedWireTransaction(transaction);
  const signature = await scene.rpc
    .sendTransaction(wire, { encoding: "base64", preflightCommitment: "processed" })
    .send();
  const { value: after } = await scene.rpc.getBalance(payer.address).send();
  expect(before - after).toBe(5777n);
  const landed = scene.net.chain.history.get(signature);
  expect([landed?.error, landed?.details?.meta["fee"]]).toEqual([null, 5777n]);
});
