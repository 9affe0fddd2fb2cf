import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startAlgorandLocalnet } from "./server.ts";
import { createTestAsset, createWallet, openScene, optIn, pay } from "./test-support.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "algorand-localnet-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("a restart keeps balances, assets, rekeys, blocks, statuses, leases, the dispenser and the genesis hash", async () => {
  const snapshotFile = join(folder, "new", "chain.json");
  const scene = await openScene({ snapshotFile });
  const { chain } = scene.net;
  const [holder, keeper] = [scene.fund(), createWallet()];
  const asset = createTestAsset(scene, 2n ** 63n);
  await scene.land(holder.sign(optIn(scene, holder, asset)));
  chain.giveAsset(asset, holder.address, 2n ** 60n);
  await scene.land(holder.sign(pay(scene, holder, holder.address, 0n, { rekeyTo: keeper.address })));
  const lease = randomBytes(32);
  const sent = keeper.sign(pay(scene, holder, holder.address, 1n, { lease }));
  const id = await scene.land(sent);
  const { round } = chain;
  const { blockhash } = await scene.algod.getBlockHash(round).do();
  const before = await scene.algod.accountInformation(holder.address).do();
  await scene.net.close();

  await using again = await openScene({ snapshotFile });
  expect(again.net.genesisHash).toBe(scene.net.genesisHash);
  expect(again.net.chain.round).toBe(round);
  expect(await again.algod.accountInformation(holder.address).do()).toEqual(before);
  expect((await again.algod.getBlockHash(round).do()).blockhash).toBe(blockhash);
  expect((await again.algod.pendingTransactionInformation(id).do()).confirmedRound).toBe(round);
  expect(await again.refusal(sent)).toContain(`transaction already in ledger: ${id}`);
  const leased = pay(again, holder, holder.address, 2n, { lease });
  expect(await again.refusal(keeper.sign(leased))).toContain("using an overlapping lease");
  expect(createTestAsset(again)).toBeGreaterThan(asset);
  again.net.chain.giveAsset(asset, holder.address, 1n);
});

test("what waited in the pool lands after the restart", async () => {
  const snapshotFile = join(folder, "chain.json");
  const scene = await openScene({ snapshotFile });
  const sender = scene.fund();
  const id = await scene.send(sender.sign(pay(scene, sender, sender.address, 1n)));
  await scene.net.close();
  await using again = await openScene({ snapshotFile });
  expect((await again.algod.pendingTransactionInformation(id).do()).confirmedRound).toBeUndefined();
  again.net.chain.tick();
  expect((await again.algod.pendingTransactionInformation(id).do()).confirmedRound).toBe(again.net.chain.round);
});

test("a chain that ticks goes on by the clock, so no round is given twice", async () => {
  const snapshotFile = join(folder, "chain.json");
  const first = await startAlgorandLocalnet({ snapshotFile, roundMs: 1000 });
  const { round } = first.chain;
  await first.close();
  const text = await readFile(snapshotFile, "utf8");
  await writeFile(
    snapshotFile,
    text.replaceAll(/"timeMs":(\d+)/g, (_match, timeMs: string) => `"timeMs":${Number(timeMs) - 1000 * 1_000_000}`),
  );
  const second = await startAlgorandLocalnet({ snapshotFile, roundMs: 1000 });
  expect(second.chain.round - round).toBeGreaterThanOrEqual(1_000_000n);
  expect(Math.abs(second.chain.blocks.newest().timeMs - Date.now())).toBeLessThan(3000);
  await second.close();
});

test("a snapshot that cannot be read is reported and set aside", async () => {
  const snapshotFile = join(folder, "chain.json");
  await writeFile(snapshotFile, '{"format":"gasless-algorand-localnet-1","chain":[');
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  const net = await startAlgorandLocalnet({ snapshotFile, roundMs: 0 });
  expect((await warned).message).toContain(`${snapshotFile} cannot be read`);
  await net.close();
  const aside = (await readdir(folder)).find((name) => name.startsWith("chain.json.unreadable-"));
  expect(await readFile(join(folder, aside ?? ""), "utf8")).toContain('"chain":[');
});

test("a snapshot whose genesis is not the one it names is set aside", async () => {
  const snapshotFile = join(folder, "chain.json");
  const net = await startAlgorandLocalnet({ snapshotFile, roundMs: 0 });
  await net.close();
  const text = await readFile(snapshotFile, "utf8");
  await writeFile(snapshotFile, text.replace(net.genesisHash, Buffer.alloc(32).toString("base64")));
  const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
  const again = await startAlgorandLocalnet({ snapshotFile, roundMs: 0 });
  expect((await warned).message).toContain("it begins from another genesis document");
  await again.close();
});

test("what changed is saved while the chain runs, so a crash loses seconds", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const snapshotFile = join(folder, "chain.json");
  await using scene = await openScene({ snapshotFile });
  const wallet = scene.fund(500_000n);
  vi.advanceTimersByTime(5000);
  vi.useRealTimers();
  await expect.poll(async () => await readFile(snapshotFile, "utf8").catch(() => "")).toContain(wallet.address);
  await writeFile(join(folder, "crashed.json"), await readFile(snapshotFile));
  await using again = await openScene({ snapshotFile: join(folder, "crashed.json") });
  expect(again.net.chain.balanceOf(wallet.address)).toBe(500_000n);
});

test("what was saved while it waited and has landed since is saved again, so a crash does not land it twice", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const snapshotFile = join(folder, "chain.json");
  await using scene = await openScene({ snapshotFile });
  const sender = scene.fund();
  const signed = sender.sign(pay(scene, sender, sender.address, 1n));
  await scene.send(signed);
  vi.advanceTimersByTime(5000);
  const read = async (): Promise<string> => await readFile(snapshotFile, "utf8").catch(() => "");
  await expect.poll(read).toContain(`"pending":[["${Buffer.from(signed).toString("base64")}"]]`);
  scene.net.chain.tick();
  vi.advanceTimersByTime(5000);
  await expect.poll(read).toContain('"pending":[]');
  vi.useRealTimers();
});

test("a half-written temporary file of a crash is no snapshot, and the file is its owner's alone", async () => {
  const snapshotFile = join(folder, "chain.json");
  const net = await startAlgorandLocalnet({ snapshotFile, roundMs: 0 });
  await net.close();
  expect((await stat(snapshotFile)).mode & 0o077).toBe(0);
  await writeFile(`${snapshotFile}.tmp`, "{");
  const again = await startAlgorandLocalnet({ snapshotFile, roundMs: 0 });
  expect(again.genesisHash).toBe(net.genesisHash);
  await again.close();
});
