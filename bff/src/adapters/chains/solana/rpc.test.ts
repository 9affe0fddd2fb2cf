import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { always, type Script, type ScriptedNode, startScriptedNode } from "../../../../test/support/scripted-node.ts";
import { postRpc } from "./rpc.ts";

const KEY = "c0ffee-secret-key";
const post = ({ url }: Pick<ScriptedNode, "url">, timeoutMs = 2_500) =>
  postRpc({ name: "alpha", url: `${url}/v2/${KEY}?api-key=${KEY}` }, "getSlot", [], timeoutMs);

async function outcomeOf(script: Script, timeoutMs?: number): Promise<unknown> {
  await using node = await startScriptedNode(script);
  return await post(node, timeoutMs).catch((error: unknown) => error);
}

describe("an exchange with a provider", () => {
  test("gives what stands under `result`", async () => {
    expect(await outcomeOf(always({ slot: 12 }))).toEqual({ slot: 12 });
    expect(await outcomeOf(() => ({ text: '{"jsonrpc":"2.0","id":1}' }))).toBeUndefined();
  });

  test.each<[string, ReturnType<Script>, string, string]>([
    ["a status that is an error", { status: 429, text: '{"result":1}' }, "refused", "status 429"],
    ["no JSON", { text: "<html>" }, "error", "no JSON-RPC answer"],
    ["nothing", { text: "" }, "error", "no JSON-RPC answer"],
    ["JSON that is no envelope", { text: "[1]" }, "error", "no JSON-RPC answer"],
    ["null", { text: "null" }, "error", "no JSON-RPC answer"],
    ["an error that is none", { text: '{"error":"no"}' }, "error", "no JSON-RPC answer"],
    ["an error in a 200", { text: '{"error":{"code":-32005,"message":"x"}}' }, "error", "JSON-RPC error -32005"],
    ["more than anybody asked for", { text: `"${"x".repeat(5_000_000)}"` }, "error", "no JSON-RPC answer"],
  ])("that answers %s is a fault with a kind", async (_, answer, kind, what) => {
    expect(await outcomeOf(() => answer)).toMatchObject({
      name: "RpcFault",
      kind,
      message: `alpha: getSlot: ${what}`,
    });
  });

  test("that is not there is refused, and the system's word for it is kept", async () => {
    const node = await startScriptedNode(always(1));
    await node[Symbol.asyncDispose]();
    await expect(post(node)).rejects.toMatchObject({
      kind: "refused",
      message: "alpha: getSlot: no answer (ECONNREFUSED)",
    });
  });

  test("that hangs is given up after its time", async () => {
    expect(await outcomeOf(() => "hang", 20)).toMatchObject({ kind: "timeout" });
  });

  test("does not follow a provider that sends us elsewhere", async () => {
    await using inside = await startScriptedNode(always(1));
    const bouncer = createServer((_, response) => response.writeHead(307, { location: inside.url }).end());
    await new Promise<void>((resolve) => bouncer.listen(0, "127.0.0.1", resolve));
    const { port } = bouncer.address() as AddressInfo;
    await expect(post({ url: `http://127.0.0.1:${port}` })).rejects.toMatchObject({ message: /status 307$/ });
    expect(inside.calls).toEqual([]);
    bouncer.close();
  });

  test.each<[string, Script]>([
    ["repeats the key in an error", () => ({ text: `{"error":{"code":-32052,"message":"${KEY} may not"}}` })],
    ["repeats the key in a page", () => ({ status: 403, text: `no such key: ${KEY}` })],
    ["repeats the key in garbage", () => ({ text: KEY })],
    ["hangs", () => "hang"],
  ])("of a provider that %s leaves no word of its URL in the fault", async (_, script) => {
    const fault = (await outcomeOf(script, 20)) as Error;
    expect(fault.name).toBe("RpcFault");
    expect(`${fault.stack} ${String(fault.cause)} ${JSON.stringify(fault)}`).not.toMatch(/c0ffee|127\.0\.0\.1/);
  });
});
