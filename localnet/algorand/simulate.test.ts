import { randomBytes } from "node:crypto";
import { encodeJSON, modelsv2, SignedTransaction } from "algosdk";
import { expect, test } from "vitest";
import {
  createTestAsset,
  createWallet,
  decode,
  messageOf,
  openScene,
  optIn,
  pay,
  signGroup,
  simulate,
  simulation,
} from "./test-support.ts";

test("a simulation executes above the newest round, says so, and changes nothing", async () => {
  await using scene = await openScene();
  const { chain } = scene.net;
  const sender = scene.fund();
  const before = chain.balanceOf(sender.address);
  const signed = decode(sender.sign(pay(scene, sender, createWallet().address, 100_000n)));
  const response = await scene.algod.simulateTransactions(simulation([signed])).do();
  expect(response.lastRound).toBe(chain.round);
  expect(response.txnGroups[0]?.failureMessage).toBeUndefined();
  expect(response.txnGroups[0]?.txnResults[0]?.txnResult.txn.txn.txID()).toBe(signed.txn.txID());
  expect(response.evalOverrides).toBeUndefined();
  chain.tick();
  expect(chain.balanceOf(sender.address)).toBe(before);
});

test("an absent signature is taken for right only when asked, and one that is there is verified anyway", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const payment = pay(scene, sender, sender.address, 1n);
  const unsigned = new SignedTransaction({ txn: payment });
  expect(await simulate(scene, [unsigned])).toMatchObject({
    failureMessage: expect.stringContaining("signedtxn has no sig") as string,
    failedAt: [0],
  });
  const response = await scene.algod.simulateTransactions(simulation([unsigned], { allowEmptySignatures: true })).do();
  expect(response.txnGroups[0]?.failureMessage).toBeUndefined();
  expect(response.evalOverrides?.allowEmptySignatures).toBe(true);
  const forged = decode(payment.attachSignature(sender.address, randomBytes(64)));
  const refusal = scene.algod.simulateTransactions(simulation([forged], { allowEmptySignatures: true })).do();
  expect(await messageOf(refusal)).toBe("At least one signature didn't pass verification");
});

test("a failure names its transaction and its place, and what came before it shows its effects", async () => {
  await using scene = await openScene();
  const sponsor = scene.fund();
  const user = createWallet();
  const asset = createTestAsset(scene);
  const closing = pay(scene, sponsor, user.address, 0n, {
    closeRemainderTo: user.address,
    suggestedParams: scene.params(2000n),
  });
  const tooMuch = pay(scene, user, sponsor.address, 20_000_000n, { suggestedParams: scene.params(0n) });
  const group = signGroup([closing, sponsor], [tooMuch, user]).map(decode);
  const { failureMessage, failedAt, txnResults } = await simulate(scene, group);
  expect(failureMessage).toContain(`transaction ${group[1]?.txn.txID()}: overspend`);
  expect(failedAt).toEqual([1]);
  expect(txnResults[0]?.txnResult.closingAmount).toBe(9_998_000n);
  const early = [decode(user.sign(optIn(scene, user, asset)))];
  expect((await simulate(scene, early)).failureMessage).toContain("overspend");
});

test("too small fees and an incomplete group are refused in a simulation as well", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const free = decode(sender.sign(pay(scene, sender, sender.address, 0n, { suggestedParams: scene.params(0n) })));
  const refusal = messageOf(scene.algod.simulateTransactions(simulation([free])).do());
  expect(await refusal).toBe("txgroup had 0 in fees, which is less than the minimum 1 * 1000");
  const [first] = signGroup(
    [pay(scene, sender, sender.address, 1n), sender],
    [pay(scene, sender, sender.address, 2n), sender],
  );
  if (first === undefined) throw new Error("no group");
  expect((await simulate(scene, [decode(first)])).failureMessage).toContain("transactionGroup: incomplete group");
});

test("who is rekeyed is signed for by the auth address, which fix-signers finds out", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const keeper = createWallet();
  await scene.land(sender.sign(pay(scene, sender, sender.address, 0n, { rekeyTo: keeper.address })));
  const unsigned = [new SignedTransaction({ txn: pay(scene, sender, sender.address, 1n) })];
  expect((await simulate(scene, unsigned, { allowEmptySignatures: true })).failureMessage).toContain(
    `should have been authorized by ${keeper.address} but was actually authorized by ${sender.address}`,
  );
  const fixed = await simulate(scene, unsigned, { allowEmptySignatures: true, fixSigners: true });
  expect(fixed.failureMessage).toBeUndefined();
  expect(fixed.txnResults[0]?.fixedSigner?.toString()).toBe(keeper.address);
  const alone = messageOf(scene.algod.simulateTransactions(simulation(unsigned, { fixSigners: true })).do());
  expect(await alone).toBe("FixSigners requires AllowEmptySignatures to be enabled");
});

test("fix-signers follows a rekey inside the group", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const keeper = createWallet();
  const rekey = pay(scene, sender, sender.address, 0n, { rekeyTo: keeper.address });
  const after = pay(scene, sender, sender.address, 1n);
  signGroup([rekey, sender], [after, keeper]);
  const group = [rekey, after].map((txn) => new SignedTransaction({ txn }));
  const { failureMessage, txnResults } = await simulate(scene, group, { allowEmptySignatures: true, fixSigners: true });
  expect(failureMessage).toBeUndefined();
  expect(txnResults.map(({ fixedSigner }) => fixedSigner?.toString())).toEqual([undefined, keeper.address]);
});

test("a request may be JSON, and its answer is JSON unless msgpack is asked for", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const signed = decode(sender.sign(pay(scene, sender, sender.address, 1n)));
  const response = await fetch(`${scene.net.url}/v2/transactions/simulate`, {
    method: "POST",
    body: encodeJSON(simulation([signed])),
  });
  expect(response.headers.get("content-type")).toBe("application/json");
  expect(await response.json()).toMatchObject({
    version: 2,
    "last-round": Number(scene.net.chain.round),
    "txn-groups": [{ "txn-results": [{ "txn-result": { "pool-error": "", txn: { txn: { type: "pay", amt: 1 } } } }] }],
  });
});

test("a request of no group, of two, or of an empty one is refused", async () => {
  await using scene = await openScene();
  const sender = scene.fund();
  const { SimulateRequest, SimulateRequestTransactionGroup } = modelsv2;
  const group = new SimulateRequestTransactionGroup({
    txns: [decode(sender.sign(pay(scene, sender, sender.address, 1n)))],
  });
  const ask = async (txnGroups: modelsv2.SimulateRequestTransactionGroup[]): Promise<string> =>
    await messageOf(scene.algod.simulateTransactions(new SimulateRequest({ txnGroups })).do());
  expect(await ask([])).toBe("expected 1 transaction group, got 0");
  expect(await ask([group, group])).toBe("expected 1 transaction group, got 2");
  expect(await ask([new SimulateRequestTransactionGroup({ txns: [] })])).toBe("empty txgroup");
});
