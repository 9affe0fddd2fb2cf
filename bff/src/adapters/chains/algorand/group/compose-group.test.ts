import * as algosdk from "algosdk";
import { describe, expect, test } from "vitest";
import {
  calls,
  FRIEND,
  GENESIS_HASH,
  optsIn,
  pays,
  SPONSOR,
  USER,
} from "../../../../../test/support/algorand-groups.ts";
import { concatBytes } from "../../../../domain/bytes.ts";
import { encodeMsgpack } from "../msgpack.ts";
import { composeGroup, type TransactionFields, writeTransaction } from "./compose-group.ts";
import { decodeGroup, readUserTransactions } from "./decode-group.ts";
import { withoutGroup } from "./transaction-id.ts";

const lively: TransactionFields = {
  fee: 1_000n,
  fv: 5n,
  lv: 900n,
  gh: new Uint8Array(32).fill(1),
  gen: "another-v1",
  grp: new Uint8Array(32).fill(2),
};
const wanted = [optsIn({ ...lively, note: new Uint8Array([7]) }), calls({ ...lively, apaa: [new Uint8Array(4)] })];

function compose(funding?: { receiver: Uint8Array; amount: bigint }) {
  const user = readUserTransactions(wanted.map(writeTransaction));
  if (!user.ok) throw new Error(user.reason.detail);
  return composeGroup({
    sponsor: SPONSOR.publicKey,
    fee: 3_000n,
    funding,
    firstValid: 40n,
    lastValid: 60n,
    genesisHash: GENESIS_HASH,
    genesisId: "gasless-v1",
    user: user.value,
  });
}

const entriesOf = (parts: readonly Uint8Array[]) => {
  const decoded = decodeGroup(concatBytes(...parts));
  if (!decoded.ok) throw new Error(decoded.reason.detail);
  return decoded.value.entries;
};

describe("a composed group", () => {
  test("begins with the sponsor, who pays for all and gives itself nothing", () => {
    const [sponsored] = entriesOf(compose());
    expect(sponsored).toMatchObject({ kind: "unsigned", authAddress: undefined });
    expect(sponsored?.transaction).toEqual({
      type: "pay",
      sender: SPONSOR.address,
      receiver: SPONSOR.address,
      amount: 0n,
      closeRemainderTo: undefined,
      fee: 3_000n,
      firstValid: 40n,
      lastValid: 60n,
      genesisId: "gasless-v1",
      genesisHash: Buffer.from(GENESIS_HASH).toString("base64"),
      note: new Uint8Array(),
      hasLease: false,
      rekeyTo: undefined,
    });
  });

  test("gives the user what is lacking before anything that needs it", () => {
    const [sponsored, optIn] = entriesOf(compose({ receiver: USER.publicKey, amount: 200_000n }));
    expect(sponsored?.transaction).toMatchObject({ receiver: USER.address, amount: 200_000n, fee: 3_000n });
    expect(optIn?.transaction).toMatchObject({ type: "axfer", sender: USER.address });
  });

  test("has the user's transactions in their order, without a fee, in the same rounds and network, and as they were in all else", () => {
    const [, ...user] = entriesOf(compose());
    const life = { fee: 0n, firstValid: 40n, lastValid: 60n, genesisId: "gasless-v1" };
    expect(user.map(({ transaction }) => transaction)).toMatchObject([
      { type: "axfer", note: new Uint8Array([7]), ...life },
      { type: "appl", arguments: [new Uint8Array(4)], ...life },
    ]);
  });

  test("is one that algosdk reads, with the id that algosdk would give it", () => {
    const entries = entriesOf(compose());
    const groups = compose().map((bytes) => algosdk.decodeUnsignedTransaction(bytes).group);
    const alone = entries.map(({ fields }) => algosdk.decodeUnsignedTransaction(encodeMsgpack(withoutGroup(fields))));
    expect(groups).toEqual(entries.map(() => algosdk.computeGroupID(alone)));
  });
});

test("what is zero is left out of a written transaction, but for a note", () => {
  const fields = {
    type: "pay",
    snd: USER.publicKey,
    rcv: new Uint8Array(32),
    amt: 0n,
    fee: 0,
    gen: "",
    close: undefined,
  };
  const expected = algosdk.makePaymentTxnWithSuggestedParamsFromObject({
    sender: USER.address,
    receiver: algosdk.ALGORAND_ZERO_ADDRESS_STRING,
    amount: 0,
    note: new Uint8Array(32),
    suggestedParams: { flatFee: true, fee: 0, minFee: 0, firstValid: 1, lastValid: 1, genesisHash: GENESIS_HASH },
  });
  const written = writeTransaction({ ...fields, fv: 1n, lv: 1n, gh: GENESIS_HASH, note: new Uint8Array(32) });
  expect(written).toEqual(Uint8Array.from(algosdk.encodeUnsignedTransaction(expected)));
  expect(writeTransaction(pays({ rcv: FRIEND.publicKey, afrz: false }))).toEqual(writeTransaction(pays()));
});
