/** An Ed25519 key of this browser; the private half cannot leave it. */
export interface SigningKey {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  sign(message: Uint8Array): Promise<Uint8Array>;
  /** Keeps it for later visits; false where the browser forbids that. */
  keep(): Promise<boolean>;
}

const STORE = "keys";
const KEY = "ed25519";

/** The key that was kept in `database` on an earlier visit. */
export async function findSigningKey(database: string): Promise<SigningKey | undefined> {
  const pair = await readKept(database).catch(() => undefined);
  return pair && describeKey(database, pair);
}

/** A new key that nobody has kept yet. @throws Error without a secure context */
export async function createSigningKey(database: string): Promise<SigningKey> {
  if (!isSecureContext) throw new Error("A key of this browser needs https, or a page on this machine.");
  return describeKey(database, await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]));
}

async function describeKey(database: string, pair: CryptoKeyPair): Promise<SigningKey> {
  return {
    publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)),
    sign: async (message) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, new Uint8Array(message))),
    async keep() {
      try {
        await use(database, "readwrite", (store) => store.put(pair, KEY));
        return true;
      } catch {
        // A private window may forbid storage: then the key lives as long as the page.
        return false;
      }
    },
  };
}

async function readKept(database: string): Promise<CryptoKeyPair | undefined> {
  const databases = await indexedDB.databases();
  if (!databases.some(({ name }) => name === database)) return undefined;
  return (await use(database, "readonly", (store) => store.get(KEY))) as CryptoKeyPair | undefined;
}

async function use(
  name: string,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const opening = indexedDB.open(name, 1);
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
