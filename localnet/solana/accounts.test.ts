import { address, generateKeyPairSigner } from "@solana/kit";
import type { Address, KeyPairSigner } from "@solana/kit";
import { expect, test } from "vitest";
import { callRpc, createToken, openScene, sendRaw, sign, transfer } from "./test-support.ts";
import type { Scene } from "./test-support.ts";
import { SYSTEM_PROGRAM } from "./svm.ts";
import { TOKEN_PROGRAM } from "./token-accounts.ts";

async function mintToken(scene: Scene): Promise<{ owner: KeyPairSigner; mint: Address; account: Address }> {
  const owner = await scene.fund();
  const mint = await generateKeyPairSigner();
  const { instructions, account } = await createToken(scene, owner, mint);
  await sendRaw(scene, await sign(scene, owner, instructions));
  return { owner, mint: mint.address, account };
}

test("an account is given in each encoding, whole or in part", async () => {
  await using scene = await openScene();
  const key = (await generateKeyPairSigner()).address;
  const data = new Uint8Array([1, 2, 3, 4, 5]);
  scene.net.chain.setAccount(key, { lamports: 2n ** 60n, owner: SYSTEM_PROGRAM, executable: false, data });
  const read = async (config?: object): Promise<unknown> =>
    (await callRpc<{ value: unknown }>(scene.net, "getAccountInfo", key, config)).result?.value;
  expect(await read({ encoding: "base64" })).toMatchObject({
    owner: SYSTEM_PROGRAM,
    executable: false,
    space: 5,
    data: ["AQIDBAU=", "base64"],
  });
  expect(await read({ encoding: "base58" })).toMatchObject({ data: ["7bWpTW", "base58"] });
  expect(await read({ encoding: "jsonParsed" })).toMatchObject({ data: ["AQIDBAU=", "base64"] });
  expect(await read({ encoding: "base64", dataSlice: { offset: 1, length: 2 } })).toMatchObject({
    data: ["AgM=", "base64"],
  });
  expect((await scene.rpc.getAccountInfo(key, { encoding: "base64" }).send()).value?.lamports).toBe(2n ** 60n);
  const zstd = await callRpc(scene.net, "getAccountInfo", key, { encoding: "base64+zstd" });
  expect(zstd.error).toMatchObject({ code: -32602, message: expect.stringContaining("base64+zstd") as unknown });
  scene.net.chain.setAccount(key, {
    lamports: 1n,
    owner: SYSTEM_PROGRAM,
    executable: false,
    data: new Uint8Array(200),
  });
  expect((await callRpc(scene.net, "getAccountInfo", key, { encoding: "base58" })).error?.code).toBe(-32602);
});

test("a balance at `finalized` is the one of the finalized slot, whatever has landed since", async () => {
  await using scene = await openScene({ finalityDepth: 4 });
  const payer = await scene.fund(1_000_000_000n);
  const recipient = (await generateKeyPairSigner()).address;
  const read = async (commitment: string) => {
    const { result } = await callRpc<{ context: { slot: number }; value: ({ lamports: number } | null)[] }>(
      scene.net,
      "getMultipleAccounts",
      [recipient, payer.address],
      { commitment, encoding: "base64" },
    );
    return { slot: result?.context.slot, lamports: result?.value.map((account) => account?.lamports ?? 0) };
  };
  scene.net.chain.warp(10);
  const landedAt = Number(scene.net.chain.slot());
  await sendRaw(scene, await sign(scene, payer, [transfer(payer, recipient, 2_000_000n)]));
  const before = { slot: landedAt - 4, lamports: [0, 1_000_000_000] };
  const after = [2_000_000, 997_995_000];
  expect(await read("finalized")).toEqual(before);
  expect((await read("processed")).lamports).toEqual(after);
  scene.net.chain.warp(3);
  expect((await read("finalized")).lamports).toEqual(before.lamports);
  await sendRaw(scene, await sign(scene, payer, [transfer(payer, recipient, 1n)]));
  scene.net.chain.warp(1);
  expect(await read("finalized")).toEqual({ slot: landedAt, lamports: after });
  scene.net.chain.finalize();
  expect((await read("finalized")).lamports).toEqual([2_000_001, 997_989_999]);
});

test("several accounts are given in the order asked, absent ones as null", async () => {
  await using scene = await openScene();
  const payer = await scene.fund(7n);
  const absent = (await generateKeyPairSigner()).address;
  const { value } = await scene.rpc.getMultipleAccounts([absent, payer.address], { encoding: "base64" }).send();
  expect(value[0]).toBeNull();
  expect(value[1]?.lamports).toBe(7n);
  const many = Array.from({ length: 101 }, () => absent);
  expect((await callRpc(scene.net, "getMultipleAccounts", many)).error?.code).toBe(-32602);
});

test("token accounts and mints are parsed, and their amounts told", async () => {
  await using scene = await openScene();
  const { owner, mint, account } = await mintToken(scene);
  expect((await scene.rpc.getTokenAccountBalance(account).send()).value).toMatchObject({
    amount: "500",
    decimals: 2,
    uiAmountString: "5",
  });
  expect((await scene.rpc.getTokenSupply(mint).send()).value).toMatchObject({ amount: "500", decimals: 2 });
  const parsed = await callRpc(scene.net, "getAccountInfo", account, { encoding: "jsonParsed" });
  expect(parsed.result).toMatchObject({
    value: {
      data: {
        program: "spl-token",
        parsed: { type: "account", info: { mint, owner: owner.address, state: "initialized", isNative: false } },
        space: 165,
      },
    },
  });
  const parsedMint = await callRpc(scene.net, "getAccountInfo", mint, { encoding: "jsonParsed" });
  expect(parsedMint.result).toMatchObject({
    value: { data: { parsed: { type: "mint", info: { decimals: 2, supply: "500", mintAuthority: owner.address } } } },
  });
});

test("token accounts are found by owner, with a mint or a program", async () => {
  await using scene = await openScene();
  const { owner, mint, account } = await mintToken(scene);
  await mintToken(scene);
  const byMint = await scene.rpc.getTokenAccountsByOwner(owner.address, { mint }, { encoding: "jsonParsed" }).send();
  expect(byMint.value.map(({ pubkey }) => pubkey)).toEqual([account]);
  const byProgram = await scene.rpc
    .getTokenAccountsByOwner(owner.address, { programId: address(TOKEN_PROGRAM) }, { encoding: "base64" })
    .send();
  expect(byProgram.value.map(({ pubkey }) => pubkey)).toEqual([account]);
});

test("program accounts are filtered by size and by bytes", async () => {
  await using scene = await openScene();
  const { owner, mint, account } = await mintToken(scene);
  await mintToken(scene);
  const find = async (...filters: object[]): Promise<string[]> => {
    const { result } = await callRpc<{ pubkey: string }[]>(scene.net, "getProgramAccounts", TOKEN_PROGRAM, {
      encoding: "base64",
      filters,
    });
    return (result ?? []).map(({ pubkey }) => pubkey);
  };
  expect(await find({ dataSize: 165 })).toHaveLength(2);
  expect(await find({ dataSize: 165 }, { memcmp: { offset: 32, bytes: owner.address } })).toEqual([account]);
  expect(await find({ memcmp: { offset: 0, bytes: mint } })).toEqual([account]);
  expect((await callRpc(scene.net, "getProgramAccounts", TOKEN_PROGRAM, { filters: [{ size: 1 }] })).error?.code).toBe(
    -32602,
  );
});
