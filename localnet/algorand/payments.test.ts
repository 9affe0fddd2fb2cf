import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createWallet, openScene, pay, signGroup } from "./test-support.ts";

const ALGO = 1_000_000n;

test("a payment moves its amount, and its fee to the fee sink", async () => {
  await using scene = await openScene();
  const { chain } = scene.net;
  const sender = scene.fund(5n * ALGO);
  const receiver = createWallet().address;
  const collected = chain.balanceOf(chain.genesis.feeSink);
  await scene.land(sender.sign(pay(scene, sender, receiver, ALGO)));
  expect(chain.balanceOf(receiver)).toBe(ALGO);
  expect(chain.balanceOf(sender.address)).toBe(4n * ALGO - 1000n);
  expect(chain.balanceOf(chain.genesis.feeSink)).toBe(collected + 1000n);
});

test("nobody spends more than there is, fee included", async () => {
  await using scene = await openScene();
  const sender = scene.fund(ALGO);
  const signed = sender.sign(pay(scene, sender, sender.address, ALGO));
  const message = await scene.refusal(signed);
  expect(message).toMatch(/^TransactionPool\.Remember: transaction [A-Z2-7]{52}: overspend \(account /);
  expect(message).toContain(`account ${sender.address}, data {MicroAlgos:{Raw:999000}`);
  expect(message).toContain("tried to spend {1000000})");
});

test("no balance falls below its minimum, neither the sender's nor a newcomer's", async () => {
  await using scene = await openScene();
  const newcomer = createWallet().address;
  const rich = scene.fund();
  expect(await scene.refusal(rich.sign(pay(scene, rich, newcomer, 99_999n)))).toContain(
    `account ${newcomer} balance 99999 below min 100000 (0 assets)`,
  );
  const sender = scene.fund(200_000n);
  expect(await scene.refusal(sender.sign(pay(scene, sender, newcomer, 100_000n)))).toContain(
    `account ${sender.address} balance 99000 below min 100000 (0 assets)`,
  );
});

test("a closed account leaves everything to the recipient and nothing behind", async () => {
  await using scene = await openScene();
  const sender = scene.fund(ALGO);
  const heir = createWallet().address;
  const closing = pay(scene, sender, sender.address, 0n, { closeRemainderTo: heir });
  const id = await scene.land(sender.sign(closing));
  expect(scene.net.chain.balanceOf(heir)).toBe(ALGO - 1000n);
  expect(scene.net.chain.balanceOf(sender.address)).toBe(0n);
  expect((await scene.algod.pendingTransactionInformation(id).do()).closingAmount).toBe(ALGO - 1000n);
});

test("an account is not closed while it holds an asset, nor to itself", async () => {
  await using scene = await openScene();
  const { chain } = scene.net;
  const id = chain.createAsset({ total: 1n, decimals: 0, unitName: "A", name: "A" });
  const { dispenser } = chain;
  const closing = pay(scene, dispenser, dispenser.address, 0n, { closeRemainderTo: createWallet().address });
  expect(id).toBeGreaterThan(1000n);
  expect(await scene.refusal(dispenser.sign(closing))).toContain("cannot close: 1 outstanding assets");
  const self = scene.fund();
  const toSelf = pay(scene, self, self.address, 0n, { closeRemainderTo: self.address });
  expect(await scene.refusal(self.sign(toSelf))).toContain("transaction cannot close account to its sender");
});

test("a missing, a foreign and a changed signature are refused", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const payment = pay(scene, sender, sender.address, 1n);
  const unsigned = Uint8Array.from([0x81, 0xa3, 0x74, 0x78, 0x6e, ...payment.toByte()]);
  expect(await scene.refusal(unsigned)).toContain("invalid : signedtxn has no sig");
  const forged = payment.attachSignature(sender.address, randomBytes(64));
  expect(await scene.refusal(forged)).toBe("At least one signature didn't pass verification");
  const stranger = createWallet();
  expect(await scene.refusal(stranger.sign(payment))).toContain(
    `should have been authorized by ${sender.address} but was actually authorized by ${stranger.address}`,
  );
});

test("after a rekey the auth address signs, the old key no longer does, and the way back is a rekey to itself", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const keeper = createWallet();
  await scene.land(sender.sign(pay(scene, sender, sender.address, 0n, { rekeyTo: keeper.address })));
  expect((await scene.algod.accountInformation(sender.address).do()).authAddr?.toString()).toBe(keeper.address);
  expect(await scene.refusal(sender.sign(pay(scene, sender, sender.address, 1n)))).toContain(
    `should have been authorized by ${keeper.address} but was actually authorized by ${sender.address}`,
  );
  await scene.land(keeper.sign(pay(scene, sender, sender.address, 2n)));
  await scene.land(keeper.sign(pay(scene, sender, sender.address, 0n, { rekeyTo: sender.address })));
  expect((await scene.algod.accountInformation(sender.address).do()).authAddr).toBeUndefined();
  await scene.land(sender.sign(pay(scene, sender, sender.address, 3n)));
});

test("an empty address may send what costs nothing, and may not be rekeyed while it has no minimum balance", async () => {
  await using scene = await openScene();
  const sponsor = scene.fund();
  const empty = createWallet();
  const free = (rekeyTo?: string) =>
    pay(scene, empty, empty.address, 0n, {
      suggestedParams: scene.params(0n),
      ...(rekeyTo === undefined ? {} : { rekeyTo }),
    });
  const fee = () => pay(scene, sponsor, sponsor.address, 0n, { suggestedParams: scene.params(2000n) });
  await scene.land(...signGroup([fee(), sponsor], [free(), empty]));
  expect(await scene.refusal(...signGroup([fee(), sponsor], [free(sponsor.address), empty]))).toContain(
    `account ${empty.address} balance 0 below min 100000`,
  );
});

test("a transaction lives from its first to its last valid round, and not one round longer", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const { chain } = scene.net;
  const at = (firstValid: bigint, lastValid: bigint) =>
    sender.sign(
      pay(scene, sender, sender.address, lastValid, { suggestedParams: { ...scene.params(), firstValid, lastValid } }),
    );
  const next = chain.round + 1n;
  expect(await scene.refusal(at(next + 1n, next + 5n))).toBe(
    `TransactionPool.Remember: txn dead: round ${next} outside of ${next + 1n}--${next + 5n}`,
  );
  const [early, late] = [at(next, next), at(next - 1n, next + 1n)];
  await scene.send(early);
  chain.warp(2);
  expect(await scene.refusal(late)).toBe(
    `TransactionPool.Remember: txn dead: round ${next + 2n} outside of ${next - 1n}--${next + 1n}`,
  );
});

test("a validity of more than 1000 rounds, or of less than none, is refused", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const { round } = scene.net.chain;
  const within = (lastValid: bigint) =>
    sender.sign(pay(scene, sender, sender.address, 0n, { suggestedParams: { ...scene.params(), lastValid } }));
  await scene.send(within(round + 1000n));
  expect(await scene.refusal(within(round + 1001n))).toContain(`window size excessive (${round}--${round + 1001n})`);
  expect(await scene.refusal(within(round - 1n))).toContain(`transaction invalid range (${round}--${round - 1n})`);
});

test("the same transaction is accepted once, whether it waits or has landed", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const signed = sender.sign(pay(scene, sender, sender.address, 1n));
  const id = await scene.send(signed);
  expect(await scene.refusal(signed)).toBe(`TransactionPool.Remember: transaction already in ledger: ${id}`);
  scene.net.chain.tick();
  expect(await scene.refusal(signed)).toBe(`TransactionPool.Remember: transaction already in ledger: ${id}`);
});

test("a lease keeps others with the same lease out until its last valid round", async () => {
  await using scene = await openScene();
  const { chain } = scene.net;
  const [sender, other] = [scene.fund(), scene.fund()];
  const lease = randomBytes(32);
  const leased = (wallet: typeof sender, amount: bigint, rounds = 3n) =>
    wallet.sign(pay(scene, wallet, wallet.address, amount, { lease, suggestedParams: scene.params(1000n, rounds) }));
  const until = chain.round + 3n;
  await scene.land(leased(sender, 1n));
  await scene.land(leased(other, 1n));
  expect(await scene.refusal(leased(sender, 2n))).toContain("using an overlapping lease (sender, lease):");
  chain.warp(Number(until - chain.round));
  await scene.land(leased(sender, 3n));
});

test("a transaction of another network, or of none, is refused", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const params = scene.params();
  const of = (change: object) =>
    sender.sign(pay(scene, sender, sender.address, 0n, { suggestedParams: { ...params, ...change } }));
  expect(await scene.refusal(of({ genesisHash: new Uint8Array(32).fill(7) }))).toMatch(
    /tx\.GenesisHash <BwcH.+> does not match expected </,
  );
  expect(await scene.refusal(of({ genesisID: "mainnet-v1.0" }))).toContain(
    "tx.GenesisID <mainnet-v1.0> does not match expected <localnet-v1>",
  );
  expect(await scene.refusal(of({ genesisHash: undefined }))).toContain("required tx.GenesisHash is missing");
  await scene.send(of({ genesisID: undefined }));
});

test("a fee below the minimum is refused, and the minimum is what the parameters say", async () => {
  await using scene = await openScene({ minFee: 2500n });
  const sender = scene.fund();
  const { minFee } = await scene.algod.getTransactionParams().do();
  expect(minFee).toBe(2500n);
  const paying = (fee: bigint) =>
    sender.sign(pay(scene, sender, sender.address, fee, { suggestedParams: scene.params(fee) }));
  expect(await scene.refusal(paying(2499n))).toBe("txgroup had 2499 in fees, which is less than the minimum 1 * 2500");
  await scene.send(paying(2500n));
});

test("a note of more than 1024 bytes is refused", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const noted = (size: number) => sender.sign(pay(scene, sender, sender.address, 0n, { note: new Uint8Array(size) }));
  await scene.send(noted(1024));
  expect(await scene.refusal(noted(1025))).toContain("transaction note too big: 1025 > 1024");
});
