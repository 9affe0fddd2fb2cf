import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign } from "node:crypto";
import { encodeAddress, encodeMsgpack, SignedTransaction, type Transaction, decodeUnsignedTransaction } from "algosdk";
import {
  type ApiAnswer,
  type ApiTarget,
  callApi,
  type CallOptions,
  expectStatus,
  requestChallenge,
  toBase64,
  type Tokens,
} from "./api-client.ts";
import type { ProofKey } from "./proof-key.ts";

/** An Algorand key of a person, held in this process. */
export interface AlgorandWallet {
  readonly address: string;
  /** 32 bytes, base64. */
  readonly seed: string;
  sign(bytes: Uint8Array): Uint8Array;
}

/** The DER in front of a raw Ed25519 seed. Source: RFC 8410, section 7. */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const KEY_BYTES = 32;

/** The wallet of a 32-byte seed; without one, a new wallet. */
export function createAlgorandWallet(seed: Uint8Array = randomBytes(KEY_BYTES)): AlgorandWallet {
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const key: KeyObject = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return {
    address: encodeAddress(spki.subarray(-KEY_BYTES)),
    seed: Buffer.from(seed).toString("base64"),
    sign: (bytes) => Uint8Array.from(sign(null, bytes, key)),
  };
}

export type AlgorandMethod = "arc60" | "mx" | "zero-transaction";

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));
}

const fromBase64 = (text: string | undefined): Uint8Array => Uint8Array.from(Buffer.from(text ?? "", "base64"));
const behind = (tag: string, bytes: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(tag), bytes]);

interface AlgorandChallenge {
  readonly challengeId: string;
  readonly message: string;
  readonly payload?: { readonly transaction?: string; readonly data?: string; readonly authenticatorData?: string };
}

/** What a wallet gives for a challenge: the rest of the body of `POST /v1/sessions`. `signer`: whose key signs, of a rekeyed account. */
export async function proveAlgorand(
  { message, payload }: AlgorandChallenge,
  method: AlgorandMethod,
  signer: AlgorandWallet,
): Promise<Readonly<Record<string, unknown>>> {
  if (method === "mx") return { signature: toBase64(signer.sign(behind("MX", new TextEncoder().encode(message)))) };
  if (method === "arc60") {
    const halves = [await sha256(fromBase64(payload?.data)), await sha256(fromBase64(payload?.authenticatorData))];
    return { signature: toBase64(signer.sign(Buffer.concat(halves))) };
  }
  const txn = decodeUnsignedTransaction(fromBase64(payload?.transaction));
  const sig = signer.sign(txn.bytesToSign());
  const transaction = encodeMsgpack(new SignedTransaction({ txn, sig }));
  return { signature: toBase64(sig), transaction: toBase64(transaction) };
}

/** A wallet proves itself: challenge, signature, session; bound to a key where there is one. */
export async function signInAlgorand(
  target: ApiTarget,
  wallet: AlgorandWallet,
  method: AlgorandMethod = "mx",
  key?: ProofKey,
): Promise<Tokens> {
  const challenge: AlgorandChallenge = await requestChallenge(target, { address: wallet.address, method }, key);
  const body = {
    challengeId: challenge.challengeId,
    network: target.network,
    address: wallet.address,
    method,
    ...(await proveAlgorand(challenge, method, wallet)),
  };
  return expectStatus(await callApi<Tokens>(target, "POST", "/v1/sessions", { body, key }), 201);
}

export interface PreparedGroup {
  readonly feePayer: string;
  readonly lifetime: { readonly firstValid: number; readonly lastValid: number; readonly genesisHash: string };
  readonly quote: { readonly fee: string; readonly rent: string };
  readonly transactions: readonly string[];
}

export async function callPrepare(
  target: ApiTarget,
  token: string,
  transactions: readonly Transaction[],
): Promise<ApiAnswer<PreparedGroup>> {
  const body = { network: target.network, transactions: transactions.map((one) => toBase64(one.toByte())) };
  return callApi<PreparedGroup>(target, "POST", "/v1/relays/prepare", { token, body });
}

export async function prepareGroup(
  target: ApiTarget,
  token: string,
  transactions: readonly Transaction[],
): Promise<PreparedGroup> {
  return expectStatus(await callPrepare(target, token, transactions), 200);
}

/** The group as it is posted: what these wallets send is signed, everything else stays as it was prepared. */
export function signGroup(transactions: readonly string[], wallets: readonly AlgorandWallet[]): readonly string[] {
  return transactions.map((text) => {
    const txn = decodeUnsignedTransaction(fromBase64(text));
    const wallet = wallets.find(({ address }) => address === txn.sender.toString());
    if (!wallet) return text;
    return toBase64(encodeMsgpack(new SignedTransaction({ txn, sig: wallet.sign(txn.bytesToSign()) })));
  });
}

export interface GroupRelay {
  readonly id: string;
  readonly state: string;
  readonly groupId: string;
  readonly transactionIds: readonly string[];
  readonly fee: { readonly quoted: string; readonly charged: string | null };
  readonly rent: { readonly quoted: string; readonly charged: string | null };
  readonly failure: { readonly code: string } | null;
  readonly slot?: number;
}

/** Posts a group, under a key of its own unless one is given. */
export async function postGroup(
  target: ApiTarget,
  token: string,
  transactions: readonly string[],
  { idempotencyKey = crypto.randomUUID(), ...options }: CallOptions & { readonly idempotencyKey?: string } = {},
): Promise<ApiAnswer<GroupRelay>> {
  return callApi<GroupRelay>(target, "POST", "/v1/relays", {
    token,
    body: { network: target.network, transactions },
    headers: { "idempotency-key": idempotencyKey },
    ...options,
  });
}
