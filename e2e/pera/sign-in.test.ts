import type { PeraBehaviour } from "@gasless/localnet/walletconnect/scripted-pera";
import { Address, decodeSignedTransaction, makePaymentTxnWithSuggestedParamsFromObject } from "algosdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  base64,
  challengeFor,
  DEAD,
  isSignedBy,
  openPhoneScene,
  PAGE,
  type PhoneScene,
  sha256,
  signInText,
  type TestChallenge,
} from "./test-support.ts";

let scene: PhoneScene;
beforeEach(async () => {
  scene = await openPhoneScene();
});
afterEach(() => scene.close());

const stranger = new Address(new Uint8Array(32).fill(6)).toString();

const siwa = (address: string, changes: object = {}): string =>
  JSON.stringify({
    account_address: address,
    chain_id: "283",
    domain: PAGE.host,
    nonce: "n",
    type: "ed25519",
    uri: PAGE.origin,
    version: "1",
    ...changes,
  });

const arc60 = (address: string, data = siwa(address), domain: string = PAGE.host): TestChallenge => ({
  ...challengeFor(address),
  payload: { data: base64(Buffer.from(data)), authenticatorData: base64(sha256(domain)) },
});

function zero(address: string, changes: object = {}, text = signInText(address)): TestChallenge {
  const note = new TextEncoder().encode(text);
  const pay = { sender: address, receiver: address, amount: 0n, note, suggestedParams: DEAD, ...changes };
  const transaction = base64(makePaymentTxnWithSuggestedParamsFromObject(pay).toByte());
  return { ...challengeFor(address), payload: { transaction } };
}

async function openWays(behaviour: Partial<PeraBehaviour> = {}) {
  const { page, address } = await scene.paired(behaviour);
  const sign = async (method: string, challenge: TestChallenge) =>
    page.driver.family.ways.find((way) => way.method === method)?.sign(address, challenge);
  return { address, sign };
}

describe("signing in", () => {
  test("by a structured text signs the hashes of it and of what the wallet says about itself", async () => {
    const { address, sign } = await openWays();
    const proof = await sign("arc60", arc60(address));
    expect(proof?.["signedMessage"]).toBe(base64(sha256(PAGE.host)));
    const signed = Buffer.concat([sha256(siwa(address)), sha256(sha256(PAGE.host))]);
    expect(isSignedBy(address, signed, proof?.["signature"] ?? "")).toBe(true);
  });

  test("by a plain text signs it behind two letters that no transaction begins with", async () => {
    const { address, sign } = await openWays({ signData: "legacy" });
    const proof = await sign("mx", challengeFor(address));
    expect(isSignedBy(address, Buffer.from(`MX${signInText(address)}`), proof?.["signature"] ?? "")).toBe(true);
  });

  test("by a transaction that does nothing gives it whole, with its signature", async () => {
    const { address, sign } = await openWays({ signData: "none" });
    const proof = await sign("zero-transaction", zero(address));
    const signed = decodeSignedTransaction(Buffer.from(proof?.["transaction"] ?? "", "base64"));
    expect(base64(signed.sig ?? new Uint8Array())).toBe(proof?.["signature"]);
    expect(isSignedBy(address, signed.txn.bytesToSign(), proof?.["signature"] ?? "")).toBe(true);
  });

  test("with an account that another key signs for gives that key's signature and name", async () => {
    const { address, sign } = await openWays();
    const authAddress = scene.pera.rekey(address, new Uint8Array(32).fill(9));
    const proof = await sign("zero-transaction", zero(address));
    const signed = decodeSignedTransaction(Buffer.from(proof?.["transaction"] ?? "", "base64"));
    expect(signed.sgnr?.toString()).toBe(authAddress);
    expect(isSignedBy(authAddress, signed.txn.bytesToSign(), proof?.["signature"] ?? "")).toBe(true);
  });

  test.each<[string, Partial<PeraBehaviour>, string]>([
    ["is older than structured texts", { signData: "legacy" }, "arc60"],
    ["signs no texts", { signData: "none" }, "mx"],
  ])("by an app that %s is told apart from a person's no", async (_what, behaviour, method) => {
    const { address, sign } = await openWays(behaviour);
    const challenge = method === "arc60" ? arc60(address) : challengeFor(address);
    await expect(sign(method, challenge)).rejects.toMatchObject({ code: 4200 });
    scene.pera.behave({ signing: "reject" });
    await expect(sign(method, challenge)).rejects.toMatchObject({ code: "wallet.rejected" });
  });

  test("by an app that says nothing to a structured text is not asked for one again", async () => {
    const { address, sign } = await openWays({ signData: "mute" });
    const asked = scene.pera.nextRequest();
    void sign("arc60", arc60(address)).catch(() => undefined);
    await asked;
    await expect(sign("arc60", arc60(address))).rejects.toMatchObject({ code: 4200 });
    expect(scene.pera.requests).toHaveLength(1);
  });

  test("with what is another site's, or does something, never reaches the wallet", async () => {
    const { address, sign } = await openWays();
    const text = signInText(address);
    const bad: readonly (readonly [method: string, challenge: TestChallenge])[] = [
      ["arc60", arc60(address, siwa(address, { domain: "bank.example" }), "bank.example")],
      ["arc60", arc60(address, siwa(address, { uri: "https://bank.example" }))],
      ["arc60", arc60(address, siwa(stranger))],
      ["arc60", arc60(address, siwa(address, { statement: "a\nb" }))],
      ["arc60", arc60(address, siwa(address), "bank.example")],
      ["arc60", arc60(address, "no json")],
      ["arc60", { payload: { data: "%", authenticatorData: "%" } }],
      ["arc60", challengeFor(address)],
      ["mx", { message: text.replaceAll(PAGE.host, "bank.example") }],
      ["mx", { message: `${text}\nURI: https://bank.example` }],
      ["mx", { message: signInText(stranger) }],
      ["mx", { message: text.replace("shop.\n", "sh\u043Ep.\n") }],
      ["mx", {}],
      ["zero-transaction", zero(address, { amount: 1n })],
      ["zero-transaction", zero(address, { receiver: stranger })],
      ["zero-transaction", zero(address, { closeRemainderTo: stranger })],
      ["zero-transaction", zero(address, { rekeyTo: stranger })],
      ["zero-transaction", zero(address, { lease: new Uint8Array(32).fill(1) })],
      ["zero-transaction", zero(address, { suggestedParams: { ...DEAD, fee: 1_000n } })],
      ["zero-transaction", zero(address, { suggestedParams: { ...DEAD, lastValid: 1_000n } })],
      ["zero-transaction", zero(address, {}, signInText(stranger))],
      ["zero-transaction", challengeFor(address)],
    ];
    for (const [method, challenge] of bad) {
      await expect(sign(method, challenge), JSON.stringify(challenge)).rejects.toMatchObject({
        code: "auth.challenge_invalid",
      });
    }
    expect(scene.pera.requests).toEqual([]);
  });
});
