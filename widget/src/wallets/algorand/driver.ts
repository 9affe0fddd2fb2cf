import { GaslessError } from "../../errors.ts";
import { toBase64 } from "../../base64.ts";
import { isRejection } from "../failures.ts";
import type { OwnView, RelayPlan, WalletDriver } from "../types.ts";
import { watchBridge } from "./bridge-socket.ts";
import { type ChainId, createConnection } from "./connection.ts";
import { isPhone } from "./device.ts";
import { matchSigned, readGiven, readPreparedGroup } from "./group.ts";
import { choiceView, goneNote, hint, type Kit, pairingView } from "./views.ts";
import { type Ask, createWays } from "./ways.ts";

const PERA = "Pera Wallet";
/** A phone has to be found, unlocked and pointed. */
const PAIRING_TIMEOUT_MS = 5 * 60_000;

export interface PeraSettings {
  /** A bridge of one's own; `null`: Pera's. */
  readonly bridge: string | null;
  readonly kit: Kit;
  resolveNetwork(): Promise<string>;
  /** Shows a view in the dialog's place, and with `undefined` the dialog's own again. */
  show(view: OwnView | undefined): void;
}

const CHAINS: Readonly<Record<string, ChainId>> = { "algorand:mainnet": 416_001, "algorand:testnet": 416_002 };
const ANY_CHAIN = 4_160;

/** Pera Wallet on a phone, over the bridge that both sides meet at. */
export function createPeraDriver({ bridge, kit, resolveNetwork, show }: PeraSettings): WalletDriver {
  const listeners = new Set<(addresses: readonly string[]) => void>();
  let chosen: string | undefined;
  let isGone = false;
  let isBridgeOpen = false;
  let redraw: () => void = () => undefined;

  /** What the person chose is first: there the page looks for who it is. */
  const inOrder = (addresses: readonly string[]) =>
    addresses.toSorted((one, two) => Number(two === chosen) - Number(one === chosen));

  const connection = createConnection(bridge, (addresses) => {
    isGone = addresses.length === 0;
    for (const tell of listeners) tell(inOrder(addresses));
    show(undefined);
  });
  watchBridge((isOpen) => {
    isBridgeOpen = isOpen;
    redraw();
  });

  async function pair(chainId: ChainId, signal: AbortSignal): Promise<readonly string[]> {
    let uri: string | undefined;
    let isCopied = false;
    const copy = async () => {
      isCopied = await navigator.clipboard.writeText(uri ?? "").then(
        () => true,
        () => false,
      );
      redraw();
    };
    redraw = () => show(pairingView(kit, { uri, isBridgeOpen, isCopied, copy: () => void copy() }));
    redraw();
    try {
      return await connection.pair(chainId, signal, (made) => {
        uri = made;
        redraw();
      });
    } finally {
      redraw = () => show(undefined);
      redraw();
    }
  }

  const ask: Ask = async (request) => {
    try {
      return await connection.ask(request);
    } catch (error) {
      if (!(error instanceof GaslessError) && isRejection(error)) {
        throw new GaslessError("wallet.rejected", `The request was rejected in ${PERA}.`, { cause: error });
      }
      throw error;
    }
  };

  function plan(input: unknown): RelayPlan {
    const given = readGiven(input);
    return {
      request: { transactions: given.map(toBase64) },
      async sign(prepared, signer) {
        const group = readPreparedGroup(given, prepared, signer);
        // The library hands on the bytes as they are; an empty list of signers says that one is not the wallet's.
        const entries = [
          { txn: group.sponsors as never, signers: [] },
          ...group.users.map((transaction) => ({ txn: transaction as never })),
        ];
        const answers = await ask((pera) => pera.signTransaction([entries]));
        const body = { transactions: matchSigned(group, answers).map(toBase64) };
        return { body, hasWalletChangedIt: false };
      },
    };
  }

  return {
    name: PERA,
    async connect({ isSilent, signal = new AbortController().signal }) {
      const chainId = CHAINS[await resolveNetwork()] ?? ANY_CHAIN;
      const kept = await connection.resume(chainId);
      if (isSilent || kept.length > 0) return inOrder(kept);
      const shown = await pair(chainId, signal);
      isGone = false;
      return inOrder(shown);
    },
    async disconnect() {
      chosen = undefined;
      connection.end();
    },
    async signTransaction() {
      throw new GaslessError("wallet.unsupported", `${PERA} signs groups of Algorand transactions alone.`);
    },
    onAccountsChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    family: {
      name: "algorand",
      ways: createWays(ask),
      connectTimeoutMs: PAIRING_TIMEOUT_MS,
      isElsewhere: !isPhone(),
      choose: (addresses, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as GaslessError));
          show(choiceView(kit, addresses, (address) => resolve((chosen = address))));
        }).finally(() => show(undefined)) as Promise<string>,
      plan,
      views: {
        hint: (stage) => hint(kit, stage, { isBridgeOpen, forget: () => connection.end() }),
        note: (stage) => (isGone ? goneNote(kit, stage) : undefined),
      },
    },
  };
}
