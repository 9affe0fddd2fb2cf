import { randomBytes } from "node:crypto";
import {
  AtomicTransactionComposer,
  decodeJSON,
  encodeMsgpack,
  generateAccount,
  makeBasicAccountTransactionSigner,
  modelsv2,
  waitForConfirmation,
} from "algosdk";
import { expect, test } from "vitest";
import { hashWithTag } from "./ed25519.ts";
import { createTestAsset, createWallet, openScene, optIn, pay } from "./test-support.ts";
import type { Scene } from "./test-support.ts";

test("algosdk's own composer sends a group and waits for it against a ticking chain", async () => {
  await using scene = await openScene({ roundMs: 20 });
  const account = generateAccount();
  const address = account.addr.toString();
  scene.net.chain.fund(address, 1_000_000n);
  const composer = new AtomicTransactionComposer();
  const suggestedParams = await scene.algod.getTransactionParams().do();
  const signer = makeBasicAccountTransactionSigner(account);
  for (const amount of [1n, 2n]) {
    const sender = { address, sign: () => new Uint8Array() };
    composer.addTransaction({ txn: pay(scene, sender, address, amount, { suggestedParams }), signer });
  }
  const { confirmedRound, txIDs } = await composer.execute(scene.algod, 5);
  const landed = await waitForConfirmation(scene.algod, txIDs[1] ?? "", 5);
  expect(landed.confirmedRound).toBe(confirmedRound);
});

test("the parameters are the chain's own, with a validity that it accepts", async () => {
  await using scene = await openScene();
  const params = await scene.algod.getTransactionParams().do();
  expect(params).toMatchObject({ fee: 0n, minFee: 1000n, firstValid: scene.net.chain.round, genesisID: "localnet-v1" });
  expect(Buffer.from(params.genesisHash ?? []).toString("base64")).toBe(scene.net.genesisHash);
});

test("the genesis hash is that of the genesis document", async () => {
  await using scene = await openScene();
  const text = await scene.algod.genesis().do();
  const document = decodeJSON(text, modelsv2.Genesis);
  const hash = hashWithTag("GE", encodeMsgpack(document));
  expect(Buffer.from(hash).toString("base64")).toBe(scene.net.genesisHash);
  const { genesisHashB64, genesisId } = await scene.algod.versionsCheck().do();
  expect([Buffer.from(genesisHashB64).toString("base64"), genesisId]).toEqual([scene.net.genesisHash, "localnet-v1"]);
  expect(document.alloc.map(({ addr }) => addr)).toContain(scene.net.chain.dispenser.address);
});

test("health, readiness, status and supply answer", async () => {
  await using scene = await openScene();
  await scene.algod.healthCheck().do();
  await scene.algod.ready().do();
  scene.net.chain.warp(7);
  expect((await scene.algod.status().do()).lastRound).toBe(7n);
  expect((await scene.algod.supply().do()).totalMoney).toBe(10_000_000_000_000_000n);
});

test("waiting for the round after one answers as soon as there is one", async () => {
  await using scene = await openScene();
  scene.net.chain.warp(3);
  expect((await scene.algod.statusAfterBlock(2).do()).lastRound).toBe(3n);
  const waiting = scene.algod.statusAfterBlock(4).do();
  const endpoint = "GET /v2/status/wait-for-block-after/{round}";
  await expect.poll(() => scene.net.faults.calls(endpoint)).toBe(2);
  scene.net.chain.tick();
  scene.net.chain.tick();
  expect((await waiting).lastRound).toBe(5n);
});

test("closing the server ends what waits for a round", async () => {
  const scene = await openScene();
  const waiting = scene.algod
    .statusAfterBlock(4)
    .do()
    .catch(() => null);
  await expect.poll(() => scene.net.faults.calls("GET /v2/status/wait-for-block-after/{round}")).toBe(1);
  await scene.net.close();
  await waiting;
});

test("a transaction waits in the pool, lands in the next round, and is forgotten after 1000 more", async () => {
  await using scene = await openScene();
  const { chain } = scene.net;
  const sender = scene.fund();
  const signed = sender.sign(pay(scene, sender, sender.address, 1n));
  const id = await scene.send(signed);
  const waiting = await scene.algod.pendingTransactionInformation(id).do();
  expect([waiting.confirmedRound, waiting.poolError]).toEqual([undefined, ""]);
  const { topTransactions, totalTransactions } = await scene.algod.pendingTransactionsInformation().do();
  expect([topTransactions.map(({ txn }) => txn.txID()), totalTransactions]).toEqual([[id], 1]);
  const round = chain.round + 1n;
  chain.tick();
  const landed = await scene.algod.pendingTransactionInformation(id).do();
  expect(landed.confirmedRound).toBe(round);
  expect(Buffer.from(encodeMsgpack(landed.txn))).toEqual(Buffer.from(signed));
  expect((await scene.algod.pendingTransactionsInformation().do()).totalTransactions).toBe(0);
  chain.warp(1000);
  expect((await scene.algod.pendingTransactionInformation(id).do()).confirmedRound).toBe(round);
  chain.tick();
  await expect(scene.algod.pendingTransactionInformation(id).do()).rejects.toMatchObject({ response: { status: 404 } });
});

test("an unknown transaction is 404, and what is no id 400", async () => {
  await using scene = await openScene();
  const statusOf = async (id: string): Promise<number> =>
    (await fetch(`${scene.net.url}/v2/transactions/pending/${id}`)).status;
  expect(await statusOf("A".repeat(52))).toBe(404);
  expect(await statusOf("short")).toBe(400);
});

test("an account shows its assets, or with exclude=all only itself; an unknown one is empty, a false address 400", async () => {
  await using scene = await openScene();
  const wallet = scene.fund(300_000n);
  const asset = createTestAsset(scene);
  await scene.land(wallet.sign(optIn(scene, wallet, asset)));
  const full = await scene.algod.accountInformation(wallet.address).do();
  expect(full).toMatchObject({
    address: wallet.address,
    amount: 299_000n,
    minBalance: 200_000n,
    round: scene.net.chain.round,
    status: "Offline",
    totalAssetsOptedIn: 1,
  });
  expect(full.assets).toMatchObject([{ assetId: asset, amount: 0n, isFrozen: false }]);
  const bare = await scene.algod.accountInformation(wallet.address).exclude("all").do();
  expect([bare.totalAssetsOptedIn, bare.assets]).toEqual([1, undefined]);
  const unknown = await scene.algod.accountInformation(createWallet().address).do();
  expect([unknown.amount, unknown.minBalance]).toEqual([0n, 100_000n]);
  const statusOf = async (path: string): Promise<number> =>
    (await fetch(`${scene.net.url}/v2/accounts/${path}`)).status;
  const others = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".split("").filter((letter) => letter !== wallet.address.at(-1));
  for (const letter of others) expect(await statusOf(`${wallet.address.slice(0, -1)}${letter}`)).toBe(400);
  expect(await statusOf(`${wallet.address}?exclude=some`)).toBe(400);
  expect(await statusOf(`${wallet.address}/assets/9`)).toBe(404);
});

test("a block holds its transactions, is linked to the one before it, and tells their ids and its hash", async () => {
  await using scene = await openScene();
  const { chain } = scene.net;
  const sender = scene.fund();
  const id = await scene.land(sender.sign(pay(scene, sender, sender.address, 5n)));
  const { block } = await scene.algod.block(chain.round).do();
  expect(block.payset).toHaveLength(1);
  const [inBlock] = block.payset;
  expect(inBlock?.signedTxn.signedTxn.txn.payment?.amount).toBe(5n);
  expect([inBlock?.hasGenesisID, inBlock?.signedTxn.signedTxn.txn.genesisHash]).toEqual([true, undefined]);
  expect((await scene.algod.getBlockTxids(chain.round).do()).blocktxids).toEqual([id]);
  const before = await scene.algod.block(chain.round - 1n).do();
  expect(Buffer.from(block.header.branch)).toEqual(Buffer.from(hashWithTag("BH", encodeMsgpack(before.block.header))));
  const { blockhash } = await scene.algod.getBlockHash(chain.round - 1n).do();
  expect(blockhash).toHaveLength(52);
  const bare = await scene.algod.block(chain.round).headerOnly(true).do();
  expect([bare.block.payset.length, bare.block.header.round]).toEqual([0, chain.round]);
  await expect(scene.algod.block(chain.round + 1n).do()).rejects.toMatchObject({ response: { status: 404 } });
  await expect(scene.algod.block(99_999n).do()).rejects.toThrow("failed to retrieve information from the ledger");
});

test("a jump of a million rounds keeps the newest thousand, one after the other", async () => {
  await using scene = await openScene();
  const { chain } = scene.net;
  chain.warp(1_000_000);
  const { header } = (await scene.algod.block(1_000_000n - 999n).do()).block;
  expect(header.round).toBe(999_001n);
  await expect(scene.algod.block(5n).do()).rejects.toThrow("failed to retrieve");
});

test("amounts beyond 2^53 arrive whole", async () => {
  await using scene = await openScene();
  const asset = scene.net.chain.createAsset({ total: 2n ** 64n - 1n, decimals: 0, unitName: "MAX", name: "All of it" });
  const { params } = await scene.algod.getAssetByID(asset).do();
  expect(params?.total).toBe(2n ** 64n - 1n);
  const text = await (await fetch(`${scene.net.url}/v2/assets/${asset}`)).text();
  expect(text).toContain('"total":18446744073709551615');
});

test("what is zero or empty is written, as algod writes it", async () => {
  await using scene = await openScene();
  const { url, chain } = scene.net;
  const read = async (path: string): Promise<unknown> => await (await fetch(`${url}${path}`)).json();
  expect(await read(`/v2/accounts/${createWallet().address}`)).toMatchObject({
    amount: 0,
    "pending-rewards": 0,
    "total-assets-opted-in": 0,
    assets: [],
    "created-assets": [],
    "created-apps": [],
    "apps-local-state": [],
  });
  expect(await read("/v2/transactions/params")).toMatchObject({ fee: 0, "last-round": 0 });
  const sender = scene.fund();
  const asset = createTestAsset(scene);
  const id = await scene.land(sender.sign(optIn(scene, sender, asset)));
  const sig = expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/) as string;
  expect(await read(`/v2/transactions/pending/${id}`)).toMatchObject({
    "pool-error": "",
    "confirmed-round": Number(chain.round),
    txn: { sig, txn: { snd: sender.address, type: "axfer", xaid: Number(asset) } },
  });
  expect(await read(`/v2/accounts/${sender.address}/assets/${asset}`)).toMatchObject({
    "asset-holding": { amount: 0, "is-frozen": false },
  });
  expect(await read(`/v2/blocks/${chain.round - 1n}/txids`)).toEqual({ blockTxids: [expect.any(String)] });
  chain.tick();
  expect(await read(`/v2/blocks/${chain.round}/txids`)).toEqual({ blockTxids: [] });
});

test("answers are open to every origin, unknown paths are 404 in JSON, and a huge body is 413", async () => {
  await using scene = await openScene();
  const { url } = scene.net;
  const preflight = await fetch(`${url}/v2/transactions`, { method: "OPTIONS" });
  expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
  const unknown = await fetch(`${url}/v2/applications/1`, { headers: { "x-algo-api-token": "any" } });
  expect([unknown.status, await unknown.json()]).toEqual([404, { message: "Not Found" }]);
  expect((await fetch(`${url}/v2/transactions`)).status).toBe(404);
  const huge = await fetch(`${url}/v2/transactions`, { method: "POST", body: new Uint8Array(300_000) });
  expect(huge.status).toBe(413);
});

test("the dispenser funds an address over HTTP, which is this double's own", async () => {
  await using scene = await openScene();
  const { address } = createWallet();
  const ask = async (body: unknown): Promise<Response> =>
    await fetch(`${scene.net.url}/v2/dev/fund`, { method: "POST", body: JSON.stringify(body) });
  const { txId } = (await (await ask({ address, amount: 250_000 })).json()) as { txId: string };
  expect(scene.net.chain.balanceOf(address)).toBe(250_000n);
  expect((await scene.algod.pendingTransactionInformation(txId).do()).confirmedRound).toBe(scene.net.chain.round);
  const refusals = [
    { address, amount: 1.5 },
    { address: "nobody", amount: 1 },
    { address: createWallet().address, amount: 1 },
    null,
  ];
  for (const body of refusals) expect((await ask(body)).status).toBe(400);
});

test("the dispenser's key signs anything a test needs", async () => {
  await using scene = await openScene();
  const { dispenser } = scene.net.chain;
  const noted = pay(scene, dispenser, dispenser.address, 1n, { note: randomBytes(16) });
  await scene.land(dispenser.sign(noted));
});

test("an address that is taken is told", async () => {
  await using scene = await openScene();
  const port = Number(new URL(scene.net.url).port);
  await expect(openScene({ port })).rejects.toThrow(`port ${port} for algod is already in use`);
});

test("what an asset gave an account is what its holding shows", async () => {
  await using scene = await openScene();
  const wallet = scene.fund();
  const asset = createTestAsset(scene);
  await scene.land(wallet.sign(optIn(scene, wallet, asset)));
  scene.net.chain.giveAsset(asset, wallet.address, 12n);
  expect(await amountOf(scene, wallet.address, asset)).toBe(12n);
});

async function amountOf({ algod }: Scene, address: string, asset: bigint): Promise<bigint | undefined> {
  return (await algod.accountAssetInformation(address, asset).do()).assetHolding?.amount;
}
