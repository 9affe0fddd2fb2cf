import type { Chain } from "../algorand/chain.ts";
import { FaucetRefusal } from "./faucet-requests.ts";

/** Stamps that a page's visitor was given, as a decimal string: "0" when there were enough already. */
export interface StampGift {
  readonly amount: string;
}

export interface StampFaucet {
  readonly assetId: bigint;
  /** Who gives stamps, and takes them back. */
  readonly counter: string;
  /** Fills an address up to 10 stamps. @throws FaucetRefusal while it does not accept them */
  give(address: string): StampGift;
}

const STAMP = { total: 1_000_000_000n, decimals: 0, unitName: "STAMP", name: "Gasless Demo Stamp" } as const;
const FULL = 10n;

/** A faucet of an asset that is worth nothing, for a localnet. The asset is made once in a chain's life. */
export function openStampFaucet(chain: Chain): StampFaucet {
  const counter = chain.dispenser.address;
  const assetId = findStamp(chain) ?? chain.createAsset(STAMP);
  return {
    assetId,
    counter,
    give(address) {
      const held = chain.state.accounts.get(address)?.holdings.get(assetId)?.amount;
      if (held === undefined) throw new FaucetRefusal("This wallet has no room for stamps yet: opt in first.");
      const amount = held >= FULL ? 0n : FULL - held;
      if (amount > 0n) chain.giveAsset(assetId, address, amount);
      return { amount: amount.toString() };
    },
  };
}

function findStamp({ state, dispenser }: Chain): bigint | undefined {
  const created = state.accounts.get(dispenser.address)?.created ?? new Set<bigint>();
  return created.values().find((id) => state.assets.get(id)?.unitName === STAMP.unitName);
}
