import { createAlgorandWallet, signGroup } from "@gasless/localnet/algorand-client";
import { base64 } from "@scure/base";
import { describe, expect, test } from "vitest";
import {
  accountOf,
  ALGOD_GENESIS,
  ALGOD_ROUND,
  type AlgodScript,
  simulatedGroup,
  startScriptedAlgod,
} from "../../../../test/support/scripted-algod.ts";
import type { AlgorandPolicy } from "../../../contract/algorand-policy.ts";
import { concatBytes } from "../../../domain/bytes.ts";
import type { TransactionScene } from "../../../domain/chain-transaction.ts";
import type { ChainPort } from "../../../ports.ts";
import { publicKeyOf } from "./address.ts";
import { createAlgorandChain } from "./chain.ts";
import { composeGroup, writeTransaction } from "./group/compose-group.ts";
import { readUserTransactions } from "./group/decode-group.ts";
import { compileAlgorandPolicy } from "./policy/compile.ts";

const sponsor = createAlgorandWallet(new Uint8Array(32).fill(1));
const user = createAlgorandWallet(new Uint8Array(32).fill(2));
const stranger = createAlgorandWallet(new Uint8Array(32).fill(3));
const ASSET = 77n;
const APPLICATION = 9n;

const POLICY: AlgorandPolicy = {
  allow: [
    { transaction: "payment" },
    { transaction: "asset-opt-in" },
    { transaction: "application-call", application: APPLICATION.toString(), bare: true },
  ],
  maxFee: "8000",
  minimumBalance: { account: true, assets: true },
  maxRent: "200000",
};

const sceneWith = (policy: Partial<AlgorandPolicy> = {}): TransactionScene => ({
  policy: compileAlgorandPolicy({ ...POLICY, ...policy }),
  sponsorPool: [{ address: sponsor.address, state: "active" }],
  acceptedSponsors: [sponsor.address],
  sessionAddress: user.address,
});

const chainAt = (...urls: string[]): ChainPort =>
  createAlgorandChain({
    network: "algorand:testnet",
    providers: urls.map((url, index) => ({ name: `algod-${index}`, url, weight: 1 })),
    genesisHash: ALGOD_GENESIS,
    nowMs: () => 1_000,
    randomUnit: () => 0,
    metrics: { count: () => undefined, set: () => undefined },
  });

const keyOf = ({ address }: { address: string }): Uint8Array => publicKeyOf(address) ?? new Uint8Array();
const own = { snd: keyOf(user), gh: base64.decode(ALGOD_GENESIS), fv: 1n, lv: 2n };
const PAYMENT = writeTransaction({ type: "pay", rcv: keyOf(user), ...own });
const OPT_IN = writeTransaction({ type: "axfer", xaid: ASSET, arcv: keyOf(user), ...own });
const CALL = writeTransaction({ type: "appl", apid: APPLICATION, ...own });

function prepare(
  chain: ChainPort,
  transactions: readonly Uint8Array[],
  policy: Partial<AlgorandPolicy> = {},
  given: readonly string[] = [],
) {
  const listGiven = async (items: readonly string[]) => new Set(items.filter((item) => given.includes(item)));
  return chain.prepare({
    ...sceneWith(policy),
    sponsor: sponsor.address,
    transactions,
    listLinkedAddresses: async () => [],
    listGiven,
  });
}

async function prepared(chain: ChainPort, transactions: readonly Uint8Array[], policy?: Partial<AlgorandPolicy>) {
  const outcome = await prepare(chain, transactions, policy);
  if (!outcome.ok) throw new Error(outcome.reason.detail);
  return outcome.value;
}

/** What a well node prepares, signed by the user. */
async function signed(transactions: readonly Uint8Array[] = [PAYMENT]): Promise<readonly Uint8Array[]> {
  await using well = await startScriptedAlgod(poorUser);
  const { transactions: group = [] } = await prepared(chainAt(well.url), transactions);
  return signGroup(
    group.map((bytes) => base64.encode(bytes)),
    [user],
  ).map((text) => base64.decode(text));
}

function read(chain: ChainPort, parts: readonly Uint8Array[]) {
  const transaction = chain.read(parts, sceneWith());
  if (!transaction.ok) throw new Error(transaction.reason.detail);
  return transaction.value;
}

/** What is refused of a group by what a node says, if anything. */
async function refusalBy(script: AlgodScript, transactions?: readonly Uint8Array[], floor = 0n) {
  await using node = await startScriptedAlgod(script);
  const transaction = read(chainAt(node.url), await signed(transactions));
  expect(await transaction.judge()).toBeUndefined();
  const simulated = await transaction.simulate();
  return simulated.ok ? simulated.value.judge(floor) : simulated.reason;
}

const isAccount = (path: string, { address }: { address: string }): boolean =>
  path.startsWith(`/v2/accounts/${address}?`);
const poorUser: AlgodScript = ({ path }) =>
  isAccount(path, user) ? { body: accountOf(user.address, { amount: 0 }) } : undefined;
const simulates =
  (answer: unknown, status = 200): AlgodScript =>
  ({ path }) =>
    path.startsWith("/v2/transactions/simulate") ? { status, body: answer } : undefined;
const innerCall = (sender: { address: string }, inner: readonly unknown[] = []) => ({
  txn: { txn: { type: "pay", snd: sender.address, rcv: stranger.address } },
  "inner-txns": inner,
});

function nested(depth: number): unknown {
  let inner: unknown = innerCall(user);
  for (let level = 0; level < depth; level += 1) inner = innerCall(user, [inner]);
  return inner;
}

describe("what a node says of a group", () => {
  test("is held against the quote, and lets a good group pass", async () => {
    expect(await refusalBy(() => undefined)).toBeUndefined();
  });

  const failing = (message: string): AlgodScript =>
    simulates(simulatedGroup({ "failure-message": message, "failed-at": [1] }));
  test.each<[string, AlgodScript, string]>([
    ["a program fails", failing("logic eval error: assert failed"), "transaction.simulation_failed"],
    ["the sponsor has too little", failing(`overspend (account ${sponsor.address})`), "sponsor.underfunded"],
    [
      "the sponsor would have too little left",
      failing(`account ${sponsor.address} balance 1 below min 100000`),
      "sponsor.underfunded",
    ],
    [
      "somebody else has too little",
      failing(`overspend (account ${stranger.address})`),
      "transaction.simulation_failed",
    ],
    ["it has landed", failing("transaction already in ledger: X"), "transaction.already_relayed"],
    ["its rounds are over", failing("txn dead: round 30 outside of 5--25"), "transaction.expired"],
    ["it cannot be read", simulates({ message: "malformed" }, 400), "transaction.simulation_failed"],
    ["the node is past its rounds", simulates(simulatedGroup({}, [], ALGOD_ROUND + 20)), "transaction.expired"],
    ["the node has not come to its rounds", simulates(simulatedGroup({}, [], ALGOD_ROUND - 2)), "transaction.expired"],
    ["a program uses the sponsor", simulates(simulatedGroup({}, [innerCall(sponsor)])), "policy.fee_payer_misused"],
    [
      "a program of a program uses it",
      simulates(simulatedGroup({}, [innerCall(user, [innerCall(sponsor)])])),
      "policy.fee_payer_misused",
    ],
    [
      "the user's account has been rekeyed",
      ({ path }) =>
        isAccount(path, user) ? { body: accountOf(user.address, { "auth-addr": stranger.address }) } : undefined,
      "transaction.signature_invalid",
    ],
    [
      "the sponsor's account has been rekeyed",
      ({ path }) =>
        isAccount(path, sponsor) ? { body: accountOf(sponsor.address, { "auth-addr": stranger.address }) } : undefined,
      "sponsor.unavailable",
    ],
  ])("refuses where %s", async (_what, script, code) => {
    expect((await refusalBy(script))?.code).toBe(code);
  });

  test("what users and nodes write is cut and cleaned before it is told", async () => {
    const refusal = await refusalBy(failing(`a\u0000b\ud800${"c".repeat(5_000)}`));
    const error = String(refusal?.context?.["error"]);
    expect(error.length).toBeLessThanOrEqual(300);
    expect(error.startsWith("a\u{fffd}b")).toBe(true);
  });

  test("the sponsor keeps its floor and its own minimum balance", async () => {
    expect((await refusalBy(() => undefined, [PAYMENT], 9_999_000n))?.code).toBe("sponsor.underfunded");
    expect(await refusalBy(() => undefined, [PAYMENT], 9_998_000n)).toBeUndefined();
    const atMinimum: AlgodScript = ({ path }) =>
      isAccount(path, sponsor) ? { body: accountOf(sponsor.address, { amount: 101_999 }) } : undefined;
    expect((await refusalBy(atMinimum))?.code).toBe("sponsor.underfunded");
  });

  test("no more is given than the account lacks by now", async () => {
    expect(await refusalBy(poorUser, [OPT_IN])).toBeUndefined();
    const richer =
      (amount: number): AlgodScript =>
      ({ path }) =>
        isAccount(path, user) ? { body: accountOf(user.address, { amount }) } : undefined;
    expect((await refusalBy(richer(1), [OPT_IN]))?.code).toBe("policy.rent_not_sponsored");
    const holding: AlgodScript = (request) =>
      request.path.endsWith(`/assets/${ASSET}`) ? { body: { round: ALGOD_ROUND } } : poorUser(request);
    expect((await refusalBy(holding, [OPT_IN]))?.code).toBe("policy.rent_not_sponsored");
  });

  test.each<[string, AlgodScript]>([
    ["another account", ({ path }) => (isAccount(path, user) ? { body: accountOf(stranger.address) } : undefined)],
    ["no balance", ({ path }) => (isAccount(path, user) ? { body: { address: user.address } } : undefined)],
    ["no result", simulates({ "last-round": ALGOD_ROUND, "txn-groups": [] })],
    ["garbage", ({ path }) => (path.startsWith("/v2/transactions/simulate") ? { text: "<html>" } : undefined)],
    ["an error of its own", simulates({ message: "down" }, 500)],
    ["of transactions that nest without end", simulates(simulatedGroup({}, [nested(2_000)]))],
    [
      "of more transactions than there can be",
      simulates(
        simulatedGroup(
          {},
          Array.from({ length: 300 }, () => innerCall(user)),
        ),
      ),
    ],
  ])("is not believed when it is %s", async (_what, script) => {
    await using node = await startScriptedAlgod(script);
    const transaction = read(chainAt(node.url), await signed());
    await expect(transaction.simulate()).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });
});

describe("what is prepared", () => {
  test("costs the least that the network takes, by size where it wants that", async () => {
    await using node = await startScriptedAlgod();
    expect((await prepared(chainAt(node.url), [PAYMENT])).quote).toEqual({ fee: 2_000n, rent: 0n });
    const pricey: AlgodScript = ({ path }) =>
      path.startsWith("/v2/transactions/params")
        ? {
            body: {
              "last-round": ALGOD_ROUND,
              "min-fee": 1_000,
              fee: 10,
              "genesis-id": "t",
              "genesis-hash": ALGOD_GENESIS,
            },
          }
        : undefined;
    await using busy = await startScriptedAlgod(pricey);
    const { quote, transactions = [] } = await prepared(chainAt(busy.url), [PAYMENT]);
    const bytes = transactions.reduce((sum, part) => sum + BigInt(part.length), 0n);
    expect(quote.fee).toBeGreaterThanOrEqual(10n * bytes);
  });

  test("pays for what programs do, and for no more than the policy allows", async () => {
    const two = simulates(simulatedGroup({}, [innerCall(user, [innerCall(user)])]));
    await using node = await startScriptedAlgod(two);
    expect((await prepared(chainAt(node.url), [CALL])).quote.fee).toBe(4_000n);
    const refused = await prepare(chainAt(node.url), [CALL], { maxFee: "3000" });
    expect(refused).toMatchObject({ ok: false, reason: { code: "policy.fee_exceeded" } });
  });

  test("gives what the account lacks, once, and only where the policy says so", async () => {
    await using node = await startScriptedAlgod(poorUser);
    const chain = chainAt(node.url);
    expect((await prepared(chain, [OPT_IN])).quote).toEqual({ fee: 2_000n, rent: 200_000n });
    const refusals = await Promise.all([
      prepare(chain, [OPT_IN], {}, [`asset ${ASSET}`]),
      prepare(chain, [OPT_IN], { maxRent: "199999" }),
      prepare(chain, [OPT_IN], { minimumBalance: { assets: [ASSET.toString()] } }),
      prepare(chain, [OPT_IN], { minimumBalance: { account: true, assets: ["1"] } }),
    ]);
    expect(refusals.map((refusal) => !refusal.ok && refusal.reason.code)).toEqual(
      Array.from({ length: 4 }, () => "policy.rent_not_sponsored"),
    );
  });

  test("is refused where the policy would refuse it later, before any node is asked", async () => {
    await using node = await startScriptedAlgod();
    const refused = await prepare(chainAt(node.url), [PAYMENT], { allow: [] });
    expect(refused).toMatchObject({ ok: false, reason: { code: "policy.instruction_not_allowed" } });
    expect(node.requests).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["of another network", { "genesis-hash": "wGHE2Pwdvd7S12BL5FaOP20EGYesN73ktiC1qzkkit8=" }],
    ["with a name that is too long", { "genesis-id": "x".repeat(4_000) }],
    ["with a fee that no integer holds", { "min-fee": "a" }],
  ])("is not made of the parameters of a node %s", async (_what, changes) => {
    const params = {
      "last-round": ALGOD_ROUND,
      "min-fee": 1_000,
      fee: 0,
      "genesis-id": "t",
      "genesis-hash": ALGOD_GENESIS,
    };
    let calls = 0;
    await using node = await startScriptedAlgod(({ path }) => {
      if (!path.startsWith("/v2/transactions/params")) return undefined;
      // The first proves the node's genesis.
      calls += 1;
      return { body: calls === 1 ? params : { ...params, ...changes } };
    });
    const chain = chainAt(node.url);
    await chain.ping();
    await expect(prepare(chain, [PAYMENT])).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });

  test("is refused, not composed, where a node wants absurd amounts", async () => {
    const greedy: AlgodScript = ({ path }) =>
      path.startsWith("/v2/transactions/params")
        ? {
            text: `{"last-round":${ALGOD_ROUND},"min-fee":18446744073709551615,"fee":0,"genesis-id":"t","genesis-hash":"${ALGOD_GENESIS}"}`,
          }
        : undefined;
    await using node = await startScriptedAlgod(greedy);
    const refused = await prepare(chainAt(node.url), [PAYMENT]);
    expect(refused).toMatchObject({ ok: false, reason: { code: "policy.fee_exceeded" } });
  });
});

describe("what has become of a group", () => {
  const pendingIs =
    (confirmed: number | undefined): AlgodScript =>
    ({ path }) =>
      path.startsWith("/v2/transactions/pending/")
        ? { body: { "pool-error": "", ...(confirmed !== undefined && { "confirmed-round": confirmed }) } }
        : undefined;
  async function mortal() {
    const transaction = read(chainAt("http://127.0.0.1:9"), await signed());
    const { wire, transactionId } = transaction.attachSignature(sponsor.sign(transaction.sponsorMessage));
    return { wire, transactionId, lifetimeEnd: BigInt(ALGOD_ROUND + 20) };
  }

  async function ask<Answer>(
    scripts: readonly AlgodScript[],
    question: (chain: ChainPort) => Promise<Answer>,
  ): Promise<Answer> {
    await using stack = new AsyncDisposableStack();
    const urls: string[] = [];
    for (const script of scripts) urls.push(stack.use(await startScriptedAlgod(script)).url);
    return await question(chainAt(...urls));
  }

  /** A node that has these blocks, and this transaction in one of them. */
  const withBlocks =
    (rounds: number, landed?: { readonly id: string; readonly round: number }): AlgodScript =>
    ({ path }) => {
      if (path === "/v2/status") return { body: { "last-round": rounds } };
      const [, round] = /^\/v2\/blocks\/(\d+)\/txids$/.exec(path) ?? [];
      if (round === undefined || Number(round) > rounds) return undefined;
      return { body: { blockTxids: landed?.round === Number(round) ? [landed.id] : [] } };
    };
  const either =
    (...scripts: AlgodScript[]): AlgodScript =>
    (request) =>
      scripts.map((script) => script(request)).find((answer) => answer !== undefined);
  const evicted: AlgodScript = ({ path }) =>
    path.startsWith("/v2/transactions/pending/") ? { body: { "pool-error": "txn dead" } } : undefined;

  test("a status is final with its block, nothing before, and nothing once it fell out of the pool", async () => {
    const { transactionId } = await mortal();
    const statusBy = (script: AlgodScript) => ask([script], (chain) => chain.statuses([transactionId]));
    expect(await statusBy(pendingIs(1_005))).toEqual([{ commitment: "finalized", slot: 1_005n }]);
    expect(await statusBy(pendingIs(undefined))).toEqual([{ commitment: "processed", slot: 0n }]);
    expect(await statusBy(evicted)).toEqual([undefined]);
    expect(await statusBy(() => undefined)).toEqual([undefined]);
  });

  test("of more than fit into one look the others are said not to have been asked about", async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `ID${index}`);
    const statuses = await ask([() => undefined], (chain) => chain.statuses(ids));
    expect(statuses.filter((status) => status === "not_asked")).toHaveLength(12);
    expect(statuses.filter((status) => status === undefined)).toHaveLength(48);
  });

  test("it is proven never to land by the blocks of all its rounds at every provider, and by no fewer", async () => {
    const relay = await mortal();
    const provenBy = async (...scripts: AlgodScript[]) =>
      (await ask(scripts, (chain) => chain.proveAbsent([relay]))).absent.has(relay.transactionId);
    expect(await provenBy(withBlocks(1_021), withBlocks(1_022))).toBe(true);
    expect(await provenBy(withBlocks(1_019), withBlocks(1_019))).toBe(false);
    const landed = { id: relay.transactionId, round: 1_010 };
    expect(await provenBy(withBlocks(1_021), withBlocks(1_022, landed))).toBe(false);
    expect(await provenBy(withBlocks(1_021), () => ({ status: 500, text: "" }))).toBe(false);
  });

  test("a provider of several nodes, of which one has not come to its last round, proves nothing", async () => {
    const relay = await mortal();
    const split: AlgodScript = (request) =>
      request.path === "/v2/status" ? { body: { "last-round": 1_021 } } : withBlocks(1_018)(request);
    const outcome = await ask([split], (chain) => chain.proveAbsent([relay]));
    expect(outcome).toMatchObject({ absent: new Set(), silent: [] });
  });

  test("what has no blocks any more stays open, and keeps nothing else open", async () => {
    const relay = await mortal();
    const pruned: AlgodScript = (request) =>
      request.path.startsWith("/v2/blocks/9") ? { status: 404, body: {} } : withBlocks(1_030)(request);
    const user = readUserTransactions([PAYMENT]);
    const parts = composeGroup({
      sponsor: keyOf(sponsor),
      fee: 2_000n,
      funding: undefined,
      firstValid: 900n,
      lastValid: 920n,
      genesisHash: base64.decode(ALGOD_GENESIS),
      genesisId: "testnet-v1.0",
      user: user.ok ? user.value : [],
    });
    const old = { wire: concatBytes(...parts), transactionId: "OLD", lifetimeEnd: 920n };
    const { absent } = await ask([pruned], (chain) => chain.proveAbsent([old, relay]));
    expect([...absent]).toEqual([relay.transactionId]);
  });

  test("what fell out of a pool and landed all the same is found in the blocks, whatever the node says of it", async () => {
    const relay = await mortal();
    const landed = withBlocks(1_030, { id: relay.transactionId, round: 1_020 });
    const { absent, found } = await ask([either(evicted, landed)], (chain) => chain.proveAbsent([relay]));
    expect(absent.size).toBe(0);
    expect(found.get(relay.transactionId)).toEqual({ commitment: "finalized", slot: 1_020n });
    const record = await ask([either(evicted, landed)], (chain) => chain.landed(relay));
    expect(record).toMatchObject({ slot: 1_020n, error: null });
  });

  test("a round in which it cannot have landed is nobody's record", async () => {
    const relay = await mortal();
    const record = await ask([either(pendingIs(3), withBlocks(1_030))], (chain) => chain.landed(relay));
    expect(record).toBeUndefined();
  });

  test("what it has cost is what its bytes say, and agreed when two nodes tell the same round", async () => {
    const relay = await mortal();
    const landedBy = (...scripts: AlgodScript[]) => ask(scripts, (chain) => chain.landed(relay));
    const cost = { error: null, fee: 2_000n, feePayerLoss: 2_000n };
    expect(await landedBy(pendingIs(1_005), pendingIs(1_005))).toEqual({ ...cost, slot: 1_005n, isAgreed: true });
    expect(await landedBy(pendingIs(1_005))).toMatchObject({ isAgreed: true });
    expect(await landedBy(pendingIs(1_005), pendingIs(1_006))).toMatchObject({ isAgreed: false });
    expect(await landedBy(pendingIs(1_005), withBlocks(1_030))).toMatchObject({ isAgreed: false });
    expect(
      await landedBy(
        () => undefined,
        () => undefined,
      ),
    ).toBeUndefined();
  });

  test("a group that a node refuses says nothing against the node", async () => {
    const { wire } = await mortal();
    const refusing: AlgodScript = ({ path }) =>
      path === "/v2/transactions" ? { status: 400, body: { message: "overspend" } } : undefined;
    await ask([refusing, refusing], async (chain) => {
      await expect(chain.send(wire)).rejects.toThrow("refuses the group");
      expect(chain.health().map(({ state }) => state)).toEqual(["ok", "ok"]);
    });
  });

  test("a send is well when the node takes it or has it already, and not when it is refused", async () => {
    const { wire } = await mortal();
    const sendBy = (status: number, message: string) =>
      ask(
        [({ path }) => (path === "/v2/transactions" ? { status, body: { message, txId: "X" } } : undefined)],
        (chain) => chain.send(wire),
      );
    await expect(sendBy(200, "")).resolves.toBeUndefined();
    await expect(sendBy(400, "transaction already in ledger: X")).resolves.toBeUndefined();
    await expect(sendBy(400, "overspend")).rejects.toThrow("refuses the group");
  });
});

describe("balances", () => {
  test("are of one round, and asked for again while they are not", async () => {
    let round = ALGOD_ROUND;
    const script: AlgodScript = ({ path }) => {
      if (isAccount(path, user)) return { body: accountOf(user.address, { round: (round += 1) }) };
      return isAccount(path, sponsor) ? { body: accountOf(sponsor.address, { round: ALGOD_ROUND + 2 }) } : undefined;
    };
    await using node = await startScriptedAlgod(script);
    const { slot, balances } = await chainAt(node.url).balances([sponsor.address, user.address]);
    expect(slot).toBe(BigInt(ALGOD_ROUND + 2));
    expect(balances).toEqual([10_000_000n, 10_000_000n]);
  });

  test("are not told when no round ever fits", async () => {
    let round = ALGOD_ROUND;
    await using node = await startScriptedAlgod(({ path }) =>
      isAccount(path, user) ? { body: accountOf(user.address, { round: (round += 1) }) } : undefined,
    );
    await expect(chainAt(node.url).balances([sponsor.address, user.address])).rejects.toMatchObject({
      code: "upstream.rpc_unavailable",
    });
  });
});

test("a provider gets its API token, and another network's node is not believed", async () => {
  await using node = await startScriptedAlgod();
  const chain = createAlgorandChain({
    network: "algorand:testnet",
    providers: [{ name: "algod", url: node.url, weight: 1, apiToken: "letters" }],
    genesisHash: "wGHE2Pwdvd7S12BL5FaOP20EGYesN73ktiC1qzkkit8=",
    nowMs: () => 1_000,
    randomUnit: () => 0,
    metrics: { count: () => undefined, set: () => undefined },
  });
  await expect(chain.ping()).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  expect(node.requests[0]?.headers["x-algo-api-token"]).toBe("letters");
});
