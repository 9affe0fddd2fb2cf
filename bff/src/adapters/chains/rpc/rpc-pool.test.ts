import { describe, expect, test } from "vitest";
import * as z from "zod";
import { AppError } from "../../../errors.ts";
import type { RpcCall } from "./exchange.ts";
import { RpcFault } from "./fault.ts";
import { createRpcPool } from "./rpc-pool.ts";

const GENESIS = "the-genesis-hash";
const DEADLINE_MS = 2_500;

interface Reply {
  readonly afterMs?: number;
  readonly result?: unknown;
  readonly rpcCode?: number;
  readonly isRefused?: boolean;
}
/** What a provider says to a method; the genesis hash it shows by itself unless told otherwise. */
type Node = (method: string) => Reply;

const well: Node = () => ({ result: 1 });
const slow: Node = () => ({ afterMs: 4_000, result: 1 });
const down: Node = () => ({ isRefused: true });
const at =
  (slot: number): Node =>
  () => ({ result: slot });

/** Providers by name, in a time that only passes while somebody waits for them. */
function openScene(nodes: Record<string, Node>, weights: Record<string, number> = {}) {
  let nowMs = 1_000_000;
  let random = 0;
  const calls: { readonly provider: string; readonly method: string; readonly timeoutMs: number }[] = [];
  const counters = new Map<string, number>();
  const labels: string[] = [];
  const add = (name: string, given: Readonly<Record<string, string>>, by: number): void => {
    const key = [name, ...Object.values(given)].join(" ");
    labels.push(key);
    counters.set(key, by);
  };
  const pool = createRpcPool({
    network: "solana:devnet",
    providers: Object.keys(nodes).map((name) => ({
      name,
      url: `https://${name}.example/?api-key=hunter2`,
      weight: weights[name] ?? 1,
    })),
    genesisHash: GENESIS,
    maxLagSlots: 150n,
    fastestSlotMs: 50,
    nowMs: () => nowMs,
    randomUnit: () => random,
    metrics: {
      count: (name, given, by = 1) =>
        add(name, given, (counters.get([name, ...Object.values(given)].join(" ")) ?? 0) + by),
      set: add,
    },
    async post({ name }, method, _params, timeoutMs) {
      calls.push({ provider: name, method, timeoutMs });
      const startedAtMs = nowMs;
      const reply = nodes[name]?.(method) ?? {};
      await Promise.resolve();
      nowMs = Math.max(nowMs, startedAtMs + Math.min(reply.afterMs ?? 0, timeoutMs));
      if ((reply.afterMs ?? 0) > timeoutMs) throw new RpcFault(name, method, "timeout", "no answer in time");
      if (reply.isRefused) throw new RpcFault(name, method, "refused", "no answer");
      if (reply.rpcCode !== undefined) throw new RpcFault(name, method, "error", "JSON-RPC error", reply.rpcCode);
      return method === "getGenesisHash" && reply.result === 1 ? GENESIS : reply.result;
    },
  });
  return {
    pool,
    nodes,
    calls,
    counters,
    labels,
    countOf: (...key: string[]) => counters.get(key.join(" ")) ?? 0,
    /** Which were asked since the last time, without questions for the genesis. */
    takeAsked(): string[] {
      const asked = calls.filter(({ method }) => method !== "getGenesisHash").map(({ provider }) => provider);
      calls.length = 0;
      return asked;
    },
    pass: (durationMs: number) => void (nowMs += durationMs),
    nowMs: () => nowMs,
    draw: (unit: number) => void (random = unit),
  };
}

const question: RpcCall<number> = { method: "getSlot", params: [], answer: z.int() };
const located: RpcCall<number> = {
  ...question,
  standing: (slot) => ({ commitment: "confirmed", slot: BigInt(slot) }),
};
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "it succeeded",
    (error: unknown) => error,
  );
const stateOf = ({ pool }: ReturnType<typeof openScene>) =>
  Object.fromEntries(pool.health().map(({ provider, state, reason }) => [provider, reason ?? state]));

describe("a provider that is slow", () => {
  test("costs a failover within the deadline, not a failure", async () => {
    const scene = openScene({ slow: (method) => (method === "getSlot" ? slow(method) : well(method)), well });
    const startedAtMs = scene.nowMs();
    expect(await scene.pool.read(question)).toBe(1);
    expect(scene.nowMs() - startedAtMs).toBeLessThan(DEADLINE_MS);
    expect(scene.takeAsked()).toEqual(["slow", "well"]);
    expect(scene.countOf("gasless_rpc_requests_total", "solana:devnet", "slow", "getSlot", "timeout")).toBe(1);
    expect(scene.countOf("gasless_rpc_retries_total", "solana:devnet")).toBe(1);
  });

  /** `slow` has failed once, and enough calls have gone well since to try it again. */
  async function openAfterOneFailure() {
    const scene = openScene({ slow: (method) => (method === "getSlot" ? slow(method) : well(method)), well });
    await scene.pool.read(question);
    for (let call = 0; call < 5; call++) await scene.pool.read({ ...question, method: "getHealth" });
    scene.takeAsked();
    return scene;
  }

  test("is asked later than others from then on, and by one call at a time", async () => {
    const scene = await openAfterOneFailure();
    await scene.pool.read(question);
    expect(scene.takeAsked()).toEqual(["well"]);
    scene.pass(1_001);
    await Promise.all([scene.pool.read(question), scene.pool.read(question), scene.pool.read(question)]);
    expect(scene.takeAsked().filter((provider) => provider === "slow")).toHaveLength(1);
  });

  test("is not tried again while there is no retry left: that would cost a failure", async () => {
    const scene = openScene({ slow, well });
    await scene.pool.read(question);
    scene.takeAsked();
    scene.pass(60_000);
    for (let call = 0; call < 3; call++) expect(await scene.pool.read(question)).toBe(1);
    expect(scene.takeAsked()).toEqual(["well", "well", "well"]);
  });

  test("waits twice as long after each failure, and comes back when it has answered", async () => {
    const scene = await openAfterOneFailure();
    for (let call = 0; call < 10; call++) await scene.pool.read(question);
    scene.pass(1_001);
    await scene.pool.read(question);
    expect(scene.takeAsked().slice(-2)).toEqual(["slow", "well"]);
    scene.pass(1_500);
    await scene.pool.read(question);
    expect(scene.takeAsked()).toEqual(["well"]);
    scene.pass(501);
    scene.nodes["slow"] = well;
    await scene.pool.read(question);
    await scene.pool.read(question);
    expect(scene.takeAsked()).toEqual(["slow", "slow"]);
    expect(stateOf(scene)).toEqual({ slow: "ok", well: "ok" });
  });

  test("with one method may be asked with another, at the cost of a retry", async () => {
    const scene = await openAfterOneFailure();
    await scene.pool.read({ ...question, method: "getBlockHeight" });
    expect(scene.takeAsked()).toEqual(["slow"]);
  });

  test("with one method is asked nothing else while there is no retry left", async () => {
    const scene = openScene({ slow: (method) => (method === "getSlot" ? slow(method) : well(method)), well });
    await scene.pool.read(question);
    scene.takeAsked();
    await scene.pool.read({ ...question, method: "getBlockHeight" });
    expect(scene.takeAsked()).toEqual(["well"]);
  });

  test("and cannot prove itself in time is not ready for any method", async () => {
    const scene = openScene({ slow, well });
    await scene.pool.read(question);
    for (let call = 0; call < 5; call++) await scene.pool.read({ ...question, method: `method-${call}` });
    expect(scene.takeAsked()).toEqual(["slow", "well", "well", "well", "well", "well", "well"]);
  });

  test("has the whole deadline when there is nobody else, or nobody else who is well", async () => {
    const alone = openScene({ slow });
    expect(await failureOf(alone.pool.read(question))).toMatchObject({ code: "upstream.rpc_timeout" });
    expect(alone.calls.map(({ timeoutMs }) => timeoutMs)).toEqual([DEADLINE_MS, DEADLINE_MS]);
    const both = openScene({ one: slow, other: slow });
    await failureOf(both.pool.read(question));
    both.calls.length = 0;
    await failureOf(both.pool.read(question));
    expect(both.calls.map(({ timeoutMs }) => timeoutMs)).toEqual([DEADLINE_MS]);
  });

  test("never makes a call longer than its deadline, however many there are", async () => {
    const scene = openScene({ a: slow, b: slow, c: slow, d: slow });
    for (let round = 0; round < 30; round++) {
      const startedAtMs = scene.nowMs();
      await failureOf(scene.pool.read(question));
      expect(scene.nowMs() - startedAtMs).toBeLessThanOrEqual(DEADLINE_MS);
      scene.pass(10_000);
    }
  });
});

describe("providers that fail", () => {
  test.each<[string, Node]>([
    ["refuses", down],
    ["has a node that is behind", () => ({ rpcCode: -32_005 })],
    ["has an internal error", () => ({ rpcCode: -32_603 })],
    ["lacks the method", () => ({ rpcCode: -32_601 })],
    ["takes fewer parameters than others", () => ({ rpcCode: -32_602 })],
    ["answers another shape", () => ({ result: "12" })],
    ["answers nothing", () => ({})],
    ["answers a number that no integer is", () => ({ result: 1e300 })],
  ])("one that %s is stood in for by another", async (_, failing) => {
    const node: Node = (method) => (method === "getGenesisHash" ? well(method) : failing(method));
    const scene = openScene({ failing: node, well });
    expect(await scene.pool.read(question)).toBe(1);
    expect(scene.takeAsked()).toEqual(["failing", "well"]);
  });

  test("an answer that is about the question is final: nobody else is asked, and nobody is unwell", async () => {
    const picky: Node = (method) => (method === "getGenesisHash" ? well(method) : { rpcCode: -32_602 });
    const scene = openScene({ picky, well });
    const failure = await failureOf(scene.pool.read({ ...question, finalErrors: [-32_602] }));
    expect(failure).toMatchObject({ name: "RpcError", rpcCode: -32_602 });
    expect(scene.takeAsked()).toEqual(["picky"]);
    expect(stateOf(scene)).toEqual({ picky: "ok", well: "ok" });
  });

  test("that are all down are said so at once, and when to ask again; the best one is still asked, once", async () => {
    const scene = openScene({ one: down, other: down });
    const startedAtMs = scene.nowMs();
    for (let round = 0; round < 5; round++) {
      const failure = await failureOf(scene.pool.read(question));
      expect(failure).toMatchObject({
        code: "upstream.rpc_unavailable",
        status: 503,
        options: { retryAfterSeconds: 1 },
      });
      if (round > 0) expect(scene.calls).toHaveLength(1);
      scene.calls.length = 0;
    }
    expect(scene.nowMs()).toBe(startedAtMs);
    scene.nodes["one"] = well;
    scene.nodes["other"] = well;
    expect(await scene.pool.read(question)).toBe(1);
  });

  test("one of which has come back is found by the next call or the one after it", async () => {
    const scene = openScene({ one: down, other: down });
    for (let round = 0; round < 6; round++) await failureOf(scene.pool.read(question));
    scene.nodes["other"] = well;
    const outcomes = [await failureOf(scene.pool.read(question)), await failureOf(scene.pool.read(question))];
    expect(outcomes).toContain("it succeeded");
  });

  test.each<[string, Node, number]>([
    ["refuse", down, 3],
    ["hang", slow, 3],
    ["refuse, and are far apart in time", down, 40_000],
  ])("and %s are asked at most 1.2 times a call, and once more", async (_, node, pauseMs) => {
    const scene = openScene({ a: well, b: well, c: well });
    for (const unit of [0, 0.4, 0.9]) {
      scene.draw(unit);
      await scene.pool.read(question);
    }
    scene.takeAsked();
    for (const name of ["a", "b", "c"]) {
      scene.nodes[name] = (method) => (method === "getGenesisHash" ? well(method) : node(method));
    }
    for (let call = 0; call < 100; call++) {
      scene.draw((call % 10) / 10);
      await failureOf(scene.pool.read(question));
      scene.pass(pauseMs);
    }
    // The calls before have earned three fifths of a retry.
    const attempts = scene.takeAsked().length;
    expect(attempts).toBeGreaterThanOrEqual(100);
    expect(attempts).toBeLessThanOrEqual(100 * 1.2 + 1.6);
  });

  test("do not include one whose answer is not enough: another is asked, and what there is is taken", async () => {
    const scene = openScene({ behind: (method) => (method === "getGenesisHash" ? well(method) : at(0)(method)), well });
    const search = { ...question, isEnough: (found: number) => found > 0 };
    expect(await scene.pool.read(search)).toBe(1);
    scene.nodes["well"] = down;
    scene.pass(60_000);
    expect(await scene.pool.read(search)).toBe(0);
    expect(stateOf(scene)["behind"]).toBe("ok");
  });
});

describe("several calls in one conversation", () => {
  const both = ({ pool }: ReturnType<typeof openScene>) =>
    pool.converse("getSlot", (ask) => Promise.all([ask(question), ask({ ...question, method: "getBlockHeight" })]));

  test("are all of one provider: when one of them fails, another is asked everything again, for one retry", async () => {
    const scene = openScene({ half: (method) => (method === "getBlockHeight" ? slow(method) : well(method)), well });
    expect(await both(scene)).toEqual([1, 1]);
    expect(scene.takeAsked()).toEqual(["half", "half", "well", "well"]);
    expect(scene.countOf("gasless_rpc_retries_total", "solana:devnet")).toBe(1);
  });

  test("and the proof beside them end within the deadline", async () => {
    const scene = openScene({ one: slow, other: slow });
    const startedAtMs = scene.nowMs();
    expect(await failureOf(both(scene))).toMatchObject({ code: "upstream.rpc_timeout" });
    expect(scene.nowMs() - startedAtMs).toBeLessThanOrEqual(DEADLINE_MS);
  });
});

describe("which provider is asked", () => {
  test("goes by weight", async () => {
    const scene = openScene({ small: well, large: well }, { large: 3 });
    for (const unit of [0, 0.24, 0.26, 0.999_999]) {
      scene.draw(unit);
      await scene.pool.read(question);
    }
    expect(scene.takeAsked()).toEqual(["small", "small", "large", "large"]);
  });
});

describe("the genesis hash", () => {
  test("is proven beside the first read, and once in thirty seconds", async () => {
    const scene = openScene({ a: well });
    for (const pauseMs of [29_999, 2, 0]) {
      await scene.pool.read(question);
      scene.pass(pauseMs);
    }
    await scene.pool.read(question);
    expect(scene.calls.map(({ method }) => method).join(" ")).toBe(
      "getSlot getGenesisHash getSlot getSlot getGenesisHash getSlot",
    );
  });

  test("is proven before anything is sent", async () => {
    const scene = openScene({ foreign: () => ({ result: "another" }) });
    expect(await failureOf(scene.pool.write({ ...question, method: "sendTransaction" }))).toMatchObject({
      code: "upstream.rpc_unavailable",
    });
    expect(scene.calls.map(({ method }) => method)).toEqual(["getGenesisHash"]);
  });

  test("that is wrong puts the provider out of use for a minute: it is not asked before, and proven then", async () => {
    const scene = openScene({ foreign: (method) => (method === "getSlot" ? at(7)(method) : { result: "x" }), well });
    expect(await scene.pool.read(question)).toBe(1);
    expect(stateOf(scene)).toEqual({ foreign: "wrong_genesis", well: "ok" });
    expect(scene.countOf("gasless_rpc_quarantines_total", "solana:devnet", "foreign", "wrong_genesis")).toBe(1);
    scene.takeAsked();
    scene.pass(59_999);
    for (let round = 0; round < 10; round++) await scene.pool.read(question);
    expect(scene.calls.some(({ provider }) => provider === "foreign")).toBe(false);
    scene.pass(1);
    expect(await scene.pool.read(question)).toBe(1);
    expect(scene.calls.filter(({ provider }) => provider === "foreign").map(({ method }) => method)).toContain(
      "getGenesisHash",
    );
    scene.nodes["foreign"] = well;
    scene.pass(60_000);
    await scene.pool.read(question);
    expect(stateOf(scene)).toEqual({ foreign: "ok", well: "ok" });
  });

  test("that is wrong makes even an error of the provider worth nothing", async () => {
    const foreign: Node = (method) => (method === "getSlot" ? { rpcCode: -32_602 } : { result: "x" });
    const scene = openScene({ foreign, well });
    expect(await scene.pool.read({ ...question, finalErrors: [-32_602] })).toBe(1);
  });

  test("may be shown again at any time by the only provider there is, before it is asked anything else", async () => {
    const scene = openScene({ only: (method) => (method === "getSlot" ? at(7)(method) : { result: "x" }) });
    await failureOf(scene.pool.read(question));
    scene.calls.length = 0;
    expect(await failureOf(scene.pool.read(question))).toMatchObject({ code: "upstream.rpc_unavailable" });
    expect(scene.calls.map(({ method }) => method)).toEqual(["getGenesisHash"]);
    scene.nodes["only"] = well;
    expect(await scene.pool.read(question)).toBe(1);
  });

  test("that cannot be shown is the only thing that a provider is asked for", async () => {
    const scene = openScene({ a: down });
    await failureOf(scene.pool.read(question));
    scene.calls.length = 0;
    await failureOf(scene.pool.read(question));
    expect(scene.calls.map(({ method }) => method)).toEqual(["getGenesisHash"]);
  });

  test("of any provider is enough to be ready", async () => {
    const scene = openScene({ down, well });
    await expect(scene.pool.ping()).resolves.toBeUndefined();
    const foreign = openScene({ foreign: () => ({ result: "x" }) });
    expect(await failureOf(foreign.pool.ping())).toMatchObject({ code: "upstream.rpc_unavailable" });
  });
});

describe("a provider that is behind", () => {
  /** `ahead` has been seen at slot 1000, and `behind` comes first. */
  async function openLag(slot: number) {
    const scene = openScene({
      behind: (method) => (method === "getGenesisHash" ? well(method) : at(slot)(method)),
      ahead: (method) => (method === "getGenesisHash" ? well(method) : at(1_000)(method)),
    });
    scene.draw(0.9);
    await scene.pool.read(located);
    scene.draw(0);
    scene.takeAsked();
    return scene;
  }

  test("by more than 150 slots is out of use for a minute, and another answers", async () => {
    const scene = await openLag(849);
    expect(await scene.pool.read(located)).toBe(1_000);
    expect(scene.takeAsked()).toEqual(["behind", "ahead"]);
    expect(stateOf(scene)).toEqual({ behind: "stale", ahead: "ok" });
    expect(scene.countOf("gasless_rpc_quarantines_total", "solana:devnet", "behind", "stale")).toBe(1);
    expect(scene.countOf("gasless_rpc_slot_lag_slots", "solana:devnet", "behind")).toBe(151);
    await scene.pool.read(located);
    scene.pass(59_999);
    await scene.pool.read(located);
    expect(scene.takeAsked()).toEqual(["ahead", "ahead"]);
    scene.pass(1);
    await scene.pool.read(located);
    expect(scene.takeAsked()).toEqual(["behind", "ahead"]);
  });

  test("by less is used, and its lag is seen", async () => {
    const scene = await openLag(850);
    expect(await scene.pool.read(located)).toBe(850);
    expect(scene.pool.health()[0]).toEqual({ provider: "behind", state: "ok", slotLag: 150 });
  });

  test("is compared only with its like, and with what was seen within a minute", async () => {
    const scene = await openLag(1);
    const finalized: typeof located = { ...located, standing: () => ({ commitment: "finalized", slot: 1n }) };
    expect(await scene.pool.read(finalized)).toBe(1);
    scene.pass(60_000);
    expect(await scene.pool.read(located)).toBe(1);
  });

  test("is not known by the word of one that is in quarantine itself", async () => {
    const scene = await openLag(1);
    scene.pool.accuse("ahead", "denied_landed");
    expect(await scene.pool.read(located)).toBe(1);
  });

  test("cannot be known when there is nobody to compare", async () => {
    const scene = openScene({ only: (method) => (method === "getGenesisHash" ? well(method) : at(1_000)(method)) });
    await scene.pool.read(located);
    scene.nodes["only"] = at(1);
    expect(await scene.pool.read(located)).toBe(1);
  });
});

describe("one provider among three that lies about where it is", () => {
  const here =
    (slot: number): Node =>
    (method) =>
      method === "getGenesisHash" ? well(method) : at(slot)(method);
  const FAR = 9_000_000_000;
  /** Each is asked in turn, as often as told. */
  async function askInTurn(scene: ReturnType<typeof openScene>, rounds: number, units: readonly number[]) {
    for (let round = 0; round < rounds; round++) {
      for (const unit of units) {
        scene.draw(unit);
        await scene.pool.read(located);
        scene.pass(500);
      }
    }
  }

  test.each<[string, readonly number[]]>([
    ["first", [0, 0.4, 0.9]],
    ["in between", [0.4, 0, 0.9]],
    ["last", [0.4, 0.9, 0]],
    ["again and again", [0, 0, 0.4, 0, 0, 0.9]],
  ])("and names a slot of the far future, asked %s, is put aside, and no honest one is", async (_, units) => {
    const scene = openScene({ liar: here(FAR), a: here(1_000), b: here(1_001) });
    await askInTurn(scene, 3, units);
    expect(stateOf(scene)).toEqual({ liar: "ahead", a: "ok", b: "ok" });
    expect(scene.countOf("gasless_rpc_quarantines_total", "solana:devnet", "liar", "ahead")).toBe(1);
    expect(scene.countOf("gasless_rpc_quarantines_total", "solana:devnet", "a", "stale")).toBe(0);
    scene.takeAsked();
    await askInTurn(scene, 3, units);
    expect(scene.takeAsked()).not.toContain("liar");
  });

  test("is put aside again each time that it comes back with the same lie", async () => {
    const scene = openScene({ liar: here(FAR), a: here(1_000), b: here(1_001) });
    for (let minute = 1; minute <= 3; minute++) {
      await askInTurn(scene, 1, [0, 0.4, 0.9, 0]);
      expect(stateOf(scene)).toEqual({ liar: "ahead", a: "ok", b: "ok" });
      expect(scene.countOf("gasless_rpc_quarantines_total", "solana:devnet", "liar", "ahead")).toBe(minute);
      scene.pass(60_000);
    }
  });

  test("names a slot of the past, and is stale, once two deny it", async () => {
    const scene = openScene({ liar: here(1), a: here(1_000), b: here(1_001) });
    await askInTurn(scene, 1, [0, 0.4, 0.9]);
    scene.takeAsked();
    scene.draw(0);
    expect(await scene.pool.read(located)).toBe(1_000);
    expect(scene.takeAsked()).toEqual(["liar", "a"]);
    expect(stateOf(scene)).toEqual({ liar: "stale", a: "ok", b: "ok" });
  });

  test("gets nobody put aside while the third has not shown itself, or is away", async () => {
    const scene = openScene({ liar: here(FAR), a: here(1_000), down: here(1_001) });
    scene.nodes["down"] = down;
    await askInTurn(scene, 4, [0, 0.4]);
    expect(stateOf(scene)).toMatchObject({ liar: "ok", a: "ok" });
  });

  test("and answers first when everybody is asked at once is put aside, and the others are trusted", async () => {
    const scene = openScene({ liar: here(FAR), a: here(1_000), b: here(1_001) });
    const { heard } = await scene.pool.hearAll("getSlot", (ask) => ask(located));
    expect(heard.map(({ provider, isTrusted }) => [provider, isTrusted])).toEqual([
      ["liar", false],
      ["a", true],
      ["b", true],
    ]);
  });

  test("is not mistaken for one that was only asked later than the others", async () => {
    const scene = openScene({ late: here(1_000), a: here(1_000), b: here(1_001) });
    await askInTurn(scene, 1, [0.4, 0.9]);
    scene.pass(50_000);
    scene.nodes["late"] = here(1_000 + 175);
    scene.draw(0);
    expect(await scene.pool.read(located)).toBe(1_175);
    expect(stateOf(scene)).toEqual({ late: "ok", a: "ok", b: "ok" });
  });

  test("is not seen where four are spread out and none is far from the middle", async () => {
    const scene = openScene({ a: here(1_000), b: here(1_100), c: here(1_200), d: here(1_300) });
    await askInTurn(scene, 2, [0, 0.3, 0.6, 0.9]);
    expect(stateOf(scene)).toEqual({ a: "ok", b: "ok", c: "ok", d: "ok" });
  });
});

test("of two providers that differ the one behind is put aside, whoever lies: it takes three to outvote one", async () => {
  const node =
    (slot: number): Node =>
    (method) =>
      method === "getGenesisHash" ? well(method) : at(slot)(method);
  const scene = openScene({ liar: node(9_000_000_000), honest: node(1_000) });
  await scene.pool.read(located);
  scene.draw(0.9);
  await scene.pool.read(located);
  expect(stateOf(scene)).toEqual({ liar: "ok", honest: "stale" });
});

describe("a question to as many as it takes", () => {
  const ask = ({ pool }: ReturnType<typeof openScene>) =>
    pool.hearUntil(question, (answers) => new Set(answers).size < answers.length);
  const says =
    (result: number): Node =>
    (method) =>
      method === "getGenesisHash" ? well(method) : at(result)(method);

  test("is heard by two, and by nobody else when they say the same", async () => {
    const scene = openScene({ a: well, b: well, c: well });
    expect(await ask(scene)).toEqual([1, 1]);
    expect(scene.takeAsked()).toEqual(["a", "b"]);
  });

  test("goes on to the others when two differ, or one has nothing to say", async () => {
    const scene = openScene({ liar: says(7), a: well, b: well });
    expect(await ask(scene)).toEqual([7, 1, 1]);
    const other = openScene({ down, a: well, b: well });
    expect(await ask(other)).toEqual([1, 1]);
  });

  test("ends with what there is when nobody is left, without a retry", async () => {
    const scene = openScene({ a: says(7), b: well, down });
    expect(await ask(scene)).toEqual([7, 1]);
    expect(scene.countOf("gasless_rpc_retries_total", "solana:devnet")).toBe(0);
    expect(await ask(openScene({ alone: well }))).toEqual([1]);
  });

  test("leaves out who is in quarantine, and who is unwell until it wants to be tried again", async () => {
    const scene = openScene({ a: well, b: well, down });
    scene.pool.accuse("b", "stale");
    expect(await ask(scene)).toEqual([1]);
    scene.takeAsked();
    expect(await ask(scene)).toEqual([1]);
    expect(scene.takeAsked()).toEqual(["a"]);
  });

  test("that nobody answers says why", async () => {
    const scene = openScene({ one: slow, other: slow });
    expect(await failureOf(ask(scene))).toMatchObject({ code: "upstream.rpc_timeout" });
    const gone = openScene({ a: well });
    gone.pool.accuse("a", "stale");
    expect(await failureOf(ask(gone))).toMatchObject({ code: "upstream.rpc_unavailable" });
  });
});

describe("when every provider is in quarantine", () => {
  test("the network is unavailable, without asking anybody", async () => {
    const scene = openScene({ a: well, b: well });
    scene.pool.accuse("a", "denied_landed");
    scene.pool.accuse("b", "stale");
    const failure = await failureOf(scene.pool.read(question));
    expect(failure).toMatchObject({ code: "upstream.rpc_unavailable", options: { retryAfterSeconds: 1 } });
    expect(scene.calls).toEqual([]);
    scene.pass(60_000);
    expect(await scene.pool.read(question)).toBe(1);
  });
});

describe("a question to everybody", () => {
  const hear = ({ pool }: ReturnType<typeof openScene>) => pool.hearAll("getSlot", (ask) => ask(located));

  test("is heard by all, whoever is well or in quarantine; those of another network do not count", async () => {
    const scene = openScene({ a: well, b: well, foreign: () => ({ result: "x" }), down });
    scene.pool.accuse("b", "stale");
    const { heard, silent } = await hear(scene);
    expect(heard).toEqual([
      { provider: "a", isTrusted: true, value: 1 },
      { provider: "b", isTrusted: false, value: 1 },
    ]);
    expect(silent).toEqual(["down"]);
    scene.calls.length = 0;
    await hear(scene);
    expect(new Set(scene.calls.map(({ provider }) => provider))).toEqual(new Set(["a", "b", "down"]));
  });

  test("takes nothing from the retry budget, and ends within the deadline", async () => {
    const scene = openScene({ slow, down });
    const startedAtMs = scene.nowMs();
    for (let round = 0; round < 5; round++) await hear(scene);
    expect(scene.nowMs() - startedAtMs).toBeLessThanOrEqual(5 * DEADLINE_MS);
    expect(scene.countOf("gasless_rpc_retries_total", "solana:devnet")).toBe(0);
  });

  test("shows a provider of another network for what it is, however far behind its chain is", async () => {
    const scene = openScene({
      foreign: (method) => (method === "getSlot" ? { result: 7 } : { afterMs: 5, result: "x" }),
      a: (method) => (method === "getSlot" ? at(900)(method) : well(method)),
    });
    scene.draw(0.9);
    await scene.pool.read(located);
    expect(await hear(scene)).toMatchObject({ silent: [] });
    expect(stateOf(scene)).toEqual({ foreign: "wrong_genesis", a: "ok" });
    scene.pool.accuse("foreign", "stale");
    expect(stateOf(scene)).toEqual({ foreign: "wrong_genesis", a: "ok" });
  });

  test("shows who is behind", async () => {
    const scene = openScene({ a: (method) => (method === "getSlot" ? at(900)(method) : well(method)), b: well });
    scene.nodes["b"] = (method) => (method === "getSlot" ? { afterMs: 5, result: 7 } : well(method));
    await hear(scene);
    expect(stateOf(scene)).toEqual({ a: "ok", b: "stale" });
  });
});

test("a call is sent again to another provider when the first may or may not have taken it", async () => {
  const scene = openScene({ slow: (method) => (method === "sendTransaction" ? slow(method) : well(method)), well });
  await scene.pool.write({ ...question, method: "sendTransaction" });
  expect(scene.takeAsked()).toEqual(["slow", "well"]);
});

test("no URL and no key is in any error or label", async () => {
  const echo = { result: "https://echo.example/?api-key=hunter2" };
  const scene = openScene({
    slow,
    down,
    foreign: () => echo,
    odd: (method) => (method === "getGenesisHash" ? well(method) : echo),
  });
  for (let round = 0; round < 20; round++) {
    scene.draw((round % 4) / 4);
    const failure = await failureOf(scene.pool.read(located));
    expect(failure).toBeInstanceOf(AppError);
    const { message, cause, stack } = failure as AppError;
    const { message: inner, stack: innerStack } = cause as Error;
    expect([message, stack, inner, innerStack].join()).not.toMatch(/hunter2|https:|\.example/);
    scene.pass(5_000);
  }
  expect(scene.labels.length).toBeGreaterThan(0);
  expect(scene.labels.join()).not.toMatch(/hunter2|https:|\.example/);
  expect(JSON.stringify(scene.pool.health())).not.toMatch(/hunter2|https:|\.example/);
});
