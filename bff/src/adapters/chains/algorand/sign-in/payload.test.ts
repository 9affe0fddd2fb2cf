import * as algosdk from "algosdk";
import { describe, expect, test } from "vitest";
import { GENESIS_HASH, USER } from "../../../../../test/support/algorand-groups.ts";
import { algorandChallenge, domainHash, GENESIS } from "../../../../../test/support/algorand-sign-ins.ts";
import { signInPayload, SIGN_IN_METHODS } from "./payload.ts";

describe("what a challenge brings along", () => {
  test("is nothing with mx, whose text is what is signed", async () => {
    expect(await signInPayload(GENESIS, algorandChallenge("mx", USER.address), USER.address)).toEqual({
      ok: true,
      value: undefined,
    });
  });

  test("is the object and the hash of the domain with arc60", async () => {
    const challenge = algorandChallenge("arc60", USER.address);
    const payload = await signInPayload(GENESIS, challenge, USER.address);
    expect(payload).toMatchObject({ ok: true, value: { authenticatorData: domainHash(challenge) } });
    const data = payload.ok ? payload.value?.["data"] : undefined;
    expect(JSON.parse(new TextDecoder().decode(data))).toMatchObject({
      account_address: USER.address,
      domain: "dapp.example",
    });
  });

  test("is with zero-transaction, as algosdk reads it, a payment of nothing to oneself that pays no fee and is of the first round", async () => {
    const challenge = algorandChallenge("zero-transaction", USER.address);
    const payload = await signInPayload(GENESIS, challenge, USER.address);
    const transaction = (payload.ok && payload.value?.["transaction"]) || new Uint8Array();
    const expected = algosdk.makePaymentTxnWithSuggestedParamsFromObject({
      sender: USER.address,
      receiver: USER.address,
      amount: 0,
      note: new TextEncoder().encode(challenge.text),
      suggestedParams: { flatFee: true, fee: 0, minFee: 0, firstValid: 1, lastValid: 1, genesisHash: GENESIS_HASH },
    });
    expect(transaction).toEqual(Uint8Array.from(algosdk.encodeUnsignedTransaction(expected)));
  });

  test("is told to be too long where the text fits into no note", async () => {
    const challengeOf = (length: number) => ({
      ...algorandChallenge("zero-transaction", USER.address),
      text: "x".repeat(length),
    });
    expect(await signInPayload(GENESIS, challengeOf(1_024), USER.address)).toMatchObject({ ok: true });
    expect(await signInPayload(GENESIS, challengeOf(1_025), USER.address)).toEqual({ ok: false, reason: "too_long" });
    expect(await signInPayload(GENESIS, { ...challengeOf(0), text: "☀".repeat(342) }, USER.address)).toMatchObject({
      ok: false,
    });
  });
});

test("the longest statement on a long origin still fits into a note", () => {
  const { text } = algorandChallenge("zero-transaction", USER.address, {
    origin: `https://${"d".repeat(63)}.example:65535`,
    nonce: "f".repeat(64),
    statement: "s".repeat(300),
  });
  expect(text.length).toBeLessThanOrEqual(1_024);
});

test("there are three methods", () => {
  expect(SIGN_IN_METHODS).toEqual(["arc60", "mx", "zero-transaction"]);
});
