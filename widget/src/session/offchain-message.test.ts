import { describe, expect, test } from "vitest";
import { encodeKey } from "../solana-key.ts";
import { offchainMessage } from "./offchain-message.ts";

const key = new Uint8Array(32).map((_, index) => index + 1);

describe("an off-chain message", () => {
  test("is domain, version 1, one signer, its key, and the text to the end", () => {
    const hex = Buffer.from(offchainMessage(encodeKey(key), "Grüße")).toString("hex");
    expect(hex).toBe(
      [
        "ff736f6c616e61206f6666636861696e", // \xffsolana offchain
        "01",
        "01",
        "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
        "4772c3bcc39f65",
      ].join(""),
    );
  });

  test("of something that is no address cannot be", () => {
    expect(() => offchainMessage("nobody", "text")).toThrow("no Solana address");
  });
});
