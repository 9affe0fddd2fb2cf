import { randomBytes } from "node:crypto";
import { type ProjectSeed, type SeededProject, seedId } from "@gasless/db/factories";
import { type GroupRelay, proveAlgorand, signInAlgorand } from "@gasless/localnet/algorand-client";
import {
  type ApiAnswer,
  type ApiTarget,
  callApi,
  expectStatus,
  requestChallenge,
  toBase64,
} from "@gasless/localnet/api-client";
import { readWireTransaction } from "@gasless/localnet/algorand/wire-transaction";
import { ALGORAND_NETWORK, type AlgorandSide } from "@gasless/localnet/testing/stack";
import { createWallet } from "@gasless/localnet/wallet";
import { expect, vi } from "vitest";
import type { AlgorandPolicy } from "../../src/contract/algorand-policy.ts";
import type { Explanation } from "../../src/contract/relays.ts";
import { type TransactionFields, writeTransaction } from "../../src/adapters/chains/algorand/group/compose-group.ts";
import { signedBytesOf } from "../../src/adapters/chains/algorand/group/transaction-id.ts";
import { decodeMsgpackMaps, encodeMsgpack } from "../../src/adapters/chains/algorand/msgpack.ts";
import {
  GENESIS_HASH,
  type GroupSketch,
  OPEN_POLICY,
  sketchGroup,
  SPARE,
  SPONSOR,
  sponsorPays,
  USER,
} from "./algorand-groups.ts";
import type { AlgorandKey } from "./algorand-keys.ts";
import { type Stack, startStack } from "./stack.ts";
import { EMPTY_LEDGER, type Ledger, ledgerOf } from "./visitor.ts";

/** What sketched transactions are valid from. */
const ROUND = 1_000n;
const SPONSOR_MICROALGOS = 1_000_000_000n;
const SPONSOR_LAMPORTS = 10_000_000_000n;
const KEY_BYTES = 32;
const SEND = "POST /v2/transactions";
export const SIMULATE = "POST /v2/transactions/simulate";
/** Nobody who attacks is stopped by a rate before a rule has spoken. */
const RATES = { addressRequestsPerMinute: 100_000, addressSignInsPerMinute: 100_000, userRelaysPerMinute: 100_000 };

/** A deployment on a chain that stands at round 1,000, with the sponsors and the life that sketched groups have. */
export interface AlgorandScene {
  readonly stack: Stack;
  readonly side: AlgorandSide;
  /** Who pays on Solana, where a project is on both. */
  readonly solanaSponsor: string;
}

/** As much of it as groups are made for. */
interface OnChain {
  readonly side: Pick<AlgorandSide, "localnet">;
}

const seedsOf = (keys: readonly Pick<AlgorandKey, "address" | "seed">[]): string =>
  JSON.stringify(Object.fromEntries(keys.map(({ address, seed }) => [address, toBase64(seed)])));

/** What is on the chain before that round is `prepare`'s to do. From then on only `tick` makes rounds. */
export async function openScene(prepare?: (side: AlgorandSide) => void): Promise<AlgorandScene> {
  const seed = randomBytes(KEY_BYTES);
  const { address: solanaSponsor } = await createWallet(seed);
  const keys = seedsOf([SPONSOR, SPARE, { address: solanaSponsor, seed }]);
  const stack = await startStack({ algorand: { roundMs: 0 }, bindings: { SPONSOR_KEYS: keys } });
  const { algorand: side } = stack;
  if (!side) throw new Error("the stack has no Algorand");
  for (const { address } of [SPONSOR, SPARE]) side.localnet.chain.fund(address, SPONSOR_MICROALGOS);
  prepare?.(side);
  side.localnet.chain.warp(Number(ROUND - side.localnet.chain.round));
  await stack.database.query("insert into sponsors (id, network, address) values ($1, $2, $3)", [
    seedId("spn", `${ALGORAND_NETWORK} ${SPARE.address}`),
    ALGORAND_NETWORK,
    SPARE.address,
  ]);
  await stack.airdrop(solanaSponsor, SPONSOR_LAMPORTS);
  stack.solana.chain.finalize();
  return { stack, side, solanaSponsor };
}

/** A transaction by itself, in the next round: whoever signs it pays for it. @throws Error when the chain refuses it */
export function land({ localnet }: Pick<AlgorandSide, "localnet">, fields: TransactionFields, key = USER): void {
  const { chain, genesisHash, genesisId } = localnet;
  const life = { fv: chain.round, lv: chain.round + 10n, gen: genesisId };
  const own = { ...fields, ...life, fee: chain.minFee, gh: Uint8Array.from(Buffer.from(genesisHash, "base64")) };
  const bytes = writeTransaction(own);
  const read = decodeMsgpackMaps(bytes);
  const txn = read.ok ? read.value[0]?.value : undefined;
  const signed = encodeMsgpack({ sig: key.sign(signedBytesOf(bytes)), txn: txn ?? {} });
  const refusal = chain.submit([readWireTransaction(signed)]);
  if (refusal !== null) throw new Error(refusal);
  chain.tick();
}

export type Project = ApiTarget & SeededProject;

export const createOpenProject = (
  { side }: AlgorandScene,
  policy: Partial<AlgorandPolicy> = {},
  seed: Partial<ProjectSeed> = {},
): Promise<Project> =>
  side.createProject({ sponsorAddress: SPONSOR.address, policy: { ...OPEN_POLICY, ...policy }, ...RATES, ...seed });

/** Somebody who is signed in to a project. */
export interface AlgorandVisitor {
  readonly target: Project;
  readonly key: AlgorandKey;
  readonly token: string;
  readonly userId: string;
}

export async function enter(target: Project, key: AlgorandKey = USER): Promise<AlgorandVisitor> {
  const { accessToken, user } = await signInAlgorand(target, { ...key, seed: toBase64(key.seed) });
  return { target, key, token: accessToken, userId: user.id };
}

/** In a project of its own, whose policy allows everything but what is given here. */
export const enterNewProject = async (
  scene: AlgorandScene,
  policy?: Partial<AlgorandPolicy>,
  key?: AlgorandKey,
): Promise<AlgorandVisitor> => enter(await createOpenProject(scene, policy), key);

/** As far from now as it is from where a sketch begins; a round that nobody lives to see stays what it is. */
const shiftRound = (now: bigint, round: TransactionFields[string]): typeof round =>
  typeof round === "bigint" && round < 2n ** 32n ? round + now - ROUND : round;

/** Links a wallet to the user of a token. */
export async function linkKey(target: ApiTarget, token: string, key: AlgorandKey): Promise<ApiAnswer<unknown>> {
  const { address } = key;
  const challenge = await requestChallenge(target, { address, method: "mx" });
  const proof = await proveAlgorand(challenge, "mx", { ...key, seed: toBase64(key.seed) });
  const { challengeId } = challenge;
  const body = { challengeId, network: target.network, address, method: "mx", ...proof };
  return callApi(target, "POST", "/v1/wallets", { token, body });
}

/** What is said of the sketched network is said of the scene's; what is foreign stays foreign. */
function localize({ side: { localnet } }: OnChain, fields: TransactionFields): TransactionFields {
  const { gh, gen } = fields;
  const isOurs = gh instanceof Uint8Array && Buffer.compare(gh, GENESIS_HASH) === 0;
  return {
    ...fields,
    ...(isOurs && { gh: Uint8Array.from(Buffer.from(localnet.genesisHash, "base64")) }),
    ...(gen === "gasless-v1" && { gen: localnet.genesisId }),
    fv: shiftRound(localnet.chain.round, fields["fv"]),
    lv: shiftRound(localnet.chain.round, fields["lv"]),
  };
}

/** The bytes of a sketched transaction that is of no group, unsigned. */
export const writeAlone = (scene: OnChain, fields: TransactionFields): Uint8Array =>
  writeTransaction(localize(scene, fields));

/** The wire bytes of a sketched group on the scene's network. */
export function drawGroup(
  scene: OnChain,
  { sponsored = sponsorPays(), user, signing }: GroupSketch,
): readonly Uint8Array[] {
  return sketchGroup({
    sponsored: localize(scene, sponsored),
    user: user.map((fields) => localize(scene, fields)),
    ...(signing && { signing }),
  });
}

export type GroupAnswer = ApiAnswer<GroupRelay & Readonly<Record<string, unknown>>>;

export const postTexts = (
  { target, token }: AlgorandVisitor,
  transactions: readonly unknown[],
  idempotencyKey: string = crypto.randomUUID(),
): Promise<GroupAnswer> =>
  callApi(target, "POST", "/v1/relays", {
    token,
    body: { network: target.network, transactions },
    headers: { "idempotency-key": idempotencyKey },
  });

export const postBytes = (
  visitor: AlgorandVisitor,
  parts: readonly Uint8Array[],
  idempotencyKey?: string,
): Promise<GroupAnswer> => postTexts(visitor, parts.map(toBase64), idempotencyKey);

const PATIENCE = 8;

/** As a client posts it that comes again with the same key where a store did not answer in time, as in a burst on a small machine. */
export async function postPatiently(visitor: AlgorandVisitor, parts: readonly Uint8Array[]): Promise<GroupAnswer> {
  const key = crypto.randomUUID();
  for (let attempt = 1; ; attempt++) {
    const answer = await postBytes(visitor, parts, key);
    if (answer.body["code"] !== "store.unavailable" || attempt === PATIENCE) return answer;
  }
}

/** Lands what was accepted: it is sent behind its answer. */
export async function landRelays({ side: { localnet } }: OnChain, answers: readonly GroupAnswer[]): Promise<void> {
  const ids = answers.flatMap(({ body }) => body.transactionIds ?? []);
  const isThere = (id: string): boolean => localnet.chain.find(id) !== undefined;
  await vi.waitFor(() => expect(ids.filter((id) => !isThere(id))).toEqual([]), { timeout: 5_000, interval: 10 });
  localnet.chain.tick();
}

/** What is accepted, and has landed when this returns. @throws Error when it is refused */
export async function relayBytes(
  scene: AlgorandScene,
  visitor: AlgorandVisitor,
  parts: readonly Uint8Array[],
): Promise<GroupRelay> {
  const answer = await postBytes(visitor, parts);
  const relay = expectStatus(answer, 202);
  await landRelays(scene, [answer]);
  return relay;
}

export async function explainBytes(
  { target, token }: AlgorandVisitor,
  parts: readonly Uint8Array[],
): Promise<Explanation> {
  const body = { network: target.network, transactions: parts.map(toBase64) };
  return expectStatus(await callApi<Explanation>(target, "POST", "/v1/relays/explain", { token, body }), 200);
}

interface Allowance {
  readonly limits: readonly { readonly used: string; readonly held: string }[];
}

/** What anything that is refused must leave as it was. */
export interface Untouched {
  readonly balances: readonly bigint[];
}

const balancesOf = ({ side }: AlgorandScene): readonly bigint[] =>
  [SPONSOR, SPARE].map(({ address }) => side.localnet.chain.balanceOf(address));

export function lookBefore(scene: AlgorandScene): Untouched {
  scene.side.localnet.faults.resetCalls();
  return { balances: balancesOf(scene) };
}

/** Nothing was sent or signed, no sponsor has less, no budget is held or used and nothing was given, by SQL and by HTTP. */
export async function expectUntouched(
  scene: AlgorandScene,
  { target, token }: AlgorandVisitor,
  { balances }: Untouched,
  ledger: Ledger = EMPTY_LEDGER,
): Promise<void> {
  const { stack, side } = scene;
  expect(side.localnet.faults.calls(SEND)).toBe(0);
  expect(side.localnet.chain.pending().map(({ id }) => id)).toEqual([]);
  expect(balancesOf(scene)).toEqual(balances);
  expect(await ledgerOf(stack, target)).toEqual(ledger);
  const { rows } = await stack.database.query(
    `select (select count(*)::integer from allotments a join relays r on r.id = a.relay_id
        where a.project_id = $1 and r.state not in ('rejected', 'expired')) as given,
      (select count(*)::integer from relays where project_id = $1 and signed_at is not null) as signed`,
    [target.projectId],
  );
  expect(rows).toEqual([{ given: 0, signed: 0 }]);
  const path = `/v1/allowance?network=${target.network}`;
  const { limits } = expectStatus(await callApi<Allowance>(target, "GET", path, { token }), 200);
  expect(limits.filter(({ used, held }) => used !== "0" || held !== "0")).toEqual([]);
}
