import type { Address, Transaction } from "algosdk";
import { readAccount, writeAccount } from "./ledger-state.ts";
import type { Asset, Holding, State } from "./ledger-state.ts";
import { Refusal } from "./refusal.ts";
import { ZERO_ADDRESS } from "./wire-transaction.ts";

type AssetConfig = NonNullable<Transaction["assetConfig"]>;

/** Creates, changes or destroys; gives the number of an asset that was created. */
export function applyAssetConfig(state: State, transaction: Transaction): bigint | null {
  const { assetConfig } = transaction;
  if (assetConfig === undefined) throw new Refusal("the asset configuration has no fields");
  const sender = transaction.sender.toString();
  if (assetConfig.assetIndex === 0n) return createAsset(state, sender, assetConfig);
  const id = assetConfig.assetIndex;
  const asset = readAsset(state, id);
  if (asset.manager !== sender) {
    throw new Refusal(
      `this transaction should be issued by the manager. It is issued by ${sender}, manager key ${asset.manager ?? ZERO_ADDRESS}`,
    );
  }
  if (isDestroy(assetConfig)) destroyAsset(state, id, asset);
  else state.assets.set(id, changeRoles(asset, assetConfig));
  return null;
}

export function applyAssetFreeze(state: State, transaction: Transaction): void {
  const { assetFreeze } = transaction;
  if (assetFreeze === undefined) throw new Refusal("the asset freeze has no fields");
  const sender = transaction.sender.toString();
  const { freeze } = readAsset(state, assetFreeze.assetIndex);
  if (freeze !== sender) {
    throw new Refusal(`freeze not allowed: sender ${sender}, freeze ${freeze ?? ZERO_ADDRESS}`);
  }
  const target = assetFreeze.freezeAccount.toString();
  const holding = readAccount(state, target).holdings.get(assetFreeze.assetIndex);
  if (holding === undefined) throw new Refusal("asset not found in account");
  writeHolding(state, target, assetFreeze.assetIndex, { ...holding, isFrozen: assetFreeze.frozen });
}

export function readAsset(state: State, id: bigint): Asset {
  const asset = state.assets.get(id);
  if (asset === undefined) throw new Refusal(`asset ${id} does not exist or has been deleted`);
  return asset;
}

/** Undefined gives the slot up. */
export function writeHolding(state: State, address: string, id: bigint, holding: Holding | undefined): void {
  const account = readAccount(state, address);
  const holdings = new Map(account.holdings);
  if (holding === undefined) holdings.delete(id);
  else holdings.set(id, holding);
  writeAccount(state, address, { ...account, holdings });
}

function createAsset(state: State, creator: string, config: AssetConfig): bigint {
  const id = state.transactionCount + 1n;
  state.assets.set(id, {
    creator,
    total: config.total,
    decimals: config.decimals,
    isFrozenByDefault: config.defaultFrozen,
    manager: textOf(config.manager),
    reserve: textOf(config.reserve),
    freeze: textOf(config.freeze),
    clawback: textOf(config.clawback),
    unitName: config.unitName ?? "",
    name: config.assetName ?? "",
    url: config.assetURL ?? "",
    metadataHash: config.assetMetadataHash ?? null,
  });
  const account = readAccount(state, creator);
  writeAccount(state, creator, { ...account, created: new Set([...account.created, id]) });
  // The whole supply is its creator's, who is not frozen by default.
  writeHolding(state, creator, id, { amount: config.total, isFrozen: false });
  return id;
}

function destroyAsset(state: State, id: bigint, { creator, total }: Asset): void {
  const held = readAccount(state, creator).holdings.get(id)?.amount ?? 0n;
  if (held !== total) throw new Refusal(`cannot destroy asset: creator is holding only ${held}/${total}`);
  state.assets.set(id, undefined);
  const account = readAccount(state, creator);
  writeAccount(state, creator, { ...account, created: new Set([...account.created].filter((other) => other !== id)) });
  writeHolding(state, creator, id, undefined);
}

/** A role that was given up stays given up. */
function changeRoles(asset: Asset, config: AssetConfig): Asset {
  return {
    ...asset,
    manager: textOf(config.manager),
    reserve: asset.reserve === null ? null : textOf(config.reserve),
    freeze: asset.freeze === null ? null : textOf(config.freeze),
    clawback: asset.clawback === null ? null : textOf(config.clawback),
  };
}

function isDestroy({ assetIndex: _assetIndex, ...params }: AssetConfig): boolean {
  return Object.values(params).every((value) => value === undefined || !value);
}

function textOf(address: Address | undefined): string | null {
  return address?.toString() ?? null;
}
