import type { Allowance, ProjectConfig, Relay } from "../../api/types.ts";
import type { GaslessError } from "../../errors.ts";
import type { SponsorStep } from "../../relay/sponsor.ts";
import type { State } from "../../state.ts";
import type { Translate } from "../../strings/translate.ts";
import type { Stage, WalletOption } from "../../wallets/types.ts";

/** What the dialog shows. */
export type View =
  | { readonly name: "wallets" }
  | {
      readonly name: "opening";
      readonly wallet: string;
      readonly isHinted: boolean;
      /** Connects another account, where the wallet is one that can be asked for it. */
      readonly restart?: (() => void) | undefined;
    }
  | { readonly name: "explain"; readonly prove: () => void; readonly useHardware: (() => void) | undefined }
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
  /** Names of families of networks, that the page or the project has. */
  readonly families: ReadonlySet<string>;
  /** For what a wallet says itself. */
  readonly stage: Stage;
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

/** The page's one network decides, else what the project has; until that is known, the family that needs no list of it. */
export const familiesOf = (network: string | null, config: ProjectConfig | undefined): ReadonlySet<string> =>
  new Set((network ? [{ network }] : (config?.networks ?? [{ network: "solana" }])).map(familyOf));

const familyOf = ({ network }: { readonly network: string }): string => network.replace(/:.*/, "");

const COINS: Readonly<Record<string, string>> = { algorand: "ALGO", solana: "SOL" };

/** What nobody needs any of here: of the session's family, or of all that there are. */
export function coins({ state, families, locale }: ViewContext): string {
  const names = (state.session ? [familyOf(state.session)] : [...families]).flatMap((family) => COINS[family] ?? []);
  return new Intl.ListFormat(locale, { type: "disjunction" }).format(names);
}

/** False where people only sign in, and nobody pays for anything, as in Gasless's own dashboard. */
export const isPaying = ({ config }: Pick<ViewContext, "config">): boolean =>
  config?.networks[0]?.sponsorAddress !== "";

export const appName = ({ config }: ViewContext): string => config?.project.name ?? location.host;
