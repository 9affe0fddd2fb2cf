import type { IdentifierArray, WalletAccount } from "@wallet-standard/base";
import { ICON } from "./icon.ts";
import type { WalletKey } from "./key-store.ts";

export const CHAINS = ["solana:localnet", "solana:devnet"] as const satisfies IdentifierArray;
const FEATURES = ["solana:signIn", "solana:signMessage", "solana:signTransaction"] as const satisfies IdentifierArray;

/** A key as pages see it. */
export function describeAccount({ address, publicKey }: WalletKey): WalletAccount {
  return { address, publicKey, chains: CHAINS, features: FEATURES, label: "Demo Wallet", icon: ICON };
}
