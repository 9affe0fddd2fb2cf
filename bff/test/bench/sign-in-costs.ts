import { toBase64 } from "@gasless/localnet/api-client";
import { type Measure, measureSideBySide, type Rounds, type SideBySide } from "@gasless/localnet/testing/side-by-side";
import { createWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import type { SignatureCase, SignInCase } from "../support/adapter-worker.ts";
import type { AdapterWorkerd } from "../support/adapter-workerd.ts";
import { SOLANA_METHODS } from "../support/method-proofs.ts";
import { textOf } from "../support/proofs.ts";
import { createSignInCase } from "../support/sign-in-cases.ts";
import type { SolanaMethod } from "../support/solana-method.ts";

/** What is promised of every method: as much as three verifications by WebCrypto, and no more. */
export const MAX_VERIFIES = 3;
/** In one request: the clock inside stands still, so it is looked at from outside, and a request costs something itself. */
const TIMES = 150;

/** A text of the length that ours have. */
const TEXT_FIELDS = {
  domain: "dapp.example",
  statement: "Sign in to the demo. This is free and sends no transaction.",
  uri: "https://dapp.example",
  version: "1",
  chainId: "solana:mainnet",
  nonce: "0".repeat(64),
  issuedAt: "2027-01-15T07:55:00.000Z",
  expirationTime: "2027-01-15T08:00:00.000Z",
  requestId: `chl_${"0".repeat(64)}`,
  resources: ["https://api.gasless.example/v1/projects/prj_01jf8zq0k3f7c9v2m5n8p1r4st"],
};

/** Microseconds of one verification, measured from outside over many of them. */
const timeOne =
  (ask: () => Promise<number>): Measure =>
  async () => {
    const startedAtMs = performance.now();
    const count = await ask();
    if (count !== TIMES) throw new Error("a proof of the benchmark is refused");
    return (1_000 * (performance.now() - startedAtMs)) / TIMES;
  };

/** The bytes that the method has signed, and their signature. */
function signatureOf({ address, signature, signedMessage, transaction = "" }: SignInCase): SignatureCase {
  const message = signedMessage ?? toBase64(Buffer.from(transaction, "base64").subarray(1 + 64));
  return { publicKey: toBase64(base58.decode(address)), message, signature };
}

/** A sign-in by each method, next to the import of its key and one verification of the very bytes that it has signed. In microseconds. */
export async function compareSignIns(
  workerd: AdapterWorkerd,
  rounds: Rounds,
): Promise<readonly (readonly [SolanaMethod, SideBySide])[]> {
  const wallet = await createWallet();
  const compared: (readonly [SolanaMethod, SideBySide])[] = [];
  for (const method of SOLANA_METHODS) {
    const signIn = await createSignInCase(method, textOf(TEXT_FIELDS, wallet.address), wallet);
    const signature = signatureOf(signIn);
    const ours = timeOne(() => workerd.ask<number>({ kind: "repeat-sign-in", times: TIMES, signIn }));
    const plain = timeOne(() => workerd.ask<number>({ kind: "repeat-webcrypto", times: TIMES, signature }));
    compared.push([method, await measureSideBySide(ours, plain, rounds)]);
  }
  return compared;
}
