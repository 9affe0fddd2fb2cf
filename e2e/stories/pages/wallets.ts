import { UnsafeBurnerWalletAdapter } from "@solana/wallet-adapter-unsafe-burner";
import { SolanaWalletAdapterWallet } from "@solana/wallet-standard-wallet-adapter-base";
import { ComputeBudgetProgram, TransactionMessage, VersionedTransaction } from "@solana/web3.js";
import { registerWallet } from "@wallet-standard/wallet";

/** `meddle`: signs another text. `guard`: adds an instruction of its own. `own-fee`: makes itself the fee payer.
 * `mute`: never answers a silent connect, as when its background has died. */
type Mode = "approve" | "reject" | "hang" | "meddle" | "guard" | "own-fee" | "mute";
type Method = (...args: never[]) => unknown;
type Feature = Readonly<Record<string, unknown>>;

const state: { mode: Mode; adapter: UnsafeBurnerWalletAdapter | undefined; prompts: string[] } = {
  mode: "approve",
  adapter: undefined,
  prompts: [],
};

/** A person in front of the wallet, as a test wants them. */
async function ask(name: string): Promise<void> {
  state.prompts.push(name);
  if (state.mode === "reject") throw Object.assign(new Error("User rejected the request."), { code: 4001 });
  while (state.mode === "hang") await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The feature with a person before each of its prompts. */
function withPerson(name: string, feature: Feature): Feature {
  const guarded = Object.entries(feature).map(([key, value]) => {
    const isPrompt = typeof value === "function" && !["on", "disconnect"].includes(key);
    if (!isPrompt) return [key, value];
    return [
      key,
      async (...args: never[]) => {
        const isSilent = key === "connect" && (args[0] as { silent?: boolean } | undefined)?.silent === true;
        if (isSilent && state.mode === "mute") return new Promise(() => undefined);
        if (isSilent) return state.adapter?.connected ? (value as Method)(...args) : { accounts: [] };
        await ask(name);
        if (name === "solana:signTransaction") change(args[0] as unknown as { transaction: Uint8Array });
        const output = await (value as Method)(...args);
        return state.mode === "meddle" ? meddle(name, output) : output;
      },
    ];
  });
  return Object.fromEntries(guarded) as Feature;
}

/** Wallets put guards and prices of their own into what they sign, and some only know fees that they pay themselves. */
function change(input: { transaction: Uint8Array }): void {
  if (state.mode !== "guard" && state.mode !== "own-fee") return;
  const given = VersionedTransaction.deserialize(input.transaction);
  const message = TransactionMessage.decompile(given.message);
  if (state.mode === "guard") message.instructions.push(ComputeBudgetProgram.setComputeUnitLimit({ units: 100_000 }));
  else if (state.adapter?.publicKey) message.payerKey = state.adapter.publicKey;
  input.transaction = new VersionedTransaction(message.compileToV0Message()).serialize();
}

/** Another text than was asked for, as wallets with notes of their own return it. */
function meddle(name: string, output: unknown): unknown {
  if (name !== "solana:signIn" && name !== "solana:signMessage") return output;
  const [first] = output as { signedMessage: Uint8Array }[];
  return [{ ...first, signedMessage: new TextEncoder().encode("something else") }];
}

/** A wallet that this project did not write, announced by the Wallet Standard; with or without a sign-in of its own. */
function announceBurner({ hasSignIn }: { readonly hasSignIn: boolean }): void {
  const adapter = new UnsafeBurnerWalletAdapter();
  state.adapter = adapter;
  const wallet = new SolanaWalletAdapterWallet(adapter, "solana:localnet");
  const announced = new Proxy(wallet, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (property !== "features") return typeof value === "function" ? (value as Method).bind(target) : value;
      const own = value as Record<string, Feature>;
      const features = Object.entries(own).filter(([name]) => name !== "solana:signIn");
      // Its wrapper forgets to show the sign-in that the adapter has.
      const signIn = {
        version: "1.0.0",
        signIn: async (input: never) =>
          [await adapter.signIn(input)].map((output) => ({ ...output, account: accountOf(wallet) })),
      };
      const all: [string, Feature][] = hasSignIn ? [...features, ["solana:signIn", signIn]] : features;
      return Object.fromEntries(all.map(([name, feature]) => [name, withPerson(name, feature)]));
    },
  });
  registerWallet(announced as never);
}

/** A wallet that does nothing but look like one. */
function announcePlain(name: string, icon: string): void {
  const nothing = {
    version: "1.0.0",
    connect: () => ({ accounts: [] }),
    signMessage: () => [],
    signTransaction: () => [],
  };
  const features = { "standard:connect": nothing, "solana:signMessage": nothing, "solana:signTransaction": nothing };
  registerWallet({ version: "1.0.0", name, icon, chains: ["solana:localnet"], features, accounts: [] } as never);
}

function accountOf(wallet: SolanaWalletAdapterWallet): unknown {
  return wallet.accounts[0];
}

/** Another account in the same wallet, as a person switches it in an extension. */
async function switchAccount(): Promise<string> {
  await state.adapter?.connect();
  return state.adapter?.publicKey?.toBase58() ?? "";
}

declare global {
  interface Window {
    testWallets: {
      announceBurner: typeof announceBurner;
      announcePlain: typeof announcePlain;
      switchAccount: typeof switchAccount;
      setMode(mode: Mode): void;
      prompts(): string[];
      adapter(): UnsafeBurnerWalletAdapter;
    };
  }
}

window.testWallets = {
  announceBurner,
  announcePlain,
  switchAccount,
  setMode: (mode) => (state.mode = mode),
  prompts: () => state.prompts,
  adapter: () => new UnsafeBurnerWalletAdapter(),
};
const { announce } = document.documentElement.dataset;
if (announce === "sign-in" || announce === "message") announceBurner({ hasSignIn: announce === "sign-in" });
