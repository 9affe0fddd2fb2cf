import assert from "node:assert/strict";
import {
  type ApiAnswer,
  type ApiTarget,
  callApi,
  expectStatus,
  requestChallenge,
  toBase64,
  type Tokens,
} from "@gasless/localnet/api-client";
import { createProofKey, type ProofKey } from "@gasless/localnet/proof-key";
import type { Stack } from "@gasless/localnet/testing/stack";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import type { Scene } from "./drill.ts";
import { until } from "./support.ts";

export type SessionAnswer = ApiAnswer<Tokens & Readonly<Record<string, unknown>>>;

/** What opens a session: as good as the session itself, until it is used. */
export interface SignInProof {
  readonly challengeId: string;
  readonly network: string;
  readonly address: string;
  readonly method: "message";
  readonly signature: string;
}

/** A genuine proof that nobody has sent yet. */
export async function proveWallet(target: ApiTarget, wallet: LocalWallet, key?: ProofKey): Promise<SignInProof> {
  const { address } = wallet;
  const { challengeId, message } = await requestChallenge(target, { address, method: "message" }, key);
  const signature = toBase64(await wallet.sign(new TextEncoder().encode(message)));
  return { challengeId, network: target.network, address, method: "message", signature };
}

/** Whose call it is said to be by the edge. */
export const from = (clientAddress: string) => ({ "cf-connecting-ip": clientAddress });

export const redeem = (
  target: ApiTarget,
  proof: SignInProof,
  { key, clientAddress = "127.0.0.1" }: { readonly key?: ProofKey | undefined; readonly clientAddress?: string } = {},
): Promise<SessionAnswer> =>
  callApi(target, "POST", "/v1/sessions", { body: proof, key, headers: from(clientAddress) });

export const postRefresh = (target: ApiTarget, refreshToken: string, key?: ProofKey): Promise<SessionAnswer> =>
  callApi(target, "POST", "/v1/sessions/refresh", { body: { refreshToken }, key });

export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The code of a refusal, the status of anything else. */
export const codeOf = ({ status, body }: Answered): string =>
  typeof body["code"] === "string" ? body["code"] : String(status);

/** Somebody with a session, and everything that their browser keeps of it. */
export interface Owner {
  readonly target: ApiTarget;
  readonly wallet: LocalWallet;
  /** Undefined for a Bearer session. */
  readonly key: ProofKey | undefined;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** What may stand in no log: of a refresh token the last part alone is secret. */
export function hide({ hidden }: Pick<Scene, "hidden">, { accessToken, refreshToken }: Tokens): void {
  const lastPart = (token: string): string => token.slice(token.lastIndexOf(".") + 1);
  for (const secret of [accessToken, lastPart(accessToken), refreshToken, lastPart(refreshToken)]) hidden.add(secret);
}

/** Signs a new wallet in; bound to a new key, as the widget's sessions are, unless `key` is null. */
export async function createOwner(
  scene: Pick<Scene, "hidden">,
  target: ApiTarget,
  given?: ProofKey | null,
): Promise<Owner> {
  const [wallet, made] = await Promise.all([createWallet(), createProofKey()]);
  const key = given === null ? undefined : (given ?? made);
  const answer = await redeem(target, await proveWallet(target, wallet, key), { key });
  const tokens = expectStatus(answer, 201);
  hide(scene, tokens);
  const { accessToken, refreshToken } = tokens;
  return { target, wallet, key, sessionId: tokens.session.id, accessToken, refreshToken };
}

/** The same owner with the next tokens. @throws unless the session goes on */
export async function refresh(scene: Pick<Scene, "hidden">, owner: Owner): Promise<Owner> {
  const tokens = expectStatus(await postRefresh(owner.target, owner.refreshToken, owner.key), 200);
  hide(scene, tokens);
  return { ...owner, accessToken: tokens.accessToken, refreshToken: tokens.refreshToken };
}

export const readCurrent = ({ target, accessToken: token, key }: Owner): Promise<SessionAnswer> =>
  callApi(target, "GET", "/v1/sessions/current", { token, key });

export interface StoredSession {
  readonly id: string;
  readonly refresh_counter: number;
  readonly is_revoked: boolean;
  /** How long it lives from its opening, in seconds. */
  readonly life_seconds: number;
  readonly idle_seconds: number;
}

/** The rows of a project, or of one session. */
export async function sessionsOf({ database }: Pick<Stack, "database">, id: string): Promise<StoredSession[]> {
  const { rows } = await database.query<StoredSession>(
    `select id, refresh_counter, revoked_at is not null as is_revoked,
        extract(epoch from expires_at - created_at)::integer as life_seconds,
        extract(epoch from idle_expires_at - refreshed_at)::integer as idle_seconds
      from sessions where $1 in (id, project_id) order by id`,
    [id],
  );
  return rows;
}

export async function readStored(stack: Pick<Stack, "database">, sessionId: string): Promise<StoredSession> {
  const [stored] = await sessionsOf(stack, sessionId);
  return stored ?? assert.fail("the session is gone");
}

/** Waits for a refresh to be in the database, whoever was told. */
export const untilRotated = (stack: Stack, sessionId: string, counter: number): Promise<true> =>
  until("the refresh", async () =>
    (await readStored(stack, sessionId)).refresh_counter === counter ? true : undefined,
  );
