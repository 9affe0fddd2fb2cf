import { createHash, createPublicKey, verify } from "node:crypto";
import { type Bridge, startBridge } from "@gasless/localnet/walletconnect/bridge";
import {
  createScriptedPera,
  type PeraBehaviour,
  type ScriptedPera,
} from "@gasless/localnet/walletconnect/scripted-pera";
import { Address } from "algosdk";
import { vi } from "vitest";

/** The page that the chunk is loaded into. */
export const PAGE = new URL("https://shop.example/cart");
export const CHUNK = new URL("../../widget/dist/chunks/pera.js", import.meta.url);

export interface TestChallenge {
  readonly message?: string;
  readonly payload?: { readonly data?: string; readonly authenticatorData?: string; readonly transaction?: string };
}

export interface TestPrepared {
  readonly feePayer: string;
  readonly lifetime: object;
  readonly transactions: readonly string[];
}

type View = (stage: Stage) => { readonly title: string; readonly content: unknown };
interface Stage {
  readonly locale: string;
  readonly isHinted: boolean;
  cancel(): void;
}

/** What the chunk gives, as far as tests touch it. */
interface Driver {
  connect(options: {
    readonly isSilent: boolean;
    readonly signal?: AbortSignal | undefined;
  }): Promise<readonly string[]>;
  disconnect(): Promise<void>;
  onAccountsChanged(listener: (accounts: readonly string[]) => void): () => void;
  readonly family: {
    readonly ways: readonly {
      readonly method: string;
      sign(address: string, challenge: TestChallenge): Promise<Readonly<Record<string, string>>>;
    }[];
    choose(addresses: readonly string[], signal: AbortSignal): Promise<string>;
    plan(input: unknown): {
      readonly request: object;
      sign(
        prepared: TestPrepared,
        signer: string,
      ): Promise<{ readonly body: { readonly transactions: readonly string[] }; readonly hasWalletChangedIt: boolean }>;
    };
    readonly views: { hint(stage: Stage): unknown; note(stage: Stage): unknown };
  };
}

/** One load of the page: its own copy of the chunk, and what it has shown. */
export interface Page {
  readonly driver: Driver;
  readonly shown: (View | undefined)[];
  /** Copies the link that stands beside the code, as soon as it is there. */
  link(): Promise<string>;
  /** What a person reads beside "Approve the request", and in the sheet of the account. */
  hint(): string;
  note(): string;
}

export interface PhoneScene {
  readonly bridge: Bridge;
  readonly pera: ScriptedPera;
  /** What the page keeps from one load to the next. */
  readonly stored: Map<string, string>;
  load(options?: { readonly network?: string; readonly bridge?: string | null }): Promise<Page>;
  /** Loads the page and has the phone approve it. */
  paired(behaviour?: Partial<PeraBehaviour>): Promise<{ readonly page: Page; readonly address: string }>;
  close(): Promise<void>;
}

export const STAGE: Stage = { locale: "en", isHinted: false, cancel: () => undefined };
const html = (strings: TemplateStringsArray, ...values: unknown[]) => ({ strings, values });

/** What a drawn view says, in all its parts. */
function textOf(drawn: unknown): string {
  if (Array.isArray(drawn)) return drawn.map(textOf).join(" ");
  if (typeof drawn === "string" || typeof drawn === "number") return String(drawn);
  if (typeof drawn !== "object" || drawn === null) return "";
  const { strings, values } = drawn as { strings: readonly string[]; values: readonly unknown[] };
  return strings.map((text, index) => `${text}${textOf(values[index])}`).join("");
}

/** What can be pressed in it, in its order. */
export function buttonsOf(drawn: unknown): (() => void)[] {
  if (typeof drawn === "function") return [drawn as () => void];
  if (Array.isArray(drawn)) return drawn.flatMap(buttonsOf);
  if (typeof drawn !== "object" || drawn === null) return [];
  return (drawn as { values: readonly unknown[] }).values.flatMap(buttonsOf);
}

let loads = 0;

/** A page without a browser, a bridge, and a phone that holds a key for each seed. */
export async function openPhoneScene(seeds?: readonly Uint8Array[]): Promise<PhoneScene> {
  const stored = new Map<string, string>();
  const copied: string[] = [];
  const drivers: Driver[] = [];
  const bridge = await startBridge();
  const pera = createScriptedPera(seeds ? { seeds } : {});
  vi.stubGlobal("location", PAGE);
  vi.stubGlobal("navigator", {
    userAgent: "",
    clipboard: { writeText: async (text: string) => void copied.push(text) },
  });
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  });

  async function load(options: Parameters<PhoneScene["load"]>[0] = {}): Promise<Page> {
    const { network = "algorand:localnet", bridge: own = bridge.url } = options;
    const shown: Page["shown"] = [];
    const loaded: unknown = await import(`${CHUNK.href}?load=${(loads += 1)}`);
    const driver = (loaded as { openPera(settings: object): Driver }).openPera({
      bridge: own,
      kit: { html, svg: html },
      resolveNetwork: async () => network,
      show: (view: View | undefined) => void shown.push(view),
    });
    drivers.push(driver);
    return {
      driver,
      shown,
      link: () =>
        vi.waitFor(() => {
          const buttons = buttonsOf(shown.at(-1)?.(STAGE).content);
          // While there is no code yet, there is nothing but the way back.
          if (buttons.length < 2) throw new Error("no code yet");
          buttons[0]?.();
          const link = copied.at(-1);
          if (link === undefined) throw new Error("nothing was copied");
          return link;
        }),
      hint: () => textOf(driver.family.views.hint(STAGE)),
      note: () => textOf(driver.family.views.note(STAGE)),
    };
  }

  return {
    bridge,
    pera,
    stored,
    load,
    async paired(behaviour = {}) {
      pera.behave(behaviour);
      const page = await load();
      const connecting = page.driver.connect({ isSilent: false });
      await pera.open(await page.link());
      const [address = ""] = await connecting;
      return { page, address };
    },
    async close() {
      vi.useRealTimers();
      for (const driver of drivers) await driver.disconnect();
      pera.close();
      await bridge.close();
      vi.unstubAllGlobals();
    },
  };
}

/** The text that the server writes, for this page. */
export const signInText = (address: string): string =>
  [
    `${PAGE.host} wants you to sign in with your Algorand account:`,
    address,
    "",
    "Sign in to a shop.",
    "",
    `URI: ${PAGE.origin}`,
    "Version: 1",
  ].join("\n");

export const challengeFor = (address: string): TestChallenge => ({ message: signInText(address) });

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
export const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();

export function isSignedBy(address: string, bytes: Uint8Array, signature: string): boolean {
  const x = Buffer.from(Address.fromString(address).publicKey).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, bytes, key, Buffer.from(signature, "base64"));
}

const FREE = { flatFee: true, fee: 0n, minFee: 1_000n, genesisHash: new Uint8Array(32).fill(7) };
/** In which nothing can land any more. */
export const DEAD = { ...FREE, firstValid: 1n, lastValid: 1n };
export const LIVE = { ...FREE, firstValid: 100n, lastValid: 120n };
