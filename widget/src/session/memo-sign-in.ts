import { toBase64 } from "../base64.ts";
import { isSame } from "../bytes.ts";
import type { Core } from "../core.ts";
import { GaslessError } from "../errors.ts";
import { compileMessage, messageOf, readInstructions, readMessage, unsignedTransaction } from "../relay/message.ts";
import { encodeKey } from "../solana-key.ts";
import { askWallet } from "../wallets/failures.ts";
import type { BoundChallenge } from "./challenges.ts";
import { fetchChallenge, redeem } from "./redeem.ts";
import { signInText } from "./sign-in-text.ts";

const MEMO = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";
const LABEL = "gasless memo-transaction v1";
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** A person reads the text on a small display, a few words at a time. */
const DEVICE_TIMEOUT_MS = 3 * 60_000;
/** Whatever is signed in that time must still be redeemed. */
const CHALLENGE_SPARE_MS = DEVICE_TIMEOUT_MS + 20_000;

/** What a wallet is asked to sign, and by what its answer is known. */
export interface MemoRequest {
  readonly address: string;
  readonly memo: Uint8Array;
  /** Base58. A hash of the challenge, and so none of any block: the transaction can never land. */
  readonly blockhash: string;
  /** Wire bytes, made here: a server cannot slip a transaction in that does something. */
  readonly transaction: Uint8Array<ArrayBuffer>;
}

export async function createMemoRequest(
  { challenge: { challengeId, fields } }: BoundChallenge,
  address: string,
): Promise<MemoRequest> {
  const utf8 = new TextEncoder();
  const hash = await crypto.subtle.digest("SHA-256", utf8.encode(LABEL + challengeId));
  const blockhash = encodeKey(new Uint8Array(hash));
  const memo = utf8.encode(signInText(fields, address));
  const message = compileMessage(address, blockhash, address, [{ programAddress: MEMO, data: memo }]);
  // Without tables, version 0 is a legacy message between two bytes; the oldest devices read that one alone.
  return { address, memo, blockhash, transaction: unsignedTransaction(message.slice(1, -1)) };
}

/** Wallets add prices and guards of their own; whose it is, what it says and that it cannot land must stay. */
export function isOfRequest({ address, memo, blockhash }: MemoRequest, signed: Uint8Array): boolean {
  try {
    const message = messageOf(signed);
    const { accounts, requiredSignatures, blockhashAt } = readMessage(message);
    const memos = readInstructions(message).filter(({ programAddress }) => programAddress === MEMO);
    const isOurs = accounts[0] === address && requiredSignatures === 1;
    const isDead = encodeKey(message.subarray(blockhashAt, blockhashAt + KEY_BYTES)) === blockhash;
    return isOurs && isDead && memos.length === 1 && memos.every(({ data }) => isSame(data, memo));
  } catch {
    return false;
  }
}

/**
 * Made ready before the tap for the account that is connected; gives what the tap does. Where the challenge or the
 * account is another one by then, it is made anew.
 */
export async function prepareMemoSignIn(core: Core): Promise<(signal: AbortSignal) => Promise<void>> {
  const bound = await core.challenges.prefetch(CHALLENGE_SPARE_MS);
  const prepared = core.state.address === null ? undefined : await createMemoRequest(bound, core.state.address);
  return async function proveByMemo(signal) {
    const { driver, address } = core.state;
    if (!driver || address === null) throw new GaslessError("wallet.not_found", "No wallet is connected.");
    core.update({ status: "connecting", error: null });
    const current = core.challenges.take(CHALLENGE_SPARE_MS) ?? (await fetchChallenge(core, CHALLENGE_SPARE_MS));
    const isReady = current === bound && address === prepared?.address;
    const request = isReady ? prepared : await createMemoRequest(current, address);
    const sign = () => driver.signTransaction(address, request.transaction);
    const signed = await askWallet(driver.name, signal, sign, DEVICE_TIMEOUT_MS);
    if (!isOfRequest(request, signed)) {
      throw new GaslessError("wallet.message_changed", `${driver.name} signed another transaction than it was given.`);
    }
    await redeem(core, driver.name, current, address, {
      method: "memo-transaction",
      signature: toBase64(signed.subarray(1, 1 + SIGNATURE_BYTES)),
      transaction: toBase64(signed),
    });
  };
}
