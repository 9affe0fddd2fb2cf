import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import { base64 } from "@scure/base";
import type { Address } from "@solana/kit";
import { findAssociatedTokenPda } from "@solana-program/token";
import { assembleMessage, signMessage } from "../support/assemble.ts";
import { computeLimit, computePrice, memo, TOKEN, transferTokensChecked } from "../support/instructions.ts";

/** What a client of x402 sends, signed by the payer: compute limit and price, TransferChecked, memo. */
export interface Payment {
  readonly payer: string;
  readonly payTo: string;
  readonly mint: string;
  readonly amount: number;
  /** Wire bytes in base64. */
  readonly wire: string;
}

/** Source: `@x402/svm` 2.27.0, DEFAULT_COMPUTE_UNIT_LIMIT and DEFAULT_COMPUTE_UNIT_PRICE_MICROLAMPORTS. */
const COMPUTE_UNITS = 20_000;
const COMPUTE_UNIT_PRICE = 1;
const DECIMALS = 6;

export async function tokenAccountOf(owner: string, mint: string): Promise<string> {
  const seeds = { owner: owner as Address, mint: mint as Address, tokenProgram: TOKEN as Address };
  const [address] = await findAssociatedTokenPda(seeds);
  return address;
}

async function createPayment(feePayer: string, mint: string, payer: LocalWallet, amount: number): Promise<Payment> {
  const [{ address: payTo }, { address: blockhash }] = await Promise.all([createWallet(), createWallet()]);
  const [from, to] = await Promise.all([tokenAccountOf(payer.address, mint), tokenAccountOf(payTo, mint)]);
  const message = assembleMessage({
    feePayer,
    blockhash,
    instructions: [
      computeLimit(COMPUTE_UNITS),
      computePrice(COMPUTE_UNIT_PRICE),
      transferTokensChecked({ from, mint, to, owner: payer.address }, amount, DECIMALS),
      memo([], crypto.randomUUID().replaceAll("-", "")),
    ],
  });
  return { payer: payer.address, payTo, mint, amount, wire: base64.encode(await signMessage(message, [payer])) };
}

/** Payments in one token, each by and to wallets of its own. */
export async function createPayments(feePayer: string, count: number): Promise<readonly Payment[]> {
  const { address: mint } = await createWallet();
  return Promise.all(
    Array.from({ length: count }, async (_, index) =>
      createPayment(feePayer, mint, await createWallet(), 1_000 + index),
    ),
  );
}

/** The same payment with one bit of the payer's signature flipped: its slot is behind the count and the fee payer's. */
export function forge(payment: Payment): Payment {
  const wire = base64.decode(payment.wire);
  wire[1 + 64] = (wire[1 + 64] ?? 0) ^ 1;
  return { ...payment, wire: base64.encode(wire) };
}
