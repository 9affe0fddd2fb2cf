import { parseInstructions } from "./parse-instructions.ts";

/**
 * Old wallets say `create` with no data at all, older ones with the rent sysvar as well; the program takes each.
 * Source: Associated Token Account program 1.1, `@solana-program/token` 0.16.1.
 */
export const ASSOCIATED_TOKEN_INSTRUCTIONS = parseInstructions(`
  create - | payer ata owner mint systemProgram tokenProgram
  create - | payer ata owner mint systemProgram tokenProgram rent
  create 0 | payer ata owner mint systemProgram tokenProgram
  create 0 | payer ata owner mint systemProgram tokenProgram rent
  createIdempotent 1 | payer ata owner mint systemProgram tokenProgram
  recoverNested 2 | nestedAssociatedAccountAddress nestedTokenMintAddress destinationAssociatedAccountAddress ownerAssociatedAccountAddress ownerTokenMintAddress walletAddress tokenProgram
`);
