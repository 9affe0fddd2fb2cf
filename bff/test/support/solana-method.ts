import type { SOLANA_METHODS } from "./method-proofs.ts";

/** One way to sign in with a Solana wallet. */
export type SolanaMethod = (typeof SOLANA_METHODS)[number];
