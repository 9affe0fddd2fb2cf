import type { Transaction } from "algosdk";
import { EMPTY_ACCOUNT, readAccount, writeAccount } from "./ledger-state.ts";
import type { State } from "./ledger-state.ts";
import { Refusal } from "./refusal.ts";
import { ZERO_ADDRESS } from "./wire-transaction.ts";

export function takeFee(state: State, { sender, fee }: Transaction, feeSink: string): void {
  moveMicroAlgos(state, sender.toString(), feeSink, fee);
}

/** To its own address means: back to its own key. */
export function applyRekey(state: State, { sender, rekeyTo }: Transaction): void {
  if (rekeyTo === undefined) return;
  const address = sender.toString();
  const authAddress = rekeyTo.equals(sender) ? null : rekeyTo.toString();
  writeAccount(state, address, { ...readAccount(state, address), authAddress });
}

/** Gives the amount that closing the account moved. */
export function applyPayment(state: State, transaction: Transaction): bigint {
  const { payment } = transaction;
  if (payment === undefined) throw new Refusal("the payment has no fields");
  const sender = transaction.sender.toString();
  const receiver = payment.receiver.toString();
  if (payment.amount > 0n || receiver !== ZERO_ADDRESS) moveMicroAlgos(state, sender, receiver, payment.amount);
  return payment.closeRemainderTo === undefined ? 0n : closeAccount(state, sender, payment.closeRemainderTo.toString());
}

function closeAccount(state: State, sender: string, recipient: string): bigint {
  const { microAlgos } = readAccount(state, sender);
  moveMicroAlgos(state, sender, recipient, microAlgos);
  const { holdings } = readAccount(state, sender);
  if (holdings.size > 0) throw new Refusal(`cannot close: ${holdings.size} outstanding assets`);
  writeAccount(state, sender, EMPTY_ACCOUNT);
  return microAlgos;
}

function moveMicroAlgos(state: State, from: string, to: string, amount: bigint): void {
  const source = readAccount(state, from);
  if (source.microAlgos < amount) {
    const data = `{MicroAlgos:{Raw:${source.microAlgos}} TotalAssets:${source.holdings.size}}`;
    throw new Refusal(`overspend (account ${from}, data ${data}, tried to spend {${amount}})`);
  }
  writeAccount(state, from, { ...source, microAlgos: source.microAlgos - amount });
  const target = readAccount(state, to);
  writeAccount(state, to, { ...target, microAlgos: target.microAlgos + amount });
}
