import { describe, expect, test } from "vitest";
import type { Testimony } from "./rpc-pool.ts";
import { type ChainView, judgeAbsence } from "./absence.ts";

const END = 1_000n;
const one = [{ transactionId: "t", blockhash: "b", lifetimeEnd: END }];
const LANDED = { commitment: "finalized", slot: 2_000n } as const;

const TOO_OLD = { isValid: false, finalizedSlot: 2_100n, newestSlot: 2_132n };
/** Past the end of life and past the landing slot, and without any knowledge of the transaction or its blockhash. */
const view = (changes: Partial<ChainView> = {}): ChainView => ({
  tip: { slot: 2_100n, blockHeight: END + 1n },
  slot: 2_132n,
  statuses: [undefined],
  blockhashes: [TOO_OLD],
  ...changes,
});
const says = (provider: string, changes: Partial<ChainView> = {}, isTrusted = true): Testimony<ChainView> => ({
  provider,
  isTrusted,
  value: view(changes),
});
const judge = (...testimonies: Testimony<ChainView>[]) => judgeAbsence(one, testimonies, testimonies.length);

describe("a transaction is absent for ever", () => {
  test("when everybody is past its end and does not know it", () => {
    expect([...judge(says("a")).absent]).toEqual(["t"]);
    expect([...judge(says("a"), says("b")).absent]).toEqual(["t"]);
  });

  test("whoever is in quarantine says so too", () => {
    expect([...judge(says("a"), says("b", {}, false)).absent]).toEqual(["t"]);
  });
});

describe("a transaction is not absent", () => {
  test.each<[string, Testimony<ChainView>[]]>([
    ["when nobody was heard", []],
    ["while a finalized block is at its end and not past it", [says("a", { tip: { slot: 2_100n, blockHeight: END } })]],
    ["while one of them is not past its end", [says("a"), says("b", { tip: { slot: 1_900n, blockHeight: END - 9n } })]],
    ["when the node that was asked is behind that block", [says("a", { slot: 2_099n })]],
    ["when one of them knows it", [says("a"), says("b", { statuses: [LANDED] })]],
    ["when one in quarantine knows it", [says("a"), says("b", { statuses: [LANDED] }, false)]],
    ["when one has it unconfirmed", [says("a"), says("b", { statuses: [{ ...LANDED, commitment: "processed" }] })]],
    [
      "while one of them would take its blockhash",
      [says("a"), says("b", { blockhashes: [{ ...TOO_OLD, isValid: true }] })],
    ],
    ["when nobody was asked for its blockhash", [says("a", { blockhashes: [undefined] })]],
    [
      "when the node that was asked is behind the bank that knows its blockhash no more",
      [says("a", { blockhashes: [{ ...TOO_OLD, finalizedSlot: 2_133n, newestSlot: 2_133n }] })],
    ],
    [
      "while the finalized bank is so far behind that it may not know its blockhash yet",
      [says("a", { blockhashes: [{ ...TOO_OLD, newestSlot: 2_251n }] })],
    ],
    [
      "while one of them is more than 150 slots behind a trusted one",
      [says("a", { tip: { slot: 2_251n, blockHeight: END + 2n }, slot: 2_260n }), says("b")],
    ],
  ])("%s", (_, testimonies) => {
    expect(judge(...testimonies).absent.size).toBe(0);
  });
});

describe("a height that was told too low", () => {
  const low = [{ transactionId: "t", blockhash: "b", lifetimeEnd: 1n }];

  test("proves nothing while one honest provider would still take the blockhash", () => {
    const honest = says("honest", { blockhashes: [{ ...TOO_OLD, isValid: true }] });
    expect(judgeAbsence(low, [says("liar"), honest], 2).absent.size).toBe(0);
  });

  test("is as good as any other once nobody takes it any more", () => {
    expect([...judgeAbsence(low, [says("liar"), says("honest")], 2).absent]).toEqual(["t"]);
  });
});

test("a slot of the far future that one in quarantine shows keeps nothing open", () => {
  const boaster = says(
    "boaster",
    { tip: { slot: 9_000_000_000n, blockHeight: END + 1n }, slot: 9_000_000_000n },
    false,
  );
  expect([...judge(says("a"), says("b"), boaster).absent]).toEqual(["t"]);
});

test("what one knows is found, with the furthest status of all", () => {
  const confirmed = { commitment: "confirmed", slot: 2_000n } as const;
  const { found } = judge(says("a"), says("b", { statuses: [confirmed] }), says("c", { statuses: [LANDED] }));
  expect(found).toEqual(new Map([["t", LANDED]]));
});

test("each transaction is judged for itself", () => {
  const two = [{ transactionId: "x", blockhash: "y", lifetimeEnd: END + 50n }, ...one];
  const testimony = says("a", { statuses: [undefined, undefined], blockhashes: [TOO_OLD, TOO_OLD] });
  expect([...judgeAbsence(two, [testimony], 1).absent]).toEqual(["t"]);
});

describe("who denies what landed", () => {
  const finder = says("finder", { statuses: [LANDED] });
  const witness = says("witness", { statuses: [LANDED] });
  const deniersOf = (...testimonies: Testimony<ChainView>[]) => [...judge(...testimonies).deniers];

  test("is whoever was past the landing and did not know it, by the word of two", () => {
    expect(deniersOf(finder, witness, says("denier"))).toEqual(["denier"]);
    expect(deniersOf(finder, witness, says("denier"), says("another"))).toEqual(["denier", "another"]);
  });

  test("is found by one word where only two are configured", () => {
    expect(deniersOf(finder, says("denier"))).toEqual(["denier"]);
  });

  test("is nobody by the word of one that lies about a landing, however few of the others could be heard", () => {
    expect(deniersOf(finder, says("a"), says("b"))).toEqual([]);
    expect([...judgeAbsence(one, [finder, says("a")], 3).deniers]).toEqual([]);
  });

  test("is nobody who had not come as far as the later of the slots that were told", () => {
    const early = says("early", { statuses: [{ ...LANDED, slot: 1n }] });
    expect(deniersOf(finder, early, says("late", { slot: 1_999n }))).toEqual([]);
  });

  test.each<[string, Testimony<ChainView>[]]>([
    ["who was not there yet", [finder, says("late", { slot: 1_999n })]],
    ["whose finalized block is older", [finder, says("late", { tip: { slot: 1_999n, blockHeight: 990n } })]],
    ["while it is not finalized", [says("f", { statuses: [{ ...LANDED, commitment: "confirmed" }] }), says("b")]],
    ["on the word of one in quarantine", [says("liar", { statuses: [LANDED] }, false), says("b")]],
    ["on the word of one and of one in quarantine", [finder, says("liar", { statuses: [LANDED] }, false), says("b")]],
  ])("is nobody %s", (_, testimonies) => {
    expect(deniersOf(...testimonies)).toEqual([]);
  });
});
