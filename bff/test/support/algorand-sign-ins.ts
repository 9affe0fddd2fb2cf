import { createHash } from "node:crypto";
import { encodeMsgpack, decodeMsgpackMaps } from "../../src/adapters/chains/algorand/msgpack.ts";
import { signedBytesOf } from "../../src/adapters/chains/algorand/group/transaction-id.ts";
import { writeSiwaData } from "../../src/adapters/chains/algorand/sign-in/siwa.ts";
import { writeZeroTransaction } from "../../src/adapters/chains/algorand/sign-in/zero-transaction.ts";
import { signInFields, signInText } from "../../src/domain/challenge.ts";
import type { SignInChallenge, SignInProof } from "../../src/domain/sign-in.ts";
import { GENESIS_HASH } from "./algorand-groups.ts";
import type { AlgorandKey } from "./algorand-keys.ts";

export const GENESIS = Buffer.from(GENESIS_HASH).toString("base64");
export const ALGORAND_METHODS = ["arc60", "mx", "zero-transaction"] as const;
export type AlgorandMethod = (typeof ALGORAND_METHODS)[number];

const sha256 = (data: Uint8Array): Uint8Array => Uint8Array.from(createHash("sha256").update(data).digest());
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A challenge for an address, as the service makes it. */
export function algorandChallenge(
  method: AlgorandMethod,
  address: string,
  { origin = "https://dapp.example", nonce = "00ff", statement = "Sign in." } = {},
): SignInChallenge {
  const fields = signInFields({
    origin,
    chainId: "algorand:localnet",
    nonce,
    statement,
    resource: "https://api.example/v1/projects/prj_1",
    issuedAt: "2027-01-15T07:55:00.000Z",
    expirationTime: "2027-01-15T08:00:00.000Z",
  });
  return { method, challengeId: fields.requestId, fields, text: signInText(fields, "Algorand", address) };
}

/** The hash that an authenticator begins with. */
export const domainHash = ({ fields }: SignInChallenge): Uint8Array => sha256(bytesOf(fields.domain));

export const signArc60 = (key: AlgorandKey, data: Uint8Array, authenticatorData: Uint8Array): Uint8Array =>
  key.sign(Uint8Array.from([...sha256(data), ...sha256(authenticatorData)]));

/** A transaction with its signature, as wallets give it back. */
export function signTransaction(key: AlgorandKey, transaction: Uint8Array, sender = key.address) {
  const read = decodeMsgpackMaps(transaction);
  const txn = read.ok ? (read.value[0]?.value ?? {}) : {};
  const sig = key.sign(signedBytesOf(transaction));
  return { sig, signed: encodeMsgpack({ ...(sender !== key.address && { sgnr: key.publicKey }), sig, txn }) };
}

/** What an honest wallet answers; `key` may be another than the address's, where that is rekeyed. */
export function proveAlgorand(challenge: SignInChallenge, address: string, key: AlgorandKey): SignInProof {
  const { method, text, fields } = challenge;
  const plain = { address, signedMessage: undefined, publicKey: undefined, transaction: undefined };
  if (method === "arc60") {
    return { ...plain, signature: signArc60(key, writeSiwaData(fields, address), domainHash(challenge)) };
  }
  if (method === "mx") return { ...plain, signature: key.sign(bytesOf(`MX${text}`)) };
  const transaction = writeZeroTransaction(address, GENESIS, text) ?? new Uint8Array();
  const { sig, signed } = signTransaction(key, transaction, address);
  return { ...plain, signature: sig, transaction: signed };
}
