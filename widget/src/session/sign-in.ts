import { toBase64 } from "../base64.ts";
import { isSame } from "../bytes.ts";
import type { Core } from "../core.ts";
import { GaslessError } from "../errors.ts";
import { askWallet, connectAloud, isNotImplemented } from "../wallets/failures.ts";
import { connectSilently } from "../wallets/silent.ts";
import type { SignedMessage, WalletDriver, WalletFamily, WalletOption } from "../wallets/types.ts";
import type { BoundChallenge } from "./challenges.ts";
import { findOffchainMessage, offchainMessage } from "./offchain-message.ts";
import { fetchChallenge, redeem } from "./redeem.ts";
import { signInText } from "./sign-in-text.ts";

/**
 * From a tap on a wallet to a session, in one prompt where the wallet can. A wallet that has to be connected first
 * ends in the status `connected`: then `proveConnected` is the second tap.
 */
export async function signInWith(core: Core, option: WalletOption, signal: AbortSignal): Promise<void> {
  // Nothing may be awaited between the tap and the wallet: a phone would lose the gesture that opens it.
  const opened = option.open();
  core.update({ status: "connecting", walletName: option.name, error: null });
  const driver = opened instanceof Promise ? await opened : opened;
  if (driver.signIn && (await proveInOnePrompt(core, driver, driver.signIn, signal))) return;
  // It did not prompt, so the one prompt of this tap is still to come.
  if ((await connect(core, driver, signal)) && canSignText(driver)) await proveConnected(core, signal);
}

/** Connects and proves nothing: for what a person is told before the wallet is asked. */
export async function connectWith(core: Core, option: WalletOption, signal: AbortSignal): Promise<void> {
  core.update({ status: "connecting", walletName: option.name, error: null });
  await connect(core, await option.open(), signal);
}

/** True when the wallet can prove an account by signing a text; a hardware wallet often cannot. */
export const canSignText = ({ family, signOffchainMessage, signMessage }: WalletDriver): boolean =>
  (family ?? signOffchainMessage ?? signMessage) !== undefined;

/** True when the wallet may be asked for more at once: it took no prompt, or shows its prompts on another device. */
async function connect(core: Core, driver: WalletDriver, signal: AbortSignal): Promise<boolean> {
  const { family } = driver;
  const silent = await connectSilently(driver);
  const accounts = silent.length > 0 ? silent : await connectAloud(driver, signal);
  // Who has gone away meanwhile is not connected any more.
  signal.throwIfAborted();
  const [first] = accounts;
  if (first === undefined) throw new GaslessError("wallet.rejected", `${driver.name} showed no account.`);
  const address = family && accounts.length > 1 ? await family.choose(accounts, signal) : first;
  core.follow(driver);
  core.update({ status: "connected", address });
  return silent.length > 0 || family?.isElsewhere === true;
}

async function proveInOnePrompt(
  core: Core,
  driver: WalletDriver,
  signIn: NonNullable<WalletDriver["signIn"]>,
  signal: AbortSignal,
): Promise<boolean> {
  const bound = core.challenges.take() ?? (await fetchChallenge(core));
  const signed = await askIfThere(driver.name, signal, () => signIn(bound.challenge.fields));
  if (!signed) {
    core.challenges.giveBack(bound);
    return false;
  }
  core.follow(driver);
  const { address } = signed;
  core.update({ address });
  await redeemText(core, driver, bound, "siws", signed, utf8(signInText(bound.challenge.fields, address)));
  return true;
}

/** Proves the account that is connected; the second tap of wallets without a sign-in of their own. */
export async function proveConnected(core: Core, signal: AbortSignal): Promise<void> {
  const { driver, address } = core.state;
  if (!driver || address === null) throw new GaslessError("wallet.not_found", "No wallet is connected.");
  const { name, family, signOffchainMessage, signMessage } = driver;
  core.update({ status: "connecting", error: null });
  if (family) return proveByFamily(core, name, family, address, signal);
  const bound = core.challenges.take() ?? (await fetchChallenge(core));
  const text = signInText(bound.challenge.fields, address);
  if (signOffchainMessage) {
    const signed = await askIfThere(name, signal, () => signOffchainMessage(address, text));
    if (signed) return redeemText(core, driver, bound, "offchain", signed, offchainMessage(address, text));
  }
  if (!signMessage) throw new GaslessError("wallet.unsupported", `${name} cannot sign a message.`);
  const signed = await askWallet(name, signal, () => signMessage(address, utf8(text)));
  const whole = findOffchainMessage(signed, utf8(text));
  return whole
    ? redeemText(core, driver, bound, "offchain", { ...signed, signedMessage: whole }, whole)
    : redeemText(core, driver, bound, "message", signed, utf8(text));
}

/** Each way has a challenge of its own: the one of a way that the wallet does not know is not spent on another. */
async function proveByFamily(
  core: Core,
  walletName: string,
  family: WalletFamily,
  address: string,
  signal: AbortSignal,
): Promise<void> {
  const network = await core.resolveNetwork(family.name);
  for (const { method, sign } of family.ways) {
    const bound = await core.challenges.request({ network, address, method });
    const proof = await askIfThere(walletName, signal, () => sign(address, bound.challenge));
    if (proof) return redeem(core, walletName, bound, address, { method, ...proof }, family.name);
  }
  throw new GaslessError("wallet.unsupported", `${walletName} cannot sign a message.`);
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Undefined when the wallet has the feature in name only: then there is another way. */
async function askIfThere<Answer>(
  walletName: string,
  signal: AbortSignal,
  ask: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await askWallet(walletName, signal, ask);
  } catch (error) {
    if (isNotImplemented(error)) return undefined;
    throw error;
  }
}

async function redeemText(
  core: Core,
  driver: WalletDriver,
  bound: BoundChallenge,
  method: "siws" | "message" | "offchain",
  { address, signedMessage, signature }: SignedMessage,
  asked: Uint8Array,
): Promise<void> {
  if (!isSame(asked, signedMessage)) {
    throw new GaslessError("wallet.message_changed", `${driver.name} signed another text than it was given.`);
  }
  const proof = { method, signature: toBase64(signature), signedMessage: toBase64(signedMessage) };
  await redeem(core, driver.name, bound, address, proof);
}
