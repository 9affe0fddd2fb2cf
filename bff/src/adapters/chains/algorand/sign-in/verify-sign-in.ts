import type { SignInChallenge, SignInProof, SignInVerdict } from "../../../../domain/sign-in.ts";
import { AppError } from "../../../../errors.ts";
import type { RpcPool } from "../../rpc/rpc-pool.ts";
import { parseAddress, publicKeyOf } from "../address.ts";
import { OTHER_SIGNATURES } from "../group/decode-group.ts";
import { decodeMsgpackMaps } from "../msgpack.ts";
import type { Account } from "../node/answers.ts";
import { accountCall } from "../node/ask.ts";
import { verifyProof } from "./verify-proof.ts";

export interface SignInNode {
  readonly rpc: RpcPool;
  readonly genesisHash: string;
  /** How many providers there are. */
  readonly configured: number;
}

const SIGNATURE_BYTES = 64;

/** A signature of several keys, or of a program, in place of one key's. */
function isOtherSignature(signature: Uint8Array): boolean {
  if (signature.length === SIGNATURE_BYTES) return false;
  const read = decodeMsgpackMaps(signature);
  const names = read.ok ? read.value.flatMap(({ value }) => Object.keys(value)) : [];
  return names.some((name) => name === "subsig" || OTHER_SIGNATURES.some((other) => other === name));
}

/** The one that two tell, each another provider. */
const findAgreed = (accounts: readonly Account[]): Account | undefined =>
  accounts.find((account, index) =>
    accounts.slice(index + 1).some((other) => other.authAddress === account.authAddress),
  );

/**
 * Whose key signs for an address now. Two providers have to agree, or one of several could let anybody in; where only one
 * can be heard, it is believed that nothing is out of the ordinary.
 * @throws upstream.rpc_unavailable when they do not agree, upstream.rpc_timeout
 */
async function askAuthAddress({ rpc, configured }: SignInNode, address: string): Promise<string> {
  const accounts = await rpc.hearUntil(accountCall(address), (heard) => findAgreed(heard) !== undefined);
  const agreed = findAgreed(accounts);
  if (agreed) return agreed.authAddress;
  const [only, ...others] = accounts;
  const isPlain = only?.authAddress === address;
  if (only && others.length === 0 && (configured === 1 || isPlain)) return only.authAddress;
  throw new AppError("upstream.rpc_unavailable", "The network's nodes do not agree whose key signs for this account.", {
    retryAfterSeconds: 1,
  });
}

/**
 * Whether the key that signs for the address now has signed the challenge. Nodes are always asked: whoever holds an old key
 * of a rekeyed account must not get in, and its new key must. They are not asked in vain where the wallet says whose key has
 * signed and that is not so. @throws upstream.rpc_unavailable, upstream.rpc_timeout
 */
export async function verifySignIn(
  node: SignInNode,
  challenge: SignInChallenge,
  proof: SignInProof,
): Promise<SignInVerdict> {
  const verifyBy = async (address: string): Promise<SignInVerdict> => {
    const key = publicKeyOf(address);
    return key ? verifyProof({ challenge, genesisHash: node.genesisHash, proof, key }) : "unproven";
  };
  const { address, publicKey, signature } = proof;
  if (isOtherSignature(signature)) return "unsupported";
  const claimed = publicKey === undefined ? address : parseAddress(publicKey);
  if (claimed === undefined) return "unproven";
  const verdict = await verifyBy(claimed);
  if (verdict === "unsupported" || (verdict === "unproven" && publicKey !== undefined)) return verdict;
  const authAddress = await askAuthAddress(node, address);
  if (authAddress === claimed) return verdict;
  // Rekeyed, and the wallet did not say by whose key.
  return publicKey === undefined ? verifyBy(authAddress) : "unproven";
}
