import type { Allowance, ProjectConfig, Relay } from "../../api/types.ts";
import type { GaslessError } from "../../errors.ts";
import type { SponsorStep } from "../../relay/sponsor.ts";
import type { State } from "../../state.ts";
import type { Translate } from "../../strings/translate.ts";
import type { WalletOption } from "../../wallets/types.ts";

/** What the dialog shows. */
export type View =
  | { readonly name: "wallets" }
  | { readonly name: "opening"; readonly wallet: string; readonly isHinted: boolean }
  | { readonly name: "explain"; readonly prove: () => void; readonly useHardware: () => void }
  | { readonly name: "hardware"; readonly sign: () => void }
  | { readonly name: "verifying" }
  | { readonly name: "success" }
  | { readonly name: "account"; readonly isCopied: boolean }
  | { readonly name: "changed" }
  | { readonly name: "sponsor"; readonly at: SponsorStep; readonly isHinted: boolean; readonly isAdjusted: boolean }
  | {
      readonly name: "problem";
      readonly error: GaslessError;
      readonly retry: () => void;
      /** There where a hardware wallet may be the reason. */
      readonly useHardware: (() => void) | undefined;
      readonly secondsLeft: number;
    };

/** `undefined` = not there yet; `null` = could not be read. */
export interface AccountData {
  readonly allowance: Allowance | null | undefined;
  readonly relays: readonly Relay[] | null | undefined;
}

/** Everything that a view may show or set off. */
export interface ViewContext {
  readonly state: State;
  readonly config: ProjectConfig | undefined;
  readonly account: AccountData;
  readonly locale: string;
  readonly api: string;
  /** Minutes by which this device's clock is off; 0 when it is right. */
  readonly clockOffMinutes: number;
  readonly t: Translate;
  readonly act: {
    close(): void;
    choose(option: WalletOption): void;
    goBack(): void;
    showWallets(): void;
    switchAccount(): void;
    keepAccount(): void;
    signOut(): void;
    copyAddress(): void;
  };
}

export const appName = ({ config }: ViewContext): string => config?.project.name ?? location.host;
