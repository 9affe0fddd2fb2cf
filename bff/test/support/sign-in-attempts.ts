import {
  type ApiTarget,
  callApi,
  type ChallengeAnswer,
  requestChallenge,
  toBase64,
} from "@gasless/localnet/api-client";
import type { SeededProject } from "@gasless/db/factories";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { expect } from "vitest";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { PROBLEMS } from "../../src/errors.ts";
import { layOut, proveMemo, SOLANA_METHODS } from "./method-proofs.ts";
import { expectInvalid, expectProblem } from "./problems.ts";
import { fieldsOf, postSession, type Proof, textOf } from "./proofs.ts";
import type { SolanaMethod } from "./solana-method.ts";
import type { Stack } from "./stack.ts";

/** A wallet that is about to sign in by one method, with a challenge that is bound to nothing. */
export interface Attempt {
  readonly target: ApiTarget & SeededProject;
  readonly wallet: LocalWallet;
  readonly method: SolanaMethod;
  readonly challenge: ChallengeAnswer;
}

async function startAttempt(target: Attempt["target"], method: SolanaMethod): Promise<Attempt> {
  return { target, wallet: await createWallet(), method, challenge: await requestChallenge(target, {}) };
}

/** The same attempt with another challenge. */
export const withNewChallenge = async (attempt: Attempt): Promise<Attempt> => ({
  ...attempt,
  challenge: await requestChallenge(attempt.target, {}),
});

export const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What an attempt's wallet has to sign. */
export const textOfAttempt = ({ challenge, wallet }: Pick<Attempt, "challenge" | "wallet">): string =>
  textOf(fieldsOf(challenge), wallet.address);

/** The wallet's own signature, in the method's form, over any bytes in place of the text: everything else is genuine. */
export async function proveBytes({ target, wallet, method, challenge }: Attempt, bytes: Uint8Array): Promise<Proof> {
  if (method === "memo-transaction") return proveMemo(target, challenge, wallet, { memo: bytes });
  const message = method === "offchain" ? layOut(bytes, { name: "v1", signers: [wallet.address] }) : bytes;
  const { challengeId } = challenge;
  const signature = toBase64(await wallet.sign(message));
  const proof = { challengeId, network: target.network, address: wallet.address, method, signature };
  return method === "message" || method === "local" ? proof : { ...proof, signedMessage: toBase64(message) };
}

export const proveGenuinely = (attempt: Attempt): Promise<Proof> =>
  proveBytes(attempt, encodeText(textOfAttempt(attempt)));

export async function countSessions({ database }: Stack, { projectId }: SeededProject): Promise<number> {
  const { rowCount } = await database.query("select from sessions where project_id = $1", [projectId]);
  return rowCount ?? 0;
}

/** What is wrong with a request: its code, and for a schema the fields that it names. */
export type Refusal = Exclude<ErrorCode, "request.invalid"> | { readonly invalid: readonly string[] };

/** Asserts that a body is refused with that, by its one 4xx. */
export async function expectRefused({ target, method }: Attempt, body: unknown, refusal: Refusal): Promise<void> {
  const answer = await callApi(target, "POST", "/v1/sessions", { body });
  const code = typeof refusal === "string" ? refusal : "request.invalid";
  const { status } = PROBLEMS[code];
  expect(status).toBeLessThan(500);
  expect({ method, status: answer.status, code: answer.body["code"] }).toEqual({ method, status, code });
  if (typeof refusal === "string") expectProblem(answer, status, refusal);
  else expectInvalid(answer, refusal.invalid);
}

/** Asserts that this proof opens a session of the attempt's wallet. */
export async function expectOpened({ target, method, wallet }: Attempt, proof: Proof): Promise<void> {
  const { status, body } = await postSession(target, proof);
  expect({ method, status, code: (body as { readonly code?: string }).code }).toEqual({ method, status: 201 });
  expect(body.session).toMatchObject({ wallet: `solana:${wallet.address}`, amr: [method] });
}

/** Asserts that a wrong proof is refused, and that the genuine one of the same challenge opens a session afterwards. */
export async function expectOnlyGenuine(attempt: Attempt, wrong: unknown, refusal: Refusal): Promise<void> {
  await expectRefused(attempt, wrong, refusal);
  await expectOpened(attempt, await proveGenuinely(attempt));
}

export interface Trial {
  readonly methods?: readonly SolanaMethod[];
  /** How many sessions each method opens, no more and no less. */
  readonly opens?: number;
}

/** One attempt by each method, all of them at once in a new project, and a look at how many sessions there are then. */
export async function tryMethods(
  stack: Stack,
  work: (attempt: Attempt) => Promise<void>,
  { methods = SOLANA_METHODS, opens = 1 }: Trial = {},
): Promise<void> {
  const target = await stack.createProject();
  await Promise.all(methods.map(async (method) => work(await startAttempt(target, method))));
  expect(await countSessions(stack, target)).toBe(methods.length * opens);
}
