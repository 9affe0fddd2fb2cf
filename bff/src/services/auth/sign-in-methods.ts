import type { SignInMethod } from "../../contract/index.ts";
import { AppError } from "../../errors.ts";
import type { ChainPort } from "../../ports.ts";

/** @throws auth.wallet_unsupported */
export function assertSupportedMethod({ signIn }: ChainPort, method: SignInMethod): void {
  if (signIn.methods.includes(method)) return;
  throw new AppError("auth.wallet_unsupported", `Signing in with the method ${method} is not supported here.`, {
    context: { supported: signIn.methods },
  });
}
