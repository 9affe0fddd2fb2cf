import { assignGroupID, computeGroupID } from "algosdk";
import { expect, test } from "vitest";
import { createTestAsset, createWallet, openScene, optIn, pay, signGroup } from "./test-support.ts";
import type { Scene, Wallet } from "./test-support.ts";

test("a sponsor pays the group's fees, and funds an opt-in that comes after", async () => {
  await using scene = await openScene();
  const { sponsor, user, asset } = openCast(scene);
  const funding = pay(scene, sponsor, user.address, 200_000n, { suggestedParams: scene.params(2000n) });
  const free = { suggestedParams: scene.params(0n) };
  await scene.land(...signGroup([funding, sponsor], [optIn(scene, user, asset, free), user]));
  const { assets, amount, minBalance } = await scene.algod.accountInformation(user.address).do();
  expect(assets?.map(({ assetId }) => assetId)).toEqual([asset]);
  expect([amount, minBalance]).toEqual([200_000n, 200_000n]);
});

test("money for an opt-in that comes too late does not help", async () => {
  await using scene = await openScene();
  const { sponsor, user, asset } = openCast(scene);
  const funding = pay(scene, sponsor, user.address, 200_000n, { suggestedParams: scene.params(2000n) });
  const opting = optIn(scene, user, asset, { suggestedParams: scene.params(0n) });
  expect(await scene.refusal(...signGroup([opting, user], [funding, sponsor]))).toContain(
    `account ${user.address} balance 0 below min 200000 (1 assets)`,
  );
});

test("fees are counted over the group: one too few is refused, whoever pays", async () => {
  await using scene = await openScene();
  const { sponsor, user } = openCast(scene);
  const group = (fee: bigint) =>
    signGroup(
      [pay(scene, sponsor, user.address, 100_000n, { suggestedParams: scene.params(fee) }), sponsor],
      [pay(scene, user, user.address, 0n, { suggestedParams: scene.params(0n) }), user],
    );
  expect(await scene.refusal(...group(1999n))).toBe(
    "txgroup had 1999 in fees, which is less than the minimum 2 * 1000",
  );
  await scene.land(...group(2000n));
});

test("when one transaction of a group fails, none has happened", async () => {
  await using scene = await openScene();
  const { sponsor, user } = openCast(scene);
  const { chain } = scene.net;
  const before = chain.balanceOf(sponsor.address);
  const gift = pay(scene, sponsor, user.address, 500_000n, { suggestedParams: scene.params(2000n) });
  const tooMuch = pay(scene, user, sponsor.address, 900_000n, { suggestedParams: scene.params(0n) });
  expect(await scene.refusal(...signGroup([gift, sponsor], [tooMuch, user]))).toContain("overspend");
  chain.tick();
  expect([chain.balanceOf(sponsor.address), chain.balanceOf(user.address)]).toEqual([before, 0n]);
});

test("a group cannot be cut, reordered, mixed or sent without its id", async () => {
  await using scene = await openScene();
  const { sponsor, user } = openCast(scene);
  const transactions = () => [
    pay(scene, sponsor, user.address, 300_000n, { suggestedParams: scene.params(3000n) }),
    pay(scene, user, user.address, 1n, { suggestedParams: scene.params(0n) }),
    pay(scene, user, user.address, 2n, { suggestedParams: scene.params(0n) }),
  ];
  const [first, second, third] = transactions();
  if (first === undefined || second === undefined || third === undefined) throw new Error("no transactions");
  const [fee, one, two] = signGroup([first, sponsor], [second, user], [third, user]);
  if (fee === undefined || one === undefined || two === undefined) throw new Error("no group");
  expect(await scene.refusal(fee, one)).toContain("transactionGroup: incomplete group: ");
  expect(await scene.refusal(fee, two, one)).toContain("transactionGroup: incomplete group: ");
  expect(await scene.refusal(fee)).toContain("transactionGroup: incomplete group: ");
  const [otherFee] = signGroup([
    pay(scene, sponsor, user.address, 200_000n, { suggestedParams: scene.params(3000n) }),
    sponsor,
  ]);
  expect(await scene.refusal(otherFee ?? fee, one)).toContain("transactionGroup: inconsistent group values: ");
  const loose = transactions().slice(0, 2);
  const signed = loose.map((transaction, index) => (index === 0 ? sponsor : user).sign(transaction));
  expect(await scene.refusal(...signed)).toContain(
    "transactionGroup: [0] had zero Group but was submitted in a group of 2",
  );
  await scene.land(fee, one, two);
});

test("a group id is that of the transactions without it, in their order", async () => {
  await using scene = await openScene();
  const { sponsor } = openCast(scene);
  const one = pay(scene, sponsor, sponsor.address, 1n);
  const two = pay(scene, sponsor, sponsor.address, 2n);
  const reversed = computeGroupID([two, one]);
  assignGroupID([one, two]);
  await scene.land(sponsor.sign(one), sponsor.sign(two));
  expect(one.group).not.toEqual(reversed);
});

test("the same transaction is not in a group twice", async () => {
  await using scene = await openScene();
  const { sponsor } = openCast(scene);
  const twice = pay(scene, sponsor, sponsor.address, 1n);
  const [signed] = signGroup([twice, sponsor], [twice, sponsor]);
  if (signed === undefined) throw new Error("no group");
  expect(await scene.refusal(signed, signed)).toContain("transaction already in ledger: ");
});

test("within a group a rekey decides who signs what follows", async () => {
  await using scene = await openScene();
  const { sponsor } = openCast(scene);
  const keeper = createWallet();
  const rekey = pay(scene, sponsor, sponsor.address, 0n, { rekeyTo: keeper.address });
  const after = pay(scene, sponsor, sponsor.address, 1n);
  assignGroupID([rekey, after]);
  expect(await scene.refusal(sponsor.sign(rekey), sponsor.sign(after))).toContain("should have been authorized by");
  await scene.land(sponsor.sign(rekey), keeper.sign(after));
});

function openCast(scene: Scene): { sponsor: Wallet; user: Wallet; asset: bigint } {
  return { sponsor: scene.fund(), user: createWallet(), asset: createTestAsset(scene) };
}
