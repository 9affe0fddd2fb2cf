import { base64 } from "@scure/base";
import type { RelayAnswer, RelayIntent } from "../../src/services/relays/relay-intent.ts";
import { AppError } from "../../src/errors.ts";
import type { Told } from "./invariants.ts";
import { NETWORK, ORIGIN, PROJECT_ID, projectOf, type ProjectState } from "./model-project.ts";
import type { Random } from "./random.ts";
import type { Process, Scheduler } from "./scheduler.ts";
import { userAddress, writeWire } from "./transactions.ts";

/** What one client wants, and how stubbornly. */
export interface Wish {
  readonly user: number;
  readonly idempotencyKey: string;
  /** Of the message; two wishes may have the same one. */
  readonly number: number;
  readonly startAfterMs: number;
  readonly attempts: number;
  /** Asked once more, much later, when it has its answer. */
  readonly asksAgain: boolean;
}

interface Scene {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly project: ProjectState;
  /** The height that a client's node says when the transaction is made, one per message. */
  readonly bornHeightOf: (number: number) => number;
  readonly sponsor: (process: Process, intent: RelayIntent) => Promise<RelayAnswer>;
  readonly onTold: (told: Told) => void;
  readonly count: (what: string) => void;
}

const USERS = 2;
const PATIENCE_MS = 10_000;

/**
 * Two to four requests; among them the same one twice, a message under a second key, a key with another message, and
 * two of one user that have nothing else in common.
 */
export function makeWishes(random: Random): Wish[] {
  const wishes: Wish[] = [];
  const wanted = 2 + random.below(3);
  while (wishes.length < wanted) {
    const index = wishes.length;
    const earlier = index > 0 && random.chance(0.6) ? random.pick(wishes) : undefined;
    const kind = earlier ? random.below(5) : -1;
    wishes.push({
      user: earlier?.user ?? random.below(USERS),
      idempotencyKey: earlier && kind !== 2 && kind !== 4 ? earlier.idempotencyKey : `key ${index}`,
      number: earlier && kind !== 3 && kind !== 4 ? earlier.number : index,
      startAfterMs: random.chance(0.6) ? random.below(20) : random.below(25_000),
      attempts: 1 + random.below(5),
      asksAgain: random.chance(0.3),
    });
  }
  return wishes;
}

function toTold(wish: Wish, outcome: PromiseSettledResult<RelayAnswer>): Omit<Told, "askedAtMs" | "toldAtMs"> {
  const key = `${userAddress(wish.user)}, ${wish.idempotencyKey}, intent ${wish.number}`;
  if (outcome.status === "fulfilled") {
    const { status, body } = outcome.value;
    return { key, status, code: undefined, body };
  }
  const error: unknown = outcome.reason;
  if (!(error instanceof AppError)) return { key, status: 500, code: undefined, body: String(error) };
  return { key, status: error.status, code: error.code, body: error.message };
}

/** Asks until there is an answer that asking again would not change, or no attempt is left. */
export function startClient(
  { scheduler, random, project, bornHeightOf, sponsor, onTold, count }: Scene,
  wish: Wish,
  /** Its name in the log. */
  client: string,
): void {
  const { at, nowMs, spawn, record } = scheduler;
  let attempts = 0;
  let transaction = "";

  function attempt(): void {
    attempts++;
    const { user, number } = wish;
    transaction ||= base64.encode(writeWire({ user, number, bornHeight: bornHeightOf(number) }));
    const askedAtMs = nowMs();
    let isOver = false;
    const goOn = (next: () => void): void => {
      if (!isOver) next();
      isOver = true;
    };
    const loseAnswer = (): void => {
      at(random.below(PATIENCE_MS), () => goOn(() => retry()));
    };
    const name = `${client}.${attempts} (${userAddress(user)}, ${wish.idempotencyKey}, intent ${number})`;
    const process = spawn(name, loseAnswer);
    record(name, "begins");
    const answering = async (): Promise<void> => {
      const intent: RelayIntent = {
        requestId: name,
        project: projectOf(project),
        claims: claimsOf(user),
        idempotencyKey: wish.idempotencyKey,
        body: { network: NETWORK, transaction },
        render: (error) => JSON.stringify({ code: error.code }),
      };
      const [outcome] = await Promise.allSettled([sponsor(process, intent)]);
      if (!process.isAlive) return;
      if (random.chance(0.05)) {
        count("an answer is lost on its way");
        return loseAnswer();
      }
      const answer = toTold(wish, outcome);
      at(random.below(40), () => goOn(() => hear({ ...answer, askedAtMs, toldAtMs: nowMs() })));
    };
    void answering();
  }

  function hear(told: Told): void {
    const { status, code } = told;
    count(`told ${status} ${code ?? ""}`);
    record(told.key, `is told ${status} ${code ?? ""} ${told.body}`);
    onTold(told);
    const mayChange = status >= 500 || status === 429 || code === "idempotency.in_progress";
    if (mayChange) return retry();
    if (wish.asksAgain && attempts <= wish.attempts) at(random.below(90_000), attempt);
  }

  function retry(): void {
    if (attempts >= wish.attempts) return;
    at(random.chance(0.7) ? 500 + random.below(3_000) : random.below(30_000), attempt);
  }

  at(wish.startAfterMs, attempt);
}

function claimsOf(user: number): RelayIntent["claims"] {
  return {
    projectId: PROJECT_ID,
    userId: `usr_${user}`,
    sessionId: `ses_${user}`,
    wallet: `solana:${userAddress(user)}`,
    origin: ORIGIN,
    amr: [],
    keyThumbprint: undefined,
  };
}
