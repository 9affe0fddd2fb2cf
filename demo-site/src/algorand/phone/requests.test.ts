import { base64 } from "@scure/base";
import {
  Address,
  assignGroupID,
  decodeSignedTransaction,
  encodeAddress,
  encodeUnsignedTransaction,
  makePaymentTxnWithSuggestedParamsFromObject,
  type Transaction,
} from "algosdk";
import { beforeAll, expect, test } from "vitest";
import { readRequest, type SigningContext } from "./requests.ts";

const OTHER = new Address(new Uint8Array(32).fill(9)).toString();
let pair: CryptoKeyPair;
let context: SigningContext;

beforeAll(async () => {
  pair = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  const address = encodeAddress(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const sign = async (bytes: Uint8Array) =>
    new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, new Uint8Array(bytes)));
  context = { address, sign, stamps: 1001n, host: "shop.example" };
});

const isSigned = (bytes: Uint8Array, signature: Uint8Array) =>
  crypto.subtle.verify("Ed25519", pair.publicKey, new Uint8Array(signature), new Uint8Array(bytes));
const encode = (text: string) => new TextEncoder().encode(text);
const sha256 = async (bytes: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));

function pay(sender: string, amount = 1n): Transaction {
  const genesisHash = new Uint8Array(32).fill(7);
  const suggestedParams = { fee: 0n, flatFee: true, minFee: 1_000n, firstValid: 1n, lastValid: 20n, genesisHash };
  return makePaymentTxnWithSuggestedParamsFromObject({ sender, receiver: OTHER, amount, suggestedParams });
}

const entryOf = (transaction: Transaction, rest = {}) => ({
  txn: base64.encode(encodeUnsignedTransaction(transaction)),
  ...rest,
});

async function writeSignIn(changes: Readonly<Record<string, unknown>> = {}) {
  const claims = { account_address: context.address, domain: "shop.example", resources: ["a", "b"], version: "1" };
  return {
    data: base64.encode(encode(JSON.stringify(claims))),
    signer: context.address,
    domain: "shop.example",
    authenticatorData: base64.encode(await sha256(encode("shop.example"))),
    metadata: { scope: 1, encoding: "base64" },
    ...changes,
  };
}

test("in a group the own transactions are signed and the others are not", async () => {
  const [first, second] = assignGroupID([pay(OTHER), pay(context.address)]);
  if (first === undefined || second === undefined) throw new Error("unreachable");
  const params = [[entryOf(first, { signers: [] }), entryOf(second)]];
  const [unsigned, signed] = (await (await readRequest("algo_signTxn", params, context)).answer()) as [null, string];
  expect(unsigned).toBeNull();
  const { txn, sig = new Uint8Array() } = decodeSignedTransaction(base64.decode(signed));
  expect(txn.txID()).toBe(second.txID());
  expect(await isSigned(second.bytesToSign(), sig)).toBe(true);
});

test("a sign-in shows every claim, and is signed over both hashes", async () => {
  const params = await writeSignIn();
  const { lines, answer } = await readRequest("algo_signData", params, context);
  expect(lines).toEqual([
    `account_address: ${context.address}`,
    "domain: shop.example",
    "resources: a, b",
    "version: 1",
  ]);
  const [signature = ""] = (await answer()) as string[];
  const [data, authenticator] = [base64.decode(params.data), base64.decode(params.authenticatorData)];
  const signed = new Uint8Array([...(await sha256(data)), ...(await sha256(authenticator))]);
  expect(await isSigned(signed, base64.decode(signature))).toBe(true);
});

test("a text is shown as it is, and signed behind MX", async () => {
  const params = [{ data: base64.encode(encode("hello")), signer: context.address }];
  const { lines, isVerbatim, answer } = await readRequest("algo_signData", params, context);
  expect([lines, isVerbatim]).toEqual([["hello"], true]);
  const [signature = ""] = (await answer()) as string[];
  expect(await isSigned(encode("MXhello"), base64.decode(signature))).toBe(true);
});

test("what it cannot show in full, or is not its own, is refused before anybody is asked", async () => {
  const [half] = assignGroupID([pay(context.address), pay(context.address, 2n)]);
  const own = pay(context.address);
  const trailing = base64.encode(new Uint8Array([...encodeUnsignedTransaction(own), 0]));
  const refused: readonly (readonly [method: string, params: unknown])[] = [
    ["algo_signTxn", []],
    ["algo_signTxn", [[]]],
    ["algo_signTxn", [[null]]],
    ["algo_signTxn", [[{ txn: "%%%" }]]],
    ["algo_signTxn", [[{ txn: base64.encode(encode("hello")) }]]],
    ["algo_signTxn", [[{ txn: trailing }]]],
    ["algo_signTxn", [[entryOf(pay(OTHER))]]],
    ["algo_signTxn", [[entryOf(own, { msig: {} })]]],
    ["algo_signTxn", [[entryOf(own, { authAddr: OTHER })]]],
    ["algo_signTxn", [[entryOf(half ?? own)]]],
    ["algo_signTxn", [[entryOf(own), entryOf(pay(context.address, 2n))]]],
    ["algo_signData", []],
    ["algo_signData", [{ data: "aGVsbG8=", signer: OTHER }]],
    ["algo_signData", await writeSignIn({ domain: "evil.example" })],
    ["algo_signData", await writeSignIn({ signer: OTHER })],
    ["algo_signData", await writeSignIn({ metadata: { scope: 2, encoding: "base64" } })],
    ["algo_signData", await writeSignIn({ authenticatorData: base64.encode(await sha256(encode("evil.example"))) })],
    ["algo_signData", await writeSignIn({ data: base64.encode(encode('{"domain":"evil.example"}')) })],
  ];
  for (const [method, params] of refused) {
    await expect(readRequest(method, params, context), JSON.stringify(params)).rejects.toThrow();
  }
});
