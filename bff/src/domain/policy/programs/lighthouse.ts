import { parseInstructions } from "./parse-instructions.ts";

/**
 * The assertions that wallets add: they read accounts, and fail the transaction or do nothing. Left out, so unknown, so
 * denied: memory writes and closes (0, 1: somebody pays), the Merkle tree's (16: calls another program with the accounts
 * it is given) and Bubblegum's (17: no wallet adds it). Source: Lighthouse 2.0.0, github.com/Jac0xb/lighthouse.
 */
export const LIGHTHOUSE_INSTRUCTIONS = parseInstructions(`
  assertAccountData 2 logLevel:u8 assertion:bytes | targetAccount
  assertAccountDataMulti 3 logLevel:u8 assertions:bytes | targetAccount
  assertAccountDelta 4 logLevel:u8 assertion:bytes | accountA accountB
  assertAccountInfo 5 logLevel:u8 assertion:bytes | targetAccount
  assertAccountInfoMulti 6 logLevel:u8 assertions:bytes | targetAccount
  assertMintAccount 7 logLevel:u8 assertion:bytes | targetAccount
  assertMintAccountMulti 8 logLevel:u8 assertions:bytes | targetAccount
  assertTokenAccount 9 logLevel:u8 assertion:bytes | targetAccount
  assertTokenAccountMulti 10 logLevel:u8 assertions:bytes | targetAccount
  assertStakeAccount 11 logLevel:u8 assertion:bytes | targetAccount
  assertStakeAccountMulti 12 logLevel:u8 assertions:bytes | targetAccount
  assertUpgradeableLoaderAccount 13 logLevel:u8 assertion:bytes | targetAccount
  assertUpgradeableLoaderAccountMulti 14 logLevel:u8 assertions:bytes | targetAccount
  assertSysvarClock 15 logLevel:u8 assertion:bytes
`);
