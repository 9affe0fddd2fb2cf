import { createServer } from "node:net";
import { expect, test } from "vitest";
import { startSolanaLocalnet } from "./server.ts";
import { callRpc, openScene, postRpc } from "./test-support.ts";

test("what is not a request is answered with the JSON-RPC error for it", async () => {
  await using scene = await openScene();
  const code = async (body: string): Promise<number | undefined> => (await postRpc(scene.net, body)).error?.code;
  expect(await code("{")).toBe(-32700);
  expect(await code("[]")).toBe(-32600);
  expect(await code('"text"')).toBe(-32600);
  expect(await code('{"id":1,"method":"getSlot"}')).toBe(-32600);
  expect(await code('{"jsonrpc":"2.0","id":1,"method":"getMoney"}')).toBe(-32601);
  expect(await code('{"jsonrpc":"2.0","id":1,"method":"toString"}')).toBe(-32601);
  expect(await code('{"jsonrpc":"2.0","id":1,"method":"getBalance","params":["short"]}')).toBe(-32602);
  expect(await code('{"jsonrpc":"2.0","id":1,"method":"getBalance","params":{"key":1}}')).toBe(-32602);
  expect(await code('{"jsonrpc":"2.0","id":1,"method":"getSlot","params":[{"commitment":"soon"}]}')).toBe(-32602);
});

test("a batch is answered in order, each with its own id", async () => {
  await using scene = await openScene();
  const response = await fetch(scene.net.httpUrl, {
    method: "POST",
    body: JSON.stringify([
      { jsonrpc: "2.0", id: "a", method: "getHealth" },
      { jsonrpc: "2.0", id: 2, method: "nothing" },
    ]),
  });
  expect(await response.json()).toMatchObject([
    { id: "a", result: "ok" },
    { id: 2, error: { code: -32601 } },
  ]);
});

test("browsers of every origin may call, and oversized bodies and other verbs are refused", async () => {
  await using scene = await openScene();
  const preflight = await fetch(scene.net.httpUrl, { method: "OPTIONS", headers: { origin: "https://dapp.example" } });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
  const answer = await fetch(scene.net.httpUrl, { method: "POST", body: "{}" });
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect((await fetch(scene.net.httpUrl, { method: "POST", body: "x".repeat(60_000) })).status).toBe(413);
  expect((await fetch(scene.net.httpUrl, { method: "PUT", body: "{}" })).status).toBe(405);
});

test("the cluster describes itself consistently", async () => {
  await using scene = await openScene({ genesisHash: "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY" });
  const { rpc, net } = scene;
  net.chain.warp(50);
  expect(await rpc.getGenesisHash().send()).toBe("4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY");
  const [processed, confirmed, finalized] = [
    await rpc.getSlot({ commitment: "processed" }).send(),
    await rpc.getSlot({ commitment: "confirmed" }).send(),
    await rpc.getSlot({ commitment: "finalized" }).send(),
  ];
  expect([processed - confirmed, processed - finalized]).toEqual([1n, 32n]);
  expect(await rpc.getEpochInfo({ commitment: "processed" }).send()).toMatchObject({
    absoluteSlot: processed,
    blockHeight: 50n,
  });
  expect(await rpc.getHealth().send()).toBe("ok");
  expect((await rpc.getVersion().send())["solana-core"]).toMatch(/^3\./);
  expect((await rpc.getIdentity().send()).identity.length).toBeGreaterThan(31);
  expect(await rpc.getRecentPrioritizationFees().send()).toContainEqual({ slot: processed, prioritizationFee: 0n });
  expect(await rpc.getMinimumBalanceForRentExemption(0n).send()).toBe(890_880n);
});

test("a context slot that is not reached yet is refused with the slot that is", async () => {
  await using scene = await openScene();
  const minContextSlot = Number(scene.net.chain.slot()) + 5;
  const early = await callRpc(scene.net, "getLatestBlockhash", { commitment: "processed", minContextSlot });
  expect(early.error).toMatchObject({ code: -32016, data: { contextSlot: Number(scene.net.chain.slot()) } });
  scene.net.chain.warp(5);
  const later = await callRpc(scene.net, "getLatestBlockhash", { commitment: "processed", minContextSlot });
  expect(later.error).toBeUndefined();
});

test("a port that is taken is named, with what it was for", async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, "127.0.0.1", resolve));
  const bound = squatter.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  await expect(startSolanaLocalnet({ port })).rejects.toThrow(`port ${port} for Solana RPC is already in use`);
  await expect(startSolanaLocalnet({ websocketPort: port })).rejects.toThrow(
    `port ${port} for Solana websocket is already in use`,
  );
  await new Promise((resolve) => squatter.close(resolve));
});
