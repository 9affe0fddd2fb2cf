import { describe, expect, test } from "vitest";
import { ruleInput } from "../../../../test/support/decoded-transaction.ts";
import { sponsorSignsLast } from "./sponsor-signs-last.ts";

const check = (signatures: readonly Uint8Array[]) =>
  sponsorSignsLast.check(ruleInput({ instructions: [], changes: { signatures } }));

describe("the sponsor's signature", () => {
  test.each([
    ["with its first bit set", [new Uint8Array(64).with(0, 1), new Uint8Array(64)]],
    ["with its last byte set", [new Uint8Array(64).with(63, 1), new Uint8Array(64)]],
    ["copied from the user's", [new Uint8Array(64).fill(7), new Uint8Array(64).fill(7)]],
    ["without a slot", []],
  ])("is refused when somebody has put it there before: %s", (_, signatures) => {
    expect(check(signatures)).toMatchObject([
      {
        verdict: "fail",
        refusal: { code: "transaction.signature_invalid" },
        hint: expect.stringMatching(/64 zero bytes/) as string,
      },
    ]);
  });

  test("may only be 64 zero bytes, whatever the others are", () => {
    expect(check([new Uint8Array(64), new Uint8Array(64).fill(7)])).toEqual([]);
    expect(check([new Uint8Array(64)])).toEqual([]);
  });
});
