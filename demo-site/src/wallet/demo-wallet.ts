import type { Wallet, WalletAccount } from "@wallet-standard/base";
import { registerWallet } from "@wallet-standard/wallet";
import { CHAINS, describeAccount } from "./account.ts";
import { askApproval } from "./approval.ts";
import { ICON } from "./icon.ts";
import { createKey, findKey, forgetConnection, isRemembered, type WalletKey } from "./key-store.ts";
import type { SignInInput } from "./sign-in-text.ts";
import { signIn, signMessage, signTransaction, type TransactionInput } from "./signing.ts";

type ChangeListener = (change: { readonly accounts: readonly WalletAccount[] }) => void;

/**
 * A throwaway wallet for people who have none, offered to this page as an extension would: by the Wallet Standard.
 * Its key is made when it is first used, and kept when the person agrees.
 */
export function announceDemoWallet(): void {
  const listeners = new Set<ChangeListener>();
  let connected: { readonly key: WalletKey; readonly account: WalletAccount } | undefined;
  const listAccounts = () => (connected === undefined ? [] : [connected.account]);

  async function connectWith(key: WalletKey): Promise<WalletAccount> {
    await key.keep();
    if (connected?.key.address === key.address) return connected.account;
    connected = { key, account: describeAccount(key) };
    for (const listener of listeners) listener({ accounts: listAccounts() });
    return connected.account;
  }

  async function connect({ silent = false }: { readonly silent?: boolean } = {}) {
    if (connected !== undefined) return { accounts: listAccounts() };
    if (silent) {
      const kept = isRemembered() ? await findKey() : undefined;
      if (kept !== undefined) await connectWith(kept);
    } else {
      const key = (await findKey()) ?? (await createKey());
      const lead = `${location.host} wants to see the address of this wallet.`;
      const lines = [key.address, "A wallet to try things with: its key stays in this browser and holds nothing."];
      await askApproval({ title: "Connect", lead, lines });
      await connectWith(key);
    }
    return { accounts: listAccounts() };
  }

  async function disconnect(): Promise<void> {
    forgetConnection();
    connected = undefined;
    for (const listener of listeners) listener({ accounts: [] });
  }

  function keyOf({ address }: WalletAccount): WalletKey {
    if (connected?.key.address === address) return connected.key;
    throw new Error("This account is not connected.");
  }

  async function signInWith(input: SignInInput) {
    const key = connected?.key ?? (await findKey()) ?? (await createKey());
    const signed = await signIn(key, input);
    return { account: await connectWith(key), ...signed };
  }

  const wallet: Wallet = {
    version: "1.0.0",
    name: "Demo Wallet",
    icon: ICON,
    chains: CHAINS,
    get accounts() {
      return listAccounts();
    },
    features: {
      "standard:connect": { version: "1.0.0", connect },
      "standard:disconnect": { version: "1.0.0", disconnect },
      "standard:events": {
        version: "1.0.0",
        on(name: string, listener: ChangeListener) {
          if (name === "change") listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      "solana:signIn": {
        version: "1.0.0",
        signIn: (...inputs: readonly SignInInput[]) =>
          inOrder(inputs.length === 0 ? [{}] : inputs, (input) => signInWith(input)),
      },
      "solana:signMessage": {
        version: "1.0.0",
        signMessage: (...inputs: readonly { readonly account: WalletAccount; readonly message: Uint8Array }[]) =>
          inOrder(inputs, ({ account, message }) => signMessage(keyOf(account), message)),
      },
      "solana:signTransaction": {
        version: "1.0.0",
        supportedTransactionVersions: ["legacy", 0],
        signTransaction: (...inputs: readonly TransactionInput[]) =>
          inOrder(inputs, async (input) => ({
            signedTransaction: await signTransaction(keyOf(input.account), input),
          })),
      },
    },
  };
  registerWallet(wallet);
}

/** One after the other, so that a person is asked in the order of the requests. */
async function inOrder<Input, Output>(
  inputs: readonly Input[],
  ask: (input: Input) => Promise<Output>,
): Promise<readonly Output[]> {
  const outputs: Output[] = [];
  for (const input of inputs) outputs.push(await ask(input));
  return outputs;
}
