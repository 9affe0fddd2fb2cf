import { base58, base64 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { always, GENESIS_HASH, type Script, startScriptedNode } from "../../../../test/support/scripted-node.ts";
import { addressOf, composeWire } from "../../../../test/support/wire.ts";
import { createSolanaChain } from "./chain.ts";
import { decodeTransaction } from "./decode.ts";

const SYSTEM = "11111111111111111111111111111111";
const chainAt = (rpcUrl: string) => createSolanaChain({ rpcUrl, genesisHash: GENESIS_HASH, nowMs: () => 1_000 });
const offline = chainAt("http://127.0.0.1:9");

const decoded = decodeTransaction(composeWire());
if (!decoded.ok) throw new Error(decoded.reason.detail);
const transaction = decoded.value;

const simulation = {
  err: null,
  logs: ["Program log: hello"],
  accounts: [{ owner: SYSTEM, data: ["", "base64"] }],
  preBalances: [1_000_000, 5],
  postBalances: [990_000, 5],
  preTokenBalances: [],
  postTokenBalances: [],
  innerInstructions: [],
};

/** A node that simulates as told, at block height 40. */
const simulating =
  (value: object): Script =>
  (method) => {
    if (method === "getGenesisHash") return { result: GENESIS_HASH };
    return { result: method === "getBlockHeight" ? 40 : { context: { slot: 1 }, value } };
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

describe("a simulation", () => {
  test("tells what the fee payer would lose and what its account would be", async () => {
    await using node = await startScriptedNode(simulating(simulation));
    expect(await chainAt(node.url).simulate(transaction)).toMatchObject({
      ok: true,
      value: {
        error: null,
        feePayerBefore: 1_000_000n,
        feePayerAfter: 990_000n,
        feePayerOwner: SYSTEM,
        feePayerDataLength: 0,
        blockHeight: 40n,
      },
    });
  });

  test("tells a fee payer whose account was given away or filled", async () => {
    const accounts = [{ owner: addressOf(7), data: ["AAAA", "base64"] }];
    await using node = await startScriptedNode(simulating({ ...simulation, accounts }));
    expect(await chainAt(node.url).simulate(transaction)).toMatchObject({
      value: { feePayerOwner: addressOf(7), feePayerDataLength: 3 },
    });
  });

  test("asks with the sponsor's slot zero, whatever was in it: no node ever sees a signature before it is in SQL", async () => {
    let asked: unknown;
    await using node = await startScriptedNode((method, params) => {
      if (method === "simulateTransaction") asked = params;
      return simulating(simulation)(method, params);
    });
    const signatures = transaction.signatures.map(() => new Uint8Array(64).fill(9));
    await chainAt(node.url).simulate({ ...transaction, signatures });
    const [wire, options] = asked as [string, unknown];
    expect(base64.decode(wire).subarray(1, 65)).toEqual(new Uint8Array(64));
    expect(options).toMatchObject({ sigVerify: false, replaceRecentBlockhash: false, innerInstructions: true });
  });

  test.each([
    ["leaves out what the guard looks at", { ...simulation, preBalances: undefined }],
    [
      "gives the account in a form that cannot be measured",
      { ...simulation, accounts: [{ owner: SYSTEM, data: ["!", "base64"] }] },
    ],
  ])("of a node that %s is refused, not trusted", async (_, value) => {
    await using node = await startScriptedNode(simulating(value));
    await expect(chainAt(node.url).simulate(transaction)).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });

  test("of a transaction that the node cannot read says so", async () => {
    await using node = await startScriptedNode((method) =>
      method === "getGenesisHash" ? { result: GENESIS_HASH } : { text: '{"error":{"code":-32602,"message":"no"}}' },
    );
    expect(await chainAt(node.url).simulate(transaction)).toMatchObject({ reason: { code: "transaction.malformed" } });
  });

  test("that the node refuses for its own reasons is no fault of the transaction", async () => {
    await using node = await startScriptedNode((method) =>
      method === "getGenesisHash" ? { result: GENESIS_HASH } : { text: '{"error":{"code":-32005,"message":"behind"}}' },
    );
    await expect(chainAt(node.url).simulate(transaction)).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });
});

describe("what became of transactions", () => {
  test("is told in the order of the question, with a gap where the node knows nothing", async () => {
    const value = [null, { slot: 7, confirmationStatus: "confirmed" }];
    await using node = await startScriptedNode(always({ context: { slot: 9 }, value }));
    expect(await chainAt(node.url).statuses(["a", "b", "c"], false)).toEqual({
      slot: 9n,
      statuses: [undefined, { commitment: "confirmed", slot: 7n }, undefined],
    });
  });

  test("is the fee payer's own loss, to the lamport", async () => {
    const meta = { err: null, fee: 10_000, preBalances: [3_000_000, 1], postBalances: [950_720, 1] };
    await using node = await startScriptedNode(always({ slot: 7, meta }));
    expect(await chainAt(node.url).landed("a")).toEqual({
      slot: 7n,
      error: null,
      fee: 10_000n,
      feePayerLoss: 2_049_280n,
    });
  });

  test("is nothing while the node has no record", async () => {
    await using node = await startScriptedNode(always(null));
    expect(await chainAt(node.url).landed("a")).toBeUndefined();
  });
});

test("the id of a transaction is its sponsor's signature", () => {
  const { wire, transactionId } = offline.attachSignature(transaction, new Uint8Array(64).fill(1));
  expect(wire[1]).toBe(1);
  expect(transactionId).toBe(base58.encode(new Uint8Array(64).fill(1)));
});
