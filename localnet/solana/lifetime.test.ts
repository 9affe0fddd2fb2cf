import { getAddressDecoder, getBase64EncodedWireTransaction, generateKeyPairSigner } from "@solana/kit";
import {
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
  SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND,
  isSolanaError,
} from "@solana/kit";
import { expect, test } from "vitest";
import {
  advanceNonce,
  callRpc,
  createLookupTable,
  createNonce,
  openScene,
  sendRaw,
  sign,
  transfer,
} from "./test-support.ts";
import type { Scene } from "./test-support.ts";

const PREFLIGHT = -32002;

function storedNonce(scene: Scene, nonce: Parameters<typeof advanceNonce>[1]): string {
  const account = scene.net.chain.svm.readAccount(nonce);
  if (account === null) throw new Error("no nonce account");
  return getAddressDecoder().decode(account.data, 40);
}

test("a blockhash lives for 150 blocks and not one more", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const { value: lifetime } = await scene.rpc.getLatestBlockhash({ commitment: "processed" }).send();
  expect(lifetime.lastValidBlockHeight).toBe(scene.net.chain.blockHeight() + 150n);
  const first = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  const second = await sign(scene, payer, [transfer(payer, payer.address, 2n)]);
  scene.net.chain.warp(150);
  expect(await scene.rpc.getBlockHeight({ commitment: "processed" }).send()).toBe(lifetime.lastValidBlockHeight);
  const isValid = async (): Promise<boolean> =>
    (await scene.rpc.isBlockhashValid(lifetime.blockhash, { commitment: "processed" }).send()).value;
  expect(await isValid()).toBe(true);
  await scene.rpc.sendTransaction(first.wire, { encoding: "base64" }).send();
  scene.net.chain.warp(1);
  expect(await isValid()).toBe(false);
  const answer = await callRpc(scene.net, "sendTransaction", second.wire, { encoding: "base64" });
  expect(answer.error).toMatchObject({ code: PREFLIGHT, data: { err: "BlockhashNotFound" } });
  expect(answer.error?.message).toBe("Transaction simulation failed: Blockhash not found");
});

test("a blockhash is valid by the bank that is asked: a finalized one learns of it later, and forgets it later", async () => {
  await using scene = await openScene();
  const { chain } = scene.net;
  chain.warp(40);
  const { blockhash } = chain.blocks.newest();
  const validity = async (): Promise<readonly boolean[]> => {
    const answers = ["finalized", "processed"].map(async (commitment) => {
      const { result } = await callRpc(scene.net, "isBlockhashValid", blockhash, { commitment });
      return (result as { value: boolean }).value;
    });
    return Promise.all(answers);
  };
  expect(await validity()).toEqual([false, true]);
  chain.warp(32);
  expect(await validity()).toEqual([true, true]);
  chain.warp(119);
  expect(await validity()).toEqual([true, false]);
  chain.warp(31);
  expect(await validity()).toEqual([true, false]);
  chain.warp(1);
  expect(await validity()).toEqual([false, false]);
});

test("a blockhash that the chain never had is not valid", async () => {
  await using scene = await openScene();
  const { address } = await generateKeyPairSigner();
  const { result } = await callRpc(scene.net, "isBlockhashValid", address, { commitment: "processed" });
  expect(result).toMatchObject({ context: { slot: Number(scene.net.chain.slot()) }, value: false });
});

test("an unknown blockhash is not found, in simulation and as a kit error in preflight", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const foreign = (await generateKeyPairSigner()).address;
  const { wire } = await sign(scene, payer, [transfer(payer, payer.address, 1n)], { lifetimeToken: foreign });
  const { value } = await scene.rpc.simulateTransaction(wire, { encoding: "base64" }).send();
  expect(value.err).toBe("BlockhashNotFound");
  const sent = scene.rpc.sendTransaction(wire, { encoding: "base64" }).send();
  const error: unknown = await sent.catch((caught: unknown) => caught);
  if (!isSolanaError(error, SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE)) throw error;
  expect(isSolanaError(error.cause, SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND)).toBe(true);
});

test("a bank does not know blockhashes that are newer than its commitment", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  scene.net.chain.warp(40);
  const lifetimeToken = scene.net.chain.blocks.newest().blockhash;
  const { wire } = await sign(scene, payer, [transfer(payer, payer.address, 1n)], { lifetimeToken });
  const simulate = async (commitment: string): Promise<unknown> =>
    (await callRpc(scene.net, "simulateTransaction", wire, { encoding: "base64", commitment })).result;
  expect(await simulate("finalized")).toMatchObject({ value: { err: "BlockhashNotFound" } });
  expect(await simulate("processed")).toMatchObject({ value: { err: null } });
});

test("the same transaction lands once, whatever its signature slots hold", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const signed = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  await sendRaw(scene, signed);
  scene.net.chain.warp(3);
  await sendRaw(scene, signed);
  expect(scene.net.chain.history.count()).toBe(1);
  const again = await callRpc(scene.net, "sendTransaction", signed.wire, { encoding: "base64" });
  expect(again.error).toMatchObject({ code: PREFLIGHT, data: { err: "AlreadyProcessed" } });
  const blank = Buffer.from(signed.wire, "base64").fill(0, 1, 65).toString("base64");
  const simulated = await callRpc(scene.net, "simulateTransaction", blank, {
    encoding: "base64",
    commitment: "processed",
  });
  expect(simulated.result).toMatchObject({ value: { err: "AlreadyProcessed" } });
});

test("a durable nonce outlives every blockhash, works once, and advances when the transaction fails", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const nonce = await generateKeyPairSigner();
  await sendRaw(scene, await sign(scene, payer, createNonce(scene, payer, nonce)));
  const lifetimeToken = storedNonce(scene, nonce.address);
  const advance = advanceNonce(payer, nonce.address);
  const early = await sign(scene, payer, [advance, transfer(payer, payer.address, 9n)], { lifetimeToken });
  scene.net.chain.warp(1000);
  const failing = await sign(scene, payer, [advance, transfer(payer, nonce.address, 10n ** 18n)], { lifetimeToken });
  await sendRaw(scene, failing);
  expect(scene.net.chain.history.get(failing.signature)?.error).toEqual({ InstructionError: [1, { Custom: 1 }] });
  const advanced = storedNonce(scene, nonce.address);
  expect(advanced).not.toBe(lifetimeToken);
  const replay = await callRpc(scene.net, "sendTransaction", early.wire, { encoding: "base64" });
  expect(replay.error).toMatchObject({ data: { err: "BlockhashNotFound" } });
  const next = await sign(scene, payer, [advance, transfer(payer, payer.address, 9n)], { lifetimeToken: advanced });
  await scene.rpc.sendTransaction(next.wire, { encoding: "base64" }).send();
  expect(storedNonce(scene, nonce.address)).not.toBe(advanced);
  const other = await scene.fund();
  const stolen = await sign(scene, other, [{ ...advance, accounts: advance.accounts?.slice(0, 2) ?? [] }], {
    lifetimeToken: storedNonce(scene, nonce.address),
  });
  scene.net.chain.warp(1);
  const refused = await callRpc(scene.net, "sendTransaction", stolen.wire, { encoding: "base64" });
  expect(refused.error).toMatchObject({ data: { err: "BlockhashNotFound" } });
});

test("a lookup table can be created from a recent slot, and its keys are loaded", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const recipient = await generateKeyPairSigner();
  scene.net.chain.warp(600);
  const recent = await scene.rpc.getSlot({ commitment: "finalized" }).send();
  const { instructions, table } = await createLookupTable(payer, recent, [recipient.address]);
  const created = await sign(scene, payer, instructions);
  await scene.rpc.sendTransaction(created.wire, { encoding: "base64" }).send();
  scene.net.chain.warp(1);
  const wire = getBase64EncodedWireTransaction(await scene.signWithTable(payer, recipient.address, table));
  const { value } = await scene.rpc.simulateTransaction(wire, { encoding: "base64", commitment: "processed" }).send();
  expect(value.err).toBeNull();
  expect(value).toMatchObject({ loadedAddresses: { writable: [recipient.address], readonly: [] } });
  const signature = await scene.rpc.sendTransaction(wire, { encoding: "base64" }).send();
  scene.net.chain.warp(1);
  const landed = await scene.rpc
    .getTransaction(signature, { commitment: "confirmed", encoding: "json", maxSupportedTransactionVersion: 0 })
    .send();
  expect(landed?.meta?.loadedAddresses).toEqual({ writable: [recipient.address], readonly: [] });
  expect(landed?.transaction.message.accountKeys).not.toContain(recipient.address);
  expect((await scene.rpc.getBalance(recipient.address).send()).value).toBe(1_000_000n);
});

test("slot and time move together", async () => {
  await using scene = await openScene();
  const before = scene.net.chain.blocks.newest();
  scene.net.chain.warp(5000);
  const after = scene.net.chain.blocks.newest();
  expect(after.slot - before.slot).toBe(5000n);
  expect(after.height - before.height).toBe(5000n);
  expect(after.timeMs - before.timeMs).toBe(5000 * 400);
  expect(await scene.rpc.getBlockTime(after.slot).send()).toBe(BigInt(Math.floor(after.timeMs / 1000)));
});
