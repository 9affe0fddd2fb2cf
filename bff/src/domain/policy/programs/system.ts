import { parseInstructions } from "./parse-instructions.ts";

/**
 * `createAccountWithSeed` names no base where the payer is the base, and `createAccountAllowPrefund` no payer where it
 * pays nothing. Source: System program (Agave 3), `@solana-program/system` 0.14.1.
 */
export const SYSTEM_INSTRUCTIONS = parseInstructions(`
  createAccount 0,0,0,0 lamports:u64 space:u64 programAddress:publicKey | payer newAccount
  assign 1,0,0,0 programAddress:publicKey | account
  transfer 2,0,0,0 amount:u64 | source destination
  createAccountWithSeed 3,0,0,0 base:publicKey seed:string64 amount:u64 space:u64 programAddress:publicKey | payer newAccount baseAccount
  createAccountWithSeed 3,0,0,0 base:publicKey seed:string64 amount:u64 space:u64 programAddress:publicKey | payer newAccount
  advanceNonceAccount 4,0,0,0 | nonceAccount recentBlockhashesSysvar nonceAuthority
  withdrawNonceAccount 5,0,0,0 withdrawAmount:u64 | nonceAccount recipientAccount recentBlockhashesSysvar rentSysvar nonceAuthority
  initializeNonceAccount 6,0,0,0 nonceAuthority:publicKey | nonceAccount recentBlockhashesSysvar rentSysvar
  authorizeNonceAccount 7,0,0,0 newNonceAuthority:publicKey | nonceAccount nonceAuthority
  allocate 8,0,0,0 space:u64 | newAccount
  allocateWithSeed 9,0,0,0 base:publicKey seed:string64 space:u64 programAddress:publicKey | newAccount baseAccount
  assignWithSeed 10,0,0,0 base:publicKey seed:string64 programAddress:publicKey | account baseAccount
  transferWithSeed 11,0,0,0 amount:u64 fromSeed:string64 fromOwner:publicKey | source baseAccount destination
  upgradeNonceAccount 12,0,0,0 | nonceAccount
  createAccountAllowPrefund 13,0,0,0 lamports:u64 space:u64 programAddress:publicKey | newAccount payer
  createAccountAllowPrefund 13,0,0,0 lamports:u64 space:u64 programAddress:publicKey | newAccount
`);
