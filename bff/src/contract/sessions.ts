import * as z from "zod";
import { Base64, idOf, NetworkName, SignInMethod, Time, Wallet } from "./values.ts";

export const SessionRequest = z
  .strictObject({
    challengeId: z.string().min(1).max(128),
    network: NetworkName,
    address: z.string().min(1).max(128),
    method: SignInMethod,
    signature: Base64.max(11_000).meta({
      description:
        "64 bytes in base64, over the exact text or what the method wraps it in; with `offchain` also the envelope that some wallets give instead; with `memo-transaction` the transaction's first signature",
    }),
    signedMessage: Base64.max(5_464).optional().meta({
      description:
        "The bytes that the wallet signed, at most 4 KiB; with `arc60` the authenticatorData that it used, where that is not the challenge's",
    }),
    publicKey: z.string().min(1).max(128).optional().meta({
      description: "The address whose key has signed, where that may be another one (a rekeyed Algorand account)",
    }),
    transaction: Base64.max(5_464)
      .optional()
      .meta({ description: "The signed wire bytes, with memo-transaction and zero-transaction alone" }),
  })
  .refine((body) => body.method !== "siws" || body.signedMessage !== undefined, {
    path: ["signedMessage"],
    message: "is required with siws: the bytes that the wallet returned",
  })
  .refine((body) => body.method.endsWith("-transaction") === (body.transaction !== undefined), {
    path: ["transaction"],
    message: "is required with memo-transaction and zero-transaction, and must be absent with every other method",
  })
  .meta({ id: "SessionRequest" });
export type SessionRequest = z.infer<typeof SessionRequest>;

export const RefreshRequest = z
  .strictObject({ refreshToken: z.string().min(1).max(512) })
  .meta({ id: "RefreshRequest" });
export type RefreshRequest = z.infer<typeof RefreshRequest>;

export const LinkedWallet = z.object({ wallet: Wallet, linkedAt: Time }).meta({ id: "LinkedWallet" });
export type LinkedWallet = z.infer<typeof LinkedWallet>;

export const WalletList = z.object({ data: z.array(LinkedWallet) }).meta({ id: "WalletList" });
export type WalletList = z.infer<typeof WalletList>;

export const User = z.object({ id: idOf("usr"), wallets: z.array(LinkedWallet) }).meta({ id: "User" });
export type User = z.infer<typeof User>;

export const Session = z
  .object({
    id: idOf("ses"),
    network: NetworkName,
    wallet: Wallet,
    amr: z.array(z.string()),
    createdAt: Time,
    idleExpiresAt: Time,
    expiresAt: Time,
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

export const SessionTokens = z
  .object({
    accessToken: z.string(),
    refreshToken: z.string(),
    tokenType: z.enum(["Bearer", "DPoP"]),
    expiresIn: z.literal(300).meta({ description: "Seconds" }),
    user: User,
    session: Session,
  })
  .meta({ id: "SessionTokens" });
export type SessionTokens = z.infer<typeof SessionTokens>;

export const CurrentSession = z.object({ user: User, session: Session }).meta({ id: "CurrentSession" });
export type CurrentSession = z.infer<typeof CurrentSession>;

export const SessionList = z
  .object({ data: z.array(Session.extend({ current: z.boolean() })) })
  .meta({ id: "SessionList" });
export type SessionList = z.infer<typeof SessionList>;
