import { base58, base64 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { always, GENESIS_HASH, type Script, startScriptedNode } from "../../../../test/support/scripted-node.ts";
import { SOLANA_METHODS } from "../../../../test/support/method-proofs.ts";
import { addressOf, composeWire, keyOf } from "../../../../test/support/wire.ts";
import type { TransactionScene } from "../../../domain/chain-transaction.ts";
import type { NetworkName } from "../../../domain/network.ts";
import { compilePolicy } from "../../../domain/policy/compile.ts";
import type { ChainPort } from "../../../ports.ts";
import { createSolanaChain } from "./chain.ts";

const SYSTEM = "11111111111111111111111111111111";
const chainOf = (network: NetworkName, randomUnit: () => number, ...urls: string[]) =>
  createSolanaChain({
    network,
    providers: urls.map((url, index) => ({ name: `node-${index}`, url, weight: 1 })),
    genesisHash: GENESIS_HASH,
    nowMs: () => 1_000,
    randomUnit,
    metrics: { count: () => undefined, set: () => undefined },
  });
const chainWith = (randomUnit: () => number, ...urls: string[]) => chainOf("solana:localnet", randomUnit, ...urls);
const chainAt = (...urls: string[]) => chainWith(() => 0, ...urls);
const offline = chainAt("http://127.0.0.1:9");

const SPONSOR = addressOf(1);
const SCENE: TransactionScene = {
  policy: compilePolicy({
    allow: [],
    maxSignatures: 2,
    maxFee: "10000",
    maxComputeUnits: 200_000,
    maxComputeUnitPrice: "0",
  }),
  sponsorPool: [{ address: SPONSOR, state: "active" }],
  acceptedSponsors: [SPONSOR],
  sessionAddress: addressOf(2),
};
/** The base fee of two signatures, and no rent. */
const QUOTE = 10_000n;

function read(chain: ChainPort, wire = composeWire()) {
  const transaction = chain.read([wire], SCENE);
  if (!transaction.ok) throw new Error(transaction.reason.detail);
  return transaction.value;
}

const simulate = (chain: ChainPort, wire?: Uint8Array) => read(chain, wire).simulate();

/** What a node's answer comes to, where it gave one. */
async function simulated(chain: ChainPort) {
  const outcome = await simulate(chain);
  if (!outcome.ok) throw new Error(outcome.reason.detail);
  return outcome.value;
}

const simulation = {
  err: null,
  logs: ["Program log: hello"],
  accounts: [{ owner: SYSTEM, data: ["", "base64"] }],
  preBalances: [1_000_000, 5],
  postBalances: [990_000, 5],
  preTokenBalances: [],
  postTokenBalances: [],
  innerInstructions: [],
  loadedAddresses: { writable: [], readonly: [] },
};

/** Blocks for which a blockhash can be used. */
const LIFE = 150n;

/** A node that simulates as told in slot 50, at block height 40 unless told otherwise. */
const simulating =
  (value: object, epoch: object = { absoluteSlot: 50, blockHeight: 40 }): Script =>
  (method) => {
    if (method === "getGenesisHash") return { result: GENESIS_HASH };
    return { result: method === "getEpochInfo" ? epoch : { context: { slot: 50 }, value } };
  };

describe("an address", () => {
  test.each([SYSTEM, addressOf(7)])("%s is taken as it is", (address) => {
    expect(offline.parseAddress(address)).toBe(address);
  });

  test.each(["", "0OIl", "1".repeat(31), "1".repeat(33), `${SYSTEM} `, addressOf(7).slice(1), "z".repeat(44)])(
    "'%s' is none",
    (text) => {
      expect(offline.parseAddress(text)).toBeUndefined();
    },
  );
});

describe("signing in", () => {
  test.each([
    ["solana:localnet", "localnet"],
    ["solana:devnet", "solana:devnet"],
    ["solana:mainnet", "solana:mainnet"],
  ] as const)("on %s names the chain %s", (network, chainId) => {
    expect(chainOf(network, () => 0).signIn.chainId).toBe(chainId);
  });

  test("goes by every method that is verified, of Solana accounts", () => {
    expect(offline.signIn).toMatchObject({ methods: SOLANA_METHODS, accountOf: "Solana" });
  });
});

describe("preparing", () => {
  test("gives the newest blockhash and the fee of two signatures", async () => {
    const value = { blockhash: "hash", lastValidBlockHeight: 200 };
    await using node = await startScriptedNode(answering({ getLatestBlockhash: { context: { slot: 50 }, value } }));
    expect(await prepare(chainAt(node.url))).toEqual({
      ok: true,
      value: { lifetime: { blockhash: "hash", lastValidBlockHeight: 200 }, quote: { fee: 10_000n, rent: 0n } },
    });
  });
});

describe("a simulation", () => {
  test("tells what the fee payer would lose and what its account would be", async () => {
    await using node = await startScriptedNode(simulating(simulation));
    const { trace, judge, lifetimeEnd } = await simulated(chainAt(node.url));
    const loss = { observed: "10000", limit: QUOTE.toString() };
    expect(trace(0n)).toEqual([
      { rule: "simulation-succeeds", verdict: "pass" },
      { rule: "sponsor-loses-no-more-than-quoted", verdict: "pass", ...loss },
      { rule: "sponsor-stays-a-wallet", verdict: "pass" },
      { rule: "sponsor-keeps-its-tokens", verdict: "pass" },
      { rule: "inner-calls-keep-to-roles", verdict: "pass" },
      { rule: "sponsor-keeps-its-floor", verdict: "pass" },
    ]);
    expect(judge(1_000_000n - QUOTE)).toBeUndefined();
    expect(judge(1_000_000n - QUOTE + 1n)).toMatchObject({ code: "sponsor.underfunded" });
    expect(lifetimeEnd).toBe(40n + LIFE);
  });

  test.each([
    ["of the same slot is the height", 50, 40n],
    ["of a later slot is the height", 53, 40n],
    ["of an earlier slot gets all that can have come since, so that no life ends too early", 47, 43n],
  ])("beside a height %s", async (_, absoluteSlot, blockHeight) => {
    await using node = await startScriptedNode(simulating(simulation, { absoluteSlot, blockHeight: 40 }));
    expect(await simulated(chainAt(node.url))).toMatchObject({ lifetimeEnd: blockHeight + LIFE });
  });

  test("and its height are of one provider, also when the first one fails with one of them", async () => {
    await using half = await startScriptedNode((method, params) =>
      method === "getEpochInfo" ? { status: 500, text: "" } : simulating(simulation)(method, params),
    );
    await using whole = await startScriptedNode(simulating(simulation));
    expect(await simulated(chainAt(half.url, whole.url))).toMatchObject({ lifetimeEnd: 40n + LIFE });
    expect(whole.calls).toEqual(expect.arrayContaining(["simulateTransaction", "getEpochInfo"]));
  });

  test.each([
    ["given away", { owner: addressOf(7), data: ["", "base64"] }],
    ["filled", { owner: SYSTEM, data: ["AA==", "base64"] }],
  ])("tells a fee payer whose account was %s", async (_, account) => {
    await using node = await startScriptedNode(simulating({ ...simulation, accounts: [account] }));
    const { trace, judge } = await simulated(chainAt(node.url));
    expect(trace(0n).filter(({ verdict }) => verdict !== "pass")).toMatchObject([
      { rule: "sponsor-stays-a-wallet", verdict: "fail", code: "policy.fee_payer_misused" },
    ]);
    expect(judge(0n)).toMatchObject({ code: "policy.fee_payer_misused" });
  });

  test("asks with the sponsor's slot zero, whatever was in it: no node ever sees a signature before it is in SQL", async () => {
    let asked: unknown;
    await using node = await startScriptedNode((method, params) => {
      if (method === "simulateTransaction") asked = params;
      return simulating(simulation)(method, params);
    });
    const signed = composeWire().fill(9, 1, 1 + 2 * 64);
    await simulate(chainAt(node.url), signed);
    const [wire, options] = asked as [string, unknown];
    expect(base64.decode(wire).subarray(1, 65)).toEqual(new Uint8Array(64));
    expect(base64.decode(wire).subarray(65)).toEqual(signed.subarray(65));
    expect(options).toMatchObject({ sigVerify: false, replaceRecentBlockhash: false, innerInstructions: true });
  });

  test.each([
    [
      "has loaded accounts that no lookup table of the transaction holds",
      { ...simulation, loadedAddresses: { writable: [addressOf(7)], readonly: [] } },
    ],
    ["leaves out what the guard looks at", { ...simulation, preBalances: undefined }],
    [
      "gives the account in a form that cannot be measured",
      { ...simulation, accounts: [{ owner: SYSTEM, data: ["!", "base64"] }] },
    ],
  ])("of a node that %s is refused, not trusted", async (_, value) => {
    await using node = await startScriptedNode(simulating(value));
    await expect(simulate(chainAt(node.url))).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });

  test("of a transaction that the node cannot read says so", async () => {
    await using node = await startScriptedNode((method) =>
      method === "getGenesisHash" ? { result: GENESIS_HASH } : { text: '{"error":{"code":-32602,"message":"no"}}' },
    );
    expect(await simulate(chainAt(node.url))).toMatchObject({ reason: { code: "transaction.malformed" } });
  });

  test("that the node refuses for its own reasons is no fault of the transaction", async () => {
    await using node = await startScriptedNode((method) =>
      method === "getGenesisHash" ? { result: GENESIS_HASH } : { text: '{"error":{"code":-32005,"message":"behind"}}' },
    );
    await expect(simulate(chainAt(node.url))).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });
});

/** A node of the right network that answers each method as told. */
const answering =
  (answers: Readonly<Record<string, unknown>>): Script =>
  (method) => ({ result: method === "getGenesisHash" ? GENESIS_HASH : answers[method] });

/** What is known of a relay whose transaction has been sent. */
const RELAYED = { transactionId: "a", wire: composeWire() };

describe("what became of transactions", () => {
  test("is told in the order of the question, with a gap where the node knows nothing", async () => {
    const value = [null, { slot: 7, confirmationStatus: "confirmed" }, null];
    await using node = await startScriptedNode(always({ context: { slot: 9 }, value }));
    expect(await chainAt(node.url).statuses(["a", "b", "c"])).toEqual([
      undefined,
      { commitment: "confirmed", slot: 7n },
      undefined,
    ]);
  });

  test("is the fee payer's own loss, to the lamport", async () => {
    const meta = { err: null, fee: 10_000, preBalances: [3_000_000, 1], postBalances: [950_720, 1] };
    await using node = await startScriptedNode(always({ slot: 7, meta }));
    expect(await chainAt(node.url).landed(RELAYED)).toEqual({
      slot: 7n,
      error: null,
      fee: 10_000n,
      feePayerLoss: 2_049_280n,
      isAgreed: true,
    });
  });

  test("is nothing while the node has no record", async () => {
    await using node = await startScriptedNode(always(null));
    expect(await chainAt(node.url).landed(RELAYED)).toBeUndefined();
  });

  const record = (fee: number, slot = 7) =>
    always({ slot, meta: { err: null, fee, preBalances: [9_000], postBalances: [9_000 - fee] } });

  test("is asked of the next node when the first has no record of it; then it is one voice", async () => {
    await using empty = await startScriptedNode(always(null));
    await using full = await startScriptedNode(record(5_000));
    expect(await chainAt(empty.url, full.url).landed(RELAYED)).toMatchObject({
      slot: 7n,
      fee: 5_000n,
      isAgreed: false,
    });
  });

  test("is agreed when two nodes tell the same, and nobody else is asked", async () => {
    await using one = await startScriptedNode(record(5_000));
    await using other = await startScriptedNode(record(5_000));
    await using third = await startScriptedNode(record(5_000));
    expect(await chainAt(one.url, other.url, third.url).landed(RELAYED)).toMatchObject({ fee: 5_000n, isAgreed: true });
    expect(third.calls).toEqual([]);
  });

  test.each([
    ["that it cost nothing", record(0)],
    ["that it landed elsewhere", record(5_000, 8)],
    ["nothing at all", always(null)],
  ])("is outvoted by two where one of three nodes lies and says %s", async (_, lie) => {
    await using liar = await startScriptedNode(lie);
    await using one = await startScriptedNode(record(5_000));
    await using other = await startScriptedNode(record(5_000));
    const agreed = { slot: 7n, error: null, fee: 5_000n, feePayerLoss: 5_000n, isAgreed: true };
    expect(await chainAt(liar.url, one.url, other.url).landed(RELAYED)).toEqual(agreed);
  });

  test("is not agreed where one of two nodes lies about the cost, or the other one is away", async () => {
    await using liar = await startScriptedNode(record(0));
    await using honest = await startScriptedNode(record(5_000));
    expect(await chainAt(liar.url, honest.url).landed(RELAYED)).toMatchObject({ fee: 0n, isAgreed: false });
    expect(await chainAt(liar.url, "http://127.0.0.1:9").landed(RELAYED)).toMatchObject({ fee: 0n, isAgreed: false });
  });

  test("is not agreed where one of three nodes invents a landing", async () => {
    await using liar = await startScriptedNode(record(0));
    await using one = await startScriptedNode(always(null));
    await using other = await startScriptedNode(always(null));
    expect(await chainAt(liar.url, one.url, other.url).landed(RELAYED)).toMatchObject({ isAgreed: false });
  });
});

describe("that a transaction can land no more", () => {
  /** One with that blockhash; the stand-in is told by its fill. */
  const wireAt = (fill: number): Uint8Array => composeWire({ blockhash: keyOf(fill) });
  const [OLD, NEW] = [1, 2];
  const transactions = [
    { transactionId: "ended", wire: wireAt(OLD), lifetimeEnd: 900n },
    { transactionId: "alive", wire: wireAt(NEW), lifetimeEnd: 1_000n },
  ];
  const tip = { absoluteSlot: 2_000, blockHeight: 950 };
  const statuses = (...value: unknown[]) => ({ context: { slot: 2_032 }, value });
  /** Says that of blockhashes, by what each of its banks would take; none unless told otherwise. */
  const knowing =
    (answers: Readonly<Record<string, unknown>>, valid: { finalized?: boolean; processed?: boolean } = {}): Script =>
    (method, params) => {
      if (method !== "isBlockhashValid") return answering({ getEpochInfo: tip, ...answers })(method, params);
      const [, { commitment }] = params as [string, { commitment: "finalized" | "processed" }];
      const slot = commitment === "finalized" ? 2_000 : 2_032;
      return { result: { context: { slot }, value: valid[commitment] ?? false } };
    };
  const denies = knowing({ getSignatureStatuses: statuses(null) });

  test("is proven by every provider, with its history, for those whose life is over", async () => {
    const asked: unknown[] = [];
    await using one = await startScriptedNode((method, params) => {
      if (method === "getSignatureStatuses") asked.push(params);
      return denies(method, params);
    });
    await using other = await startScriptedNode(denies);
    expect(await chainAt(one.url, other.url).proveAbsent(transactions)).toEqual({
      absent: new Set(["ended"]),
      found: new Map(),
      silent: [],
    });
    expect(asked).toEqual([[["ended"], { searchTransactionHistory: true }]]);
    expect(other.calls).toContain("getSignatureStatuses");
  });

  test("is not asked of anybody while no life is over", async () => {
    await using node = await startScriptedNode(denies);
    expect(await chainAt(node.url).proveAbsent(transactions.slice(1))).toEqual({
      absent: new Set(),
      found: new Map(),
      silent: [],
    });
    expect(node.calls).not.toContain("getSignatureStatuses");
  });

  test("stays unproven while one provider cannot be reached, and it is named", async () => {
    await using node = await startScriptedNode(denies);
    expect(await chainAt(node.url, "http://127.0.0.1:9").proveAbsent(transactions)).toMatchObject({
      absent: new Set(),
      silent: ["node-1"],
    });
  });

  test("stays unproven while one provider answers nonsense", async () => {
    await using node = await startScriptedNode(denies);
    await using odd = await startScriptedNode(knowing({ getSignatureStatuses: statuses() }));
    expect(await chainAt(node.url, odd.url).proveAbsent(transactions)).toMatchObject({
      absent: new Set(),
      silent: ["node-1"],
    });
  });

  test("needs no word of a provider of another network", async () => {
    await using node = await startScriptedNode(denies);
    await using foreign = await startScriptedNode(() => ({ result: "another" }));
    expect(await chainAt(node.url, foreign.url).proveAbsent(transactions)).toMatchObject({
      absent: new Set(["ended"]),
      silent: [],
    });
  });

  test("is disproved by one that knows it; who denied it is out of use, and its word is still heard", async () => {
    const landed = { slot: 1_900, confirmationStatus: "finalized" };
    await using denier = await startScriptedNode(denies);
    await using finder = await startScriptedNode(knowing({ getSignatureStatuses: statuses(landed) }));
    const chain = chainAt(denier.url, finder.url);
    const found = new Map([["ended", { commitment: "finalized", slot: 1_900n }]]);
    expect(await chain.proveAbsent(transactions)).toEqual({ absent: new Set(), found, silent: [] });
    expect(chain.health()).toMatchObject([
      { provider: "node-0", state: "quarantined", reason: "denied_landed" },
      { provider: "node-1", state: "ok" },
    ]);
    const before = denier.calls.length;
    await chain.statuses(["ended"]);
    expect(denier.calls).toHaveLength(before);
    expect(await chain.proveAbsent(transactions)).toEqual({ absent: new Set(), found, silent: [] });
    expect(denier.calls.slice(before)).toContain("getSignatureStatuses");
  });

  test("is disproved by one that lies about a landing; no honest one of three is put out of use for it", async () => {
    const invented = { slot: 1_900, confirmationStatus: "finalized" };
    await using liar = await startScriptedNode(knowing({ getSignatureStatuses: statuses(invented) }));
    await using one = await startScriptedNode(denies);
    await using other = await startScriptedNode(denies);
    const chain = chainAt(liar.url, one.url, other.url);
    expect(await chain.proveAbsent(transactions)).toMatchObject({ absent: new Set(), silent: [] });
    expect(chain.health().map(({ state }) => state)).toEqual(["ok", "ok", "ok"]);
  });

  test.each([
    ["its finalized bank", { finalized: true }],
    ["its newest bank, where the finalized one has not seen it yet", { processed: true }],
  ])(
    "stays unproven though a height was lied too low, while an honest node takes the blockhash in %s",
    async (_, valid) => {
      const low = [{ transactionId: "ended", wire: wireAt(OLD), lifetimeEnd: 1n }];
      await using liar = await startScriptedNode(denies);
      await using honest = await startScriptedNode(knowing({ getSignatureStatuses: statuses(null) }, valid));
      expect(await chainAt(liar.url, honest.url).proveAbsent(low)).toMatchObject({ absent: new Set(), silent: [] });
    },
  );

  test("needs no height where one was lied too high: the blockhash alone counts", async () => {
    const waived = [{ transactionId: "ended", wire: wireAt(OLD), lifetimeEnd: 0n }];
    await using node = await startScriptedNode(denies);
    await using other = await startScriptedNode(denies);
    expect(await chainAt(node.url, other.url).proveAbsent(waived)).toMatchObject({ absent: new Set(["ended"]) });
    await using honest = await startScriptedNode(
      knowing({ getSignatureStatuses: statuses(null) }, { finalized: true, processed: true }),
    );
    expect(await chainAt(node.url, honest.url).proveAbsent(waived)).toMatchObject({ absent: new Set() });
  });

  test("is never proven of bytes that nobody can read", async () => {
    await using node = await startScriptedNode(denies);
    const garbled = [{ transactionId: "ended", wire: new Uint8Array([1, 2, 3]), lifetimeEnd: 900n }];
    expect(await chainAt(node.url).proveAbsent(garbled)).toMatchObject({ absent: new Set(), silent: [] });
  });

  test("is asked once of each blockhash and bank, and of eight blockhashes in one look", async () => {
    const asked: string[] = [];
    const count = 12;
    await using node = await startScriptedNode((method, params) => {
      if (method === "isBlockhashValid") {
        const [blockhash, { commitment }] = params as [string, { commitment: string }];
        asked.push(`${blockhash} ${commitment}`);
      }
      return knowing({ getSignatureStatuses: statuses(...Array.from({ length: 2 * count }, () => null)) })(
        method,
        params,
      );
    });
    const many = Array.from({ length: 2 * count }, (_, index) => ({
      transactionId: `t${index}`,
      wire: wireAt(index % count),
      lifetimeEnd: 900n,
    }));
    const { absent } = await chainAt(node.url).proveAbsent(many);
    expect(absent.size).toBe(16);
    expect(asked).toHaveLength(16);
    const banks = ["finalized", "processed"];
    const named = Array.from({ length: 8 }, (_, fill) => banks.map((bank) => `${addressOf(fill)} ${bank}`)).flat();
    expect(new Set(asked)).toEqual(new Set(named));
  });
});

const prepare = (chain: ChainPort) =>
  chain.prepare({
    ...SCENE,
    sponsor: SPONSOR,
    transactions: [],
    listLinkedAddresses: () => Promise.reject(new Error("nobody is looked up")),
    listGiven: () => Promise.reject(new Error("nothing is given")),
  });

async function lifetimeOf(chain: ChainPort) {
  const prepared = await prepare(chain);
  return prepared.ok ? prepared.value.lifetime : prepared.reason;
}

describe("one of three nodes that names a slot of the far future", () => {
  const FAR = 9_000_000_000;
  const lifetime = (slot: number, blockhash: string): Script =>
    answering({ getLatestBlockhash: { context: { slot }, value: { blockhash, lastValidBlockHeight: 1 } } });
  const balance = (slot: number, lamports: number): Script =>
    answering({
      getEpochInfo: { absoluteSlot: slot, blockHeight: slot },
      getMultipleAccounts: { context: { slot }, value: [{ lamports }] },
    });

  test("takes no honest one out of use, and is out of use itself", async () => {
    await using liar = await startScriptedNode(lifetime(FAR, "lie"));
    await using one = await startScriptedNode(lifetime(1_000, "truth"));
    await using other = await startScriptedNode(lifetime(1_001, "truth"));
    let unit = 0;
    const chain = chainWith(() => unit, liar.url, one.url, other.url);
    for (unit of [0, 0.4, 0.9]) await lifetimeOf(chain);
    unit = 0;
    for (let call = 0; call < 5; call++) expect(await lifetimeOf(chain)).toMatchObject({ blockhash: "truth" });
    expect(chain.health()).toMatchObject([{ state: "quarantined", reason: "ahead" }, { state: "ok" }, { state: "ok" }]);
  });

  test("tells no balance, though an isolate that knows nothing yet asks it first", async () => {
    await using liar = await startScriptedNode(balance(FAR, 1));
    await using one = await startScriptedNode(balance(1_000, 5));
    await using other = await startScriptedNode(balance(1_001, 5));
    expect(await chainAt(liar.url, one.url, other.url).balances(["a"])).toMatchObject({ balances: [5n] });
  });
});

describe("balances", () => {
  test("are exact, finalized and in the order of the question; an account that is not there has none", async () => {
    let asked: unknown;
    await using node = await startScriptedNode((method, params) => {
      if (method === "getGenesisHash") return { result: GENESIS_HASH };
      asked = params;
      const value = '[{"lamports":18446744073709551615,"owner":"o","data":["","base64"]},null,{"lamports":0}]';
      return { text: `{"result":{"context":{"slot":12},"value":${value}}}` };
    });
    expect(await chainAt(node.url).balances(["a", "b", "c"])).toEqual({
      slot: 12n,
      balances: [18_446_744_073_709_551_615n, 0n, 0n],
    });
    expect(asked).toEqual([
      ["a", "b", "c"],
      { commitment: "finalized", encoding: "base64", dataSlice: { offset: 0, length: 0 } },
    ]);
  });
});

describe("sending", () => {
  test("goes to another node when one refuses, with the same bytes", async () => {
    const sent: unknown[] = [];
    await using full = await startScriptedNode((method, params) => {
      if (method !== "sendTransaction") return always(1)(method, params);
      sent.push((params as unknown[])[0]);
      return { status: 429, text: "slow down" };
    });
    await using free = await startScriptedNode((method, params) => {
      if (method === "sendTransaction") sent.push((params as unknown[])[0]);
      return always("signature")(method, params);
    });
    await chainAt(full.url, free.url).send(new Uint8Array([1, 2, 3]));
    expect(sent).toEqual(["AQID", "AQID"]);
  });

  test("that no node takes is an error, though one of them says so in a 200", async () => {
    await using node = await startScriptedNode((method) =>
      method === "getGenesisHash" ? { result: GENESIS_HASH } : { text: '{"error":{"code":-32003,"message":"no"}}' },
    );
    await expect(chainAt(node.url).send(new Uint8Array(1))).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });
});

test("the id of a transaction is its sponsor's signature", () => {
  const { wire, transactionId, group } = read(offline).attachSignature(new Uint8Array(64).fill(1));
  expect(wire[1]).toBe(1);
  expect(transactionId).toBe(base58.encode(new Uint8Array(64).fill(1)));
  expect(group).toBeNull();
});
