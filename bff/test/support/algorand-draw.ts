import {
  Address,
  assignGroupID,
  makeApplicationCallTxnFromObject,
  makeAssetTransferTxnWithSuggestedParamsFromObject,
  makePaymentTxnWithSuggestedParamsFromObject,
  OnApplicationComplete,
  type Transaction,
} from "algosdk";
import type { Random } from "../simulation/random.ts";
import { GENESIS_HASH } from "./algorand-groups.ts";

/** Sizes at which msgpack changes how it writes a length. */
const LENGTHS = [0, 1, 4, 31, 32, 33, 255, 256, 1_000];
/** Fifteen of them and a long one are what a call may carry. */
const SHORT_LENGTHS = [0, 1, 4, 31, 32, 33, 60];
const NUMBERS = [
  0n,
  1n,
  127n,
  128n,
  255n,
  256n,
  65_535n,
  65_536n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n,
  2n ** 64n - 1n,
];

function drawBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256));
}

const drawAddress = (random: Random): Address => new Address(drawBytes(random, 32));
const drawList = <Item>(random: Random, most: number, draw: () => Item): Item[] =>
  Array.from({ length: random.below(most + 1) }, draw);

function drawCommon(random: Random) {
  const firstValid = random.pick(NUMBERS.slice(0, 9));
  return {
    sender: drawAddress(random),
    ...(random.chance(0.3) && { note: drawBytes(random, random.pick(LENGTHS)) }),
    ...(random.chance(0.2) && { lease: drawBytes(random, 32) }),
    ...(random.chance(0.2) && { rekeyTo: drawAddress(random) }),
    suggestedParams: {
      flatFee: true,
      fee: random.pick(NUMBERS),
      minFee: 0n,
      firstValid,
      lastValid: firstValid + BigInt(random.below(1_000)),
      genesisHash: GENESIS_HASH,
      ...(random.chance(0.7) && { genesisID: random.pick(["gasless-v1", "g".repeat(31), "g".repeat(32)]) }),
    },
  };
}

const drawPayment = (random: Random): Transaction =>
  makePaymentTxnWithSuggestedParamsFromObject({
    ...drawCommon(random),
    receiver: drawAddress(random),
    amount: random.pick(NUMBERS),
    ...(random.chance(0.3) && { closeRemainderTo: drawAddress(random) }),
  });

const drawAssetTransfer = (random: Random): Transaction =>
  makeAssetTransferTxnWithSuggestedParamsFromObject({
    ...drawCommon(random),
    assetIndex: random.pick(NUMBERS.slice(1)),
    receiver: drawAddress(random),
    amount: random.pick(NUMBERS),
    ...(random.chance(0.3) && { closeRemainderTo: drawAddress(random) }),
    ...(random.chance(0.2) && { assetSender: drawAddress(random) }),
  });

const COMPLETIONS = [
  OnApplicationComplete.NoOpOC,
  OnApplicationComplete.OptInOC,
  OnApplicationComplete.CloseOutOC,
  OnApplicationComplete.ClearStateOC,
  OnApplicationComplete.DeleteApplicationOC,
];

function drawReferences(random: Random) {
  const references = {
    accounts: drawList(random, 4, () => drawAddress(random)),
    foreignApps: drawList(random, 4, () => random.pick(NUMBERS.slice(1))),
    foreignAssets: drawList(random, 4, () => random.pick(NUMBERS.slice(1))),
    boxes: drawList(random, 3, () => ({ appIndex: 0, name: drawBytes(random, random.pick([1, 31, 32, 64])) })),
  };
  return { ...references, ...(random.chance(0.3) && { convertToAccess: true }) };
}

function drawCall(random: Random): Transaction {
  const isUpdate = random.chance(0.2);
  return makeApplicationCallTxnFromObject({
    ...drawCommon(random),
    ...drawReferences(random),
    appIndex: random.pick(NUMBERS.slice(1)),
    appArgs: [
      ...drawList(random, 15, () => drawBytes(random, random.pick(SHORT_LENGTHS))),
      drawBytes(random, random.pick(LENGTHS)),
    ],
    onComplete: isUpdate ? OnApplicationComplete.UpdateApplicationOC : random.pick(COMPLETIONS),
    ...(isUpdate && { approvalProgram: drawBytes(random, 300), clearProgram: drawBytes(random, 5) }),
    ...(random.chance(0.2) && { rejectVersion: random.below(5) }),
  });
}

/** A transaction of a kind that is read, as algosdk makes it. */
export const drawTransaction = (random: Random): Transaction =>
  random.pick([drawPayment, drawAssetTransfer, drawCall])(random);

/** Up to sixteen of them, of one group. */
export const drawGroup = (random: Random): Transaction[] =>
  assignGroupID(Array.from({ length: 1 + random.below(16) }, () => drawTransaction(random)));
