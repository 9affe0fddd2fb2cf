import { generateKeyPairSigner } from "@solana/kit";
import { expect, test } from "vitest";
import {
  callRpc,
  closeTokenAccount,
  createToken,
  createTokenAccount,
  findTokenAccount,
  openScene,
  sendRaw,
  sign,
  transfer,
  transferTokens,
} from "./test-support.ts";

function withoutSignature(wire: string): string {
  return Buffer.from(wire, "base64").fill(0, 1, 65).toString("base64");
}

test("a simulation tells balances before and after, and changes nothing", async () => {
  await using scene = await openScene();
  const payer = await scene.fund(1_000_000_000n);
  const recipient = (await generateKeyPairSigner()).address;
  const { wire, signature } = await sign(scene, payer, [transfer(payer, recipient, 5_000_000n)]);
  const { result } = await callRpc(scene.net, "simulateTransaction", withoutSignature(wire), {
    encoding: "base64",
    sigVerify: false,
    commitment: "processed",
    accounts: { encoding: "base64", addresses: [payer.address, recipient] },
  });
  expect(result).toMatchObject({
    context: { slot: Number(scene.net.chain.slot()) },
    value: {
      err: null,
      fee: 5000,
      unitsConsumed: 150,
      returnData: null,
      innerInstructions: null,
      replacementBlockhash: null,
      preBalances: [1_000_000_000, 0, 1],
      postBalances: [994_995_000, 5_000_000, 1],
      preTokenBalances: [],
      postTokenBalances: [],
      loadedAddresses: { writable: [], readonly: [] },
      accounts: [{ lamports: 994_995_000 }, { lamports: 5_000_000, data: ["", "base64"], space: 0 }],
    },
  });
  expect((await scene.rpc.getBalance(recipient).send()).value).toBe(0n);
  expect(scene.net.chain.history.get(signature)).toBeUndefined();
  await scene.rpc.sendTransaction(wire, { encoding: "base64" }).send();
  expect((await scene.rpc.getBalance(recipient).send()).value).toBe(5_000_000n);
});

test("a simulation that fails tells the fee as the only loss, and no accounts", async () => {
  await using scene = await openScene();
  const payer = await scene.fund(1_000_000_000n);
  const { wire } = await sign(scene, payer, [transfer(payer, (await generateKeyPairSigner()).address, 10n ** 18n)]);
  const { result } = await callRpc(scene.net, "simulateTransaction", wire, {
    encoding: "base64",
    accounts: { encoding: "base64", addresses: [payer.address] },
  });
  expect(result).toMatchObject({
    value: {
      err: { InstructionError: [0, { Custom: 1 }] },
      fee: 5000,
      preBalances: [1_000_000_000, 0, 1],
      postBalances: [999_995_000, 0, 1],
      accounts: [null],
    },
  });
});

test("token balances and inner instructions are told for a mint, a transfer and a close", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const mint = await generateKeyPairSigner();
  const { instructions, account } = await createToken(scene, payer, mint);
  const created = await sign(scene, payer, instructions);
  const config = { encoding: "base64", innerInstructions: true, commitment: "processed" };
  const creation = await callRpc<{ value: { innerInstructions: { instructions: { programId: string }[] }[] } }>(
    scene.net,
    "simulateTransaction",
    created.wire,
    config,
  );
  expect(creation.result).toMatchObject({
    value: {
      err: null,
      preTokenBalances: [],
      postTokenBalances: [
        {
          mint: mint.address,
          owner: payer.address,
          uiTokenAmount: { amount: "500", decimals: 2, uiAmountString: "5" },
        },
      ],
      innerInstructions: [{ index: 2, instructions: expect.any(Array) as unknown }],
    },
  });
  for (const instruction of creation.result?.value.innerInstructions[0]?.instructions ?? []) {
    expect(instruction).toMatchObject({ stackHeight: 2, data: expect.any(String) as unknown });
    expect(instruction.programId.length).toBeGreaterThan(31);
  }
  await sendRaw(scene, created);

  const recipient = (await generateKeyPairSigner()).address;
  const target = await findTokenAccount(recipient, mint.address);
  const moved = await sign(scene, payer, [
    createTokenAccount(payer, target, recipient, mint.address),
    transferTokens(payer, account, target, 500n),
    closeTokenAccount(payer, account),
  ]);
  const { result } = await callRpc(scene.net, "simulateTransaction", moved.wire, {
    ...config,
    accounts: { encoding: "jsonParsed", addresses: [target, account, recipient] },
  });
  expect(result).toMatchObject({
    value: {
      err: null,
      preTokenBalances: [{ owner: payer.address, uiTokenAmount: { amount: "500" } }],
      postTokenBalances: [{ owner: recipient, uiTokenAmount: { amount: "500" } }],
      accounts: [
        { data: { program: "spl-token", parsed: { type: "account", info: { owner: recipient } } } },
        null,
        null,
      ],
    },
  });
});

test("signature checks, replaced blockhashes and their contradiction", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const foreign = (await generateKeyPairSigner()).address;
  const { wire } = await sign(scene, payer, [transfer(payer, payer.address, 1n)], { lifetimeToken: foreign });
  const call = async (config: object): Promise<Awaited<ReturnType<typeof callRpc>>> =>
    await callRpc(scene.net, "simulateTransaction", wire, { encoding: "base64", commitment: "processed", ...config });
  expect((await call({})).result).toMatchObject({ value: { err: "BlockhashNotFound", fee: null } });
  const { blockhash, height } = scene.net.chain.blocks.newest();
  expect((await call({ replaceRecentBlockhash: true })).result).toMatchObject({
    value: { err: null, replacementBlockhash: { blockhash, lastValidBlockHeight: Number(height) + 150 } },
  });
  expect((await call({ replaceRecentBlockhash: true, sigVerify: true })).error?.code).toBe(-32602);
  expect((await call({ accounts: { encoding: "base58", addresses: [] } })).error?.code).toBe(-32602);
});

test("the size of what a transaction loads counts its accounts and its programs", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const { wire } = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  const { result } = await callRpc(scene.net, "simulateTransaction", wire, {
    encoding: "base64",
    commitment: "processed",
  });
  const system = "solana_system_program".length;
  expect(result).toMatchObject({ value: { loadedAccountsDataSize: 64 + 64 + system } });
});
