import { createHash } from "node:crypto";
import {
  Address,
  computeGroupID,
  decodeUnsignedTransaction,
  encodeMsgpack,
  SignedTransaction,
  type Transaction,
} from "algosdk";
import type { AlgorandWallet } from "../algorand-client.ts";

/** What a wallet knows when it is asked to sign. */
export interface SigningContext {
  /** The addresses that the dapp was told of. */
  readonly accounts: readonly string[];
  /** The key that signs for an address: its own, or after a rekey another one. */
  readonly keyOf: (address: string) => AlgorandWallet | undefined;
  /** Where the dapp says that it lives, when it says so. */
  readonly dappUrl: string | undefined;
}

/** Its message is what the dapp is told. */
export class RefusedError extends Error {}

const INVALID = "Invalid data found";
const UNAUTHORIZED = "Invalid signer";
const AUTH_SCOPE = 1;

/**
 * Answers `algo_signTxn` (ARC-1): each entry's signed bytes, undefined where the wallet is not to sign.
 * @throws RefusedError when an entry does not decode, a group is incomplete, or a signer is not the wallet's
 */
export function signTransactions(params: unknown, context: SigningContext): readonly (Uint8Array | undefined)[] {
  const [entries] = readArray(params);
  const decoded = readArray(entries).map((entry) => readEntry(entry));
  assertWholeGroups(decoded.map(({ transaction }) => transaction));
  return decoded.map(({ transaction, signers, authAddress }) => {
    if (signers?.length === 0) return undefined;
    const key = requireKey(transaction.sender.toString(), context);
    const isMeant = [transaction.sender.toString(), key.address].includes(signers?.[0] ?? key.address);
    if (!isMeant || (signers?.length ?? 1) > 1 || (authAddress ?? key.address) !== key.address) {
      throw new RefusedError(UNAUTHORIZED);
    }
    const sgnr = key.address === transaction.sender.toString() ? {} : { sgnr: Address.fromString(key.address) };
    return encodeMsgpack(
      new SignedTransaction({ txn: transaction, sig: key.sign(transaction.bytesToSign()), ...sgnr }),
    );
  });
}

/** Answers `algo_signData` in its array form: the signature of "MX" and the bytes. @throws RefusedError */
export function signBytes(params: unknown, context: SigningContext): readonly Uint8Array[] {
  const entries = readArray(params);
  if (entries.length === 0) throw new RefusedError(INVALID);
  return entries.map((entry) => {
    const { data, signer } = readFields(entry);
    return requireKey(signer, context).sign(Buffer.concat([Buffer.from("MX"), readBase64(data)]));
  });
}

/** Answers `algo_signData` in ARC-60's form, one object. @throws RefusedError when what it says about itself is untrue */
export function signArc60(params: unknown, context: SigningContext): Uint8Array {
  const { data, signer, domain, authenticatorData, metadata } = readFields(params);
  const { scope, encoding } = readFields(metadata);
  if (scope !== AUTH_SCOPE || encoding !== "base64" || typeof domain !== "string") throw new RefusedError(INVALID);
  const key = requireKey(signer, context);
  const bytes = readBase64(data);
  const claims = readCanonicalJson(bytes);
  if (claims["domain"] !== domain || claims["account_address"] !== signer) throw new RefusedError(INVALID);
  if (context.dappUrl !== undefined && new URL(context.dappUrl).host !== domain) {
    throw new RefusedError("The domain is not the dapp's own");
  }
  const authenticator = readBase64(authenticatorData);
  if (!authenticator.subarray(0, 32).equals(sha256(Buffer.from(domain)))) throw new RefusedError(INVALID);
  return key.sign(Buffer.concat([sha256(bytes), sha256(authenticator)]));
}

function readEntry(entry: unknown): {
  readonly transaction: Transaction;
  readonly signers: readonly string[] | undefined;
  readonly authAddress: string | undefined;
} {
  const { txn, signers, authAddr, msig } = readFields(entry);
  if (msig !== undefined) throw new RefusedError("Multisig accounts are not supported");
  return {
    transaction: decodeCanonically(readBase64(txn)),
    signers: signers === undefined ? undefined : readArray(signers).map(String),
    authAddress: typeof authAddr === "string" ? authAddr : undefined,
  };
}

/** A wallet shows what it decoded, so that has to be all of it. */
function decodeCanonically(bytes: Buffer): Transaction {
  const transaction = refuseFailures(() => decodeUnsignedTransaction(bytes));
  if (!bytes.equals(encodeMsgpack(transaction))) throw new RefusedError(INVALID);
  return transaction;
}

/** Transactions of one group come together and in their order: only then can a person see what happens. */
function assertWholeGroups(transactions: readonly Transaction[]): void {
  const groups = Map.groupBy(transactions, ({ group }) =>
    group === undefined ? "" : Buffer.from(group).toString("hex"),
  );
  groups.delete("");
  for (const [groupId, members] of groups) {
    const ungrouped = members.map((member) => {
      const copy = decodeUnsignedTransaction(encodeMsgpack(member));
      delete copy.group;
      return copy;
    });
    const computed = refuseFailures(() => computeGroupID(ungrouped));
    if (Buffer.from(computed).toString("hex") !== groupId) {
      throw new RefusedError("The group of transactions is incomplete");
    }
  }
}

function requireKey(address: unknown, { accounts, keyOf }: SigningContext): AlgorandWallet {
  const key = typeof address === "string" && accounts.includes(address) ? keyOf(address) : undefined;
  if (key === undefined) throw new RefusedError(UNAUTHORIZED);
  return key;
}

function readArray(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new RefusedError(INVALID);
  return value;
}

function readFields(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new RefusedError(INVALID);
  return value as Readonly<Record<string, unknown>>;
}

function readBase64(value: unknown): Buffer {
  const bytes = Buffer.from(typeof value === "string" ? value : "", "base64");
  if (bytes.length === 0 || bytes.toString("base64") !== value) throw new RefusedError(INVALID);
  return bytes;
}

/** RFC 8785 for what a sign-in is made of: one flat object. */
function readCanonicalJson(bytes: Buffer): Readonly<Record<string, unknown>> {
  const text = bytes.toString("utf8");
  const claims = readFields(refuseFailures(() => JSON.parse(text) as unknown));
  if (JSON.stringify(claims, Object.keys(claims).toSorted()) !== text) throw new RefusedError(INVALID);
  return claims;
}

function refuseFailures<Value>(read: () => Value): Value {
  try {
    return read();
  } catch {
    throw new RefusedError(INVALID);
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
