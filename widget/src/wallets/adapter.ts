import type { Adapter } from "@solana/wallet-adapter-base";
import type { PublicKey } from "@solana/web3.js";
import { GaslessError } from "../errors.ts";
import type { WalletDriver } from "./types.ts";

/**
 * The `autoConnect` of the base class connects with a prompt. Its copy in the page is another than any of ours, so it is
 * known by what stands beside it: only the base class defines `connected`, too.
 */
function hasSilentConnect(adapter: Adapter): boolean {
  for (let owner: unknown = Object.getPrototypeOf(adapter); owner !== null; owner = Object.getPrototypeOf(owner)) {
    if (Object.hasOwn(owner as object, "autoConnect")) return !Object.hasOwn(owner as object, "connected");
  }
  return false;
}

const opened = new WeakMap<Adapter, WalletDriver>();

/** An adapter of `@solana/wallet-adapter-base` as a driver. */
export function openAdapter(adapter: Adapter): WalletDriver {
  const known = opened.get(adapter);
  if (known) return known;
  const visible = () => (adapter.publicKey ? [adapter.publicKey.toBase58()] : []);
  const assertAccount = (address: string) => {
    if (visible()[0] !== address) {
      throw new GaslessError(
        "wallet.account_changed",
        `${adapter.name} does not show the account ${address} any more.`,
      );
    }
  };
  const driver: WalletDriver = {
    name: adapter.name,
    async connect({ isSilent }) {
      if (adapter.connected) return visible();
      if (!isSilent) await adapter.connect();
      else if (hasSilentConnect(adapter)) await adapter.autoConnect();
      return visible();
    },
    disconnect: () => adapter.disconnect(),
    signIn:
      "signIn" in adapter
        ? async (fields) => {
            const { account, signedMessage, signature } = await adapter.signIn(fields);
            return { address: account.address, signedMessage, signature };
          }
        : undefined,
    signMessage:
      "signMessage" in adapter
        ? async (address, message) => {
            assertAccount(address);
            // An adapter gives the signature alone: it says of what only by being right.
            return { address, signedMessage: message, signature: await adapter.signMessage(message) };
          }
        : undefined,
    async signTransaction(address, transaction) {
      assertAccount(address);
      if (!("signTransaction" in adapter)) {
        throw new GaslessError("wallet.unsupported", `${adapter.name} cannot sign a transaction without sending it.`);
      }
      const { VersionedTransaction } = await import("./web3.ts");
      return (await adapter.signTransaction(VersionedTransaction.deserialize(transaction))).serialize();
    },
    onAccountsChanged(listener) {
      const tell = (publicKey?: PublicKey) => listener(publicKey ? [publicKey.toBase58()] : []);
      const leave = () => tell();
      adapter.on("connect", tell);
      adapter.on("disconnect", leave);
      return () => {
        adapter.off("connect", tell);
        adapter.off("disconnect", leave);
      };
    },
  };
  opened.set(adapter, driver);
  return driver;
}
