import { WalletConnect } from "@perawallet/walletconnect";
import { readPeraLink } from "../pera-link.ts";

/** A page that asks for a session. */
export interface Dapp {
  readonly name: string;
  /** Host and port. */
  readonly host: string;
}

export interface SessionHandlers {
  /** Nobody asked for a session at the link. */
  readonly onSilence: () => void;
  /** Whether the person lets the page see the wallet. */
  readonly askSession: (dapp: Dapp) => Promise<boolean>;
  /** The answer to a request to sign. @throws Error whose message is for the page */
  readonly answer: (method: string, params: unknown, dapp: Dapp) => Promise<unknown>;
  readonly onConnected: (dapp: Dapp) => void;
  /** The session, or the request for one, is over; nobody waits for an answer any more. */
  readonly onEnded: () => void;
}

/** One session of the phone with one page. */
export interface DappSession {
  end(): void;
}

/** Beside what a page on the same origin keeps under the library's own name. */
const STORAGE_ID = "gasless-demo-phone";
/** Stands for every network of Algorand. */
const ALL_NETWORKS = 4_160;
const META = { name: "Demo phone", description: "A stand-in for Pera", url: location.origin, icons: [] };
const METHODS = ["algo_signTxn", "algo_signData"];
/** The request waits at the bridge: a link that has not shown one by then is an old one. */
const SILENCE_MS = 15_000;

/** Answers a page's link. @throws Error when it is none */
export function openSession(link: string, address: string, handlers: SessionHandlers): DappSession {
  const uri = readUri(link);
  // The library would take what is kept for the session of this link.
  localStorage.removeItem(STORAGE_ID);
  const connector = new WalletConnect({ uri, clientMeta: META, storageId: STORAGE_ID });
  const silence = setTimeout(handlers.onSilence, SILENCE_MS);
  connector.on("session_request", (_error, payload: unknown) => {
    clearTimeout(silence);
    const chainId = readChainId(payload) ?? ALL_NETWORKS;
    void handlers.askSession(readDapp(connector)).then((isWelcome) => {
      if (!isWelcome) return connector.rejectSession({ message: "User rejected" });
      connector.approveSession({ chainId, accounts: [address] });
      return handlers.onConnected(readDapp(connector));
    });
  });
  const { end } = serve(connector, handlers);
  return {
    end() {
      clearTimeout(silence);
      end();
    },
  };
}

/** The session of an earlier visit, if one was left open. */
export function resumeSession(handlers: SessionHandlers): DappSession | undefined {
  if (localStorage.getItem(STORAGE_ID) === null) return undefined;
  try {
    // A bridge has to be given; the one that is kept with the session takes its place.
    const connector = new WalletConnect({ bridge: location.origin, clientMeta: META, storageId: STORAGE_ID });
    if (connector.connected) {
      handlers.onConnected(readDapp(connector));
      return serve(connector, handlers);
    }
  } catch {
    // What an earlier version kept is no session any more.
  }
  localStorage.removeItem(STORAGE_ID);
  return undefined;
}

function serve(connector: WalletConnect, { answer, onEnded }: SessionHandlers): DappSession {
  connector.on("disconnect", onEnded);
  for (const method of METHODS) {
    connector.on(method, (_error, payload: { readonly id: number; readonly params: unknown }) => {
      const { id, params } = payload;
      answer(method, params, readDapp(connector)).then(
        (result) => connector.approveRequest({ id, result }),
        (error: unknown) => {
          if (!connector.connected) return;
          const message = error instanceof Error ? error.message : "Failed to sign";
          connector.rejectRequest({ id, error: { message } });
        },
      );
    });
  }
  return {
    end() {
      if (connector.connected) void connector.killSession();
      else connector.transportClose();
    },
  };
}

/** The address itself, or a link for the Pera app around it. */
function readUri(link: string): string {
  const text = link.trim();
  const uri = text.startsWith("wc:") ? text : readPeraLink(text);
  if (uri?.startsWith("wc:") && uri.includes("@1?")) return uri;
  throw new Error("This is no link to connect a wallet with. Copy it from the page once more.");
}

function readDapp({ peerMeta }: WalletConnect): Dapp {
  const host = URL.parse(peerMeta?.url ?? "")?.host ?? "an unknown page";
  return { name: peerMeta?.name ?? host, host };
}

function readChainId(payload: unknown): number | undefined {
  const { params } = payload as { readonly params?: readonly { readonly chainId?: number | null }[] };
  return params?.[0]?.chainId ?? undefined;
}
