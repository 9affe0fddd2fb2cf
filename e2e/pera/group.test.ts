import {
  Address,
  assignGroupID,
  decodeSignedTransaction,
  makeAssetTransferTxnWithSuggestedParamsFromObject,
  makePaymentTxnWithSuggestedParamsFromObject,
  type Transaction,
} from "algosdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { base64, LIVE, openPhoneScene, type PhoneScene, type TestPrepared } from "./test-support.ts";

let scene: PhoneScene;
beforeEach(async () => {
  scene = await openPhoneScene();
});
afterEach(() => scene.close());

const sponsor = new Address(new Uint8Array(32).fill(5)).toString();
const stranger = new Address(new Uint8Array(32).fill(6)).toString();

const pay = (changes: object = {}): Transaction =>
  makePaymentTxnWithSuggestedParamsFromObject({
    sender: sponsor,
    receiver: sponsor,
    amount: 0n,
    suggestedParams: { ...LIVE, fee: 2_000n },
    ...changes,
  });

const transfer = (address: string, changes: object = {}): Transaction =>
  makeAssetTransferTxnWithSuggestedParamsFromObject({
    sender: address,
    receiver: address,
    amount: 0n,
    assetIndex: 9n,
    suggestedParams: LIVE,
    ...changes,
  });

const wire = (transactions: readonly Transaction[]): readonly string[] =>
  transactions.map((each) => base64(each.toByte()));

const preparedOf = (transactions: readonly string[]): TestPrepared => ({
  feePayer: sponsor,
  lifetime: { firstValid: 100, lastValid: 120, genesisHash: base64(LIVE.genesisHash) },
  transactions,
});

/** As the server does it. */
const prepare = (...transactions: Transaction[]): TestPrepared => preparedOf(wire(assignGroupID(transactions)));

describe("a group", () => {
  test.each(["null", "dropped"] as const)(
    "is signed where the wallet says %s for what is not its own, and matched by what was signed",
    async (unsigned) => {
      const { page, address } = await scene.paired({ unsigned });
      const given = transfer(address, { suggestedParams: { ...LIVE, firstValid: 1n, lastValid: 1_000n, fee: 1_000n } });
      const plan = page.driver.family.plan([given]);
      expect(plan.request).toEqual({ transactions: wire([given]) });
      const prepared = prepare(pay({ receiver: address, amount: 200_000n }), transfer(address));
      const [first, second] = prepared.transactions;
      const { body, hasWalletChangedIt } = await plan.sign(prepared, address);
      expect([body.transactions.length, body.transactions[0], hasWalletChangedIt]).toEqual([2, first, false]);
      const own = decodeSignedTransaction(Buffer.from(body.transactions[1] ?? "", "base64"));
      expect(base64(own.txn.toByte())).toBe(second);
      expect(scene.pera.requests.at(-1)?.params).toEqual([[{ txn: first, signers: [] }, { txn: second }]]);
    },
  );

  test.each([3, 15])("of %i, given as bytes, comes back in its order", async (count) => {
    const { page, address } = await scene.paired();
    const make = () =>
      Array.from({ length: count }, (_, index) => transfer(address, { receiver: stranger, amount: BigInt(index + 1) }));
    const plan = page.driver.family.plan(make().map((each) => each.toByte()));
    const { body } = await plan.sign(prepare(pay(), ...make()), address);
    const amounts = body.transactions
      .slice(1)
      .map((each) => decodeSignedTransaction(Buffer.from(each, "base64")).txn.assetTransfer?.amount);
    expect(amounts).toEqual(Array.from({ length: count }, (_, index) => BigInt(index + 1)));
  });

  test("that a person rejects is rejected", async () => {
    const { page, address } = await scene.paired({ signing: "reject" });
    const signing = page.driver.family.plan([transfer(address)]).sign(prepare(pay(), transfer(address)), address);
    await expect(signing).rejects.toMatchObject({ code: "wallet.rejected" });
  });

  test("in which the wallet leaves out what it should have signed is not sent", async () => {
    const { page, address } = await scene.paired();
    const group = [transfer(address), transfer(stranger)];
    const signing = page.driver.family.plan(group).sign(prepare(pay(), ...group), address);
    await expect(signing).rejects.toThrow("Invalid signer");
  });
});

test.each<[string, unknown]>([
  ["nothing", []],
  ["sixteen transactions", Array.from({ length: 16 }, () => transfer(stranger))],
  ["an instruction of another network", [{ programAddress: "x", accounts: [], data: new Uint8Array() }]],
  ["bytes that are no transaction", [Uint8Array.of(1, 2, 3)]],
  ["a signed transaction", [Uint8Array.of(0x81, 0xa3, 0x73, 0x69, 0x67, 0xc4, 0x00)]],
  ["a text", "AAAA"],
  ["no list at all", undefined],
])("%s is no group to sponsor", async (_what, input) => {
  const { driver } = await scene.load();
  expect(() => driver.family.plan(input)).toThrow(expect.objectContaining({ code: "request.invalid" }) as Error);
});

/** Each by somebody who has the server, and wants something of the user's. */
const TAMPERED: Readonly<Record<string, (address: string) => TestPrepared>> = {
  "a transaction more": (address) => prepare(pay(), transfer(address), transfer(address, { amount: 5n })),
  "a transaction less": () => prepare(pay()),
  "another amount": (address) => prepare(pay(), transfer(address, { amount: 1n })),
  "another receiver": (address) => prepare(pay(), transfer(address, { receiver: stranger })),
  "a close": (address) => prepare(pay(), transfer(address, { closeRemainderTo: stranger })),
  "a rekey": (address) => prepare(pay(), transfer(address, { rekeyTo: stranger })),
  "a lease": (address) => prepare(pay(), transfer(address, { lease: new Uint8Array(32).fill(1) })),
  "a note": (address) => prepare(pay(), transfer(address, { note: Uint8Array.of(1) })),
  "a fee of the user's": (address) => prepare(pay(), transfer(address, { suggestedParams: { ...LIVE, fee: 1n } })),
  "the sponsor last": (address) => prepare(transfer(address), pay()),
  "a payment of somebody else's": (address) => prepare(pay({ sender: stranger }), transfer(address)),
  "a payment of the user's": (address) => prepare(pay({ sender: address }), transfer(address)),
  "a payment to a stranger": (address) => prepare(pay({ receiver: stranger, amount: 1n }), transfer(address)),
  "a sponsor that closes": (address) => prepare(pay({ closeRemainderTo: address }), transfer(address)),
  "a sponsor that rekeys": (address) => prepare(pay({ rekeyTo: address }), transfer(address)),
  "two lifetimes": (address) => prepare(pay(), transfer(address, { suggestedParams: { ...LIVE, lastValid: 121n } })),
  "two networks": (address) =>
    prepare(pay(), transfer(address, { suggestedParams: { ...LIVE, genesisHash: new Uint8Array(32).fill(8) } })),
  "no group": (address) => preparedOf(wire([pay(), transfer(address)])),
  "the group of other transactions": (address) => {
    const [, own] = assignGroupID([pay({ note: Uint8Array.of(1) }), transfer(address)]);
    const first = pay();
    if (own?.group) first.group = own.group;
    return preparedOf(wire(own ? [first, own] : []));
  },
  "bytes behind a transaction": (address) => {
    const [first = "", second = ""] = prepare(pay(), transfer(address)).transactions;
    return preparedOf([first, base64(Buffer.concat([Buffer.from(second, "base64"), Buffer.of(0)]))]);
  },
  "no transactions at all": () => preparedOf([]),
};

test("a group in which the server prepared anything else than was asked for never reaches the wallet", async () => {
  const { page, address } = await scene.paired();
  for (const [what, make] of Object.entries(TAMPERED)) {
    const signing = page.driver.family.plan([transfer(address)]).sign(make(address), address);
    await expect(signing, what).rejects.toMatchObject({ code: "relay.untrusted" });
  }
  expect(scene.pera.requests).toEqual([]);
});
