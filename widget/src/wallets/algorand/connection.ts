import { PeraWalletConnect } from "@perawallet/connect";
import { GaslessError } from "../../errors.ts";
import { startAfresh, watchBridge } from "./bridge-socket.ts";
import { forgetPairing, loadConfig, onPairedElsewhere, readPairing } from "./environment.ts";

type Connector = NonNullable<PeraWalletConnect["connector"]>;
export type ChainId = NonNullable<PeraWalletConnect["chainId"]>;

/** Until a person is told that there is nobody to connect through. */
const UNREACHABLE_MS = 10_000;
/** A request that is out already outlives this much of a bridge's absence. */
const INTERRUPTED_MS = 30_000;

/** The one phone that this page is paired with, or none. */
export interface Connection {
  accounts(): readonly string[];
  /** What was paired before, as it was kept. Never prompts, and waits for nobody. */
  resume(chainId: ChainId): Promise<readonly string[]>;
  /**
   * Pairs with a phone that scans or follows what `onUri` is given.
   * @throws wallet.unreachable, wallet.rejected, the signal's reason
   */
  pair(chainId: ChainId, signal: AbortSignal, onUri: (uri: string) => void): Promise<readonly string[]>;
  /** @throws wallet.disconnected, wallet.unreachable, and what the wallet says */
  ask<Answer>(request: (pera: PeraWalletConnect) => Promise<Answer>): Promise<Answer>;
  /** Ends the pairing, on the phone too. */
  end(): void;
}

const unreachable = (cause?: unknown) =>
  new GaslessError("wallet.unreachable", "The bridge to Pera Wallet does not answer.", { cause });
const disconnected = () => new GaslessError("wallet.disconnected", "Pera Wallet has ended the connection.");

/** @param onChange told when the wallet shows other accounts, and with none when it has ended the pairing */
export function createConnection(bridge: string | null, onChange: (accounts: readonly string[]) => void): Connection {
  let pera: PeraWalletConnect | undefined;
  /** Each request that is out, told when nothing can come of it any more. */
  const pending = new Set<(error: GaslessError) => void>();

  const accounts = () => (pera?.connector?.connected ? pera.connector.accounts : []);

  function open(chainId: ChainId, onConnector: (connector: Connector) => void): PeraWalletConnect {
    const made = new PeraWalletConnect({ chainId, shouldShowSignTxnToast: false, bridge: bridge ?? "" });
    let connector: Connector | null = null;
    // It makes its connector at some time inside of a call, and what happens at once would be missed.
    Object.defineProperty(made, "connector", {
      get: () => connector,
      set(value: Connector | null) {
        connector = value;
        if (!value) return;
        value.on("session_update", () => made === pera && onChange(accounts()));
        value.on("disconnect", () => made === pera && leave());
        onConnector(value);
      },
    });
    return made;
  }

  function drop(): void {
    retire(pera?.connector);
    pera = undefined;
    forgetPairing();
  }

  function leave(): void {
    drop();
    for (const reject of pending) reject(disconnected());
    onChange([]);
  }

  // One phone for all tabs: this one takes up what another one has left, when it needs it.
  onPairedElsewhere(() => {
    const kept = readPairing();
    if (!pera || kept?.clientId === pera.connector?.clientId) return;
    retire(pera.connector);
    pera = undefined;
    for (const reject of pending) reject(disconnected());
    if (!kept) onChange([]);
  });

  /** Waits as long as the bridge is there, and a while without it. */
  function whileReachable<Value>(answer: Promise<Value>, patienceMs: number): Promise<Value> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { promise, resolve, reject } = Promise.withResolvers<Value>();
    pending.add(reject);
    const stop = watchBridge((isOpen) => {
      clearTimeout(timer);
      if (!isOpen) timer = setTimeout(() => reject(unreachable()), patienceMs);
    });
    answer.then(resolve, reject);
    return promise.finally(() => {
      clearTimeout(timer);
      pending.delete(reject);
      stop();
    });
  }

  return {
    accounts,
    async resume(chainId) {
      if (pera) return accounts();
      const kept = readPairing();
      if (!kept || (bridge !== null && kept.bridge !== bridge) || !mayServe(kept.chainId, chainId)) return [];
      pera = open(chainId, () => undefined);
      return pera.reconnectSession();
    },
    async pair(chainId, signal, onUri) {
      drop();
      startAfresh();
      if (bridge === null) {
        await loadConfig().catch((cause: unknown) => {
          throw unreachable(cause);
        });
      }
      signal.throwIfAborted();
      const { promise: ended, reject } = Promise.withResolvers<never>();
      const abort = () => reject(signal.reason as GaslessError);
      signal.addEventListener("abort", abort);
      let isOver = false;
      const made = open(chainId, (connector) => {
        // It may come to this only after nobody waits any more.
        if (isOver) retire(connector);
        connector.on("display_uri", (_error, { params: [uri] }: { params: [string] }) => onUri(`${uri}&algorand=true`));
        connector.on("disconnect", () => {
          reject(new GaslessError("wallet.rejected", "The connection was rejected in Pera Wallet."));
        });
      });
      try {
        // It neither resolves nor rejects when nobody answers.
        const shown = await Promise.race([whileReachable(made.connect(), UNREACHABLE_MS), ended]);
        pera = made;
        return shown;
      } catch (error) {
        isOver = true;
        retire(made.connector);
        throw error;
      } finally {
        signal.removeEventListener("abort", abort);
      }
    },
    async ask(request) {
      if (!pera || accounts().length === 0) throw disconnected();
      return whileReachable(request(pera), INTERRUPTED_MS);
    },
    end() {
      const connector = pera?.connector;
      pera = undefined;
      leave();
      // What tells the phone is still under way.
      if (connector?.connected) void connector.killSession().finally(() => retire(connector));
    },
  };
}

/** Not every wallet says for which network it was paired; one that says another is asked anew. */
function mayServe(pairedFor: number, chainId: ChainId): boolean {
  return pairedFor === chainId || ![416_001, 416_002].includes(pairedFor);
}

/** Its transport has no end of its own: with nobody to hear it, it would dial the bridge for ever. */
function retire(connector: Connector | null | undefined): void {
  if (!connector) return;
  const { _transport: transport } = connector as unknown as {
    _transport: { _socketCreate: () => void; _socket: Socket | null; _nextSocket: Socket | null };
  };
  transport._socketCreate = () => undefined;
  transport._socket?.close();
  transport._nextSocket?.close();
}

interface Socket {
  close(): void;
}
