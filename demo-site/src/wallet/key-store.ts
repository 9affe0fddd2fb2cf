import { base58 } from "@scure/base";

/** An Ed25519 key of this browser; the private half cannot leave it. */
export interface WalletKey {
  readonly address: string;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Keeps it for later visits, and remembers that this page is connected. */
  keep(): Promise<void>;
}

const DATABASE = "gasless-demo-wallet";
const STORE = "keys";
const KEY = "ed25519";
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
  const pair = await readKept().catch(() => undefined);
  return pair && describeKey(pair);
}

/** A new key that nobody has kept yet. @throws Error without a secure context */
export async function createKey(): Promise<WalletKey> {
  if (!isSecureContext) throw new Error("The Demo Wallet needs https, or a page on this machine.");
  return describeKey(await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]));
}

async function describeKey(pair: CryptoKeyPair): Promise<WalletKey> {
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  return {
    address: base58.encode(publicKey),
    publicKey,
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, new Uint8Array(message))),
    async keep() {
      try {
        await use("readwrite", (store) => store.put(pair, KEY));
        localStorage.setItem(CONNECTED, "yes");
      } catch {
        // A private window may forbid storage: then the wallet lives as long as the page.
      }
    },
  };
}

async function readKept(): Promise<CryptoKeyPair | undefined> {
  const databases = await indexedDB.databases();
  if (!databases.some(({ name }) => name === DATABASE)) return undefined;
  return (await use("readonly", (store) => store.get(KEY))) as CryptoKeyPair | undefined;
}

async function use(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(STORE));
  const database = (await settle(opening)) as IDBDatabase;
  try {
    return await settle(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function settle(request: IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the browser's storage failed")));
  });
}
