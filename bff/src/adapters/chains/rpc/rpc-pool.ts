import { AppError } from "../../../errors.ts";
import type { ProviderHealth } from "../../../ports.ts";
import { createExchange, type ExchangeOptions, type RpcCall } from "./exchange.ts";
import {
  createProvider,
  GENESIS_METHOD,
  type Provider,
  type ProviderSettings,
  type QuarantineReason,
} from "./provider.ts";
import { createRetryBudget } from "./retry-budget.ts";
import { RpcFault } from "./fault.ts";

/** No call waits longer, whatever happens to its attempts. */
const DEADLINE_MS = 2_500;
/** What a provider gets when another one could still answer within the deadline. */
const ATTEMPT_MS = 1_100;

/** Asks the provider that a conversation is with. */
export type Ask = <Answer>(call: RpcCall<Answer>) => Promise<Answer>;

export interface Testimony<Value> {
  readonly provider: string;
  /** False while it is in quarantine: its word counts, but not against others. */
  readonly isTrusted: boolean;
  readonly value: Value;
}

export interface RpcPoolOptions extends ExchangeOptions {
  readonly providers: readonly ProviderSettings[];
  /** From 0 to below 1. */
  readonly randomUnit: () => number;
}

export type RpcPool = ReturnType<typeof createRpcPool>;

interface Work<Value> {
  readonly method: string;
  readonly attempt: (provider: Provider, timeoutMs: number) => Promise<Value>;
  readonly isEnough?: ((value: Value) => boolean) | undefined;
}

function unavailable(cause: unknown): AppError {
  const options = { retryAfterSeconds: 1, cause };
  return cause instanceof RpcFault && cause.kind === "timeout"
    ? new AppError("upstream.rpc_timeout", "The network's node did not answer in time.", options)
    : new AppError("upstream.rpc_unavailable", "The network's node cannot be used at the moment.", options);
}

function pickByScore(candidates: readonly Provider[], method: string, unit: number): Provider | undefined {
  let mark = unit * candidates.reduce((sum, provider) => sum + provider.score(method), 0);
  for (const provider of candidates) {
    mark -= provider.score(method);
    if (mark < 0) return provider;
  }
  return candidates.at(-1);
}

/**
 * JSON-RPC calls to a network through several providers. A call goes to one of them, by weight and by how well each has
 * done with the method; to another when that one fails, within one deadline and the retry budget. Health is only an
 * order; quarantine keeps a provider that lies out of use for a minute.
 */
export function createRpcPool(options: RpcPoolOptions) {
  const { network, nowMs, randomUnit, metrics } = options;
  const providers = options.providers.map((settings) => createProvider(settings, nowMs, options.fastestSlotMs));
  const exchange = createExchange(options, providers);
  const budget = createRetryBudget();
  const isReady = (provider: Provider, method: string): boolean => provider.readyAtMs(method) <= nowMs();
  const isOfNetwork = (provider: Provider): boolean => provider.quarantineReason() !== "wrong_genesis";

  const nobodyLeft = (): Error => new Error(`every provider of ${network} is in quarantine`);

  /** Without those in quarantine; where nobody else is left, one that was of another network may prove itself. */
  function listUsable(tried: readonly Provider[]): Provider[] {
    const free = providers.filter((provider) => provider.quarantineReason() === undefined);
    const usable = free.length > 0 ? free : providers.filter((provider) => !isOfNetwork(provider));
    return usable.filter((provider) => !tried.includes(provider));
  }

  /**
   * Who is unwell is tried again at the cost of a retry, never of a failure: without one left, those come first with
   * which nothing at all is wrong. Who is not ready is asked when nobody is.
   */
  function choose(method: string, tried: readonly Provider[]): Provider | undefined {
    const usable = listUsable(tried);
    const ready = usable.filter((provider) => isReady(provider, method));
    if (ready.length === 0) return usable.toSorted((one, other) => one.readyAtMs(method) - other.readyAtMs(method))[0];
    const well = ready.filter((provider) => !provider.isTroubled(method));
    const sound = well.filter((provider) => provider.isSound());
    const mayRisk = tried.length === 0 && budget.hasRetry();
    const candidates = mayRisk ? ready : ([sound, well].find(({ length }) => length > 0) ?? ready);
    return pickByScore(candidates, method, randomUnit());
  }

  /** One provider after the other, until one has answered, or the deadline, the budget or the providers are used up. */
  async function run<Value>({ method, attempt, isEnough = () => true }: Work<Value>): Promise<Value> {
    budget.earn();
    const untilMs = nowMs() + DEADLINE_MS;
    const tried: Provider[] = [];
    let last: PromiseSettledResult<Value> | undefined;
    for (;;) {
      const provider = choose(method, tried);
      const leftMs = Math.min(DEADLINE_MS, untilMs - nowMs());
      if (!provider || leftMs <= 0 || (last && !budget.spend())) break;
      if (last) metrics.count("gasless_rpc_retries_total", { network });
      tried.push(provider);
      const isWell = isReady(provider, method);
      const hasOther = listUsable(tried).some((other) => isReady(other, method));
      const mayFailOver = hasOther && budget.hasRetry() && leftMs >= 2 * ATTEMPT_MS;
      provider.begin(method);
      const [outcome] = await Promise.allSettled([attempt(provider, mayFailOver ? ATTEMPT_MS : leftMs)]);
      if (outcome.status === "fulfilled" && isEnough(outcome.value)) return outcome.value;
      if (outcome.status === "rejected" && !(outcome.reason instanceof RpcFault)) throw outcome.reason;
      if (last?.status !== "fulfilled") last = outcome;
      // When all are unwell the best one is asked, and the budget is kept for when there is somebody to turn to.
      if (!isWell && tried.length === 1) break;
    }
    if (last?.status === "fulfilled") return last.value;
    throw unavailable(last?.reason ?? nobodyLeft());
  }

  /** All of it with one provider; where that stood is looked at when it has been proven. */
  async function talk<Value>(
    provider: Provider,
    method: string,
    isWrite: boolean,
    timeoutMs: number,
    conversation: (ask: Ask) => Promise<Value>,
  ): Promise<{ value: Value; isOutlier: boolean }> {
    const checks: (() => boolean)[] = [];
    const talking = exchange.withProof(provider, isWrite, timeoutMs, (leftMs) =>
      conversation(async (call) => {
        const answer = await exchange.ask(provider, call, leftMs);
        checks.push(() => exchange.isOutlier(provider, call, answer));
        return answer;
      }),
    );
    const value = await exchange.observe(provider, method, talking);
    return { value, isOutlier: checks.map((check) => check()).some(Boolean) };
  }

  const converse = <Value>(
    method: string,
    conversation: (ask: Ask) => Promise<Value>,
    { isWrite = false, isEnough }: { isWrite?: boolean; isEnough?: ((value: Value) => boolean) | undefined } = {},
  ): Promise<Value> =>
    run({
      method,
      isEnough,
      async attempt(provider, timeoutMs) {
        const { value, isOutlier } = await talk(provider, method, isWrite, timeoutMs, conversation);
        if (isOutlier) throw new RpcFault(provider.endpoint.name, method, "error", "it is not where the others are");
        return value;
      },
    });

  async function hear<Value>(provider: Provider, method: string, conversation: (ask: Ask) => Promise<Value>) {
    const [outcome] = await Promise.allSettled([talk(provider, method, false, DEADLINE_MS, conversation)]);
    if (outcome.status === "rejected" && !(outcome.reason instanceof RpcFault)) throw outcome.reason;
    return { provider, outcome };
  }

  /** Two that may be asked now and have not been; fewer where there are no more. Who is unwell only when it is the first. */
  function choosePair(method: string, tried: readonly Provider[]): Provider[] {
    const pair: Provider[] = [];
    while (pair.length < 2) {
      const provider = choose(method, [...tried, ...pair]);
      const isFirst = tried.length + pair.length === 0;
      if (!provider || !(isFirst || isReady(provider, method))) break;
      pair.push(provider);
    }
    return pair;
  }

  return {
    /** @throws RpcError of its `finalErrors`; upstream.rpc_unavailable, upstream.rpc_timeout */
    read: <Answer>(call: RpcCall<Answer>): Promise<Answer> =>
      converse(call.method, (ask) => ask(call), { isEnough: call.isEnough }),
    /** Several calls to one provider; to another one all of them again. `method` is the one that it is chosen for. */
    converse: <Value>(method: string, conversation: (ask: Ask) => Promise<Value>): Promise<Value> =>
      converse(method, conversation),
    /** A call that changes the chain and may be repeated: only to a provider that is proven first. */
    write: <Answer>(call: RpcCall<Answer>): Promise<Answer> =>
      converse(call.method, (ask) => ask(call), { isWrite: true }),
    /** That one of them is of the network, and answers. */
    ping: (): Promise<void> => run({ method: GENESIS_METHOD, attempt: exchange.prove }),
    /**
     * The same conversation with every provider but those of another network; those that are stale or have denied
     * something are heard as well. `silent` names who did not answer. No retry, and nobody's failure ends it.
     */
    async hearAll<Value>(method: string, conversation: (ask: Ask) => Promise<Value>) {
      const outcomes = await Promise.all(
        providers.filter(isOfNetwork).map((provider) => hear(provider, method, conversation)),
      );
      const heard: Testimony<Value>[] = [];
      const silent: string[] = [];
      for (const { provider, outcome } of outcomes.filter(({ provider }) => isOfNetwork(provider))) {
        const { name } = provider.endpoint;
        if (outcome.status === "rejected") silent.push(name);
        else {
          const isTrusted = provider.quarantineReason() === undefined;
          heard.push({ provider: name, isTrusted, value: outcome.value.value });
        }
      }
      return { heard, silent };
    },
    /**
     * What different providers say to the same question, without those in quarantine: two at once, then two more, until
     * it is enough or nobody is left to be asked. No retry. @throws upstream.rpc_unavailable, upstream.rpc_timeout
     */
    async hearUntil<Answer>(
      call: RpcCall<Answer>,
      isEnough: (answers: readonly Answer[]) => boolean,
    ): Promise<readonly Answer[]> {
      const { method } = call;
      const tried: Provider[] = [];
      const heard: { readonly provider: Provider; readonly answer: Answer }[] = [];
      const listTrusted = (): Answer[] =>
        heard.flatMap(({ provider, answer }) => (provider.quarantineReason() === undefined ? [answer] : []));
      let cause: unknown;
      for (let pair = choosePair(method, tried); pair.length > 0; pair = choosePair(method, tried)) {
        tried.push(...pair);
        for (const provider of pair) provider.begin(method);
        for (const { provider, outcome } of await Promise.all(
          pair.map((one) => hear(one, method, (ask) => ask(call))),
        )) {
          if (outcome.status === "fulfilled") heard.push({ provider, answer: outcome.value.value });
          else cause = outcome.reason;
        }
        if (isEnough(listTrusted())) break;
      }
      if (heard.length === 0) throw unavailable(cause ?? nobodyLeft());
      return listTrusted();
    },
    /** Puts a provider out of use for a minute: something that it said has been disproved. */
    accuse(name: string, reason: QuarantineReason): void {
      const provider = providers.find(({ endpoint }) => endpoint.name === name);
      if (provider) exchange.quarantine(provider, reason);
    },
    health: (): readonly ProviderHealth[] => providers.map((provider) => provider.describeHealth()),
  };
}
