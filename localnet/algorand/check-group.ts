import { TransactionType } from "algosdk";
import type { Transaction } from "algosdk";
import { hasSignature, isSignatureValid, ZERO_ADDRESS } from "./wire-transaction.ts";
import type { WireTransaction } from "./wire-transaction.ts";

/** Why a group is refused before the ledger sees it. */
export interface CheckFailure {
  readonly message: string;
  /** Null when it is the whole group's fault. */
  readonly index: number | null;
  /** This double cannot tell, rather than: the chain says no. */
  readonly isNotEvaluated: boolean;
}

export interface CheckOptions {
  readonly minFee: bigint;
  /** For simulations: a signature that is absent is taken for right. One that is there is verified. */
  readonly isSignatureOptional: boolean;
}

/** Source: consensus version v41, MaxTxnLife and the limits of asset parameters and notes. */
const MAX_VALIDITY_ROUNDS = 1000n;
const MAX_NOTE_BYTES = 1024;
const MAX_ASSET_NAME_BYTES = 32;
const MAX_UNIT_NAME_BYTES = 8;
const MAX_ASSET_URL_BYTES = 96;
const MAX_ASSET_DECIMALS = 19;

/** What algod checks without the ledger: form, signatures, and that the fees are enough together. */
export function checkGroup(group: readonly WireTransaction[], options: CheckOptions): CheckFailure | null {
  for (const [index, wire] of group.entries()) {
    const kind = findNotEvaluated(wire);
    if (kind !== null) {
      const message = `transaction ${wire.id}: this double does not evaluate ${kind}`;
      return { message, index, isNotEvaluated: true };
    }
    const problem = findMalformed(wire.transaction) ?? findMissingSignature(wire, options);
    if (problem !== null) {
      return { message: `transaction ${wire.id} invalid : ${problem}`, index, isNotEvaluated: false };
    }
  }
  const message = findMissingFees(group, options.minFee) ?? findFalseSignature(group);
  return message === null ? null : { message, index: null, isNotEvaluated: false };
}

function findNotEvaluated({ transaction, signed }: WireTransaction): string | null {
  switch (transaction.type) {
    case TransactionType.pay:
    case TransactionType.acfg:
    case TransactionType.axfer:
    case TransactionType.afrz:
      break;
    case TransactionType.appl:
    case TransactionType.keyreg:
    case TransactionType.stpf:
    case TransactionType.hb:
      return `transactions of type ${transaction.type}`;
    default:
      return "transactions of an unknown type";
  }
  if (signed.lsig !== undefined) return "logic signatures (lsig)";
  if (signed.msig !== undefined) return "multisignatures (msig)";
  return signed.pqsig === undefined ? null : "post-quantum signatures (pqsig)";
}

function findMalformed(transaction: Transaction): string | null {
  const { firstValid, lastValid, note } = transaction;
  const sender = transaction.sender.toString();
  const range = `(${firstValid}--${lastValid})`;
  if (lastValid < firstValid) return `transaction invalid range ${range}`;
  if (lastValid - firstValid > MAX_VALIDITY_ROUNDS) return `transaction window size excessive ${range}`;
  if (note.length > MAX_NOTE_BYTES) return `transaction note too big: ${note.length} > ${MAX_NOTE_BYTES}`;
  if (sender === ZERO_ADDRESS) return "transaction cannot have zero sender";
  if (transaction.payment?.closeRemainderTo?.toString() === sender) {
    return `transaction cannot close account to its sender ${sender}`;
  }
  return findMalformedAsset(transaction);
}

function findMalformedAsset({ assetConfig, assetTransfer, assetFreeze }: Transaction): string | null {
  if (assetTransfer !== undefined) {
    if (assetTransfer.assetIndex === 0n && assetTransfer.amount !== 0n) return "asset ID cannot be zero";
    const isClosedByClawback = assetTransfer.assetSender !== undefined && assetTransfer.closeRemainderTo !== undefined;
    return isClosedByClawback ? "cannot close asset by clawback" : null;
  }
  if (assetFreeze !== undefined) {
    if (assetFreeze.assetIndex === 0n) return "asset ID cannot be zero";
    return assetFreeze.freezeAccount.toString() === ZERO_ADDRESS ? "freeze account cannot be empty" : null;
  }
  if (assetConfig === undefined) return null;
  if (assetConfig.decimals > MAX_ASSET_DECIMALS) {
    return `transaction asset decimals is too high (max is ${MAX_ASSET_DECIMALS})`;
  }
  return (
    findTooLong("asset name", assetConfig.assetName, MAX_ASSET_NAME_BYTES) ??
    findTooLong("asset unit name", assetConfig.unitName, MAX_UNIT_NAME_BYTES) ??
    findTooLong("asset url", assetConfig.assetURL, MAX_ASSET_URL_BYTES)
  );
}

function findTooLong(field: string, text: string | undefined, limit: number): string | null {
  const size = Buffer.byteLength(text ?? "");
  return size > limit ? `transaction ${field} too big: ${size} > ${limit}` : null;
}

function findMissingSignature(wire: WireTransaction, { isSignatureOptional }: CheckOptions): string | null {
  return hasSignature(wire) || isSignatureOptional ? null : "signedtxn has no sig";
}

function findMissingFees(group: readonly WireTransaction[], minFee: bigint): string | null {
  const paid = group.reduce((sum, { transaction }) => sum + transaction.fee, 0n);
  if (paid >= minFee * BigInt(group.length)) return null;
  return `txgroup had ${paid} in fees, which is less than the minimum ${group.length} * ${minFee}`;
}

/** algod verifies them together, so it does not say which one. */
function findFalseSignature(group: readonly WireTransaction[]): string | null {
  const isRight = group.every((wire) => !hasSignature(wire) || isSignatureValid(wire));
  return isRight ? null : "At least one signature didn't pass verification";
}
