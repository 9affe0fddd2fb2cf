import type { Wallet, WalletAccount } from "@wallet-standard/base";
import type {
  StandardConnectFeature,
  StandardDisconnectFeature,
  StandardEventsFeature,
} from "@wallet-standard/features";
import type {
  SolanaSignInFeature,
  SolanaSignMessageFeature,
  SolanaSignOffchainMessageFeature,
  SolanaSignTransactionFeature,
} from "@solana/wallet-standard-features";
import { GaslessError } from "../errors.ts";
import type { WalletDriver } from "./types.ts";

type Features = StandardConnectFeature &
  SolanaSignTransactionFeature &
  Partial<
    StandardDisconnectFeature &
      StandardEventsFeature &
      SolanaSignInFeature &
      SolanaSignMessageFeature &
      SolanaSignOffchainMessageFeature
  >;

/** True for what can sign a transaction that somebody else pays for: then it can sign in, too, one way or another. */
export function isUsable({ features, chains }: Wallet): boolean {
  return (
    chains.some((chain) => chain.startsWith("solana:")) &&
    "standard:connect" in features &&
    "solana:signTransaction" in features
  );
}

/** A wallet of the Wallet Standard. Source: @wallet-standard/features 1.1, @solana/wallet-standard-features 1.5 */
export function openStandardWallet(wallet: Wallet, readNetwork: () => string | null): WalletDriver {
  const features = wallet.features as Features;
  const signIn = features["solana:signIn"];
  const signMessage = features["solana:signMessage"];
  const offchain = features["solana:signOffchainMessage"];

  function accountOf(address: string): WalletAccount {
    const account = wallet.accounts.find((candidate) => candidate.address === address);
    if (account) return account;
    throw new GaslessError("wallet.account_changed", `${wallet.name} does not show the account ${address} any more.`);
  }

  return {
    name: wallet.name,
    async connect({ isSilent }) {
      const { accounts } = await features["standard:connect"].connect(isSilent ? { silent: true } : undefined);
      return accounts.map(({ address }) => address);
    },
    disconnect: async () => features["standard:disconnect"]?.disconnect(),
    signIn:
      signIn &&
      (async (fields) => {
        const [output] = await signIn.signIn(fields);
        if (!output) throw new GaslessError("wallet.failed", `${wallet.name} signed nothing.`);
        const { account, signedMessage, signature } = output;
        return { address: account.address, signedMessage, signature };
      }),
    signOffchainMessage: offchain?.supportedMessageVersions.includes(1)
      ? async (address, text) => {
          const account = accountOf(address);
          const requiredSigners = [account.publicKey];
          const [output] = await offchain.signOffchainMessage({
            messageVersion: 1,
            account,
            message: text,
            requiredSigners,
          });
          if (!output) throw new GaslessError("wallet.failed", `${wallet.name} signed nothing.`);
          const { signedOffchainMessage, signature } = output;
          return {
            address,
            signedMessage: Uint8Array.from(signedOffchainMessage),
            signature: Uint8Array.from(signature),
          };
        }
      : undefined,
    signMessage:
      signMessage &&
      (async (address, message) => {
        const [output] = await signMessage.signMessage({ account: accountOf(address), message });
        if (!output) throw new GaslessError("wallet.failed", `${wallet.name} signed nothing.`);
        return { address, ...output };
      }),
    async signTransaction(address, transaction) {
      const account = accountOf(address);
      // A wallet that does not know a network, such as a localnet, is not told of it: it signs bytes.
      const chain = wallet.chains.find((name) => name === readNetwork());
      const input = { account, transaction, ...(chain && { chain }) };
      const [output] = await features["solana:signTransaction"].signTransaction(input);
      if (!output) throw new GaslessError("wallet.failed", `${wallet.name} signed nothing.`);
      return output.signedTransaction;
    },
    onAccountsChanged(listener) {
      const stop = features["standard:events"]?.on("change", ({ accounts }) => {
        if (accounts) listener(accounts.map(({ address }) => address));
      });
      return stop ?? (() => undefined);
    },
  };
}
