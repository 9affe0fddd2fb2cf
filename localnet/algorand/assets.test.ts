import {
  Transaction,
  TransactionType,
  makeAssetConfigTxnWithSuggestedParamsFromObject,
  makeAssetCreateTxnWithSuggestedParamsFromObject,
  makeAssetDestroyTxnWithSuggestedParamsFromObject,
  makeAssetFreezeTxnWithSuggestedParamsFromObject,
} from "algosdk";
import { expect, test } from "vitest";
import { createTestAsset, createWallet, openScene, optIn, pay, transfer } from "./test-support.ts";
import type { Scene, Wallet } from "./test-support.ts";

test("an asset comes only to who has opted in, and an opt-in costs 100,000 of minimum balance", async () => {
  await using scene = await openScene();
  const { creator, asset } = await openAsset(scene);
  const holder = scene.fund(200_000n);
  const gift = (amount: bigint) => creator.sign(transfer(scene, creator, holder.address, asset, { amount }));
  expect(await scene.refusal(gift(1n))).toContain(
    `receiver error: must optin, asset ${asset} missing from ${holder.address}`,
  );
  expect(await scene.refusal(holder.sign(optIn(scene, holder, asset)))).toContain(
    `account ${holder.address} balance 199000 below min 200000 (1 assets)`,
  );
  await scene.land(creator.sign(pay(scene, creator, holder.address, 1000n)));
  await scene.land(holder.sign(optIn(scene, holder, asset)));
  await scene.land(gift(7n));
  expect(await holdingOf(scene, holder, asset)).toEqual([7n, false]);
});

test("nobody sends more of an asset than they hold, nor one they do not hold, nor one that does not exist", async () => {
  await using scene = await openScene();
  const { creator, asset } = await openAsset(scene);
  const holder = await openHolder(scene, creator, asset, 5n);
  const stranger = scene.fund();
  const give = (sender: Wallet, amount: bigint) =>
    sender.sign(transfer(scene, sender, creator.address, asset, { amount }));
  expect(await scene.refusal(give(holder, 6n))).toContain("underflow on subtracting 6 from sender amount 5");
  expect(await scene.refusal(give(stranger, 1n))).toContain(`asset ${asset} missing from ${stranger.address}`);
  expect(await scene.refusal(holder.sign(optIn(scene, holder, 9n)))).toContain(
    "asset 9 does not exist or has been deleted",
  );
  const ofNothing = new Transaction({
    type: TransactionType.axfer,
    sender: holder.address,
    assetTransferParams: { assetIndex: 0n, amount: 1n, receiver: holder.address },
    suggestedParams: scene.params(),
  });
  expect(await scene.refusal(holder.sign(ofNothing))).toContain("asset ID cannot be zero");
});

test("an opt-out gives the rest and the minimum balance back", async () => {
  await using scene = await openScene();
  const { creator, asset } = await openAsset(scene);
  const holder = await openHolder(scene, creator, asset, 5n);
  const out = transfer(scene, holder, creator.address, asset, { closeRemainderTo: creator.address });
  const id = await scene.land(holder.sign(out));
  expect((await scene.algod.pendingTransactionInformation(id).do()).assetClosingAmount).toBe(5n);
  const { assets, minBalance } = await scene.algod.accountInformation(holder.address).do();
  expect([assets?.length ?? 0, minBalance]).toEqual([0, 100_000n]);
  const again = transfer(scene, holder, creator.address, asset, { closeRemainderTo: creator.address });
  expect(await scene.refusal(holder.sign(again))).toContain("cannot close asset holding on account");
  const byCreator = transfer(scene, creator, holder.address, asset, { closeRemainderTo: holder.address });
  expect(await scene.refusal(creator.sign(byCreator))).toContain("cannot close asset ID in allocating account");
});

test("who holds other assets but not this one cannot close it", async () => {
  await using scene = await openScene();
  const { creator, asset } = await openAsset(scene);
  const holder = await openHolder(scene, creator, asset, 1n);
  const other = createTestAsset(scene);
  const out = transfer(scene, holder, creator.address, other, { closeRemainderTo: creator.address });
  expect(await scene.refusal(holder.sign(out))).toContain(`asset ${other} not present in account ${holder.address}`);
});

test("a frozen holding neither gives nor takes, except to close out to the creator or by clawback", async () => {
  await using scene = await openScene();
  const { creator, asset } = await openAsset(scene);
  const [one, two] = [await openHolder(scene, creator, asset, 5n), await openHolder(scene, creator, asset, 5n)];
  const freeze = (sender: Wallet, freezeTarget: string, frozen: boolean) =>
    sender.sign(
      makeAssetFreezeTxnWithSuggestedParamsFromObject({
        sender: sender.address,
        assetIndex: asset,
        freezeTarget,
        frozen,
        suggestedParams: scene.params(),
      }),
    );
  expect(await scene.refusal(freeze(one, two.address, true))).toContain("freeze not allowed: sender ");
  expect(await scene.refusal(freeze(creator, createWallet().address, true))).toContain("asset not found in account");
  await scene.land(freeze(creator, one.address, true));
  expect(await holdingOf(scene, one, asset)).toEqual([5n, true]);
  expect(await scene.refusal(one.sign(transfer(scene, one, two.address, asset, { amount: 1n })))).toContain(
    `asset ${asset} frozen in ${one.address}`,
  );
  expect(await scene.refusal(two.sign(transfer(scene, two, one.address, asset, { amount: 1n })))).toContain(
    "asset frozen in recipient",
  );
  const toOther = transfer(scene, one, two.address, asset, { closeRemainderTo: two.address });
  expect(await scene.refusal(one.sign(toOther))).toContain(`asset ${asset} frozen in`);
  const seize = transfer(scene, creator, two.address, asset, { amount: 2n, assetSender: one.address });
  await scene.land(creator.sign(seize));
  await scene.land(one.sign(transfer(scene, one, one.address, asset, { closeRemainderTo: creator.address })));
  expect(await holdingOf(scene, two, asset)).toEqual([7n, false]);
});

test("only the clawback address claws back, and it does not close", async () => {
  await using scene = await openScene();
  const { creator, asset } = await openAsset(scene);
  const holder = await openHolder(scene, creator, asset, 5n);
  const theft = transfer(scene, holder, holder.address, asset, { amount: 1n, assetSender: creator.address });
  expect(await scene.refusal(holder.sign(theft))).toContain(
    `clawback not allowed: sender ${holder.address}, clawback ${creator.address}`,
  );
  const closing = transfer(scene, creator, creator.address, asset, {
    assetSender: holder.address,
    closeRemainderTo: creator.address,
  });
  expect(await scene.refusal(creator.sign(closing))).toContain("cannot close asset by clawback");
});

test("an asset that is frozen by default is opted into frozen", async () => {
  await using scene = await openScene();
  const { creator, asset } = await openAsset(scene, { defaultFrozen: true });
  const holder = scene.fund();
  await scene.land(holder.sign(optIn(scene, holder, asset)));
  expect(await holdingOf(scene, holder, asset)).toEqual([0n, true]);
  expect(await holdingOf(scene, creator, asset)).toEqual([1000n, false]);
});

test("an asset's number and parameters are what algod tells of it", async () => {
  await using scene = await openScene();
  const { creator, asset, id } = await openAsset(scene, { assetURL: "https://asset.example" });
  expect((await scene.algod.pendingTransactionInformation(id).do()).assetIndex).toBe(asset);
  const { params } = await scene.algod.getAssetByID(asset).do();
  expect(params).toMatchObject({
    creator: creator.address,
    total: 1000n,
    decimals: 2,
    unitName: "TST",
    name: "Test",
    url: "https://asset.example",
    manager: creator.address,
  });
  const account = await scene.algod.accountInformation(creator.address).do();
  expect(account.createdAssets?.map(({ index }) => index)).toEqual([asset]);
  expect([account.totalCreatedAssets, account.minBalance]).toEqual([1, 200_000n]);
});

test("only the manager changes roles, and a role that was given up stays so", async () => {
  await using scene = await openScene();
  const { creator, asset } = await openAsset(scene);
  const heir = scene.fund();
  const configure = (sender: Wallet, roles: object) =>
    sender.sign(
      makeAssetConfigTxnWithSuggestedParamsFromObject({
        sender: sender.address,
        assetIndex: asset,
        strictEmptyAddressChecking: false,
        suggestedParams: scene.params(),
        ...roles,
      }),
    );
  expect(await scene.refusal(configure(heir, { manager: heir.address }))).toContain(
    `this transaction should be issued by the manager. It is issued by ${heir.address}, manager key ${creator.address}`,
  );
  const { address } = heir;
  await scene.land(configure(creator, { manager: creator.address, clawback: creator.address }));
  await scene.land(configure(creator, { manager: address, reserve: address, freeze: address, clawback: address }));
  const { params } = await scene.algod.getAssetByID(asset).do();
  expect(params).toMatchObject({ manager: heir.address, clawback: heir.address });
  expect([params?.freeze, params?.reserve]).toEqual([undefined, undefined]);
});

test("an asset is destroyed only when its creator holds all of it; those who held none can still opt out", async () => {
  await using scene = await openScene();
  const { creator, asset } = await openAsset(scene);
  const holder = await openHolder(scene, creator, asset, 1n);
  const destroy = () =>
    creator.sign(
      makeAssetDestroyTxnWithSuggestedParamsFromObject({
        sender: creator.address,
        assetIndex: asset,
        suggestedParams: scene.params(),
        note: Uint8Array.from([Number(scene.net.chain.round % 256n)]),
      }),
    );
  expect(await scene.refusal(destroy())).toContain("cannot destroy asset: creator is holding only 999/1000");
  await scene.land(holder.sign(transfer(scene, holder, creator.address, asset, { amount: 1n })));
  await scene.land(destroy());
  await expect(scene.algod.getAssetByID(asset).do()).rejects.toThrow("asset does not exist");
  expect((await scene.algod.accountInformation(creator.address).do()).minBalance).toBe(100_000n);
  const out = transfer(scene, holder, creator.address, asset, { closeRemainderTo: creator.address });
  await scene.land(holder.sign(out));
  expect((await scene.algod.accountInformation(holder.address).do()).totalAssetsOptedIn).toBe(0);
});

test("an asset's texts and decimals have their limits", async () => {
  await using scene = await openScene();
  const creator = scene.fund();
  const limits = [
    [{ assetName: "n".repeat(33) }, "asset name too big: 33 > 32"],
    [{ unitName: "u".repeat(9) }, "asset unit name too big: 9 > 8"],
    [{ assetURL: "l".repeat(97) }, "asset url too big: 97 > 96"],
    [{ decimals: 20 }, "decimals is too high (max is 19)"],
  ] as const;
  for (const [fields, message] of limits) {
    expect(await scene.refusal(creator.sign(createAsset(scene, creator, fields)))).toContain(message);
  }
});

type Creation = Partial<Parameters<typeof makeAssetCreateTxnWithSuggestedParamsFromObject>[0]>;

function createAsset(scene: Scene, creator: Wallet, fields: Creation) {
  const { address } = creator;
  return makeAssetCreateTxnWithSuggestedParamsFromObject({
    sender: address,
    total: 1000n,
    decimals: 2,
    unitName: "TST",
    assetName: "Test",
    manager: address,
    freeze: address,
    clawback: address,
    suggestedParams: scene.params(),
    ...fields,
  });
}

async function openAsset(scene: Scene, fields: Creation = {}): Promise<{ creator: Wallet; asset: bigint; id: string }> {
  const creator = scene.fund();
  const id = await scene.land(creator.sign(createAsset(scene, creator, fields)));
  const { assetIndex } = await scene.algod.pendingTransactionInformation(id).do();
  return { creator, asset: assetIndex ?? 0n, id };
}

async function openHolder(scene: Scene, creator: Wallet, asset: bigint, amount: bigint): Promise<Wallet> {
  const holder = scene.fund();
  await scene.land(holder.sign(optIn(scene, holder, asset)));
  await scene.land(creator.sign(transfer(scene, creator, holder.address, asset, { amount })));
  return holder;
}

async function holdingOf({ algod }: Scene, { address }: Wallet, asset: bigint): Promise<unknown[]> {
  const { assetHolding } = await algod.accountAssetInformation(address, asset).do();
  return [assetHolding?.amount, assetHolding?.isFrozen];
}
