import type { Session } from "./api/types.ts";
import type { GaslessError } from "./errors.ts";
import type { Status } from "./public.ts";
import type { WalletDriver, WalletOption } from "./wallets/types.ts";

export interface State {
  readonly status: Status;
  /** Of the session, or of the connected wallet while there is none. */
  readonly address: string | null;
  readonly session: Session | null;
  /** The wallet that the session was opened with, by name. */
  readonly sessionWalletName: string | null;
  /** The wallet that was chosen last, by name; it may not be here after a reload. */
  readonly walletName: string | null;
  readonly driver: WalletDriver | null;
  /** The account that the wallet switched to while the session is another's. */
  readonly otherAddress: string | null;
  readonly wallets: readonly WalletOption[];
  readonly error: GaslessError | null;
}

export const INITIAL_STATE: State = {
  status: "disconnected",
  address: null,
  session: null,
  sessionWalletName: null,
  walletName: null,
  driver: null,
  otherAddress: null,
  wallets: [],
  error: null,
};

export const addressOf = ({ wallet }: Session): string => wallet.slice(wallet.indexOf(":") + 1);

/** `9xQe…VFin` */
export const shorten = (address: string): string => `${address.slice(0, 4)}…${address.slice(-4)}`;
