import { formatUnits } from "../amounts.ts";
import { shorten } from "../avatar.ts";
import { MEMO_PROGRAM, TOKEN_PROGRAM, TRANSFER_CHECKED } from "../instructions.ts";
import type { WireInstruction, WireTransaction } from "./wire-transaction.ts";

const COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111";

/** What a transaction does and what it costs its signer, each in one plain sentence. */
export function describeTransaction({ instructions, feePayer }: WireTransaction, own: string): readonly string[] {
  const actions = instructions
    .filter(({ program }) => program !== COMPUTE_BUDGET)
    .map((instruction) => describeInstruction(instruction));
  const fee =
    feePayer === own ? "You pay the network fee." : `The network fee is paid by ${shorten(feePayer)}. You pay nothing.`;
  return [...actions, fee];
}

function describeInstruction({ program, accounts, data }: WireInstruction): string {
  if (program === MEMO_PROGRAM) return `Write on the chain: “${new TextDecoder().decode(data)}”`;
  if (program === TOKEN_PROGRAM && data[0] === TRANSFER_CHECKED && data.length === 10) {
    const view = new DataView(data.buffer, data.byteOffset);
    const amount = formatUnits(view.getBigUint64(1, true), view.getUint8(9));
    return `Send ${amount} ${amount === "1" ? "token" : "tokens"} to ${shorten(accounts[2] ?? "")}.`;
  }
  return `Call the program ${shorten(program)}.`;
}
