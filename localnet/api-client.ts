import {
  type Address,
  appendTransactionMessageInstructions,
  type Blockhash,
  compileTransaction,
  createTransactionMessage,
  getTransactionEncoder,
  type Instruction,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  type SignatureBytes,
} from "@solana/kit";
import { getAddMemoInstruction } from "@solana-program/memo";
import type { ProofKey } from "./proof-key.ts";
import type { LocalWallet } from "./wallet.ts";

/** The memo program that every Solana cluster has. */
export const MEMO_PROGRAM = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr" as Address;

/** Where calls go, and in whose name. */
export interface ApiTarget {
  readonly api: string;
  readonly origin: string;
  readonly publishableKey: string;
  readonly network: string;
}

export interface ApiAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface CallOptions {
  readonly token?: string;
  /** Proves possession of this key; a token then goes along as one that is bound to it. */
  readonly key?: ProofKey | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** One call as a page of the project's origin would make it. The body of the answer is whatever JSON came. */
export async function callApi<Body = Record<string, unknown>>(
  target: ApiTarget,
  method: string,
  path: string,
  { token, key, body, headers, signal }: CallOptions = {},
): Promise<ApiAnswer<Body>> {
  const url = `${target.api}${path}`;
  const dpop = await key?.prove({ method, url: url.replace(/\?.*$/, ""), accessToken: token });
  const scheme = key === undefined ? "Bearer" : "DPoP";
  const response = await fetch(url, {
    method,
    headers: {
      origin: target.origin,
      ...(token === undefined ? { "gasless-key": target.publishableKey } : { authorization: `${scheme} ${token}` }),
      ...(dpop !== undefined && { dpop }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === "" ? {} : JSON.parse(text)) as Body };
}

/** The answer's body, when it has the status that was expected. @throws Error with the problem otherwise */
export function expectStatus<Body>(answer: ApiAnswer<Body>, status: number): Body {
  if (answer.status === status) return answer.body;
  throw new Error(`expected ${status}, was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
}

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly user: { readonly id: string; readonly wallets: readonly { readonly wallet: string }[] };
  readonly session: { readonly id: string; readonly wallet: string; readonly amr: readonly string[] };
}

export interface ChallengeAnswer {
  readonly challengeId: string;
  readonly nonce: string;
  readonly expiresAt: string;
  readonly message: string;
  readonly payload?: { readonly transaction: string };
  readonly fields: Readonly<Record<string, unknown>>;
}

export const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

export async function requestChallenge(
  target: ApiTarget,
  request: Readonly<Record<string, unknown>>,
  key?: ProofKey,
): Promise<ChallengeAnswer> {
  const body = { network: target.network, ...request };
  return expectStatus(await callApi<ChallengeAnswer>(target, "POST", "/v1/challenges", { body, key }), 201);
}

/** A wallet proves itself: challenge, signature, session; bound to a key where there is one. */
export async function signIn(
  target: ApiTarget,
  wallet: LocalWallet,
  method: "message" | "siws" | "local" = "message",
  key?: ProofKey,
): Promise<Tokens> {
  const { challengeId, message } = await requestChallenge(target, { address: wallet.address, method }, key);
  const bytes = new TextEncoder().encode(message);
  const body = {
    challengeId,
    network: target.network,
    address: wallet.address,
    method,
    signature: toBase64(await wallet.sign(bytes)),
    ...(method === "siws" && { signedMessage: toBase64(bytes) }),
  };
  return expectStatus(await callApi<Tokens>(target, "POST", "/v1/sessions", { body, key }), 201);
}

export interface Prepared {
  readonly feePayer: Address;
  readonly lifetime: { readonly blockhash: Blockhash; readonly lastValidBlockHeight: number };
  readonly quote: { readonly fee: string; readonly rent: string };
}

export async function prepareRelay(target: ApiTarget, token: string, key?: ProofKey): Promise<Prepared> {
  const body = { network: target.network };
  return expectStatus(await callApi<Prepared>(target, "POST", "/v1/relays/prepare", { token, key, body }), 200);
}

/** A memo that the wallet signs for. */
export function memoBy(wallet: LocalWallet, memo: string): Instruction {
  const bare = getAddMemoInstruction({ memo }, { programAddress: MEMO_PROGRAM });
  return { ...bare, accounts: [{ address: wallet.address, role: READONLY_SIGNER }] };
}

/** Source: `@solana/instructions`, AccountRole. */
const READONLY_SIGNER = 2;

/** The wire bytes of a transaction that everybody but the fee payer has signed. */
export async function buildTransaction(
  { feePayer, lifetime }: Pick<Prepared, "feePayer" | "lifetime">,
  instructions: readonly Instruction[],
  wallets: readonly LocalWallet[],
  version: "legacy" | 0 = 0,
): Promise<Uint8Array> {
  const constraint = { blockhash: lifetime.blockhash, lastValidBlockHeight: BigInt(lifetime.lastValidBlockHeight) };
  const compiled = compileTransaction(
    pipe(
      createTransactionMessage({ version }),
      (message) => setTransactionMessageFeePayer(feePayer, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(constraint, message),
      (message) => appendTransactionMessageInstructions(instructions, message),
    ),
  );
  const own = await Promise.all(
    wallets
      .filter(({ address }) => address in compiled.signatures)
      .map(async ({ address, sign }) => [address, await sign(compiled.messageBytes as unknown as Uint8Array)] as const),
  );
  const signatures = { ...compiled.signatures, ...(Object.fromEntries(own) as Record<Address, SignatureBytes>) };
  return new Uint8Array(getTransactionEncoder().encode({ ...compiled, signatures }));
}

export interface RelayBody {
  readonly id: string;
  readonly state: string;
  readonly transactionId?: string;
  readonly fee: { readonly quoted: string; readonly charged: string | null };
  readonly failure: { readonly code: string; readonly detail: string } | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly slot?: number;
}

/** Posts a signed transaction; a new idempotency key unless one is given. */
export function postRelay(
  target: ApiTarget,
  token: string,
  wire: Uint8Array,
  idempotencyKey: string = crypto.randomUUID(),
  key?: ProofKey,
): Promise<ApiAnswer<RelayBody & Readonly<Record<string, unknown>>>> {
  const body = { network: target.network, transaction: toBase64(wire) };
  return callApi(target, "POST", "/v1/relays", { token, key, body, headers: { "idempotency-key": idempotencyKey } });
}

const FINAL_STATES = new Set(["finalized", "rejected", "failed", "expired"]);
const MAX_POLLS = 20;

/** Follows a relay by long polls until it has ended, for at most a few minutes. */
export async function followRelay(target: ApiTarget, token: string, id: string): Promise<RelayBody> {
  let after = "signed";
  for (let poll = 0; poll < MAX_POLLS; poll++) {
    const path = `/v1/relays/${id}?wait=25&after=${after}`;
    const relay = expectStatus(await callApi<RelayBody>(target, "GET", path, { token }), 200);
    if (FINAL_STATES.has(relay.state)) return relay;
    after = relay.state;
  }
  throw new Error(`the relay ${id} has not ended; it is ${after}`);
}
