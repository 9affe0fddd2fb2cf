import { base58, base64 } from "@scure/base";
import { generateKeyPairSigner, lamports, signature } from "@solana/kit";
import { expect, test } from "vitest";
import { callRpc, createToken, openScene, sendRaw, sign, transfer } from "./test-support.ts";
import type { Scene } from "./test-support.ts";

async function statusOf(scene: Scene, of: string, searchTransactionHistory = false): Promise<unknown> {
  const { value } = await scene.rpc.getSignatureStatuses([signature(of)], { searchTransactionHistory }).send();
  return value[0];
}

test("a transaction goes from processed to confirmed to finalized by depth", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const sent = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  expect(await statusOf(scene, sent.signature)).toBeNull();
  await sendRaw(scene, sent);
  const slot = scene.net.chain.slot();
  expect(await statusOf(scene, sent.signature)).toEqual({
    slot,
    confirmations: 0n,
    err: null,
    status: { Ok: null },
    confirmationStatus: "processed",
  });
  scene.net.chain.warp(1);
  expect(await statusOf(scene, sent.signature)).toMatchObject({ confirmations: 1n, confirmationStatus: "confirmed" });
  scene.net.chain.warp(31);
  expect(await statusOf(scene, sent.signature)).toMatchObject({ confirmations: null, confirmationStatus: "finalized" });
});

test("old statuses are found only with history, and 257 signatures are too many", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const sent = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  await sendRaw(scene, sent);
  scene.net.chain.warp(151);
  expect(await statusOf(scene, sent.signature)).toBeNull();
  expect(await statusOf(scene, sent.signature, true)).toMatchObject({ confirmationStatus: "finalized" });
  const many = Array.from({ length: 257 }, () => sent.signature);
  expect((await callRpc(scene.net, "getSignatureStatuses", many)).error?.code).toBe(-32602);
  expect((await callRpc(scene.net, "getSignatureStatuses", many.slice(1))).error).toBeUndefined();
});

test("getTransaction tells what happened, also of a transaction that failed", async () => {
  await using scene = await openScene();
  const payer = await scene.fund(1_000_000_000n);
  const failed = await sign(scene, payer, [transfer(payer, (await generateKeyPairSigner()).address, 10n ** 18n)], {
    version: "legacy",
  });
  await sendRaw(scene, failed);
  expect((await callRpc(scene.net, "getTransaction", failed.signature, { commitment: "confirmed" })).result).toBeNull();
  scene.net.chain.warp(1);
  const { result } = await callRpc(scene.net, "getTransaction", failed.signature, { commitment: "confirmed" });
  expect(result).toMatchObject({
    slot: Number(scene.net.chain.slot()) - 1,
    meta: {
      err: { InstructionError: [0, { Custom: 1 }] },
      fee: 5000,
      preBalances: [1_000_000_000, 0, 1],
      postBalances: [999_995_000, 0, 1],
      loadedAddresses: { writable: [], readonly: [] },
      computeUnitsConsumed: 150,
    },
    transaction: {
      signatures: [failed.signature],
      message: { header: { numRequiredSignatures: 1 }, instructions: [{ programIdIndex: 2, accounts: [0, 1] }] },
    },
  });
  const encoded = await callRpc(scene.net, "getTransaction", failed.signature, {
    commitment: "confirmed",
    encoding: "base64",
  });
  expect(encoded.result).toMatchObject({ transaction: [failed.wire, "base64"] });
});

test("a versioned transaction is given to those who accept it, with its tokens and inner instructions", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const { instructions } = await createToken(scene, payer, await generateKeyPairSigner());
  const sent = await sign(scene, payer, instructions);
  await scene.rpc.sendTransaction(sent.wire, { encoding: "base64" }).send();
  scene.net.chain.warp(1);
  const refused = await callRpc(scene.net, "getTransaction", sent.signature, { commitment: "confirmed" });
  expect(refused.error?.code).toBe(-32015);
  const given = await scene.rpc
    .getTransaction(sent.signature, {
      commitment: "confirmed",
      encoding: "jsonParsed",
      maxSupportedTransactionVersion: 0,
    })
    .send();
  expect(given).toMatchObject({ version: 0 });
  expect(given?.meta?.postTokenBalances).toMatchObject([{ uiTokenAmount: { amount: "500", decimals: 2 } }]);
  expect(given?.meta?.innerInstructions?.[0]?.instructions.length).toBeGreaterThan(0);
});

test("an address lists its transactions newest first, within before and until", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const signatures: string[] = [];
  for (let amount = 1n; amount <= 4n; amount += 1n) {
    const sent = await sign(scene, payer, [transfer(payer, payer.address, amount)]);
    await sendRaw(scene, sent);
    signatures.unshift(sent.signature);
    scene.net.chain.warp(1);
  }
  const list = async (config: object): Promise<unknown[]> => {
    const { result } = await callRpc<{ signature: string }[]>(scene.net, "getSignaturesForAddress", payer.address, {
      commitment: "confirmed",
      ...config,
    });
    return (result ?? []).map((entry) => entry.signature);
  };
  expect(await list({})).toEqual(signatures);
  expect(await list({ limit: 2 })).toEqual(signatures.slice(0, 2));
  expect(await list({ before: signatures[0], until: signatures[3] })).toEqual(signatures.slice(1, 3));
});

test("a block holds what landed in its slot", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  scene.net.chain.warp(1);
  const sent = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  await sendRaw(scene, sent);
  const { slot, height, blockhash } = scene.net.chain.blocks.newest();
  expect((await callRpc(scene.net, "getBlock", Number(slot), { commitment: "confirmed" })).error?.code).toBe(-32004);
  scene.net.chain.warp(1);
  const config = { commitment: "confirmed", maxSupportedTransactionVersion: 0 };
  expect((await callRpc(scene.net, "getBlock", Number(slot), config)).result).toMatchObject({
    blockhash,
    blockHeight: Number(height),
    parentSlot: Number(slot) - 1,
    transactions: [{ transaction: { signatures: [sent.signature] }, meta: { err: null } }],
  });
  expect((await callRpc(scene.net, "getBlock", 5, config)).error?.code).toBe(-32009);
});

test("an airdrop is a transaction like any other, and two equal ones are two", async () => {
  await using scene = await openScene();
  const recipient = (await generateKeyPairSigner()).address;
  const amount = lamports(2n ** 53n - 1n);
  const first = await scene.rpc.requestAirdrop(recipient, amount).send();
  const second = await scene.rpc.requestAirdrop(recipient, amount).send();
  expect(first).not.toBe(second);
  expect(await statusOf(scene, first)).toMatchObject({ err: null, confirmationStatus: "processed" });
  expect((await scene.rpc.getBalance(recipient).send()).value).toBe(amount * 2n);
});

test("transactions are accepted in base58 too", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const sent = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  const { result } = await callRpc(scene.net, "sendTransaction", base58.encode(base64.decode(sent.wire)));
  expect(result).toBe(sent.signature);
});
