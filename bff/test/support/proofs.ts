import {
  type ApiAnswer,
  type ApiTarget,
  callApi,
  type ChallengeAnswer,
  requestChallenge,
  toBase64,
  type Tokens,
} from "@gasless/localnet/api-client";
import type { ProofKey } from "@gasless/localnet/proof-key";
import type { LocalWallet } from "@gasless/localnet/wallet";

export interface SignInTextFields {
  readonly domain: string;
  readonly statement: string;
  readonly uri: string;
  readonly version: string;
  readonly chainId: string;
  readonly nonce: string;
  readonly issuedAt: string;
  readonly expirationTime: string;
  readonly requestId: string;
  readonly resources: readonly string[];
}

/** The sign-in text as the contract page has it; written here once more, so that the API is not compared with itself. */
export const textOf = (fields: SignInTextFields, address: string): string =>
  `${fields.domain} wants you to sign in with your Solana account:\n${address}\n\n${fields.statement}\n\n` +
  `URI: ${fields.uri}\nVersion: ${fields.version}\nChain ID: ${fields.chainId}\nNonce: ${fields.nonce}\n` +
  `Issued At: ${fields.issuedAt}\nExpiration Time: ${fields.expirationTime}\nRequest ID: ${fields.requestId}\n` +
  `Resources:\n- ${fields.resources[0]}`;

export const fieldsOf = (challenge: ChallengeAnswer): SignInTextFields =>
  challenge.fields as unknown as SignInTextFields;

/** What opens a session. */
export interface Proof {
  readonly challengeId: string;
  readonly network: string;
  readonly address: string;
  readonly method: string;
  readonly signature: string;
  readonly signedMessage?: string;
  readonly transaction?: string;
}

/** The wallet's proof of a challenge that it has been given. */
export async function proveChallenge(
  target: ApiTarget,
  challenge: ChallengeAnswer,
  wallet: LocalWallet,
  method = "message",
): Promise<Proof> {
  const bytes = new TextEncoder().encode(textOf(fieldsOf(challenge), wallet.address));
  return {
    challengeId: challenge.challengeId,
    network: target.network,
    address: wallet.address,
    method,
    signature: toBase64(await wallet.sign(bytes)),
    ...(method === "siws" && { signedMessage: toBase64(bytes) }),
  };
}

/** A proof of a new challenge, which is bound to what `binding` names and to nothing else. */
export async function makeProof(
  target: ApiTarget,
  wallet: LocalWallet,
  method = "message",
  binding: Readonly<Record<string, unknown>> = {},
): Promise<Proof> {
  return proveChallenge(target, await requestChallenge(target, binding), wallet, method);
}

export type TokensBody = Tokens & {
  readonly tokenType: string;
  readonly expiresIn: number;
  readonly session: { readonly idleExpiresAt: string; readonly expiresAt: string };
};

export const postSession = (
  target: ApiTarget,
  proof: Readonly<Partial<Proof>> | Readonly<Record<string, unknown>>,
  key?: ProofKey,
): Promise<ApiAnswer<TokensBody>> => callApi(target, "POST", "/v1/sessions", { body: proof, key });

export const postRefresh = (target: ApiTarget, refreshToken: string, key?: ProofKey): Promise<ApiAnswer<TokensBody>> =>
  callApi(target, "POST", "/v1/sessions/refresh", { body: { refreshToken }, key });
