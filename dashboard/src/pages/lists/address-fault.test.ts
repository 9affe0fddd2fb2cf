import { expect, test } from "vitest";
import { addressFault } from "./address-fault.ts";

const SOLANA = "9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin";
const ALGORAND = "7ZUECA7HFLZTXENRV24SHLU4AVPUTMTTDUFUBNBD64C73F3UHRTHAIOF6Q";

test.each([
  ["solana:devnet", SOLANA],
  ["solana:devnet", `solana:${SOLANA}`],
  // 32 bytes of zero, and a program's address of fewer letters than most.
  ["solana:devnet", "11111111111111111111111111111111"],
  ["solana:devnet", "SysvarC1ock11111111111111111111111111111111"],
  // The largest key that there is.
  ["solana:devnet", "JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFG"],
  ["algorand:testnet", ALGORAND],
  ["algorand:testnet", `algorand:${ALGORAND}`],
  ["near:testnet", "anything.near"],
])("nothing is said of an address of %s: %s", (network, address) => {
  expect(addressFault(network, address)).toBeUndefined();
});

test.each([
  ["solana:devnet", SOLANA.slice(0, -3), "is cut off"],
  ["solana:devnet", "1".repeat(31), "is cut off"],
  ["solana:devnet", "wa11et", "is cut off"],
  ["solana:devnet", `1${SOLANA}`, "is too long"],
  ["solana:devnet", `${SOLANA}${SOLANA}`, "is too long"],
  ["solana:devnet", "JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFH", "is too long"],
  ["solana:devnet", "1".repeat(120), "is too long"],
  ["solana:devnet", SOLANA.replace("Q", "0"), "has no “0”"],
  ["solana:devnet", `algorand:${ALGORAND}`, "has no “l”"],
  ["algorand:testnet", ALGORAND.slice(1), "58 capital letters"],
  ["algorand:testnet", ALGORAND.toLowerCase(), "58 capital letters"],
  ["algorand:testnet", ALGORAND.replace("7", "1"), "58 capital letters"],
])("what can be no address of %s is told by its letters or its length: %s", (network, address, fault) => {
  expect(addressFault(network, address)).toContain(fault);
});
