import type { Challenge, SessionTokens } from "../api/types.ts";
import { toBase64 } from "../base64.ts";
import type { Core } from "../core.ts";
import { GaslessError } from "../errors.ts";
import { askWallet, isNotImplemented } from "../wallets/failures.ts";
import { addressOf } from "../state.ts";
import { connectSilently } from "../wallets/silent.ts";
import type { SignedMessage, WalletDriver, WalletOption } from "../wallets/types.ts";
import { signInText } from "./sign-in-text.ts";

/**
 * From a tap on a wallet to a session, in one prompt where the wallet can. A wallet that has to be connected first
 * ends in the status `connected`: then `proveConnected` is the second tap.
 */
export async function signInWith(core: Core, option: WalletOption, signal: AbortSignal): Promise<void> {
  // Nothing may be awaited between the tap and the wallet: a phone would lose the gesture that opens it.
  const ready = core.takeChallenge();
  const opened = option.open();
  core.update({ status: "connecting", walletName: option.name, error: null });
  const driver = opened instanceof Promise ? await opened : opened;
  if (driver.signIn) {
    const isDone = await proveInOnePrompt(core, driver, driver.signIn, ready, signal);
    if (isDone) return;
  }
  const silent = await connectSilently(driver);
  const accounts =
    silent.length > 0 ? silent : await askWallet(driver.name, signal, () => driver.connect({ isSilent: false }));
  // Who has gone away meanwhile is not connected any more.
  signal.throwIfAborted();
  const [address] = accounts;
  if (address === undefined) throw new GaslessError("wallet.rejected", `${driver.name} showed no account.`);
  core.follow(driver);
  core.update({ status: "connected", address });
  // It did not prompt, so the one prompt of this tap is still to come.
  if (silent.length > 0) await proveConnected(core, signal);
}

async function proveInOnePrompt(
  core: Core,
  driver: WalletDriver,
  signIn: NonNullable<WalletDriver["signIn"]>,
  ready: Challenge | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  const challenge = ready ?? (await core.prefetchChallenge());
  if (!ready) core.takeChallenge();
  try {
    const signed = await askWallet(driver.name, signal, () => signIn(challenge.fields));
    core.follow(driver);
    await redeem(core, driver, challenge, "siws", signed);
    return true;
  } catch (error) {
    if (isNotImplemented(error)) return false;
    throw error;
  }
}

/** Proves the account that is connected; the second tap of wallets without a sign-in of their own. */
export async function proveConnected(core: Core, signal: AbortSignal): Promise<void> {
  const { driver, address } = core.state;
  if (!driver || address === null) throw new GaslessError("wallet.not_found", "No wallet is connected.");
  const { signMessage } = driver;
  if (!signMessage) throw new GaslessError("wallet.unsupported", `${driver.name} cannot sign a message.`);
  const ready = core.takeChallenge();
  core.update({ status: "connecting", error: null });
  const challenge = ready ?? (await core.prefetchChallenge());
  if (!ready) core.takeChallenge();
  const message = new TextEncoder().encode(signInText(challenge.fields, address));
  const signed = await askWallet(driver.name, signal, () => signMessage(address, message));
  await redeem(core, driver, challenge, "message", signed);
}

const isSame = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, index) => byte === right[index]);

async function redeem(
  core: Core,
  driver: WalletDriver,
  challenge: Challenge,
  method: "siws" | "message",
  { address, signedMessage, signature }: SignedMessage,
): Promise<void> {
  core.update({ status: "signing-in", address });
  const asked = new TextEncoder().encode(signInText(challenge.fields, address));
  if (!isSame(asked, signedMessage)) {
    throw new GaslessError("wallet.message_changed", `${driver.name} signed another text than it was given.`);
  }
  const body = {
    challengeId: challenge.challengeId,
    network: await core.resolveNetwork(),
    address,
    method,
    signature: toBase64(signature),
    signedMessage: toBase64(signedMessage),
  };
  const tokens = await core.callApi<SessionTokens>("POST", "/v1/sessions", { body });
  if (addressOf(tokens.session) !== address) {
    throw new GaslessError("auth.signature_invalid", "The server opened a session of another wallet.");
  }
  await core.session.keep(tokens, driver.name);
}
