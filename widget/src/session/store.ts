import type { Session } from "../api/types.ts";

/** What outlives a page: enough to go on without a prompt. The wallet's key is never here. */
export interface KeptSession {
  readonly refreshToken: string;
  readonly session: Session;
  readonly walletName: string;
  /** The session's end by this device's clock, as it went when this was kept. */
  readonly endsAtMs?: number | undefined;
  /** What the session is bound to; absent from one that an earlier version kept: that one is Bearer until it ends. */
  readonly key?: CryptoKeyPair | undefined;
}

const DATABASE = "gasless-wallet";
const SESSIONS = "sessions";

/** Sessions of this origin in IndexedDB, one for each project. Nothing is made there before the first one is kept. */
export interface SessionStore {
  read(): Promise<KeptSession | undefined>;
  write(kept: KeptSession): Promise<void>;
  clear(): Promise<void>;
}

const settled = <Value>(request: IDBRequest<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB failed")));
  });

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(SESSIONS));
  return settled(request);
}

/** Opening would make the database: where a browser can tell, it is looked for first. */
async function isThere(): Promise<boolean> {
  const databases = await indexedDB.databases?.();
  return databases === undefined || databases.some(({ name }) => name === DATABASE);
}

async function use<Value>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Value>,
): Promise<Value> {
  const database = await open();
  try {
    const transaction = database.transaction(SESSIONS, mode);
    const done = new Promise<void>((resolve, reject) => {
      transaction.addEventListener("complete", () => resolve());
      transaction.addEventListener("abort", () => reject(transaction.error ?? new Error("IndexedDB aborted")));
    });
    const value = await settled(work(transaction.objectStore(SESSIONS)));
    await done;
    return value;
  } finally {
    database.close();
  }
}

/** Where a page may not store anything, the session lives as long as the page. */
export function createSessionStore(key: string): SessionStore {
  let inMemory: KeptSession | undefined;
  // What a failed write leaves in the database is older than what is known here.
  let isDatabaseBehind = false;
  return {
    async read() {
      try {
        if (isDatabaseBehind || !(await isThere())) return inMemory;
        return await use<KeptSession | undefined>("readonly", (store) => store.get(key));
      } catch {
        return inMemory;
      }
    },
    async write(kept) {
      inMemory = kept;
      isDatabaseBehind = await use("readwrite", (store) => store.put(kept, key)).then(
        () => false,
        () => true,
      );
    },
    async clear() {
      inMemory = undefined;
      if (!(await isThere().catch(() => false))) return;
      // What could not be deleted is not read again by this page.
      isDatabaseBehind = await use("readwrite", (store) => store.delete(key)).then(
        () => false,
        () => true,
      );
    },
  };
}
