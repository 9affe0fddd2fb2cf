import {
  buildTransaction,
  callApi,
  expectStatus,
  memoBy,
  postRelay,
  prepareRelay,
  requestChallenge,
  signIn,
  toBase64,
} from "@gasless/localnet/api-client";
import { createProofKey } from "@gasless/localnet/proof-key";
import type { Stack } from "@gasless/localnet/testing/stack";
import { createWallet } from "@gasless/localnet/wallet";

/** How many awaited calls that leave the process a request makes, one behind the other. */
export interface Waits {
  readonly sessions: number;
  readonly relays: number;
}

const DELAY_MS = 150;
const WARM_UP_ROUNDS = 3;
const SAMPLES = 3;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

/**
 * Counts waits with warm caches: every call at a port takes `DELAY_MS` longer, so a request takes as many delays
 * longer as it has waits. Connecting to PostgreSQL is not delayed: next to a Worker that is Hyperdrive's.
 */
export async function countWaits(stack: Stack): Promise<Waits> {
  const target = await stack.createProject();
  // Bound sessions, as the widget has them: whether a proof was seen before is asked with everything else.
  const key = await createProofKey();
  const prepareSession = async () => {
    const wallet = await createWallet();
    const { challengeId, message } = await requestChallenge(target, { address: wallet.address }, key);
    const signature = toBase64(await wallet.sign(new TextEncoder().encode(message)));
    const body = { challengeId, network: target.network, address: wallet.address, method: "message", signature };
    return async () => void expectStatus(await callApi(target, "POST", "/v1/sessions", { body, key }), 201);
  };
  const wallet = await createWallet();
  const { accessToken } = await signIn(target, wallet, "message", key);
  const prepareRelayPost = async () => {
    const prepared = await prepareRelay(target, accessToken, key);
    const wire = await buildTransaction(prepared, [memoBy(wallet, crypto.randomUUID())], [wallet]);
    return async () => void expectStatus(await postRelay(target, accessToken, wire, crypto.randomUUID(), key), 202);
  };

  const measure = async (prepare: () => Promise<() => Promise<void>>): Promise<number> => {
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await (await prepare())();
    const plain: number[] = [];
    const delayed: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      plain.push(await timed(await prepare()));
      const post = await prepare();
      // The project's copy lives five seconds: one more read keeps it warm across the delayed call.
      await callApi(target, "GET", "/v1/config");
      await callApi(target, "GET", "/v1/sessions/current", { token: accessToken, key });
      setDelays(stack, DELAY_MS);
      delayed.push(await timed(post).finally(() => setDelays(stack, 0)));
    }
    // A busy machine only ever adds to a duration.
    return Math.round((Math.min(...delayed) - Math.min(...plain)) / DELAY_MS);
  };
  return { sessions: await measure(prepareSession), relays: await measure(prepareRelayPost) };
}

function setDelays({ sql, redis, rpc }: Stack, delayMs: number): void {
  sql.setQueryDelayMs(delayMs);
  redis.setDelayMs(delayMs);
  rpc.setDelayMs(delayMs);
}
