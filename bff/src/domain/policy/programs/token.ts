import { parseInstructions } from "./parse-instructions.ts";

/**
 * What SPL Token and Token-2022 have in common. A transfer's authority is called "owner", its name in policies.
 * `getAccountDataSize` takes extension types from the Associated Token Account program, whichever token program it
 * calls. Source: SPL Token (p-token), `@solana-program/token` 0.16.1.
 */
export const TOKEN_INSTRUCTIONS = parseInstructions(`
  initializeMint 0 decimals:u8 mintAuthority:publicKey freezeAuthority:option<publicKey> | mint rent
  initializeAccount 1 | account mint owner rent
  initializeMultisig 2 m:u8 | multisig rent ...signers
  transfer 3 amount:u64 | source destination owner ...signers
  approve 4 amount:u64 | source delegate owner ...signers
  revoke 5 | source owner ...signers
  setAuthority 6 authorityType:u8 newAuthority:option<publicKey> | owned owner ...signers
  mintTo 7 amount:u64 | mint token mintAuthority ...signers
  burn 8 amount:u64 | account mint authority ...signers
  closeAccount 9 | account destination owner ...signers
  freezeAccount 10 | account mint owner ...signers
  thawAccount 11 | account mint owner ...signers
  transferChecked 12 amount:u64 decimals:u8 | source mint destination owner ...signers
  approveChecked 13 amount:u64 decimals:u8 | source mint delegate owner ...signers
  mintToChecked 14 amount:u64 decimals:u8 | mint token mintAuthority ...signers
  burnChecked 15 amount:u64 decimals:u8 | account mint authority ...signers
  initializeAccount2 16 owner:publicKey | account mint rent
  syncNative 17 | account
  syncNative 17 | account rent
  initializeAccount3 18 owner:publicKey | account mint
  initializeMultisig2 19 m:u8 | multisig ...signers
  initializeMint2 20 decimals:u8 mintAuthority:publicKey freezeAuthority:option<publicKey> | mint
  getAccountDataSize 21 | mint
  getAccountDataSize 21 extensionTypes:rest<u16> | mint
  initializeImmutableOwner 22 | account
  amountToUiAmount 23 amount:u64 | mint
  uiAmountToAmount 24 uiAmount:text | mint
  withdrawExcessLamports 38 | source destination authority ...signers
  unwrapLamports 45 amount:option<u64> | source destination authority ...signers
`);
