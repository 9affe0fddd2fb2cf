import { refuse } from "../../refusal.ts";
import { SYSTEM_PROGRAM } from "../programs/known-programs.ts";
import { fail, type Rule } from "../rule.ts";

const ADVANCE_NONCE_ACCOUNT = 4;

/** A durable nonce would let a sponsored transaction be kept and sent at any time. No policy can allow it. */
export const noDurableNonce: Rule = {
  name: "no-durable-nonce",
  check: ({ transaction }) => {
    const first = transaction.instructions[0];
    const isAdvance =
      first !== undefined &&
      transaction.accounts[first.programIndex] === SYSTEM_PROGRAM &&
      first.data[0] === ADVANCE_NONCE_ACCOUNT &&
      first.data.subarray(1, 4).every((byte) => byte === 0);
    if (!isAdvance) return [];
    return [
      fail(
        refuse(
          "policy.durable_nonce_not_allowed",
          "Transactions with a durable nonce are not sponsored. Use the blockhash that prepare gives.",
        ),
        "Remove AdvanceNonceAccount and use the blockhash of POST /v1/relays/prepare.",
        { instruction: 0 },
      ),
    ];
  },
};
