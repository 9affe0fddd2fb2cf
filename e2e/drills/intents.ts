import assert from "node:assert/strict";
import {
  type ApiAnswer,
  type ApiTarget,
  buildTransaction,
  memoBy,
  postRelay,
  type Prepared,
  prepareRelay,
  type RelayBody,
  signIn,
  toBase64,
} from "@gasless/localnet/api-client";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import type { Instruction } from "@solana/kit";
import type { Scene } from "./drill.ts";
import { mapLimited, sleep, tally } from "./support.ts";

/** Far more than any drill asks for. */
const UNLIMITED = 10_000_000;
/** No drill is about these. */
export const NO_RATE_LIMITS = { addressRequestsPerMinute: UNLIMITED, userRelaysPerMinute: UNLIMITED };
/** Wallets sign in this process: more at once would only take turns. */
const CONCURRENT_SIGNERS = 4;
const MARK_LENGTH = 40;

export interface User {
  readonly target: ApiTarget;
  readonly wallet: LocalWallet;
  readonly token: string;
}

export type RelayAnswer = ApiAnswer<RelayBody & Readonly<Record<string, unknown>>>;

/** One signed transaction, and how to post it: always the same bytes, under its own key unless another one is given. */
export interface Intent extends User {
  readonly feePayer: string;
  /** Stands in every request to a node that is about it, signed or not. */
  readonly mark: string;
  post(key?: string): Promise<RelayAnswer>;
}

/** A new user of a project, a new one without more; its tokens may stand in no log. */
export async function createUser({ stack, hidden }: Scene, given?: ApiTarget): Promise<User> {
  const target = given ?? (await stack.createProject());
  const wallet = await createWallet();
  const { accessToken: token, refreshToken } = await signIn(target, wallet);
  for (const credential of [token, token.slice(token.lastIndexOf(".") + 1), refreshToken]) hidden.add(credential);
  return { target, wallet, token };
}

export const createUsers = (scene: Scene, target: ApiTarget, count: number): Promise<User[]> =>
  mapLimited(Array.from({ length: count }), CONCURRENT_SIGNERS, () => createUser(scene, target));

/** A memo that no other transaction has, behind the given instructions. */
export async function buildIntent(
  user: User,
  prepared: Pick<Prepared, "feePayer" | "lifetime">,
  before: readonly Instruction[] = [],
): Promise<Intent> {
  const { target, wallet, token } = user;
  const wire = await buildTransaction(prepared, [...before, memoBy(wallet, crypto.randomUUID())], [wallet]);
  // The end of its bytes is the memo: the sponsor's signature stands at their beginning, and changes no length.
  const mark = toBase64(wire).slice(-MARK_LENGTH);
  const ownKey = crypto.randomUUID();
  return { ...user, feePayer: prepared.feePayer, mark, post: (key = ownKey) => postRelay(target, token, wire, key) };
}

/** One transaction of a user, a new one without more. */
export async function createIntent(scene: Scene, given?: User): Promise<Intent> {
  const user = given ?? (await createUser(scene));
  return buildIntent(user, await prepareRelay(user.target, user.token));
}

/** Transactions in which users take turns, all prepared at this moment. */
export async function createIntents(users: readonly User[], count: number): Promise<Intent[]> {
  const prepared = await Promise.all(users.map(({ target, token }) => prepareRelay(target, token)));
  return mapLimited(Array.from({ length: count }), CONCURRENT_SIGNERS, (_nothing, index) => {
    const [user, lifetime] = [users[index % users.length], prepared[index % users.length]];
    assert(user && lifetime);
    return buildIntent(user, lifetime);
  });
}

/** The code of a refusal, the status of anything else. */
export const outcomeOf = ({ status, body }: Pick<RelayAnswer, "status" | "body">): string =>
  typeof body["code"] === "string" ? body["code"] : String(status);

/** @throws AssertionError with the problem, unless it was accepted; gives the relay otherwise */
export function expectAccepted({ status, body }: RelayAnswer): RelayAnswer["body"] {
  assert.equal(status, 202, `was answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

export interface Persistence {
  readonly answer: RelayAnswer;
  /** What came of each attempt, the last one too. */
  readonly outcomes: readonly string[];
}

const LONGEST_BACK_OFF_MS = 30_000;

/** A client waits at least as long as it is told to, longer after each fault, and not in step with all the others. */
function backOffMs(answer: RelayAnswer | undefined, faults: number): number {
  const leastMs = answer ? 1_000 * Number(answer.headers.get("retry-after") ?? 1) : 500;
  return Math.min(LONGEST_BACK_OFF_MS, leastMs * 1.5 ** (faults - 1)) * (1 + Math.random() / 2);
}

/** What a client does that wants its transaction through: the same again after every fault, until there is an answer. */
export async function postUntilAnswered({ post }: Intent, key?: string, patienceMs = 60_000): Promise<Persistence> {
  const untilMs = performance.now() + patienceMs;
  const outcomes: string[] = [];
  for (;;) {
    const answer = await post(key).catch(() => undefined);
    outcomes.push(answer ? outcomeOf(answer) : "no answer");
    const isFault = !answer || answer.status >= 500 || answer.body["code"] === "idempotency.in_progress";
    if (answer && !isFault) return { answer, outcomes };
    assert(performance.now() < untilMs, `nobody has answered: ${tally(outcomes)}`);
    await sleep(backOffMs(answer, outcomes.length));
  }
}

/** What is said of faults on the way, where there were any. */
export function describeFaults(persistences: readonly Persistence[]): string {
  const faults = persistences.flatMap(({ outcomes }) => outcomes.slice(0, -1));
  return faults.length === 0 ? "" : `, after ${tally(faults)}`;
}
