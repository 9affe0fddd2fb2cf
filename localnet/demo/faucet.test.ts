import { type Address, createSolanaRpc, generateKeyPairSigner, lamports } from "@solana/kit";
import { fetchMint, fetchToken, getTransferCheckedInstruction } from "@solana-program/token";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSolanaLocalnet, type SolanaLocalnet } from "../solana/server.ts";
import { createWallet } from "../wallet.ts";
import { createTokenFaucet, type TokenFaucet } from "./faucet.ts";
import { createSender } from "./send.ts";

const seed = new Uint8Array(32).fill(9);
let net: SolanaLocalnet;
let faucet: TokenFaucet;

beforeAll(async () => {
  net = await startSolanaLocalnet({ slotMs: 20 });
  faucet = createTokenFaucet({ rpcUrl: net.httpUrl, seed });
});

afterAll(() => net.close());

const newOwner = async (): Promise<Address> => (await createWallet()).address;
const balanceOf = async (account: Address): Promise<bigint> =>
  (await fetchToken(createSolanaRpc(net.httpUrl), account, { commitment: "confirmed" })).data.amount;

test("nothing is made before somebody asks", () => {
  expect(net.chain.history.count()).toBe(0);
});

test("a new address gets ten tokens in an account of its own", async () => {
  const owner = await newOwner();
  const gift = await faucet.give(owner);
  const { data } = await fetchToken(createSolanaRpc(net.httpUrl), gift.tokenAccount, { commitment: "confirmed" });
  expect(data).toMatchObject({ owner, mint: gift.mint, amount: 1_000n });
  expect(gift).toMatchObject({ amount: "1000", decimals: 2 });
  expect(await balanceOf(gift.guestbookTokenAccount)).toBe(0n);
});

test("an address that has ten tokens gets no more, one that spent some is filled up", async () => {
  const rpc = createSolanaRpc(net.httpUrl);
  const owner = await generateKeyPairSigner();
  const { mint, decimals, tokenAccount, guestbookTokenAccount } = await faucet.give(owner.address);
  expect((await faucet.give(owner.address)).amount).toBe("0");

  await rpc.requestAirdrop(owner.address, lamports(1_000_000_000n)).send();
  const ends = { source: tokenAccount, destination: guestbookTokenAccount, authority: owner, mint };
  await createSender(rpc)(owner)([getTransferCheckedInstruction({ ...ends, decimals, amount: 150n })]);
  expect((await faucet.give(owner.address)).amount).toBe("150");
  expect(await balanceOf(tokenAccount)).toBe(1_000n);
});

test("many who ask at once are served one after the other, and the same one is not served twice", async () => {
  const owner = await newOwner();
  const gifts = await Promise.all([owner, owner, await newOwner()].map((address) => faucet.give(address)));
  expect(gifts.map(({ amount }) => amount)).toEqual(["1000", "0", "1000"]);
});

test("a restart on the same chain finds the same token; another seed makes another one", async () => {
  const owner = await newOwner();
  const first = await faucet.give(owner);
  const again = await createTokenFaucet({ rpcUrl: net.httpUrl, seed }).give(owner);
  expect(again).toEqual({ ...first, amount: "0" });
  const other = await createTokenFaucet({ rpcUrl: net.httpUrl, seed: new Uint8Array(32).fill(8) }).give(owner);
  expect(other.mint).not.toBe(first.mint);
  const { data } = await fetchMint(createSolanaRpc(net.httpUrl), first.mint, { commitment: "confirmed" });
  expect(data.decimals).toBe(2);
});

test("a faucet whose chain failed once works again", async () => {
  const retried = createTokenFaucet({ rpcUrl: net.httpUrl, seed: new Uint8Array(32).fill(7) });
  const owner = await newOwner();
  net.faults.failNext(1, { kind: "http", status: 503 }, "getLatestBlockhash");
  await expect(retried.give(owner)).rejects.toThrow();
  expect((await retried.give(owner)).amount).toBe("1000");
});
