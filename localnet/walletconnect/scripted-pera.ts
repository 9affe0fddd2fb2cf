import { createRequire } from "node:module";
import type walletConnect from "@walletconnect/client";
import { RefusedError, signArc60, signBytes, type SigningContext, signTransactions } from "./signing.ts";
import { type AlgorandWallet, createAlgorandWallet } from "../algorand-client.ts";

/** How the person and their app behave, until told otherwise: everything is approved, and ARC-60 is known. */
export interface PeraBehaviour {
  readonly session: "approve" | "reject" | "hang";
  /** `disconnect` ends the session instead of answering. */
  readonly signing: "approve" | "reject" | "hang" | "disconnect";
  /** What the app knows of `algo_signData`: both forms, the older one alone, none and says so, none and says nothing. */
  readonly signData: "arc60" | "legacy" | "none" | "mute";
  /** What stands in its answer for transactions that it was not to sign. */
  readonly unsigned: "null" | "dropped";
}

export interface PeraRequest {
  readonly method: string;
  readonly params: unknown;
}

/** What a dapp says about itself when it asks for a session. */
export interface SessionRequest {
  readonly dapp: { readonly name: string; readonly url: string } | undefined;
  readonly chainId: number | undefined;
}

/** Pera on a phone, as the page sees it: real keys, the real protocol, and a script for a person. */
export interface ScriptedPera {
  readonly addresses: readonly string[];
  /** Everything that dapps asked it to sign, in their order. */
  readonly requests: readonly PeraRequest[];
  behave(changes: Partial<PeraBehaviour>): void;
  /** Scans a QR code or follows a deep link; resolves when the dapp's request for a session is there and, unless it hangs, answered. */
  open(link: string): Promise<SessionRequest>;
  /** For a session request that hangs: approves it, with all addresses when none are named. */
  approveSession(addresses?: readonly string[]): void;
  rejectSession(): void;
  /** Resolves with the next request to sign, answered or not. */
  nextRequest(): Promise<PeraRequest>;
  /** Approves what hangs, late. */
  answerHeld(): void;
  /** The person chose another address for the dapp. */
  switchAccount(address: string): void;
  /** The key of the seed signs for the address from now on, as after a rekey; gives the auth address. */
  rekey(address: string, authSeed: Uint8Array): string;
  /** The person ends all sessions. */
  disconnect(): Promise<void>;
  /** The phone's screen goes dark: the app is off the network and keeps its sessions. */
  sleep(): void;
  wake(): void;
  /** The app is gone, without a word to anybody. */
  close(): void;
}

export interface ScriptedPeraOptions {
  /** 32 bytes each; one at random when absent. */
  readonly seeds?: readonly Uint8Array[];
  readonly behaviour?: Partial<PeraBehaviour>;
}

type Connector = walletConnect.default;
type Callback = (error: Error | null, payload: Payload) => void;
interface Payload {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

// Its module is CommonJS with a default inside, which Node and bundlers unpack differently.
const { default: WalletConnect } = createRequire(import.meta.url)("@walletconnect/client") as typeof walletConnect;

const DEFAULT_BEHAVIOUR: PeraBehaviour = {
  session: "approve",
  signing: "approve",
  signData: "arc60",
  unsigned: "null",
};
/** Stands for every network of Algorand. */
const ALL_NETWORKS = 4_160;
const META = { name: "Pera", description: "A wallet for tests", url: "https://perawallet.app", icons: [] };
const REJECTED = "User rejected";

export function createScriptedPera({ seeds, behaviour: first }: ScriptedPeraOptions = {}): ScriptedPera {
  const keys = (seeds ?? [undefined]).map((seed) => createAlgorandWallet(seed));
  const addresses = keys.map(({ address }) => address);
  const keyOf = new Map<string, AlgorandWallet>(keys.map((key) => [key.address, key]));
  let behaviour = { ...DEFAULT_BEHAVIOUR, ...first };
  let connectors: Connector[] = [];
  let asleep: Connector["session"][] = [];
  let held: (() => void)[] = [];
  let waiting: ((request: PeraRequest) => void)[] = [];
  const requests: PeraRequest[] = [];

  function sign(connector: Connector, { method, params }: Payload): unknown {
    const dappUrl = connector.peerMeta?.url;
    const context: SigningContext = { accounts: connector.accounts, keyOf: (address) => keyOf.get(address), dappUrl };
    if (method === "algo_signTxn") {
      const signed = signTransactions(params, context).map((bytes) => (bytes ? toBase64(bytes) : null));
      return behaviour.unsigned === "null" ? signed : signed.filter((entry) => entry !== null);
    }
    if (behaviour.signData === "none") throw new RefusedError("Unsupported operation");
    const isArc60 = behaviour.signData === "arc60" && !Array.isArray(params);
    return isArc60 ? [toBase64(signArc60(params, context))] : signBytes(params, context).map(toBase64);
  }

  function answer(connector: Connector, payload: Payload): void {
    const { id } = payload;
    try {
      connector.approveRequest({ id, result: sign(connector, payload) });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      connector.rejectRequest({ id, error: { message: error.message } });
    }
  }

  function receive(connector: Connector, payload: Payload): void {
    const request = { method: payload.method, params: payload.params };
    requests.push(request);
    const isMuted = payload.method === "algo_signData" && behaviour.signData === "mute";
    if (behaviour.signing === "approve" && !isMuted) answer(connector, payload);
    else if (behaviour.signing === "hang" || isMuted) held.push(() => answer(connector, payload));
    else if (behaviour.signing === "disconnect") void connector.killSession();
    else connector.rejectRequest({ id: payload.id, error: { message: REJECTED } });
    for (const resolve of waiting) resolve(request);
    waiting = [];
  }

  function attend(connector: Connector): Connector {
    connectors.push(connector);
    const on = (event: string, handle: (payload: Payload) => void) => {
      const callback: Callback = (error, payload) => {
        if (error === null) handle(payload);
      };
      connector.on(event, callback);
    };
    for (const method of ["algo_signTxn", "algo_signData"]) on(method, (payload) => receive(connector, payload));
    return connector;
  }

  function approve(connector: Connector, accounts: readonly string[]): void {
    connector.approveSession({ chainId: connector.chainId || ALL_NETWORKS, accounts: [...accounts] });
  }

  const connected = (): readonly Connector[] => connectors.filter((connector) => connector.connected);
  const asking = (): readonly Connector[] => connectors.filter(({ connected, peerId }) => !connected && peerId !== "");

  return {
    addresses,
    requests,
    behave(changes) {
      behaviour = { ...behaviour, ...changes };
    },
    async open(link) {
      const connector = attend(new WalletConnect({ uri: readUri(link), clientMeta: META }));
      return new Promise((resolve) => {
        connector.on("session_request", (_error, payload: Payload) => {
          const request = readSessionRequest(payload);
          connector.chainId = request.chainId ?? ALL_NETWORKS;
          if (behaviour.session === "approve") approve(connector, addresses);
          if (behaviour.session === "reject") connector.rejectSession({ message: REJECTED });
          resolve(request);
        });
      });
    },
    approveSession(accounts = addresses) {
      for (const connector of asking()) approve(connector, accounts);
    },
    rejectSession() {
      for (const connector of asking()) connector.rejectSession({ message: REJECTED });
    },
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    answerHeld() {
      const answering = held;
      held = [];
      for (const give of answering) give();
    },
    switchAccount(address) {
      for (const connector of connected()) {
        connector.updateSession({ chainId: connector.chainId, accounts: [address] });
      }
    },
    rekey(address, authSeed) {
      const key = createAlgorandWallet(authSeed);
      keyOf.set(address, key);
      return key.address;
    },
    async disconnect() {
      await Promise.all(connected().map((connector) => connector.killSession()));
    },
    sleep() {
      asleep = connected().map(({ session }) => session);
      for (const connector of connectors) hangUp(connector);
      connectors = [];
    },
    wake() {
      for (const session of asleep) attend(new WalletConnect({ session, clientMeta: META }));
      asleep = [];
    },
    close() {
      for (const connector of connectors) hangUp(connector);
      connectors = [];
    },
  };
}

/** A phone is given the address itself, or a link of Pera's around it. */
function readUri(link: string): string {
  if (link.startsWith("wc:")) return link;
  const uri = new URL(link).searchParams.get("uri");
  if (uri === null) throw new Error(`no WalletConnect address in ${link}`);
  return uri;
}

function readSessionRequest({ params: [first] }: Payload): SessionRequest {
  const { peerMeta, chainId } = first as { peerMeta?: { name: string; url: string } | null; chainId?: number | null };
  return { dapp: peerMeta ? { name: peerMeta.name, url: peerMeta.url } : undefined, chainId: chainId ?? undefined };
}

/** Closing alone is not enough: its transport would go on dialling a bridge that is down, as long as the process lives. */
function hangUp(connector: Connector): void {
  const { _transport: transport } = connector as unknown as { readonly _transport: { _socketCreate: () => void } };
  transport._socketCreate = () => undefined;
  connector.transportClose();
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
