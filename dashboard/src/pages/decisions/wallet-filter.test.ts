import { expect, test } from "vitest";
import { walletFilter } from "./wallet-filter.ts";

const SOLANA = "7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q";
const ALGORAND = "GD64YIY3TWGDMCNPP553DZPPR6LDUSFQOIJVFDPPXWEG3FVOJCCDBBHU5A";

test("a wallet is found by what an explorer shows: its address alone", () => {
  expect(walletFilter(` ${SOLANA} `)).toBe(`solana:${SOLANA}`);
  expect(walletFilter(ALGORAND)).toBe(`algorand:${ALGORAND}`);
  expect(walletFilter("0x00000000219ab540356cBB839Cbe05303d7705Fa")).toBe(
    "eip155:0x00000000219ab540356cBB839Cbe05303d7705Fa",
  );
  expect(walletFilter("alice.near")).toBe("near:alice.near");
});

test("a wallet with its family stays as it is", () => {
  expect(walletFilter(`solana:${SOLANA}`)).toBe(`solana:${SOLANA}`);
});

test("half an address is not looked for: it would find nobody", () => {
  for (const text of ["", SOLANA.slice(0, 12), "solana:7v91", ALGORAND.slice(1)])
    expect(walletFilter(text)).toBeUndefined();
});
