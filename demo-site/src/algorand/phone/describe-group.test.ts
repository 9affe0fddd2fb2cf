import {
  Address,
  makeAssetTransferTxnWithSuggestedParamsFromObject,
  makeKeyRegistrationTxnWithSuggestedParamsFromObject,
  makePaymentTxnWithSuggestedParamsFromObject,
} from "algosdk";
import { expect, test } from "vitest";
import { describeGroup } from "./describe-group.ts";

const key = (fill: number) => new Address(new Uint8Array(32).fill(fill)).toString();
const [OWN, SPONSOR, OTHER] = [key(1), key(9), key(5)];
const STAMPS = 1001n;
const params = (fee: bigint) => ({
  fee,
  flatFee: true,
  minFee: 1_000n,
  firstValid: 1n,
  lastValid: 20n,
  genesisHash: new Uint8Array(32).fill(7),
});

const pay = (sender: string, receiver: string, amount: bigint, fee = 0n, rest = {}) =>
  makePaymentTxnWithSuggestedParamsFromObject({ sender, receiver, amount, suggestedParams: params(fee), ...rest });
const move = (assetIndex: bigint, receiver: string, amount: bigint, rest = {}) =>
  makeAssetTransferTxnWithSuggestedParamsFromObject({
    sender: OWN,
    receiver,
    amount,
    assetIndex,
    suggestedParams: params(0n),
    ...rest,
  });

test("an opt-in that is paid for is told as a gift, room for stamps, and no fee", () => {
  expect(describeGroup([pay(SPONSOR, OWN, 200_000n, 2_000n), move(STAMPS, OWN, 0n)], OWN, STAMPS)).toEqual([
    "BEEQ…P5F4 gives you 0.2 ALGO.",
    "Make room for stamps in your wallet.",
    "The network fee of 0.002 ALGO is paid by BEEQ…P5F4. You pay nothing.",
  ]);
});

test("what the sponsor pays to itself is nothing to speak of", () => {
  expect(describeGroup([pay(SPONSOR, SPONSOR, 0n, 2_000n), move(STAMPS, OTHER, 1n)], OWN, STAMPS)).toHaveLength(2);
});

test.each([
  ["one stamp", move(STAMPS, OTHER, 1n), ["Send 1 stamp to AUCQ…5SGQ."]],
  ["some stamps", move(STAMPS, OTHER, 3n), ["Send 3 stamps to AUCQ…5SGQ."]],
  ["another asset", move(7n, OTHER, 3n), ["Send 3 of the asset 7 to AUCQ…5SGQ."]],
  ["money", pay(OWN, OTHER, 1_500_000n), ["Send 1.5 ALGO to AUCQ…5SGQ."]],
  [
    "all stamps, for good",
    move(STAMPS, OTHER, 0n, { closeRemainderTo: OTHER }),
    ["Send 0 stamps to AUCQ…5SGQ.", "Give all stamps to AUCQ…5SGQ, and no more room for them."],
  ],
  [
    "everything",
    pay(OWN, OTHER, 0n, 0n, { closeRemainderTo: OTHER }),
    ["Send 0 ALGO to AUCQ…5SGQ.", "Send everything that is left to AUCQ…5SGQ."],
  ],
  [
    "the control of the wallet",
    pay(OWN, OWN, 0n, 0n, { rekeyTo: OTHER }),
    ["Send 0 ALGO to AEAQ…DXMI.", "Hand the control of your wallet to AUCQ…5SGQ."],
  ],
  [
    "something that the phone does not know",
    makeKeyRegistrationTxnWithSuggestedParamsFromObject({
      sender: OWN,
      nonParticipation: true,
      suggestedParams: params(0n),
    }),
    ["Sign a transaction of the kind “keyreg”."],
  ],
])("giving away %s is told before it is signed", (_what, transaction, sentences) => {
  expect(describeGroup([transaction], OWN, STAMPS)).toEqual([...sentences, "There is no network fee."]);
});

test("who pays the fee themselves is told so", () => {
  expect(describeGroup([pay(OWN, OTHER, 1n, 1_000n)], OWN, STAMPS).at(-1)).toBe("You pay a network fee of 0.001 ALGO.");
});
