import assert from "node:assert/strict";
import {
  type ApiTarget,
  buildTransaction,
  type ChallengeAnswer,
  memoBy,
  type Prepared,
  toBase64,
  type Tokens,
} from "@gasless/localnet/api-client";
import { createProofKey, type ProofKey } from "@gasless/localnet/proof-key";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import type { Canaries } from "./canaries.ts";
import { from } from "./sessions.ts";
import { mapLimited } from "./support.ts";

const CONCURRENCY = 6;
const lastPart = (token: string): string => token.slice(token.lastIndexOf(".") + 1);

/** Somebody whose every secret is a canary. */
export interface Visitor {
  readonly canaries: Canaries;
  readonly target: ApiTarget;
  readonly wallet: LocalWallet;
  readonly key: ProofKey | undefined;
  readonly clientAddress: string;
}

/** A wallet's proof of a challenge of its own; undefined where nobody gives challenges at the moment. */
async function prove({ canaries, target, key, clientAddress }: Visitor, wallet: LocalWallet, text?: string) {
  const { address } = wallet;
  canaries.persons.add(address);
  const body = { network: target.network, address, method: "message" };
  const headers = from(clientAddress);
  const answer = await canaries.call(target, "POST", "/v1/challenges", { body, key, headers });
  if (answer.status !== 201) return undefined;
  const { challengeId, message } = answer.body as unknown as ChallengeAnswer;
  const signature = toBase64(await wallet.sign(new TextEncoder().encode(text ?? message)));
  canaries.secrets.add(signature);
  return { ...body, challengeId, signature };
}

/** Signs the visitor in. */
export async function openSession(visitor: Visitor): Promise<Tokens> {
  const { canaries, target, wallet, key, clientAddress } = visitor;
  const answer = await canaries.call(target, "POST", "/v1/sessions", {
    body: await prove(visitor, wallet),
    key,
    headers: from(clientAddress),
  });
  assert.equal(answer.status, 201);
  return keep(canaries, answer.body as unknown as Tokens);
}

function keep({ secrets }: Canaries, tokens: Tokens): Tokens {
  // What stands before a refresh token's last part are the ids of a key and of its session.
  for (const secret of [tokens.accessToken, lastPart(tokens.refreshToken)]) secrets.add(secret);
  return tokens;
}

/** A transaction that the wallet has signed; `prepared` while there was a node to ask. */
async function wireOf({ canaries, wallet }: Visitor, prepared: Prepared): Promise<string> {
  const wire = await buildTransaction(prepared, [memoBy(wallet, crypto.randomUUID())], [wallet]);
  canaries.secrets.add(toBase64(wire.subarray(-64)));
  return toBase64(wire);
}

/** One of everything that people, their wallets and whoever wants their tokens do, well and badly. */
export async function useEverything(visitor: Visitor, tokens: Tokens, prepared: Prepared): Promise<string[]> {
  const { canaries, target, wallet, key, clientAddress } = visitor;
  const { accessToken: token, refreshToken } = tokens;
  const { network } = target;
  const ask = (method: string, path: string, options: Parameters<Canaries["call"]>[3] = {}) =>
    canaries.call(target, method, path, { ...options, headers: { ...from(clientAddress), ...options.headers } });
  const idempotency = () => ({ "idempotency-key": crypto.randomUUID() });
  const another = await createWallet();
  const [good, used, forged, linked] = await Promise.all([
    prove(visitor, wallet),
    prove(visitor, wallet),
    prove(visitor, wallet, "another text"),
    prove(visitor, another),
  ]);
  const wire = await wireOf(visitor, prepared);
  const relay = { network, transaction: wire };
  const foreign = canaries.watch(await createProofKey());
  const own = { token, key };
  const calls: (() => ReturnType<typeof ask>)[] = [
    () => ask("POST", "/v1/sessions", { body: good, key }),
    () => ask("POST", "/v1/sessions", { body: used }),
    () => ask("POST", "/v1/sessions", { body: used, key: foreign }),
    () => ask("POST", "/v1/sessions", { body: forged, key }),
    () => ask("POST", "/v1/sessions", { body: { ...good, accessToken: token } }),
    () => ask("POST", "/v1/sessions", { body: `{"refreshToken": "${refreshToken}"` }),
    () => ask("POST", "/v1/sessions", { body: { ...good, signature: good?.signature.slice(1) } }),
    () => ask("POST", "/v1/sessions/refresh", { body: { refreshToken }, key }),
    () => ask("POST", "/v1/sessions/refresh", { body: { refreshToken: token }, key }),
    () => ask("POST", "/v1/sessions/refresh", { body: { refreshToken: `${refreshToken}x` }, key }),
    () => ask("POST", "/v1/sessions/refresh", { body: { refreshToken }, key: foreign }),
    () => ask("GET", "/v1/config"),
    () => ask("GET", "/v1/sessions/current", own),
    () => ask("GET", "/v1/sessions/current", { token }),
    () => ask("GET", "/v1/sessions/current", { token: refreshToken, key }),
    () => ask("GET", "/v1/sessions/current", { headers: { authorization: `Basic ${btoa(token)}` } }),
    () => ask("GET", `/v1/sessions?access_token=${token}`, own),
    () => ask("GET", `/v1/relays?cursor=${token}`, own),
    () => ask("GET", `/v1/allowance?network=${token}`, own),
    () => ask("GET", "/v1/wallets", own),
    () => ask("POST", "/v1/wallets", { ...own, body: linked }),
    () => ask("DELETE", `/v1/wallets/solana:${another.address}`, own),
    () => ask("POST", "/v1/relays/prepare", { ...own, body: { network } }),
    () => ask("POST", "/v1/relays", { ...own, body: relay, headers: idempotency() }),
    () => ask("POST", "/v1/relays", { ...own, body: relay, headers: idempotency() }),
    () => ask("POST", "/v1/relays", { ...own, body: { network, transaction: token }, headers: idempotency() }),
    () =>
      ask("POST", "/v1/relays", { ...own, body: { network, transaction: btoa(refreshToken) }, headers: idempotency() }),
    () => ask("POST", "/v1/relays/explain", { ...own, body: relay }),
    () => ask("GET", "/metrics", { headers: { authorization: `Bearer ${token}` } }),
    () => ask("GET", "/v1/nothing", { ...own, headers: { cookie: `session=${refreshToken}`, "x-api-key": token } }),
  ];
  const answers = await mapLimited(calls, CONCURRENCY, (call) => call());
  for (const { body } of answers)
    if (typeof body["refreshToken"] === "string") keep(canaries, body as unknown as Tokens);
  return answers.map(({ status }) => String(status));
}
