/**
 * What Pera's code takes for its page. It is written to own the one that it runs in: it would put names onto `window`,
 * draw a dialog of its own, and call home whenever it does anything. The build binds these names in front of its modules,
 * so that they run as they are and reach nothing else (`tools/build-pera.ts`).
 */
// The library encodes with the page's own coders: what they are lenient in does not matter for bytes that it made.
/* oxlint-disable no-restricted-globals */
import { toBase64 } from "../../base64.ts";

const CONFIG_URL = "https://wc.perawallet.app/config.json";
const CONFIG_TIMEOUT_MS = 8_000;
const PREFIX = "gasless-wallet ";
/** What the library calls its own in a page's storage. */
const PAIRING = "walletconnect";
const DETAILS = "PeraWallet.Wallet";

const inMemory = new Map<string, string>();

/** The page's own storage under names that are ours; a page that may not store anything forgets with the next load. */
function store<Value>(use: (storage: Storage) => Value, instead: () => Value): Value {
  try {
    return use(globalThis.localStorage);
  } catch {
    return instead();
  }
}

export const localStorage = {
  getItem: (name: string): string | null =>
    store(
      (storage) => storage.getItem(PREFIX + name),
      () => inMemory.get(name) ?? null,
    ),
  setItem: (name: string, value: string): void =>
    store(
      (storage) => storage.setItem(PREFIX + name, value),
      () => void inMemory.set(name, value),
    ),
  removeItem: (name: string): void =>
    store(
      (storage) => storage.removeItem(PREFIX + name),
      () => void inMemory.delete(name),
    ),
};

interface Pairing {
  readonly bridge: string;
  readonly chainId: number;
  /** Of the page's side; another pairing has another one. */
  readonly clientId: string;
}

/** Where and for which network the phone was paired, as it was kept. */
export function readPairing(): Pairing | undefined {
  try {
    return (JSON.parse(localStorage.getItem(PAIRING) ?? "null") as Pairing | null) ?? undefined;
  } catch {
    return undefined;
  }
}

export function forgetPairing(): void {
  localStorage.removeItem(PAIRING);
  localStorage.removeItem(DETAILS);
}

/** Tells when another tab has paired, or ended what was paired. */
export function onPairedElsewhere(listener: () => void): void {
  globalThis.addEventListener?.("storage", ({ key }) => {
    if (key === PREFIX + PAIRING) listener();
  });
}

let config: { readonly servers?: unknown } = {};

/**
 * Asks Pera which bridges there are. Once a page: what the library asks again it is told from here. Told of none, it would
 * take one whose name may be anybody's by now.
 * @throws when there is no such answer
 */
export async function loadConfig(): Promise<void> {
  if (config.servers !== undefined) return;
  const signal = AbortSignal.timeout(CONFIG_TIMEOUT_MS);
  const response = await globalThis.fetch(CONFIG_URL, { cache: "no-store", credentials: "omit", signal });
  const answer = (await response.json()) as typeof config;
  if (!Array.isArray(answer.servers) || answer.servers.length === 0) throw new Error("Pera names no bridge.");
  config = answer;
}

export const fetch = async (): Promise<{ json(): Promise<object> }> => ({ json: async () => config });

const nothing = (): void => undefined;

/** Not the page's: that is a phone or none, which is for our own view to know. */
export const navigator = { userAgent: "" };

export const document = {
  createElement: () => ({ setAttribute: nothing, remove: nothing }),
  body: { appendChild: nothing },
  getElementById: () => null,
};

export const window = {
  navigator,
  atob: (text: string) => atob(text),
  get location() {
    return globalThis.location;
  },
  addEventListener: nothing,
  removeEventListener: nothing,
  postMessage: nothing,
};

export const console = { error: nothing };

/** All that is asked of it, with bytes alone. */
export const Buffer = {
  isEncoding: () => false,
  from: (bytes: Uint8Array) => ({ toString: () => toBase64(Uint8Array.from(bytes)) }),
};
