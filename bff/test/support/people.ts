import type { SeededProject } from "@gasless/db/factories";
import { type ApiAnswer, type ApiTarget, callApi, expectStatus, signIn } from "@gasless/localnet/api-client";
import type { ProofKey } from "@gasless/localnet/proof-key";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { proveBy } from "./method-proofs.ts";
import type { Proof, TokensBody } from "./proofs.ts";
import type { Stack } from "./stack.ts";

export interface LinkedWallet {
  readonly wallet: string;
  readonly linkedAt: string;
}

/** Somebody who is signed in, in a session that may be bound to a key. */
export interface Person {
  readonly target: ApiTarget & SeededProject;
  readonly wallet: LocalWallet;
  readonly tokens: TokensBody;
  readonly key: ProofKey | undefined;
}

/** As the API names it. */
export const nameOf = ({ address }: LocalWallet): string => `solana:${address}`;

export async function comeIn(target: Person["target"], wallet?: LocalWallet, key?: ProofKey): Promise<Person> {
  const own = wallet ?? (await createWallet());
  return { target, wallet: own, tokens: (await signIn(target, own, "message", key)) as TokensBody, key };
}

export const comeToNewProject = async (stack: Stack): Promise<Person> => comeIn(await stack.createProject());

export function call<Body = Record<string, unknown>>(
  { target, tokens, key }: Person,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer<Body>> {
  return callApi<Body>(target, method, path, { token: tokens.accessToken, key, ...(body !== undefined && { body }) });
}

export const postLink = (person: Person, proof: Readonly<Partial<Proof>> | Readonly<Record<string, unknown>>) =>
  call<LinkedWallet>(person, "POST", "/v1/wallets", proof);

/** Links a wallet by a proof of a new challenge. */
export async function link(person: Person, wallet: LocalWallet): Promise<LinkedWallet> {
  return expectStatus(await postLink(person, await proveBy("message", person.target, wallet, person.key)), 201);
}

export const unlink = (person: Person, wallet: LocalWallet) => call(person, "DELETE", `/v1/wallets/${nameOf(wallet)}`);

export const listOf = async (person: Person): Promise<readonly LinkedWallet[]> =>
  expectStatus(await call<{ data: readonly LinkedWallet[] }>(person, "GET", "/v1/wallets"), 200).data;

export const namesOf = async (person: Person): Promise<readonly string[]> =>
  (await listOf(person)).map(({ wallet }) => wallet);

export const isSignedIn = async (person: Person): Promise<boolean> => {
  const { status } = await call(person, "GET", "/v1/sessions/current");
  return status === 200;
};
