import { base64 } from "@scure/base";
import { decodeGroup } from "../../src/adapters/chains/algorand/group/decode-group.ts";
import { verifySignatures } from "../../src/adapters/chains/algorand/group/verify-signatures.ts";
import { verifyProof } from "../../src/adapters/chains/algorand/sign-in/verify-proof.ts";
import { verifyEd25519 } from "../../src/adapters/chains/ed25519.ts";
import { readOffchainMessage } from "../../src/adapters/chains/solana/sign-in/offchain-message.ts";
import { verifySignIn } from "../../src/adapters/chains/solana/sign-in/verify-sign-in.ts";
import { createDpopProofs } from "../../src/adapters/tokens/dpop-proofs.ts";
import type { ProvenCall } from "../../src/domain/possession.ts";
import type { SignInChallenge, SignInProof, SignInVerdict } from "../../src/domain/sign-in.ts";

/** Bytes are base64. */
export interface SignInCase {
  readonly challenge: SignInChallenge;
  readonly address: string;
  readonly signature: string;
  readonly signedMessage?: string | undefined;
  readonly publicKey?: string | undefined;
  readonly transaction?: string | undefined;
}

export interface SignatureCase {
  readonly publicKey: string;
  readonly message: string;
  readonly signature: string;
}

/** A proof on Algorand, of a network and by a key that a node would tell. */
export interface AlgorandCase extends SignInCase {
  readonly genesisHash: string;
  readonly key: string;
}

/** What the adapters can be asked. */
export type Question =
  | { readonly kind: "signatures"; readonly cases: readonly SignatureCase[] }
  | { readonly kind: "sign-ins"; readonly cases: readonly SignInCase[] }
  | { readonly kind: "algorand-sign-ins"; readonly cases: readonly AlgorandCase[] }
  | { readonly kind: "algorand-groups"; readonly groups: readonly string[] }
  | { readonly kind: "offchain"; readonly messages: readonly string[] }
  | {
      readonly kind: "possession";
      readonly api: string;
      readonly proof: string;
      readonly call: ProvenCall;
      readonly nowMs: number;
    }
  /** Again and again, for a look at the clock from outside: inside it stands still. The answer is how many were true. */
  | { readonly kind: "repeat-sign-in"; readonly times: number; readonly signIn: SignInCase }
  | { readonly kind: "repeat-webcrypto"; readonly times: number; readonly signature: SignatureCase };

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(base64.decode(text));
const optionalBytesOf = (text: string | undefined) => (text === undefined ? undefined : bytesOf(text));

const proofOf = ({ address, signature, signedMessage, publicKey, transaction }: SignInCase): SignInProof => ({
  address,
  signature: bytesOf(signature),
  signedMessage: optionalBytesOf(signedMessage),
  publicKey,
  transaction: optionalBytesOf(transaction),
});

const verifyOne = (one: SignInCase): Promise<SignInVerdict> => verifySignIn(one.challenge, proofOf(one));

const verifyAlgorand = (one: AlgorandCase): Promise<SignInVerdict> =>
  verifyProof({
    challenge: one.challenge,
    genesisHash: one.genesisHash,
    proof: proofOf(one),
    key: bytesOf(one.key),
  });

/** What a group is called, and which of its signatures fit; or why it is none. */
async function readGroup(group: string): Promise<object> {
  const decoded = decodeGroup(bytesOf(group));
  if (!decoded.ok) return { code: decoded.reason.code };
  const { groupId, entries } = decoded.value;
  const signers = await verifySignatures(decoded.value);
  return {
    groupId: base64.encode(groupId),
    ids: entries.map(({ id }) => id),
    signed: signers.map(({ place, isValid }) => [place, isValid]),
  };
}

/** What nobody can do with less: import the key, and verify. */
async function verifyPlainly(
  key: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
) {
  const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}

async function countTrue(times: number, verify: () => Promise<boolean>): Promise<number> {
  let count = 0;
  for (let turn = 0; turn < times; turn++) count += Number(await verify());
  return count;
}

/** Everything is decoded before the first turn. */
function repeatPlainly(times: number, { publicKey, message, signature }: SignatureCase): Promise<number> {
  const [key, signed, proof] = [bytesOf(publicKey), bytesOf(message), bytesOf(signature)];
  return countTrue(times, () => verifyPlainly(key, signed, proof));
}

const verifySignature = ({ publicKey, message, signature }: SignatureCase): Promise<boolean> =>
  verifyEd25519(bytesOf(publicKey), bytesOf(message), bytesOf(signature));

const readLayouts = (message: string): readonly string[] =>
  readOffchainMessage(bytesOf(message)).map(({ layout }) => layout);

function answer(question: Question): unknown {
  switch (question.kind) {
    case "signatures":
      return Promise.all(question.cases.map(verifySignature));
    case "sign-ins":
      return Promise.all(question.cases.map(verifyOne));
    case "algorand-sign-ins":
      return Promise.all(question.cases.map(verifyAlgorand));
    case "algorand-groups":
      return Promise.all(question.groups.map(readGroup));
    case "offchain":
      return question.messages.map(readLayouts);
    case "possession":
      return createDpopProofs(question.api).verify(question.proof, question.call, question.nowMs);
    case "repeat-sign-in":
      return countTrue(question.times, async () => (await verifyOne(question.signIn)) === "proven");
    case "repeat-webcrypto":
      return repeatPlainly(question.times, question.signature);
    default:
      return question satisfies never;
  }
}

/** A worker that is nothing but our adapters, so that a test can ask them inside workerd with a clock of its own. */
const adapterWorker = {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await answer((await request.json()) as Question));
  },
};

// A worker's module is its default export.
// oxlint-disable-next-line import/no-default-export
export default adapterWorker;
