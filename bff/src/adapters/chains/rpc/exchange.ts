import * as z from "zod";
import { type Commitment, GENESIS_METHOD, type Provider, type QuarantineReason } from "./provider.ts";
import { type PostRpc, RpcFault } from "./fault.ts";

/** So few can be outvoted by one that lies. */
const VOICES_TO_JUDGE = 3;

export interface RpcCall<Answer> {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly answer: z.ZodType<Answer>;
  /** Where the provider stood when it answered; undefined: the answer does not tell. */
  readonly standing?: (answer: Answer) => { readonly commitment: Commitment; readonly slot: bigint } | undefined;
  /** Codes that say something of the question, not of the provider: they throw `RpcError`. */
  readonly finalErrors?: readonly number[];
  /** False when another provider may know more. */
  readonly isEnough?: (answer: Answer) => boolean;
}

/** The question cannot be answered, whoever is asked. */
export class RpcError extends Error {
  readonly rpcCode: number;

  constructor(rpcCode: number) {
    super(`JSON-RPC error ${rpcCode}`);
    this.name = "RpcError";
    this.rpcCode = rpcCode;
  }
}

interface RpcMetrics {
  count(name: string, labels: Readonly<Record<string, string>>, by?: number): void;
  set(name: string, labels: Readonly<Record<string, string>>, value: number): void;
}

export interface ExchangeOptions {
  readonly network: string;
  readonly genesisHash: string;
  /** A minute of slots: who is further behind is stale. Processed, confirmed and finalized are compared each with its like. */
  readonly maxLagSlots: bigint;
  /** Faster than the network makes them: who was seen a while ago may be that much further by now. */
  readonly fastestSlotMs: number;
  readonly nowMs: () => number;
  readonly metrics: RpcMetrics;
  readonly post: PostRpc;
}

const GENESIS: RpcCall<string> = { method: GENESIS_METHOD, params: [], answer: z.string() };

/** An answer that is too absurd even to be looked at, such as one that is nested without end, is none either. @throws RpcFault */
function readAnswer<Answer>({ method, answer }: RpcCall<Answer>, given: unknown, provider: string): Answer {
  let parsed: z.ZodSafeParseResult<Answer>;
  try {
    parsed = answer.safeParse(given);
  } catch {
    throw new RpcFault(provider, method, "error", "an answer that cannot be looked at");
  }
  if (parsed.success) return parsed.data;
  throw new RpcFault(provider, method, "error", z.prettifyError(parsed.error));
}

/** What is said to one provider, and what is remembered and counted of how it did. */
export function createExchange(options: ExchangeOptions, providers: readonly Provider[]) {
  const { network, genesisHash, maxLagSlots, nowMs, metrics, post } = options;

  function quarantine(provider: Provider, reason: QuarantineReason): void {
    if (!provider.quarantine(reason)) return;
    metrics.count("gasless_rpc_quarantines_total", { network, provider: provider.endpoint.name, reason });
  }

  /** One request, its answer checked. @throws RpcFault, RpcError */
  async function ask<Answer>(provider: Provider, call: RpcCall<Answer>, timeoutMs: number): Promise<Answer> {
    const { method, params } = call;
    const { name } = provider.endpoint;
    const count = (outcome: string): void =>
      metrics.count("gasless_rpc_requests_total", { network, provider: name, method, outcome });
    try {
      const given = await post(provider.endpoint, method, params, timeoutMs);
      const answer = readAnswer(call, given, name);
      count("ok");
      return answer;
    } catch (error) {
      if (!(error instanceof RpcFault)) throw error;
      const isFinal = error.rpcCode !== undefined && (call.finalErrors ?? []).includes(error.rpcCode);
      count(isFinal ? "ok" : error.kind);
      throw isFinal ? new RpcError(error.rpcCode) : error;
    }
  }

  /** Remembers how the provider did with a method. */
  async function observe<Value>(provider: Provider, method: string, work: Promise<Value>): Promise<Value> {
    try {
      const value = await work;
      provider.succeed(method);
      return value;
    } catch (error) {
      if (error instanceof RpcFault) provider.fail(method, error.kind);
      else provider.succeed(method);
      throw error;
    }
  }

  async function prove(provider: Provider, timeoutMs: number): Promise<void> {
    const shown = await observe(provider, GENESIS_METHOD, ask(provider, GENESIS, timeoutMs));
    if (shown !== genesisHash) {
      quarantine(provider, "wrong_genesis");
      throw new RpcFault(provider.endpoint.name, GENESIS_METHOD, "error", "it is of another network");
    }
    provider.prove();
  }

  /**
   * Nothing that an unproven provider says is used. It is proven beside the work; before it, when the work changes the
   * chain, or when the provider has last not been able to show its genesis: what is down is asked one thing.
   */
  async function withProof<Value>(
    provider: Provider,
    isWrite: boolean,
    timeoutMs: number,
    work: (timeoutMs: number) => Promise<Value>,
  ): Promise<Value> {
    if (provider.isProven()) return work(timeoutMs);
    if (isWrite || provider.hasFailedProof() || provider.quarantineReason() === "wrong_genesis") {
      const untilMs = nowMs() + timeoutMs;
      await prove(provider, timeoutMs);
      return work(Math.min(timeoutMs, Math.max(1, untilMs - nowMs())));
    }
    const working = Promise.allSettled([work(timeoutMs)]);
    await prove(provider, timeoutMs);
    const [outcome] = await working;
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  }

  /**
   * True when the answer comes from a place that others deny: it is not used, and who gave it is put aside. Three that
   * have shown themselves within a minute outvote one, by their median: who is behind it is stale, who is before it
   * boasts. Until then nobody is judged where three are configured. Of two, the one behind is put aside, whoever lies:
   * an operator who wants a liar outvoted needs three.
   */
  function isOutlier<Answer>(provider: Provider, call: RpcCall<Answer>, answer: Answer): boolean {
    const standing = call.standing?.(answer);
    if (!standing) return false;
    const { commitment, slot } = standing;
    const isTrusted = provider.quarantineReason() === undefined;
    const others = providers
      .filter((other) => other !== provider && other.quarantineReason() === undefined)
      .flatMap((other) => {
        const shown = other.shownSlot(commitment);
        return shown ? [{ provider: other, ...shown }] : [];
      });
    const voices = [...others, { provider, slot, most: slot }];
    const canJudge = voices.length >= VOICES_TO_JUDGE;
    const { lower, upper } = middlesOf(voices.map((voice) => voice.slot));
    const reference = canJudge ? lower : upper;
    const lag = reference > slot ? reference - slot : 0n;
    provider.showSlot(commitment, slot, lag);
    metrics.set("gasless_rpc_slot_lag_slots", { network, provider: provider.endpoint.name }, Number(lag));
    if (!canJudge && providers.length >= VOICES_TO_JUDGE) return false;
    const isStale = lag > maxLagSlots;
    if (isStale) quarantine(provider, "stale");
    if (!canJudge) return isStale;
    // What was seen a while ago may be further by now: only who is before that, too, is ahead.
    const furthest = middlesOf(voices.map(({ most }) => most)).upper;
    const boasters = voices.filter((voice) => voice.slot > furthest + maxLagSlots);
    for (const boaster of boasters)
      if (isTrusted || boaster.provider === provider) quarantine(boaster.provider, "ahead");
    return isStale || boasters.some((boaster) => boaster.provider === provider);
  }

  return { ask, observe, prove, withProof, isOutlier, quarantine };
}

/** Of an odd number both are the median; of two they are the lesser and the greater. At least one is given. */
function middlesOf(slots: readonly bigint[]): { readonly lower: bigint; readonly upper: bigint } {
  const sorted = slots.toSorted((one, other) => (one < other ? -1 : Number(one > other)));
  const last = sorted.length - 1;
  return { lower: sorted[Math.floor(last / 2)] ?? 0n, upper: sorted[Math.ceil(last / 2)] ?? 0n };
}
