import { GaslessError } from "../errors.ts";
import type { WalletDriver } from "./types.ts";

const REJECTED = /reject|denied|declin|cancel|closed/i;
const NOT_IMPLEMENTED = /not (?:implemented|supported)|unsupported|method not found/i;

function look(error: unknown): { code: unknown; text: string } {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  const name = error instanceof Error ? error.name : "";
  const message = typeof error === "object" && error !== null && "message" in error ? error.message : error;
  return { code, text: `${name} ${String(message)}` };
}

/** True when the wallet has the feature in name only: then the next way of signing in is tried. */
export function isNotImplemented(error: unknown): boolean {
  if (error instanceof GaslessError) return false;
  const { code, text } = look(error);
  return code === -32601 || code === 4200 || (NOT_IMPLEMENTED.test(text) && !REJECTED.test(text));
}

/** True when a person said no, rather than the wallet. */
export const isRejection = (error: unknown): boolean => {
  const { code, text } = look(error);
  return code === 4001 || REJECTED.test(text);
};

/** What a wallet threw, in our words. Codes: EIP-1193 and JSON-RPC, which Solana's wallets use too. */
function toWalletError(error: unknown, walletName: string): GaslessError {
  if (error instanceof GaslessError) return error;
  const { code, text } = look(error);
  const details = { cause: error };
  if (code === -32002) return new GaslessError("wallet.busy", `${walletName} already shows a request.`, details);
  if (code === 4100 || /locked/i.test(text))
    return new GaslessError("wallet.locked", `${walletName} is locked.`, details);
  if (isRejection(error)) {
    return new GaslessError("wallet.rejected", `The request was rejected in ${walletName}.`, details);
  }
  if (/NotReady|NotFound|LoadError/.test(text)) {
    return new GaslessError("wallet.not_found", `${walletName} is not there.`, details);
  }
  return new GaslessError("wallet.failed", `${walletName} failed: ${text.trim()}`, details);
}

const WALLET_TIMEOUT_MS = 60_000;

/** Waits for a wallet's prompt, but not for ever. @throws wallet.timeout, widget.closed, and what `toWalletError` makes */
export async function askWallet<Answer>(
  walletName: string,
  signal: AbortSignal,
  ask: () => Promise<Answer>,
  timeoutMs = WALLET_TIMEOUT_MS,
): Promise<Answer> {
  signal.throwIfAborted();
  let giveUp: () => void = () => undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await Promise.race([
      ask(),
      new Promise<never>((_resolve, reject) => {
        giveUp = () => reject(signal.reason as GaslessError);
        signal.addEventListener("abort", giveUp);
        const text = `${walletName} has not answered for ${timeoutMs / 1000} s.`;
        timer = setTimeout(() => reject(new GaslessError("wallet.timeout", text)), timeoutMs);
      }),
    ]);
  } catch (error) {
    throw isNotImplemented(error) ? error : toWalletError(error, walletName);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

/** Connects with a prompt, which takes as long as the wallet's family gives it. @throws as `askWallet` */
export async function connectAloud(driver: WalletDriver, signal: AbortSignal): Promise<readonly string[]> {
  const waiting = new AbortController();
  const connect = () => driver.connect({ isSilent: false, signal: waiting.signal });
  try {
    return await askWallet(driver.name, signal, connect, driver.family?.connectTimeoutMs);
  } finally {
    // However it ended: who was not waited for any more keeps nothing open.
    waiting.abort();
  }
}
