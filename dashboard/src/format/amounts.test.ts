import { describe, expect, test } from "vitest";
import { formatAmount, formatBaseUnits, parseAmount } from "./amounts.ts";

describe("an amount is told exactly, to its last unit", () => {
  test.each([
    ["solana:devnet", "0", "0 SOL"],
    ["solana:devnet", "1", "0.000000001 SOL"],
    ["solana:mainnet", "10000", "0.00001 SOL"],
    ["solana:mainnet", "1234500000000", "1,234.5 SOL"],
    ["algorand:testnet", "1000", "0.001 ALGO"],
    ["algorand:mainnet", "9007199254740993000001", "9,007,199,254,740,993.000001 ALGO"],
    ["eip155:1", "1", "0.000000000000000001 ETH"],
    ["near:testnet", "1000000000000000000000000", "1 NEAR"],
  ])("on %s, %s is %s", (network, baseUnits, text) => {
    expect(formatAmount(network, baseUnits)).toBe(text);
  });

  test("and its base units stand beside it", () => {
    expect(formatBaseUnits("solana:devnet", "1234567")).toBe("1,234,567 lamports");
  });
});

describe("an amount that was typed", () => {
  test.each([
    ["1", 1_000_000_000n],
    ["0.000000001", 1n],
    [" 1,234.50 ", 1_234_500_000_000n],
    ["1.0000000000", 1_000_000_000n],
    ["2.", 2_000_000_000n],
    ["0", 0n],
  ])("as %j is read to the last unit", (text, baseUnits) => {
    expect(parseAmount("solana:devnet", text)).toBe(baseUnits);
  });

  test.each([
    "",
    ".5",
    "0,5",
    "1,500",
    "0,005",
    "00,500",
    "1,5",
    "12,34",
    "1,2345",
    ",500",
    "1,000,00",
    "-1",
    "1e9",
    "0.0000000001",
    "1.2.3",
    "one",
    "0x10",
    "9".repeat(31),
  ])("as %j is none, and never rounded to one", (text) => {
    expect(parseAmount("solana:devnet", text)).toBeUndefined();
  });

  test("comes back as it was told", () => {
    const text = formatAmount("algorand:mainnet", "123456789012345678");
    expect(parseAmount("algorand:mainnet", text.replace(" ALGO", ""))).toBe(123_456_789_012_345_678n);
  });
});
