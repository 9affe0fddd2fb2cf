import * as z from "zod";
import { NetworkName, SignInMethod, Time } from "./values.ts";

export const ChallengeRequest = z
  .strictObject({
    network: NetworkName,
    address: z.string().min(1).max(128).optional(),
    method: SignInMethod.optional(),
  })
  .meta({
    id: "ChallengeRequest",
    description: "What is absent is not bound: such a challenge can be redeemed by any address or text method",
  });
export type ChallengeRequest = z.infer<typeof ChallengeRequest>;

/** Every field of the text but a missing address; on Solana the Wallet Standard's `SolanaSignInInput`. */
export const SignInFields = z
  .object({
    domain: z.string(),
    address: z.string().optional(),
    statement: z.string(),
    uri: z.string(),
    version: z.literal("1"),
    chainId: z.string(),
    nonce: z.string(),
    issuedAt: Time,
    expirationTime: Time,
    requestId: z.string(),
    resources: z.array(z.string()),
  })
  .meta({ id: "SignInFields" });
export type SignInFields = z.infer<typeof SignInFields>;

export const Challenge = z
  .object({
    challengeId: z.string(),
    nonce: z.string(),
    expiresAt: Time,
    message: z.string().optional().meta({ description: "The exact text to sign; present when an address was given" }),
    fields: SignInFields,
    payload: z
      .object({
        transaction: z.string().meta({ format: "byte" }).optional(),
        data: z.string().meta({ format: "byte" }).optional(),
        authenticatorData: z.string().meta({ format: "byte" }).optional(),
      })
      .optional()
      .meta({
        description:
          "What is signed instead of the text, in base64; present when its method and an address were given: the unsigned transaction with `memo-transaction` and `zero-transaction`, `data` and `authenticatorData` with `arc60`",
      }),
  })
  .meta({ id: "Challenge" });
export type Challenge = z.infer<typeof Challenge>;
