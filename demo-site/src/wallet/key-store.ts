import { base58 } from "@scure/base";
import { createSigningKey, findSigningKey, type SigningKey } from "../signing-key.ts";

/** A key of the Demo Wallet. */
export interface WalletKey {
  readonly address: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Keeps it for later visits, and remembers that this page is connected. */
  keep(): Promise<void>;
}

const DATABASE = "gasless-demo-wallet";
/** In localStorage, because a look there makes nothing, while opening a database makes one. */
const CONNECTED = "gasless-demo-wallet-connected";

/** Whether this page was connected to the wallet, and has not disconnected since. */
export function isRemembered(): boolean {
  try {
    return localStorage.getItem(CONNECTED) !== null;
  } catch {
    return false;
  }
}

export function forgetConnection(): void {
  try {
    localStorage.removeItem(CONNECTED);
  } catch {
    // Nothing is stored in a browser that forbids it.
  }
}

/** The key that was kept on an earlier visit. */
export async function findKey(): Promise<WalletKey | undefined> {
  const key = await findSigningKey(DATABASE);
  return key && describeKey(key);
}

/** A new key that nobody has kept yet. @throws Error without a secure context */
export async function createKey(): Promise<WalletKey> {
  return describeKey(await createSigningKey(DATABASE));
}

function describeKey({ publicKey, sign, keep }: SigningKey): WalletKey {
  return {
    address: base58.encode(publicKey),
    publicKey,
    sign,
    async keep() {
      if (await keep()) remember();
    },
  };
}

function remember(): void {
  try {
    localStorage.setItem(CONNECTED, "yes");
  } catch {
    // As above.
  }
}
