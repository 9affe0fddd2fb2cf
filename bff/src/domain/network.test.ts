import { describe, expect, test } from "vitest";
import { familyOf, isMainnet, walletOf } from "./network.ts";

describe("a network", () => {
  test.each(["solana:mainnet", "algorand:mainnet", "near:mainnet", "eip155:1", "eip155:8453", "eip155:137"])(
    "%s is one where real money moves",
    (network) => expect(isMainnet(network)).toBe(true),
  );

  test.each(["solana:devnet", "solana:testnet", "solana:localnet", "near:testnet", "eip155:11155111", "eip155:31337"])(
    "%s is none",
    (network) => expect(isMainnet(network)).toBe(false),
  );

  test("has a family, which is all of it that a wallet's name keeps", () => {
    expect(["solana:devnet", "eip155:1", "near:localnet"].map(familyOf)).toEqual(["solana", "eip155", "near"]);
    expect(walletOf("solana:devnet", "A1")).toBe("solana:A1");
    expect(walletOf("solana:localnet", "A1")).toBe(walletOf("solana:mainnet", "A1"));
  });
});
