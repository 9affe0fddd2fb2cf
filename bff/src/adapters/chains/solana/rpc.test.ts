import { describe, expect, test } from "vitest";
import * as z from "zod";
import { always, GENESIS_HASH, type Script, startScriptedNode } from "../../../../test/support/scripted-node.ts";
import { createRpc, parseJson } from "./rpc.ts";

const now = () => 1_000;

async function readFrom(script: Script): Promise<{ outcome: unknown; calls: readonly string[] }> {
  await using node = await startScriptedNode(script);
  const rpc = createRpc(node.url, GENESIS_HASH, now);
  const outcome: unknown = await rpc.read("getBlockHeight", [], z.int()).catch((error: unknown) => error);
  return { outcome, calls: node.calls };
}

const besideGenesis =
  (answer: ReturnType<Script>): Script =>
  (method) =>
    method === "getGenesisHash" ? { result: GENESIS_HASH } : answer;

describe("a node that cannot be believed", () => {
  test.each<[string, ReturnType<Script>]>([
    ["a status that is an error", { status: 429, text: '{"jsonrpc":"2.0","result":1,"id":1}' }],
    ["no JSON", { text: "<html>" }],
    ["nothing", { text: "" }],
    ["JSON that is no envelope", { text: "[1]" }],
    ["an error that is none", { text: '{"error":"no"}' }],
    ["a result of another form", { result: "12" }],
    ["no result", { text: '{"jsonrpc":"2.0","id":1}' }],
    ["a number that no integer is", { text: '{"jsonrpc":"2.0","result":1e999,"id":1}' }],
    ["an integer in the form of a fraction that is too large", { text: '{"result":1e30}' }],
  ])("answers %s, and is unavailable", async (_, answer) => {
    const { outcome } = await readFrom(besideGenesis(answer));
    expect(outcome).toMatchObject({ code: "upstream.rpc_unavailable", options: { retryAfterSeconds: 1 } });
  });

  test("is of another cluster, and nothing that it says is used", async () => {
    const { outcome } = await readFrom(() => ({ result: 12 }));
    expect(outcome).toMatchObject({ code: "upstream.rpc_unavailable" });
  });

  test("is of another cluster, and is sent no transaction", async () => {
    await using node = await startScriptedNode(() => ({ result: "another" }));
    const rpc = createRpc(node.url, GENESIS_HASH, now);
    await expect(rpc.write("sendTransaction", [])).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
    expect(node.calls).toEqual(["getGenesisHash"]);
  });

  test("is not there", async () => {
    const node = await startScriptedNode(always(1));
    await node[Symbol.asyncDispose]();
    const rpc = createRpc(node.url, GENESIS_HASH, now);
    await expect(rpc.proveGenesis()).rejects.toMatchObject({ code: "upstream.rpc_unavailable" });
  });

  test("hangs, and is given up after its deadline", { timeout: 10_000 }, async () => {
    const { outcome } = await readFrom(besideGenesis("hang"));
    expect(outcome).toMatchObject({ code: "upstream.rpc_timeout", options: { retryAfterSeconds: 1 } });
  });
});

describe("a node that answers", () => {
  test("gives a checked value", async () => {
    const { outcome } = await readFrom(always(12));
    expect(outcome).toBe(12);
  });

  test("with a JSON-RPC error is told apart from one that is away", async () => {
    const { outcome } = await readFrom(besideGenesis({ text: '{"error":{"code":-32602,"message":"invalid"}}' }));
    expect(outcome).toMatchObject({ name: "RpcError", rpcCode: -32_602, message: "invalid" });
  });

  test("proves its genesis once in thirty seconds", async () => {
    await using node = await startScriptedNode(always(1));
    let nowMs = 0;
    const rpc = createRpc(node.url, GENESIS_HASH, () => nowMs);
    for (const atMs of [0, 29_999, 30_001]) {
      nowMs = atMs;
      await rpc.read("getBlockHeight", [], z.int());
    }
    expect(node.calls.filter((method) => method === "getGenesisHash")).toHaveLength(2);
  });
});

describe("amounts on the wire", () => {
  test("beyond what a double holds come back exactly", () => {
    expect(parseJson('{"lamports":18446744073709551615,"slot":7}')).toEqual({
      lamports: 18_446_744_073_709_551_615n,
      slot: 7,
    });
    expect(parseJson("9007199254740993")).toBe(9_007_199_254_740_993n);
  });
});
