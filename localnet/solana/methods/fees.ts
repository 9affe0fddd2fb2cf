import { base64 } from "@scure/base";
import { MAX_BLOCKHASH_AGE } from "../blocks.ts";
import { feeOf } from "../fees.ts";
import { readConfig, readContextSlot, readString, withContext } from "../params.ts";
import type { Method } from "../rpc.ts";
import { invalidParams } from "../rpc-error.ts";
import { decodeMessage } from "../wire-transaction.ts";
import type { DecodedMessage } from "../wire-transaction.ts";

export const FEE_METHODS: Readonly<Record<string, Method>> = {
  getFeeForMessage([text, options], { chain }) {
    const slot = readContextSlot(chain, readConfig(options));
    const message = readMessage(readString(text, "message"));
    const block = chain.blocks.byHash(message.lifetimeToken);
    const isUsable = block !== undefined && chain.blockHeight() - block.height <= MAX_BLOCKHASH_AGE;
    return withContext(slot, isUsable ? feeOf(message) : null);
  },

  // Nobody competes for space here, so nobody had to pay for it.
  getRecentPrioritizationFees: (_params, { chain }) =>
    chain.blocks
      .all()
      .slice(-Number(MAX_BLOCKHASH_AGE))
      .map(({ slot }) => ({ slot, prioritizationFee: 0 })),
};

function readMessage(text: string): DecodedMessage {
  try {
    return decodeMessage(base64.decode(text));
  } catch (error) {
    throw invalidParams(`invalid message: ${String(error)}`);
  }
}
