import { base58 } from "@scure/base";
import { describe, expect, test } from "vitest";
import { MEMO_PROGRAM, TOKEN_PROGRAM, transferTokens } from "../instructions.ts";
import { describeTransaction } from "./describe-transaction.ts";
import { readTransaction } from "./wire-transaction.ts";

const key = (fill: number) => base58.encode(new Uint8Array(32).fill(fill));
const [SPONSOR, OWN, OTHER] = [key(1), key(2), key(3)];
const memo = new TextEncoder().encode("hello");
const transfer = transferTokens({
  owner: OWN,
  source: OTHER,
  destination: OTHER,
  mint: OTHER,
  decimals: 2,
  amount: 150n,
}).data;

/** Two signers, a memo by the second one and a transfer of tokens, in wire bytes. */
function build(prefix: readonly number[]): Uint8Array {
  const keys = [SPONSOR, OWN, OTHER, MEMO_PROGRAM, TOKEN_PROGRAM].flatMap((address) => [...base58.decode(address)]);
  const signatures = [2, ...new Uint8Array(64), ...new Uint8Array(64).fill(9)];
  const head = [...prefix, 2, 1, 2, 5, ...keys, ...new Uint8Array(32).fill(7)];
  const instructions = [2, 3, 1, 1, memo.length, ...memo, 4, 4, 2, 2, 2, 1, transfer.length, ...transfer];
  return new Uint8Array([...signatures, ...head, ...instructions, ...(prefix.length > 0 ? [0] : [])]);
}

describe.each([
  ["legacy", []],
  ["version 0", [0x80]],
])("a %s transaction", (_version, prefix) => {
  const bytes = build(prefix);

  test("is shown in plain words, with who pays", () => {
    const wire = readTransaction(bytes);
    expect(describeTransaction(wire, OWN)).toEqual([
      "Write on the chain: “hello”",
      expect.stringMatching(/^Send 1\.5 tokens to \w{4}…\w{4}\.$/) as string,
      expect.stringMatching(/^The network fee is paid by \w{4}…\w{4}\. You pay nothing\.$/) as string,
    ]);
    expect(describeTransaction(wire, SPONSOR).at(-1)).toBe("You pay the network fee.");
  });

  test("gets a signature in its signer's slot, and is the same everywhere else", () => {
    const signature = new Uint8Array(64).fill(5);
    const signed = readTransaction(bytes).withSignature(OWN, signature);
    expect(signed.subarray(65, 129)).toEqual(signature);
    expect(signed.subarray(0, 65)).toEqual(bytes.subarray(0, 65));
    expect(signed.subarray(129)).toEqual(bytes.subarray(129));
    expect(readTransaction(bytes).message).toEqual(bytes.subarray(129));
  });

  test("is not signed for who is no signer of it", () => {
    expect(() => readTransaction(bytes).withSignature(OTHER, new Uint8Array(64))).toThrow("does not ask for");
  });

  test("that ends too early is none", () => {
    for (const length of [0, 1, 60, 129, 140, bytes.length - 20]) {
      expect(() => readTransaction(bytes.subarray(0, length))).toThrow("not a Solana transaction");
    }
  });
});

test("a version that came later is refused", () => {
  expect(() => readTransaction(build([0x81]))).toThrow("not a Solana transaction");
});
