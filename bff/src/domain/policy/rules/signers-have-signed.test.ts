import { describe, expect, test } from "vitest";
import { ruleInput, SPONSOR, USER } from "../../../../test/support/decoded-transaction.ts";
import { signersHaveSigned, walletIsSigner } from "./signers-have-signed.ts";

const signed = new Uint8Array(64).fill(7);
const unsigned = new Uint8Array(64);
const missing = (signer: string, hint: RegExp) => [
  {
    verdict: "fail",
    refusal: { code: "transaction.signature_missing", context: { signer } },
    hint: expect.stringMatching(hint) as string,
  },
];
const WITHOUT_WALLET = missing(USER, /a memo by the wallet/);

describe("the session's wallet", () => {
  test("is missed where only the sponsor signs: a memo that nobody else signs would pass everything", () => {
    expect(walletIsSigner.check(ruleInput({ signers: [], instructions: [] }))).toMatchObject(WITHOUT_WALLET);
  });

  test("must be among the signers: a name in an instruction is no signature", () => {
    const sketch = { signers: ["friend"], instructions: [{ program: "p", accounts: [USER] }] };
    expect(walletIsSigner.check(ruleInput(sketch))).toMatchObject(WITHOUT_WALLET);
  });

  test("is not the fee payer's place", () => {
    const input = { ...ruleInput({ signers: [], instructions: [] }), sessionAddress: SPONSOR };
    expect(walletIsSigner.check(input)).toMatchObject(missing(SPONSOR, /./));
  });

  test("may be any signer but the first, though it has not signed yet: that is another rule's", () => {
    const changes = { signatures: [unsigned, unsigned, unsigned] };
    expect(walletIsSigner.check(ruleInput({ signers: ["friend", USER], instructions: [], changes }))).toEqual([]);
  });
});

describe("another wallet of the user", () => {
  const input = ruleInput({ signers: ["friend", "linked"], instructions: [] });

  test("may sign in the place of the session's", () => {
    expect(walletIsSigner.check({ ...input, linkedAddresses: ["other", "linked"] })).toEqual([]);
  });

  test("must sign: that the user has one is no signature", () => {
    expect(walletIsSigner.check({ ...input, linkedAddresses: ["other"] })).toMatchObject(WITHOUT_WALLET);
    expect(walletIsSigner.check({ ...input, linkedAddresses: [] })).toMatchObject(WITHOUT_WALLET);
  });

  test("cannot be the fee payer, who is no signer of an intent", () => {
    const alone = ruleInput({ signers: [], instructions: [] });
    expect(walletIsSigner.check({ ...alone, linkedAddresses: [SPONSOR] })).toMatchObject(WITHOUT_WALLET);
  });
});

describe("the signers", () => {
  test.each([
    ["the session's wallet", [unsigned, unsigned, signed], USER],
    ["another signer", [unsigned, signed, unsigned], "friend"],
    ["a signer without a slot", [unsigned, signed], "friend"],
  ])("must all have signed: %s has not", (_, signatures, signer) => {
    const sketch = { signers: [USER, "friend"], instructions: [], changes: { signatures } };
    expect(signersHaveSigned.check(ruleInput(sketch))).toMatchObject(missing(signer, /Let every signer/));
  });

  test("that have all signed pass, whatever their order", () => {
    expect(signersHaveSigned.check(ruleInput({ signers: ["friend", USER], instructions: [] }))).toEqual([]);
  });

  test("do not count the sponsor, who signs last", () => {
    expect(signersHaveSigned.check(ruleInput({ signers: [], instructions: [] }))).toEqual([]);
  });
});
