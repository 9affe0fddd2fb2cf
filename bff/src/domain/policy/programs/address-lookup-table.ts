import { parseInstructions } from "./parse-instructions.ts";

/**
 * `extendLookupTable` names no payer where the table has its rent already.
 * Source: Address Lookup Table program, `@solana-program/address-lookup-table` 0.12.1.
 */
export const ADDRESS_LOOKUP_TABLE_INSTRUCTIONS = parseInstructions(`
  createLookupTable 0,0,0,0 recentSlot:u64 bump:u8 | address authority payer systemProgram
  freezeLookupTable 1,0,0,0 | address authority
  extendLookupTable 2,0,0,0 addresses:vec64<publicKey> | address authority payer systemProgram
  extendLookupTable 2,0,0,0 addresses:vec64<publicKey> | address authority
  deactivateLookupTable 3,0,0,0 | address authority
  closeLookupTable 4,0,0,0 | address authority recipient
`);
