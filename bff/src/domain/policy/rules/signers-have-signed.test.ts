import { describe, expect, test } from "vitest";
import { ruleInput, SPONSOR, USER } from "../../../../test/support/decoded-transaction.ts";
import { signersHaveSigned } from "./signers-have-signed.ts";

const signed = new Uint8Array(64).fill(7);
const unsigned = new Uint8Array(64);
const code = (...input: Parameters<typeof ruleInput>) => signersHaveSigned(ruleInput(...input))?.code;

describe("the signers", () => {
  test("that are only the sponsor are refused: a memo that nobody else signs would pass everything", () => {
    expect(code({ signers: [], instructions: [] })).toBe("transaction.signature_missing");
  });

  test("must have the session's wallet among them: a name in an instruction is no signature", () => {
    const refusal = code({ signers: ["friend"], instructions: [{ program: "p", accounts: [USER] }] });
    expect(refusal).toBe("transaction.signature_missing");
  });

  test("do not count the fee payer's place as the session's wallet", () => {
    const input = { ...ruleInput({ signers: [], instructions: [] }), sessionAddress: SPONSOR };
    expect(signersHaveSigned(input)?.code).toBe("transaction.signature_missing");
  });

  test.each([
    ["the session's wallet", [unsigned, unsigned, signed], USER],
    ["another signer", [unsigned, signed, unsigned], "friend"],
    ["a signer without a slot", [unsigned, signed], "friend"],
  ])("must all have signed: %s has not", (_, signatures, signer) => {
    const sketch = { signers: [USER, "friend"], instructions: [], changes: { signatures } };
    expect(signersHaveSigned(ruleInput(sketch))).toMatchObject({
      code: "transaction.signature_missing",
      context: { signer },
    });
  });

  test("that have all signed pass, whatever their order", () => {
    expect(code({ signers: ["friend", USER], instructions: [] })).toBeUndefined();
  });
});
