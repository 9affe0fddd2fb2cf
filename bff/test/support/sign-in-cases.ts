import { toBase64 } from "@gasless/localnet/api-client";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import type { SignInFields } from "../../src/contract/challenges.ts";
import { signInFields } from "../../src/domain/challenge.ts";
import rfc8032 from "../vectors/ed25519/rfc8032_tests_1_3.json" with { type: "json" };
import caip122 from "../vectors/siws/caip122_examples.json" with { type: "json" };
import walletStandard from "../vectors/siws/wallet_standard_signin_text.json" with { type: "json" };
import type { SignInCase } from "./adapter-worker.ts";
import { impossibleBlockhash, layOut, memoMessage } from "./method-proofs.ts";
import type { SolanaMethod } from "./solana-method.ts";

/** Sign-in texts that others have published. */
export const TEXTS_OF_OTHERS: readonly (readonly [string, string])[] = [
  ...Object.entries(walletStandard).map(([name, { text }]) => [`the Wallet Standard's ${name}`, text] as const),
  ["CAIP-122's example", caip122.solana_text],
  ["CAIP-122's example in its encoded form", Buffer.from(caip122.raw_base64url, "base64url").toString()],
];

/** Wallets whose keys everybody knows: RFC 8032's, so that nothing is another one the next time. */
export const createKnownWallets = (): Promise<LocalWallet[]> =>
  Promise.all(rfc8032.map(({ seed }) => createWallet(Buffer.from(seed, "hex"))));

const CHALLENGE_ID = "chl_1";

/** What a text of ours is made of, on a page of this domain: an adapter looks at little of it. */
export const fieldsAt = (domain: string): SignInFields =>
  signInFields({
    origin: `https://${domain}`,
    chainId: "solana:devnet",
    nonce: "1",
    statement: "Sign in.",
    resource: "https://api.example/v1/projects/prj_1",
    issuedAt: "2027-01-15T07:55:00.000Z",
    expirationTime: "2027-01-15T08:00:00.000Z",
  });

/** A challenge with this text and a wallet's proof of it, for an adapter that is asked without an API before it. */
export async function createSignInCase(method: SolanaMethod, text: string, wallet: LocalWallet): Promise<SignInCase> {
  const { address } = wallet;
  const challenge = { method, challengeId: CHALLENGE_ID, text, fields: fieldsAt("solana.com") };
  const bytes = Buffer.from(text);
  if (method === "memo-transaction") {
    const message = memoMessage({ feePayer: address, blockhash: impossibleBlockhash(CHALLENGE_ID), memo: bytes });
    const signature = await wallet.sign(message);
    const transaction = toBase64(Buffer.concat([Buffer.from([1]), signature, message]));
    return { challenge, address, signature: toBase64(signature), transaction };
  }
  const message = method === "offchain" ? layOut(bytes, { name: "v0", signers: [address] }) : bytes;
  return { challenge, address, signature: toBase64(await wallet.sign(message)), signedMessage: toBase64(message) };
}
