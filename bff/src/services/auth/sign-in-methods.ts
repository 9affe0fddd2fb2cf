import type { SignInMethod } from "../../contract/index.ts";
import { AppError } from "../../errors.ts";

/** Those of Solana, the one family that is served; every adapter of it verifies them all. */
export const SUPPORTED_METHODS = [
  "siws",
  "message",
  "offchain",
  "memo-transaction",
  "local",
] as const satisfies readonly SignInMethod[];

/** @throws auth.wallet_unsupported */
export function assertSupportedMethod(method: SignInMethod): void {
  if (SUPPORTED_METHODS.some((supported) => supported === method)) return;
  throw new AppError("auth.wallet_unsupported", `Signing in with the method ${method} is not supported.`, {
    context: { supported: SUPPORTED_METHODS },
  });
}
