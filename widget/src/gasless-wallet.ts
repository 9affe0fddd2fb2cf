import { GaslessWalletElement as Implementation } from "./elements/gasless-wallet/gasless-wallet.ts";
import type { GaslessWalletElement as Element } from "./public.ts";

// Two copies of the script on one page are one too many, but no fault.
if (!customElements.get("gasless-wallet")) customElements.define("gasless-wallet", Implementation);

export { GaslessError } from "./errors.ts";

/** The class behind the tag. */
export const GaslessWalletElement: new () => Element = Implementation;
