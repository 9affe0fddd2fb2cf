import { expect, test } from "vitest";
import { createWallet, messageOf, openScene, pay } from "./test-support.ts";
import type { Scene } from "./test-support.ts";

test("a dropped send is accepted and never lands; sent again, it does", async () => {
  await using scene = await openScene();
  const { faults } = scene.net;
  const { id, signed } = prepare(scene);
  faults.dropNext(1);
  expect(await scene.send(signed)).toBe(id);
  scene.net.chain.tick();
  expect(scene.net.chain.find(id)).toBeUndefined();
  await scene.land(signed);
  expect(scene.net.chain.find(id)?.landed?.round).toBe(scene.net.chain.round);
});

test("a send that would be refused is refused even when it is dropped or kept", async () => {
  await using scene = await openScene();
  const { faults } = scene.net;
  const poor = scene.fund(100_000n);
  const signed = poor.sign(pay(scene, poor, createWallet().address, 100_000n));
  faults.dropNext(1);
  expect(await scene.refusal(signed)).toContain("overspend");
  faults.stopLanding({ keep: true });
  expect(await scene.refusal(signed)).toContain("overspend");
});

test("what is kept back waits in the pool, lands late, and falls out of the pool when its rounds are over", async () => {
  await using scene = await openScene();
  const { faults, chain } = scene.net;
  const [dying, living] = [prepare(scene, 3n), prepare(scene, 900n)];
  faults.stopLanding({ keep: true });
  await scene.send(dying.signed);
  await scene.send(living.signed);
  expect(await scene.refusal(living.signed)).toContain(`transaction already in ledger: ${living.id}`);
  chain.tick();
  expect((await scene.algod.pendingTransactionInformation(living.id).do()).confirmedRound).toBeUndefined();
  chain.warp(10);
  const { poolError, confirmedRound } = await scene.algod.pendingTransactionInformation(dying.id).do();
  expect([poolError, confirmedRound]).toEqual([expect.stringMatching(/^txn dead: round \d+ outside of /), undefined]);
  faults.resumeLanding();
  chain.tick();
  expect((await scene.algod.pendingTransactionInformation(living.id).do()).confirmedRound).toBe(chain.round);
});

test("what was kept back and can no longer land says why", async () => {
  await using scene = await openScene();
  const { faults, chain } = scene.net;
  const sender = scene.fund(1_000_000n);
  const spend = (amount: bigint) => sender.sign(pay(scene, sender, createWallet().address, amount));
  faults.stopLanding({ keep: true });
  const id = await scene.send(spend(600_000n));
  faults.dropNext(0);
  faults.stopLanding();
  faults.clear();
  chain.tick();
  expect(chain.find(id)?.landed).not.toBeNull();
  faults.stopLanding({ keep: true });
  const first = await scene.send(spend(150_000n));
  const second = await scene.send(spend(160_000n));
  faults.resumeLanding();
  chain.tick();
  expect(chain.find(first)?.landed).not.toBeNull();
  expect((await scene.algod.pendingTransactionInformation(second).do()).poolError).toContain("below min 100000");
});

test("while landing stands still without keeping, what is sent is lost", async () => {
  await using scene = await openScene();
  const { faults, chain } = scene.net;
  const { id, signed } = prepare(scene);
  faults.stopLanding();
  await scene.send(signed);
  faults.resumeLanding();
  chain.tick();
  expect(chain.find(id)).toBeUndefined();
});

test("the next calls fail as told, of one endpoint or of any", async () => {
  await using scene = await openScene();
  const { faults, url } = scene.net;
  const message = "the node is catching up";
  faults.failNext(1, { kind: "algod", status: 503, message }, "GET /v2/transactions/params");
  expect((await scene.algod.status().do()).lastRound).toBe(0n);
  await expect(scene.algod.getTransactionParams().do()).rejects.toMatchObject({ response: { status: 503 } });
  await scene.algod.getTransactionParams().do();
  faults.failNext(2, { kind: "http", status: 429 });
  expect((await fetch(`${url}/v2/status`)).status).toBe(429);
  expect((await fetch(`${url}/v2/status`)).status).toBe(429);
  expect((await fetch(`${url}/v2/status`)).status).toBe(200);
  faults.failNext(1, { kind: "algod", status: 400, message });
  expect(await messageOf(scene.algod.status().do())).toBe(message);
  faults.failNext(1, { kind: "reset" });
  await expect(fetch(`${url}/v2/status`)).rejects.toThrow();
  faults.failNext(1, { kind: "garbage" });
  const garbage = await fetch(`${url}/v2/status`);
  expect([garbage.status, await garbage.text()]).toEqual([200, "<html>Bad Gateway</html>"]);
});

test("a send that fails has not been sent; one that hangs after its work has", async () => {
  await using scene = await openScene();
  const { faults, chain } = scene.net;
  const { id, signed } = prepare(scene);
  faults.failNext(1, { kind: "http", status: 500 }, "POST /v2/transactions");
  await expect(scene.send(signed)).rejects.toThrow();
  expect(chain.find(id)).toBeUndefined();
  const release = faults.hang("POST /v2/transactions", { after: true });
  let isAnswered = false;
  const sending = scene.send(signed).finally(() => void (isAnswered = true));
  await expect.poll(() => chain.find(id)).toBeDefined();
  await scene.algod.status().do();
  expect(isAnswered).toBe(false);
  release();
  expect(await sending).toBe(id);
});

test("an endpoint hangs before its work until it is released", async () => {
  await using scene = await openScene();
  const { faults, chain } = scene.net;
  const { id, signed } = prepare(scene);
  const release = faults.hang("POST /v2/transactions");
  const sending = scene.send(signed);
  await expect.poll(() => faults.calls("POST /v2/transactions")).toBe(1);
  expect(chain.find(id)).toBeUndefined();
  release();
  await sending;
  expect(chain.find(id)).toBeDefined();
});

test("latency delays one endpoint and no other", async () => {
  await using scene = await openScene();
  scene.net.faults.setLatency(150, "GET /v2/status");
  const answered: string[] = [];
  const call = async (path: string): Promise<void> => {
    await fetch(`${scene.net.url}${path}`);
    answered.push(path);
  };
  const startedAt = performance.now();
  await Promise.all([call("/v2/status"), call("/health")]);
  expect(answered).toEqual(["/health", "/v2/status"]);
  expect(performance.now() - startedAt).toBeGreaterThan(145);
});

test("the node can lie about its genesis hash and its newest round", async () => {
  await using scene = await openScene();
  const { faults, chain, genesisHash } = scene.net;
  const lie = Buffer.alloc(32, 9).toString("base64");
  const told = async (): Promise<string> =>
    Buffer.from((await scene.algod.getTransactionParams().do()).genesisHash ?? []).toString("base64");
  faults.reportGenesisHash(lie);
  expect(await told()).toBe(lie);
  expect(Buffer.from((await scene.algod.versionsCheck().do()).genesisHashB64).toString("base64")).toBe(lie);
  faults.reportGenesisHash(null);
  expect(await told()).toBe(genesisHash);
  chain.warp(9);
  faults.reportRound(2n);
  expect((await scene.algod.status().do()).lastRound).toBe(2n);
  expect((await scene.algod.getTransactionParams().do()).firstValid).toBe(2n);
  expect((await scene.algod.accountInformation(createWallet().address).do()).round).toBe(2n);
  await expect(scene.algod.block(3n).do()).rejects.toThrow("failed to retrieve");
  faults.reportRound(null);
  expect((await scene.algod.status().do()).lastRound).toBe(9n);
});

test("the node can lie about what landed", async () => {
  await using scene = await openScene();
  const { faults, chain } = scene.net;
  const { id, signed } = prepare(scene);
  await scene.land(signed);
  const isFound = async (): Promise<[boolean, boolean]> => {
    const { status } = await fetch(`${scene.net.url}/v2/transactions/pending/${id}`);
    return [status === 200, (await scene.algod.getBlockTxids(chain.round).do()).blocktxids.includes(id)];
  };
  expect(await isFound()).toEqual([true, true]);
  faults.hideStatus(id);
  expect(await isFound()).toEqual([false, false]);
  faults.showStatus(id);
  faults.hideStatus();
  expect(await isFound()).toEqual([false, false]);
  faults.clear();
  expect(await isFound()).toEqual([true, true]);
});

test("calls are counted by endpoint until the counters are reset", async () => {
  await using scene = await openScene();
  const { faults } = scene.net;
  await scene.algod.status().do();
  await scene.algod.status().do();
  await scene.algod.healthCheck().do();
  expect([faults.calls("GET /v2/status"), faults.calls("GET /genesis"), faults.calls()]).toEqual([2, 0, 3]);
  faults.resetCalls();
  expect(faults.calls()).toBe(0);
});

test("closing releases what hangs", async () => {
  const scene = await openScene();
  scene.net.faults.hang("GET /v2/status");
  const hanging = scene.algod
    .status()
    .do()
    .catch(() => null);
  await expect.poll(() => scene.net.faults.calls("GET /v2/status")).toBe(1);
  await scene.net.close();
  await hanging;
});

function prepare(scene: Scene, rounds = 20n): { id: string; signed: Uint8Array } {
  const sender = scene.fund();
  const payment = pay(scene, sender, sender.address, 1n, { suggestedParams: scene.params(1000n, rounds) });
  return { id: payment.txID(), signed: sender.sign(payment) };
}
