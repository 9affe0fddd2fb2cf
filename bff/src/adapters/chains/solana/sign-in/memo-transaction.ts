import { base58 } from "@scure/base";
import { concatBytes, equalBytes } from "../../../../domain/bytes.ts";
import { type Call, readCalls } from "../../../../domain/policy/call.ts";
import type { DecodedTransaction } from "../../../../domain/policy/decoded-transaction.ts";
import {
  COMPUTE_BUDGET_PROGRAM,
  KNOWN_PROGRAMS,
  LIGHTHOUSE_PROGRAM,
  MEMO_PROGRAMS,
} from "../../../../domain/policy/programs/known-programs.ts";
import type { SignInChallenge, SignInProof } from "../../../../domain/sign-in.ts";
import { decodeTransaction } from "../decode.ts";
import { verifyEd25519 } from "../../ed25519.ts";

const LABEL = "gasless memo-transaction v1";
const MAX_WIRE_BYTES = 1_232;
/** Wallets add one or two. */
const MAX_ASSERTIONS = 2;
const MEMO_PROGRAM = "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr";

/** The hash of a label and the challenge, where a block's hash belongs: no chain will ever have such a block. */
async function impossibleBlockhash(challengeId: string): Promise<Uint8Array> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(LABEL + challengeId));
  return new Uint8Array(digest);
}

/** Nothing but the one who signs can be written to. Header: signers, read-only signers, read-only others. */
function writesNothingElse({ version, message, accounts }: DecodedTransaction): boolean {
  const at = version === "legacy" ? 0 : 1;
  const [signers, readonlySigners = 0, readonlyOthers] = message.subarray(at, at + 3);
  return signers === 1 && readonlySigners === 0 && readonlyOthers === accounts.length - 1;
}

const isMemo = ({ program }: Call): boolean => MEMO_PROGRAMS.some((memo) => memo === program);
const isAddition = ({ program, named }: Call): boolean =>
  named !== undefined && (program === COMPUTE_BUDGET_PROGRAM || program === LIGHTHOUSE_PROGRAM);

/** The text as the one memo of a transaction that does nothing else, paid and signed by its address alone. */
function isMemoOf(transaction: DecodedTransaction, text: Uint8Array, address: string): boolean {
  const { version, accounts, requiredSignatures, lookupTables } = transaction;
  if (version === 1 || lookupTables.length > 0 || requiredSignatures !== 1 || accounts[0] !== address) return false;
  if (!writesNothingElse(transaction)) return false;
  const calls = readCalls(transaction, KNOWN_PROGRAMS);
  const memos = calls.filter(isMemo);
  const others = calls.filter((call) => !isMemo(call));
  const [memo] = memos;
  return (
    memos.length === 1 &&
    memo !== undefined &&
    equalBytes(memo.data, text) &&
    memo.accounts.every((account) => account === address) &&
    others.every(isAddition) &&
    others.filter(({ program }) => program === LIGHTHOUSE_PROGRAM).length <= MAX_ASSERTIONS
  );
}

/** For wallets that can sign transactions alone, as many a hardware wallet. The transaction is never sent, and cannot land. */
export async function verifyMemoTransaction(
  { text, challengeId }: SignInChallenge,
  { address, transaction, signature }: SignInProof,
): Promise<boolean> {
  const decoded = transaction && decodeTransaction(transaction);
  if (!decoded?.ok) return false;
  const { signatures, message, blockhash } = decoded.value;
  const [own] = signatures;
  if (!own || !equalBytes(own, signature) || !isMemoOf(decoded.value, new TextEncoder().encode(text), address))
    return false;
  if (!equalBytes(base58.decode(blockhash), await impossibleBlockhash(challengeId))) return false;
  return verifyEd25519(base58.decode(address), message, own);
}

function compactU16(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7];
}

/** The unsigned wire bytes, of version 0; undefined when the text is too long for a transaction. */
export async function writeMemoTransaction(
  { text, challengeId }: SignInChallenge,
  address: string,
): Promise<Uint8Array | undefined> {
  const memo = new TextEncoder().encode(text);
  const wire = concatBytes(
    new Uint8Array([1]),
    new Uint8Array(64),
    new Uint8Array([0x80, 1, 0, 1, 2]),
    base58.decode(address),
    base58.decode(MEMO_PROGRAM),
    await impossibleBlockhash(challengeId),
    new Uint8Array([1, 1, 1, 0, ...compactU16(memo.length)]),
    memo,
    new Uint8Array([0]),
  );
  return wire.length <= MAX_WIRE_BYTES ? wire : undefined;
}
