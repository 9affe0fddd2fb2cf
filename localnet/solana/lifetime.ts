import { hash } from "node:crypto";
import { base58 } from "@scure/base";
import { getAddressDecoder } from "@solana/kit";
import type { Address } from "@solana/kit";
import { MAX_BLOCKHASH_AGE } from "./blocks.ts";
import type { Blocks } from "./blocks.ts";
import { SYSTEM_PROGRAM } from "./svm.ts";
import type { AccountState, Svm } from "./svm.ts";
import type { DecodedMessage } from "./wire-transaction.ts";

const ADVANCE_NONCE = 4;
const NONCE_BYTES = 80;
const NONCE_VERSION_CURRENT = 1;
const NONCE_STATE_INITIALIZED = 1;
const NONCE_AUTHORITY_OFFSET = 8;
const NONCE_VALUE_OFFSET = 40;

const NONCE_PREFIX = new TextEncoder().encode("DURABLE_NONCE");

const addressDecoder = getAddressDecoder();

export type Lifetime = { readonly kind: "blockhash" } | { readonly kind: "nonce"; readonly account: Address };

/** How the transaction may still land, seen from `slot`; null is Agave's BlockhashNotFound. */
export function findLifetime(svm: Svm, blocks: Blocks, message: DecodedMessage, slot: bigint): Lifetime | null {
  const block = blocks.byHash(message.lifetimeToken);
  const isKnown = block !== undefined && block.slot <= slot;
  if (isKnown && blocks.newest().height - block.height <= MAX_BLOCKHASH_AGE) return { kind: "blockhash" };
  const account = findNonceAccount(svm, message);
  return account === null ? null : { kind: "nonce", account };
}

/**
 * What the nonce account holds after the nonce was used: Agave advances it even if the transaction failed, LiteSVM does
 * not. The next value comes from the transaction's own lifetime token, as LiteSVM makes it.
 */
export function advanceNonce(account: AccountState, lifetimeToken: string): AccountState {
  const seed = new Uint8Array([...NONCE_PREFIX, ...base58.decode(lifetimeToken)]);
  const data = new Uint8Array(account.data);
  data.set(hash("sha256", seed, "buffer"), NONCE_VALUE_OFFSET);
  return { ...account, data };
}

function findNonceAccount(svm: Svm, message: DecodedMessage): Address | null {
  const [first] = message.instructions;
  if (first === undefined || message.staticKeys[first.programIdIndex] !== SYSTEM_PROGRAM) return null;
  if (first.data.length < 4 || viewOf(first.data).getUint32(0, true) !== ADVANCE_NONCE) return null;
  const address = message.staticKeys[first.accounts[0] ?? -1];
  if (address === undefined) return null;
  const account = svm.readAccount(address);
  if (account === null || account.owner !== SYSTEM_PROGRAM || account.data.length !== NONCE_BYTES) return null;
  const view = viewOf(account.data);
  if (view.getUint32(0, true) !== NONCE_VERSION_CURRENT || view.getUint32(4, true) !== NONCE_STATE_INITIALIZED)
    return null;
  const authority = addressDecoder.decode(account.data, NONCE_AUTHORITY_OFFSET);
  const isAuthorised = first.accounts.some(
    (index) => index < message.header.numSignerAccounts && message.staticKeys[index] === authority,
  );
  const stored = addressDecoder.decode(account.data, NONCE_VALUE_OFFSET);
  return isAuthorised && stored === message.lifetimeToken ? address : null;
}

function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}
