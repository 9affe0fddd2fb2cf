import * as z from "zod";
import { Amount } from "./values.ts";

/** What a project sponsors on a Solana network. Everything that is not allowed here is refused. */
export const SolanaPolicy = z
  .strictObject({
    allow: z
      .array(
        z.strictObject({
          program: z.string().min(32).max(44),
          instruction: z.string().min(1).max(64),
          /** Names of account roles that must be the wallet of the session. */
          sessionWalletIs: z.array(z.string().min(1).max(64)).max(8).optional(),
        }),
      )
      .max(200),
    maxSignatures: z.int().min(1).max(12),
    maxFee: Amount,
    maxComputeUnits: z.int().min(0).max(1_400_000),
    maxComputeUnitPrice: Amount.meta({ description: "Micro-lamports per compute unit" }),
  })
  .meta({ id: "SolanaPolicy" });
export type SolanaPolicy = z.infer<typeof SolanaPolicy>;
