import { WalletConnect } from "@perawallet/walletconnect";
import { makePaymentTxnWithSuggestedParamsFromObject, type Transaction } from "algosdk";
import { startBridge, type Bridge } from "./bridge.ts";
import { createScriptedPera, type ScriptedPera, type ScriptedPeraOptions } from "./scripted-pera.ts";

/** A dapp's side of the protocol, by the library that Pera's own kit for dapps uses. */
export interface Dapp {
  readonly connector: WalletConnect;
  /** Asks for a session; gives the address for the wallet. */
  ask(): Promise<string>;
  /** Resolves with the addresses at `connect` or `session_update`, with undefined at `disconnect`. */
  next(event: "connect" | "disconnect" | "session_update"): Promise<readonly string[] | undefined>;
  request(method: string, params: unknown): Promise<unknown>;
  /** Whether its library believes that the bridge hears it. */
  isOnline(): boolean;
  close(): void;
}

export interface Scene extends AsyncDisposable {
  readonly bridge: Bridge;
  readonly pera: ScriptedPera;
  readonly dapp: Dapp;
}

interface Transport {
  readonly connected: boolean;
  _socketCreate: () => void;
}

const DAPP_URL = "https://shop.example";

export async function openScene(options: ScriptedPeraOptions = {}): Promise<Scene> {
  const bridge = await startBridge();
  const pera = createScriptedPera(options);
  const dapp = openDapp(bridge.url);
  return {
    bridge,
    pera,
    dapp,
    async [Symbol.asyncDispose]() {
      dapp.close();
      pera.close();
      await bridge.close();
    },
  };
}

/** A scene in which the wallet's person has said yes. */
export async function openConnectedScene(options: ScriptedPeraOptions = {}): Promise<Scene> {
  const scene = await openScene(options);
  const connected = scene.dapp.next("connect");
  await scene.pera.open(await scene.dapp.ask());
  await connected;
  return scene;
}

export function openDapp(bridge: string): Dapp {
  const clientMeta = { name: "Shop", description: "", url: DAPP_URL, icons: [] };
  const connector = new WalletConnect({ bridge, clientMeta });
  const { _transport: transport } = connector as unknown as { readonly _transport: Transport };
  return {
    connector,
    async ask() {
      await connector.createSession({ chainId: 4_160 });
      return connector.uri;
    },
    next: (event) =>
      new Promise((resolve) => {
        connector.on(event, () => resolve(event === "disconnect" ? undefined : connector.accounts));
      }),
    request: (method, params) => connector.sendCustomRequest({ method, params: params as unknown[] }),
    isOnline: () => transport.connected,
    close() {
      // Or it goes on dialling the bridge.
      transport._socketCreate = () => undefined;
      connector.transportClose();
    },
  };
}

/** A payment to nobody in particular. */
export function makePayment(sender: string, receiver = sender, amount = 1n): Transaction {
  const genesisHash = new Uint8Array(32).fill(7);
  const lifetime = { firstValid: 1n, lastValid: 20n, genesisHash, genesisID: "localnet" };
  const suggestedParams = { ...lifetime, flatFee: true, fee: 0n, minFee: 1_000n };
  return makePaymentTxnWithSuggestedParamsFromObject({ sender, receiver, amount, suggestedParams });
}
