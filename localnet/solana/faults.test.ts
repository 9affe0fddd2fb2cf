import { signature } from "@solana/kit";
import { expect, test } from "vitest";
import { callRpc, openScene, sendRaw, sign, transfer } from "./test-support.ts";

test("a dropped send is accepted and never lands; sent again, it does", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const sent = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  scene.net.faults.dropNext(1);
  expect(await scene.rpc.sendTransaction(sent.wire, { encoding: "base64" }).send()).toBe(sent.signature);
  expect(scene.net.chain.history.get(sent.signature)).toBeUndefined();
  await scene.rpc.sendTransaction(sent.wire, { encoding: "base64" }).send();
  expect(scene.net.chain.history.get(sent.signature)?.error).toBeNull();
});

test("while landing stands still nothing lands; what was kept lands late, unless its blockhash died", async () => {
  await using scene = await openScene();
  const payer = await scene.fund();
  const expiring = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  scene.net.faults.stopLanding({ keep: true });
  await sendRaw(scene, expiring);
  scene.net.chain.warp(151);
  const living = await sign(scene, payer, [transfer(payer, payer.address, 2n)]);
  await sendRaw(scene, living);
  expect(scene.net.chain.history.count()).toBe(0);
  scene.net.faults.resumeLanding();
  expect(scene.net.chain.history.get(living.signature)?.error).toBeNull();
  expect(scene.net.chain.history.get(expiring.signature)).toBeUndefined();
  scene.net.faults.stopLanding();
  const lost = await sign(scene, payer, [transfer(payer, payer.address, 3n)]);
  await sendRaw(scene, lost);
  scene.net.faults.resumeLanding();
  expect(scene.net.chain.history.get(lost.signature)).toBeUndefined();
});

test("the next calls fail as told, of one method or of any", async () => {
  await using scene = await openScene();
  const { faults, httpUrl } = scene.net;
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "getSlot" });
  faults.failNext(1, { kind: "rpc", code: -32005, message: "Node is behind" }, "getSlot");
  expect((await callRpc(scene.net, "getHealth")).result).toBe("ok");
  expect((await callRpc(scene.net, "getSlot")).error).toEqual({ code: -32005, message: "Node is behind" });
  expect((await callRpc(scene.net, "getSlot")).error).toBeUndefined();
  faults.failNext(2, { kind: "http", status: 429 });
  expect((await fetch(httpUrl, { method: "POST", body })).status).toBe(429);
  expect((await fetch(httpUrl, { method: "POST", body: `[${body}]` })).status).toBe(429);
  expect((await fetch(httpUrl, { method: "POST", body })).status).toBe(200);
  faults.failNext(1, { kind: "reset" });
  await expect(fetch(httpUrl, { method: "POST", body })).rejects.toThrow();
});

test("a method hangs until it is released, before its work or after it", async () => {
  await using scene = await openScene();
  const { faults, chain } = scene.net;
  const payer = await scene.fund();
  const sent = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  const releaseBefore = faults.hang("sendTransaction");
  const releaseAfter = faults.hang("sendTransaction", { after: true });
  let isAnswered = false;
  const sending = sendRaw(scene, sent).finally(() => void (isAnswered = true));
  await expect.poll(() => faults.calls("sendTransaction")).toBe(1);
  expect(chain.history.count()).toBe(0);
  expect((await callRpc(scene.net, "getHealth")).result).toBe("ok");
  releaseBefore();
  await expect.poll(() => chain.history.count()).toBe(1);
  await callRpc(scene.net, "getHealth");
  expect(isAnswered).toBe(false);
  releaseAfter();
  expect(await sending).toBe(sent.signature);
});

test("latency delays one method and no other", async () => {
  await using scene = await openScene();
  scene.net.faults.setLatency(200, "getSlot");
  const answered: string[] = [];
  const call = async (method: string): Promise<void> => {
    await callRpc(scene.net, method);
    answered.push(method);
  };
  const startedAt = performance.now();
  await Promise.all([call("getSlot"), call("getHealth")]);
  expect(answered).toEqual(["getHealth", "getSlot"]);
  expect(performance.now() - startedAt).toBeGreaterThan(195);
});

test("the node can lie about its genesis hash and about what landed", async () => {
  await using scene = await openScene();
  const { faults, chain, genesisHash } = scene.net;
  const payer = await scene.fund();
  const sent = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  faults.reportGenesisHash(payer.address);
  expect(await scene.rpc.getGenesisHash().send()).toBe(payer.address);
  faults.reportGenesisHash(null);
  expect(await scene.rpc.getGenesisHash().send()).toBe(genesisHash);
  await sendRaw(scene, sent);
  chain.warp(1);
  const isFound = async (): Promise<[boolean, boolean]> => {
    const statuses = await scene.rpc
      .getSignatureStatuses([signature(sent.signature)], { searchTransactionHistory: true })
      .send();
    const landed = await callRpc(scene.net, "getTransaction", sent.signature, {
      commitment: "confirmed",
      maxSupportedTransactionVersion: 0,
    });
    return [statuses.value[0] !== null, landed.result !== null];
  };
  expect(await isFound()).toEqual([true, true]);
  faults.hideStatus(sent.signature);
  expect(await isFound()).toEqual([false, false]);
  faults.showStatus(sent.signature);
  faults.hideStatus();
  expect(await isFound()).toEqual([false, false]);
  faults.clear();
  expect(await isFound()).toEqual([true, true]);
});

test("calls are counted by method until the counters are reset", async () => {
  await using scene = await openScene();
  const { faults } = scene.net;
  await callRpc(scene.net, "getSlot");
  await callRpc(scene.net, "getSlot");
  await callRpc(scene.net, "getHealth");
  expect([faults.calls("getSlot"), faults.calls("getBalance"), faults.calls()]).toEqual([2, 0, 3]);
  faults.resetCalls();
  expect(faults.calls()).toBe(0);
});

test("closing releases what hangs", async () => {
  const scene = await openScene();
  scene.net.faults.hang("getSlot");
  const hanging = callRpc(scene.net, "getSlot").catch(() => null);
  await expect.poll(() => scene.net.faults.calls("getSlot")).toBe(1);
  await scene.net.close();
  await hanging;
});
