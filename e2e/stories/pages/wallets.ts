import { UnsafeBurnerWalletAdapter } from "@solana/wallet-adapter-unsafe-burner";
import { SolanaWalletAdapterWallet } from "@solana/wallet-standard-wallet-adapter-base";
import { ComputeBudgetProgram, TransactionMessage, VersionedTransaction } from "@solana/web3.js";
import { registerWallet } from "@wallet-standard/wallet";

/** `meddle`: signs another text. `guard`: adds an instruction of its own. `own-fee`: makes itself the fee payer.
 * `mute`: never answers a silent connect, as when its background has died. `device`: signs transactions alone.
 * `wrap`: signs a text as an off-chain message of a Ledger's layout. */
type Mode = "approve" | "reject" | "hang" | "meddle" | "guard" | "own-fee" | "mute" | "device" | "wrap";
/** What it can sign in by: its own sign-in, an off-chain message, a bare message; each has what comes behind it, too. */
type Kind = "sign-in" | "offchain" | "message";
type Method = (...args: never[]) => unknown;
type Feature = Readonly<Record<string, unknown>>;

/** What every off-chain message begins with. */
const SIGNING_DOMAIN = Uint8Array.of(0xff, ...new TextEncoder().encode("solana offchain"));

const state: { mode: Mode; adapter: UnsafeBurnerWalletAdapter | undefined; prompts: string[] } = {
  mode: "approve",
  adapter: undefined,
  prompts: [],
};

/** A person in front of the wallet, as a test wants them. */
async function ask(name: string): Promise<void> {
  state.prompts.push(name);
  if (state.mode === "reject") throw Object.assign(new Error("User rejected the request."), { code: 4001 });
  // As a Ledger's application says it, through its transport.
  if (state.mode === "device" && name !== "solana:signTransaction" && name !== "standard:connect")
    throw Object.assign(new Error("Ledger device: UNKNOWN_ERROR (0x6a81)"), { name: "TransportStatusError" });
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
        if (name === "solana:signMessage" && state.mode === "wrap") wrap(args[0] as unknown as { message: Uint8Array });
        if (name === "solana:signTransaction") change(args[0] as unknown as { transaction: Uint8Array });
        const output = await (value as Method)(...args);
        return state.mode === "meddle" ? meddle(name, output) : output;
      },
    ];
  });
  return Object.fromEntries(guarded) as Feature;
}

/** The text in an off-chain message of version 1, as the wallet makes and signs it. Source: sRFC 3. */
async function signOffchain(
  adapter: UnsafeBurnerWalletAdapter,
  { message, requiredSigners }: { readonly message: string; readonly requiredSigners: readonly Uint8Array[] },
): Promise<unknown> {
  const keys = requiredSigners.flatMap((key) => [...key]);
  const text = new TextEncoder().encode(message);
  const whole = Uint8Array.of(...SIGNING_DOMAIN, 1, requiredSigners.length, ...keys, ...text);
  return [{ signedOffchainMessage: whole, signature: await adapter.signMessage(whole) }];
}

/** Signing domain, version 0, UTF-8, length, text: what Ledger's application signs for a text. */
function wrap(input: { message: Uint8Array }): void {
  const { message } = input;
  input.message = Uint8Array.of(...SIGNING_DOMAIN, 0, 1, message.length & 0xff, message.length >> 8, ...message);
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

/** A wallet that this project did not write, announced by the Wallet Standard. */
function announceBurner(kind: Kind): void {
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
      const offchain = {
        version: "1.0.0",
        supportedMessageVersions: [1],
        signOffchainMessage: (input: never) => signOffchain(adapter, input),
      };
      const all: [string, Feature][] = [...features];
      if (kind === "sign-in") all.push(["solana:signIn", signIn]);
      if (kind === "offchain") all.push(["solana:signOffchainMessage", offchain]);
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
if (announce === "sign-in" || announce === "offchain" || announce === "message") announceBurner(announce);
