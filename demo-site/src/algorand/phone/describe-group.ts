import type { Transaction } from "algosdk";
import { formatUnits } from "../../amounts.ts";
import { shorten } from "../../avatar.ts";

const ALGO_DECIMALS = 6;

/** What a group of transactions does and what it costs, each in one plain sentence. */
export function describeGroup(transactions: readonly Transaction[], own: string, stamps: bigint): readonly string[] {
  const isOwn = ({ sender }: Transaction) => sender.toString() === own;
  const actions = transactions.flatMap((transaction) =>
    isOwn(transaction) ? describeOwn(transaction, own, stamps) : describeGift(transaction, own),
  );
  return [...actions, describeFee(transactions, isOwn)];
}

function describeOwn(transaction: Transaction, own: string, stamps: bigint): readonly string[] {
  const { type, payment, assetTransfer, rekeyTo } = transaction;
  const sentences: string[] = [];
  if (payment !== undefined) {
    const { amount, receiver, closeRemainderTo } = payment;
    sentences.push(`Send ${algos(amount)} to ${shorten(receiver.toString())}.`);
    if (closeRemainderTo !== undefined) {
      sentences.push(`Send everything that is left to ${shorten(closeRemainderTo.toString())}.`);
    }
  } else if (assetTransfer !== undefined) {
    const { amount, receiver, closeRemainderTo, assetIndex } = assetTransfer;
    const isOptIn = amount === 0n && receiver.toString() === own;
    const name = assetIndex === stamps ? "stamps" : `the asset ${assetIndex}`;
    if (isOptIn) sentences.push(`Make room for ${name} in your wallet.`);
    else sentences.push(`Send ${countUnits(amount, assetIndex === stamps, name)} to ${shorten(receiver.toString())}.`);
    if (closeRemainderTo !== undefined) {
      sentences.push(`Give all ${name} to ${shorten(closeRemainderTo.toString())}, and no more room for them.`);
    }
  } else {
    sentences.push(`Sign a transaction of the kind “${type}”.`);
  }
  if (rekeyTo !== undefined) sentences.push(`Hand the control of your wallet to ${shorten(rekeyTo.toString())}.`);
  return sentences;
}

function describeGift({ payment, sender }: Transaction, own: string): readonly string[] {
  if (payment === undefined || payment.amount === 0n || payment.receiver.toString() !== own) return [];
  return [`${shorten(sender.toString())} gives you ${algos(payment.amount)}.`];
}

function describeFee(transactions: readonly Transaction[], isOwn: (transaction: Transaction) => boolean): string {
  const sum = (some: readonly Transaction[]) => some.reduce((total, { fee }) => total + fee, 0n);
  const paid = sum(transactions.filter(isOwn));
  if (paid > 0n) return `You pay a network fee of ${algos(paid)}.`;
  const payer = transactions.find(({ fee }) => fee > 0n);
  if (payer === undefined) return "There is no network fee.";
  const fee = algos(sum(transactions));
  return `The network fee of ${fee} is paid by ${shorten(payer.sender.toString())}. You pay nothing.`;
}

function countUnits(amount: bigint, isStamps: boolean, name: string): string {
  if (isStamps) return amount === 1n ? "1 stamp" : `${amount} stamps`;
  return `${amount} of ${name}`;
}

function algos(microalgos: bigint): string {
  return `${formatUnits(microalgos, ALGO_DECIMALS)} ALGO`;
}
