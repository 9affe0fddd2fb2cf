import { verifyEd25519 } from "../../ed25519.ts";
import { publicKeyOf } from "../address.ts";
import type { DecodedGroup } from "./decoded-group.ts";
import { signedBytesOf } from "./transaction-id.ts";

/** Who sends a transaction, and whose key has signed it: only the chain knows whether that key speaks for the sender. */
export interface GroupSigner {
  readonly place: number;
  readonly sender: string;
  readonly signedBy: string;
  readonly isValid: boolean;
}

/** Of every transaction that one key has signed; what is missing of the others is a rule's to say. */
export async function verifySignatures({ entries }: DecodedGroup): Promise<readonly GroupSigner[]> {
  const signers = entries.map(async ({ transaction: { sender }, authAddress, signature, bytes }, place) => {
    if (!signature) return undefined;
    const signedBy = authAddress ?? sender;
    const key = publicKeyOf(signedBy) ?? new Uint8Array();
    return { place, sender, signedBy, isValid: await verifyEd25519(key, signedBytesOf(bytes), signature) };
  });
  return (await Promise.all(signers)).filter((signer) => signer !== undefined);
}
