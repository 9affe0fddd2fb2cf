import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPairSigner } from "@solana/kit";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startSolanaLocalnet } from "./server.ts";
import { callRpc, createToken, openScene, readJson, sendRaw, sign, transfer } from "./test-support.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "solana-localnet-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("a restart keeps balances, tokens, blockhashes, statuses and the genesis hash", async () => {
  const snapshotFile = join(folder, "new", "chain.json");
  const scene = await openScene({ snapshotFile });
  const payer = await scene.fund(2n ** 61n);
  const mint = await generateKeyPairSigner();
  const { instructions, account } = await createToken(scene, payer, mint);
  const sent = await sign(scene, payer, instructions);
  await sendRaw(scene, sent);
  const pending = await sign(scene, payer, [transfer(payer, payer.address, 1n)]);
  scene.net.chain.warp(40);
  const { value: before } = await scene.rpc.getBalance(payer.address).send();
  const slot = scene.net.chain.slot();
  await scene.net.close();

  await using again = await openScene({ snapshotFile });
  expect(again.net.genesisHash).toBe(scene.net.genesisHash);
  expect(again.net.chain.slot()).toBe(slot);
  expect((await again.rpc.getBalance(payer.address).send()).value).toBe(before);
  expect((await again.rpc.getTokenAccountBalance(account).send()).value.amount).toBe("500");
  const { value: statuses } = await again.rpc.getSignatureStatuses([sent.signature]).send();
  expect(statuses[0]).toMatchObject({ confirmationStatus: "finalized", err: null });
  const landed = await again.rpc
    .getTransaction(sent.signature, { encoding: "base64", maxSupportedTransactionVersion: 0 })
    .send();
  expect(landed?.transaction[0]).toBe(sent.wire);
  const replayed = await callRpc(again.net, "sendTransaction", sent.wire, { encoding: "base64" });
  expect(replayed.error).toMatchObject({ data: { err: "AlreadyProcessed" } });
  expect(await again.rpc.sendTransaction(pending.wire, { encoding: "base64" }).send()).toBe(pending.signature);
});

test("a chain that ticks goes on by the clock, and its old blockhashes with it", async () => {
  const snapshotFile = join(folder, "chain.json");
  const first = await startSolanaLocalnet({ snapshotFile, slotMs: 400 });
  const slot = first.chain.slot();
  await first.close();
  const saved = readJson<{ blocks: [string, string, string, number][] }>(await readFile(snapshotFile, "utf8"));
  for (const block of saved.blocks) block[3] -= 400 * 1_000_000;
  await writeFile(snapshotFile, JSON.stringify(saved));
  const second = await startSolanaLocalnet({ snapshotFile, slotMs: 400 });
  expect(second.chain.slot() - slot).toBeGreaterThanOrEqual(1_000_000n);
  expect(Math.abs(second.chain.blocks.newest().timeMs - Date.now())).toBeLessThan(2000);
  await second.close();
});

test("a snapshot that cannot be read is reported and set aside", async () => {
  const snapshotFile = join(folder, "chain.json");
  await writeFile(snapshotFile, '{"format":"gasless-solana-localnet-1","blocks":[["1"');
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  const net = await startSolanaLocalnet({ snapshotFile, slotMs: 0 });
  expect((await warned).message).toContain(`${snapshotFile} cannot be read`);
  await net.close();
  const aside = (await readdir(folder)).find((name) => name.startsWith("chain.json.unreadable-"));
  expect(await readFile(join(folder, aside ?? ""), "utf8")).toContain('[["1"');
});

test("a snapshot of another genesis hash is refused", async () => {
  const snapshotFile = join(folder, "chain.json");
  const net = await startSolanaLocalnet({ snapshotFile, slotMs: 0 });
  await net.close();
  const genesisHash = "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY";
  await expect(startSolanaLocalnet({ snapshotFile, genesisHash })).rejects.toThrow(`genesis hash ${net.genesisHash}`);
});

test("what changed is saved while the chain runs, so a crash loses seconds", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const snapshotFile = join(folder, "chain.json");
  await using scene = await openScene({ snapshotFile });
  const payer = await scene.fund(5n);
  vi.advanceTimersByTime(5000);
  vi.useRealTimers();
  await expect.poll(async () => await readFile(snapshotFile, "utf8").catch(() => "")).toContain(payer.address);
  await writeFile(join(folder, "crashed.json"), await readFile(snapshotFile));
  await using again = await openScene({ snapshotFile: join(folder, "crashed.json") });
  expect((await again.rpc.getBalance(payer.address).send()).value).toBe(5n);
});

test("a half-written temporary file of a crash is no snapshot", async () => {
  const snapshotFile = join(folder, "chain.json");
  const net = await startSolanaLocalnet({ snapshotFile, slotMs: 0 });
  await net.close();
  await writeFile(`${snapshotFile}.tmp`, "{");
  const again = await startSolanaLocalnet({ snapshotFile, slotMs: 0 });
  expect(again.genesisHash).toBe(net.genesisHash);
  await again.close();
});
