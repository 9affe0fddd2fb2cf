import { randomBytes } from "node:crypto";
import { type AlgorandMethod, proveAlgorand } from "@gasless/localnet/algorand-client";
import { type ChallengeAnswer, requestChallenge, toBase64 } from "@gasless/localnet/api-client";
import { expect } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { signedBytesOf } from "../../src/adapters/chains/algorand/group/transaction-id.ts";
import { decodeMsgpackMaps, encodeMsgpack, type MsgpackMap } from "../../src/adapters/chains/algorand/msgpack.ts";
import { type AlgorandKey, algorandKey } from "./algorand-keys.ts";
import type { AlgorandScene, Project } from "./algorand-scene.ts";
import { postSession, type Proof, type TokensBody } from "./proofs.ts";
import { expectRefusal } from "./visitor.ts";

/** A wallet that is about to sign in by one method, with the challenge that it was given. */
interface AlgorandAttempt {
  readonly target: Project;
  readonly key: AlgorandKey;
  readonly method: AlgorandMethod;
  readonly challenge: Omit<ChallengeAnswer, "payload"> & { readonly payload?: Readonly<Record<string, string>> };
}

type AlgorandProof = Proof & { readonly publicKey?: string };

export const newKey = (): AlgorandKey => algorandKey(Uint8Array.from(randomBytes(32)));
const asWallet = (key: AlgorandKey) => ({ ...key, seed: toBase64(key.seed) });
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
export const fromBase64 = (text = ""): Uint8Array => Uint8Array.from(Buffer.from(text, "base64"));

/** Bound to the address and the method, unless `binding` says otherwise. */
export async function begin(
  target: Project,
  method: AlgorandMethod,
  key: AlgorandKey = newKey(),
  binding: Readonly<Record<string, unknown>> = { address: key.address, method },
): Promise<AlgorandAttempt> {
  return { target, key, method, challenge: await requestChallenge(target, binding) };
}

/** What the wallet posts; `signer` is whose key signs for it. */
export async function prove(
  { target, key, method, challenge }: AlgorandAttempt,
  signer: AlgorandKey = key,
): Promise<AlgorandProof> {
  const { challengeId } = challenge;
  const signed = (await proveAlgorand(challenge, method, asWallet(signer))) as { readonly signature: string };
  return { challengeId, network: target.network, address: key.address, method, ...signed };
}

export const proveNewly = async (target: Project, method: AlgorandMethod, key?: AlgorandKey): Promise<AlgorandProof> =>
  prove(await begin(target, method, key));

/** The wallet's own signature over any bytes, in a proof that is genuine otherwise. */
export function proveBytes(attempt: AlgorandAttempt, signed: Uint8Array): AlgorandProof {
  const { target, key, method, challenge } = attempt;
  const { challengeId } = challenge;
  return { challengeId, network: target.network, address: key.address, method, signature: toBase64(key.sign(signed)) };
}

/** The proof by another transaction than the challenge's, honestly signed. */
export async function proveByTransaction(
  attempt: AlgorandAttempt,
  change: (txn: MsgpackMap) => MsgpackMap,
  wrap: (txn: MsgpackMap, sig: Uint8Array) => MsgpackMap = (txn, sig) => ({ sig, txn }),
): Promise<AlgorandProof> {
  const { target, key, method, challenge } = attempt;
  const read = decodeMsgpackMaps(fromBase64(challenge.payload?.["transaction"]));
  const txn = change(read.ok ? (read.value[0]?.value ?? {}) : {});
  const sig = key.sign(signedBytesOf(encodeMsgpack(txn)));
  const transaction = toBase64(encodeMsgpack(wrap(txn, sig)));
  const { challengeId } = challenge;
  return { challengeId, network: target.network, address: key.address, method, signature: toBase64(sig), transaction };
}

export async function expectOpened(
  target: Project,
  proof: Readonly<Record<string, unknown>> | AlgorandProof,
): Promise<TokensBody> {
  const { status, body } = await postSession(target, proof);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

export async function expectClosed(
  target: Project,
  proof: Readonly<Record<string, unknown>> | AlgorandProof,
  code: ErrorCode,
): Promise<void> {
  expectRefusal(await postSession(target, proof), code);
}

/** How often somebody got in. */
export async function countSessions({ stack }: AlgorandScene, { projectId }: Project): Promise<number> {
  const count = "select count(*)::integer as count from sessions where project_id = $1";
  const { rows } = await stack.database.query<{ count: number }>(count, [projectId]);
  return rows[0]?.count ?? -1;
}
