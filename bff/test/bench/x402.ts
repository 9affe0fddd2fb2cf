import type { Address } from "@solana/kit";
import { ExactSvmScheme } from "@x402/svm/exact/facilitator";
import type { Payment } from "./payments.ts";

type VerifyArguments = Parameters<ExactSvmScheme["verify"]>;

const NETWORK = "solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1";

const neverAsked = (): never => {
  throw new Error("verifying neither signs nor sends");
};

/** The facilitator of x402, whose node is content with everything at once: what is left is its own work. */
export function createFacilitator(feePayer: string): ExactSvmScheme {
  return new ExactSvmScheme({
    getAddresses: () => [feePayer as Address],
    simulateTransaction: async () => undefined,
    signTransaction: neverAsked,
    sendTransaction: neverAsked,
    confirmTransaction: neverAsked,
  });
}

/** The payment as it comes over HTTP, and the seller's own requirements, which are the same. */
export function toVerifyArguments({ payTo, mint, amount, wire }: Payment, feePayer: string): VerifyArguments {
  const requirements = {
    scheme: "exact",
    network: NETWORK,
    asset: mint,
    amount: String(amount),
    payTo,
    maxTimeoutSeconds: 60,
    extra: { feePayer },
  } satisfies VerifyArguments[1];
  return [{ x402Version: 2, accepted: requirements, payload: { transaction: wire } }, requirements];
}
