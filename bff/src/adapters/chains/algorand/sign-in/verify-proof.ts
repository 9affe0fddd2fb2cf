import type { SignInMethod } from "../../../../contract/values.ts";
import { concatBytes, equalBytes } from "../../../../domain/bytes.ts";
import type { SignInChallenge, SignInProof, SignInVerdict } from "../../../../domain/sign-in.ts";
import { verifyEd25519 } from "../../ed25519.ts";
import { OTHER_SIGNATURES } from "../group/decode-group.ts";
import { signedBytesOf } from "../group/transaction-id.ts";
import { decodeMsgpackMaps, encodeMsgpack, isMap } from "../msgpack.ts";
import { domainHashOf, sha256, writeSiwaData } from "./siwa.ts";
import { writeZeroTransaction } from "./zero-transaction.ts";

const HASH_BYTES = 32;
const MAX_AUTHENTICATOR_BYTES = 512;

interface Claim {
  readonly challenge: SignInChallenge;
  readonly genesisHash: string;
  readonly proof: SignInProof;
  /** Of the address, or of whom the chain says that signs for it. */
  readonly key: Uint8Array;
}

const toVerdict = (isProven: boolean): SignInVerdict => (isProven ? "proven" : "unproven");

/** Text is signed behind a tag of its own, so that it is never a transaction. */
async function verifyText({ challenge: { text }, proof, key }: Claim): Promise<SignInVerdict> {
  const message = new TextEncoder().encode(text);
  const signed = concatBytes(new TextEncoder().encode("MX"), message);
  const { signedMessage = message } = proof;
  if (!equalBytes(signedMessage, message) && !equalBytes(signedMessage, signed)) return "unproven";
  return toVerdict(await verifyEd25519(key, signed, proof.signature));
}

/** What the wallet says that it signed: nothing, its authenticator's data, the object, or the object and then that data. */
function authenticatorDataOf(
  signedMessage: Uint8Array | undefined,
  data: Uint8Array,
  domainHash: Uint8Array,
): Uint8Array | undefined {
  if (!signedMessage || equalBytes(signedMessage, data)) return domainHash;
  const beginsWithData = equalBytes(signedMessage.subarray(0, data.length), data);
  const authenticatorData = signedMessage.slice(beginsWithData ? data.length : 0);
  const isOurs = equalBytes(authenticatorData.subarray(0, HASH_BYTES), domainHash);
  return isOurs && authenticatorData.length <= MAX_AUTHENTICATOR_BYTES ? authenticatorData : undefined;
}

/** The object for this page and nobody else's: the authenticator may add flags and a counter, never another domain. Source: ARC-60. */
async function verifyArc60({ challenge: { fields }, proof, key }: Claim): Promise<SignInVerdict> {
  const data = writeSiwaData(fields, proof.address);
  const authenticatorData = authenticatorDataOf(proof.signedMessage, data, await domainHashOf(fields));
  if (!authenticatorData) return "unproven";
  const signed = concatBytes(await sha256(data), await sha256(authenticatorData));
  return toVerdict(await verifyEd25519(key, signed, proof.signature));
}

/** The signed bytes of exactly the transaction that the challenge gave, by one key. */
async function verifyZeroTransaction({ challenge, genesisHash, proof, key }: Claim): Promise<SignInVerdict> {
  const expected = writeZeroTransaction(proof.address, genesisHash, challenge.text);
  const read = proof.transaction && decodeMsgpackMaps(proof.transaction);
  if (!expected || !read?.ok) return "unproven";
  const [signed, ...others] = read.value;
  if (!signed || others.length > 0) return "unproven";
  const { txn, sig, sgnr = key, ...unknown } = signed.value;
  if (!isMap(txn) || !equalBytes(encodeMsgpack(txn), expected)) return "unproven";
  if (OTHER_SIGNATURES.some((name) => name in unknown)) return "unsupported";
  const isPlain = sig instanceof Uint8Array && sgnr instanceof Uint8Array && Object.keys(unknown).length === 0;
  if (!isPlain || !equalBytes(sig, proof.signature) || !equalBytes(sgnr, key)) return "unproven";
  return toVerdict(await verifyEd25519(key, signedBytesOf(expected), sig));
}

const METHODS: Partial<Record<SignInMethod, (claim: Claim) => Promise<SignInVerdict>>> = {
  arc60: verifyArc60,
  mx: verifyText,
  "zero-transaction": verifyZeroTransaction,
};

/** Every method rebuilds what must have been signed and compares bytes; a method of another chain proves nothing here. Total. */
export async function verifyProof(claim: Claim): Promise<SignInVerdict> {
  return (await METHODS[claim.challenge.method]?.(claim)) ?? "unproven";
}
