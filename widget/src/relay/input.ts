import { GaslessError } from "../errors.ts";
import { compileMessage, type Instruction, messageOf, withFeePayer } from "./message.ts";

/** An instruction of `@solana/web3.js` 1. */
export interface Web3Instruction {
  readonly programId: { toBase58(): string };
  readonly keys: readonly {
    readonly pubkey: { toBase58(): string };
    readonly isSigner: boolean;
    readonly isWritable: boolean;
  }[];
  readonly data: ArrayLike<number>;
}

type AnyInstruction = Instruction | Web3Instruction;

/** A transaction of Algorand's: one of algosdk, or its unsigned bytes. */
export type AlgorandTransaction = { toByte(): Uint8Array } | Uint8Array;

/**
 * What can be sponsored, in the shapes that dapps have in hand: instructions of `@solana/kit` or `@solana/web3.js`;
 * anything with `instructions` (a kit transaction message, a web3.js `Transaction`); a kit transaction
 * (`messageBytes`); a web3.js `VersionedTransaction`; or wire bytes. Fee payer and blockhash are filled in, so whatever
 * signatures it has are not kept. With an Algorand wallet: the transactions of one group.
 */
export type SponsorInput =
  | AlgorandTransaction
  | readonly AlgorandTransaction[]
  | AnyInstruction
  | readonly AnyInstruction[]
  | { readonly instructions: readonly AnyInstruction[] }
  | { readonly messageBytes: ArrayLike<number> }
  | { readonly message: { serialize(): Uint8Array } };

function toInstruction(given: AnyInstruction): Instruction {
  if ("programAddress" in given) return given;
  return {
    programAddress: given.programId.toBase58(),
    accounts: given.keys.map(({ pubkey, isSigner, isWritable }) => ({
      address: pubkey.toBase58(),
      role: (isSigner ? 2 : 0) + (isWritable ? 1 : 0),
    })),
    data: given.data,
  };
}

const isInstruction = (each: unknown): boolean =>
  typeof each === "object" && each !== null && ("programAddress" in each || "programId" in each);

const notSponsorable = (): GaslessError =>
  new GaslessError("request.invalid", "sponsor() takes a transaction, or at least one instruction.");

/** Gives the message for a fee payer, a blockhash and the wallet that signs. @throws request.invalid and what decoding finds */
export function readInput(input: SponsorInput): (feePayer: string, blockhash: string, signer: string) => Uint8Array {
  if (typeof input !== "object" || input === null) throw notSponsorable();
  if (input instanceof Uint8Array) return (feePayer, blockhash) => withFeePayer(messageOf(input), feePayer, blockhash);
  if ("messageBytes" in input) {
    return (feePayer, blockhash) => withFeePayer(Uint8Array.from(input.messageBytes), feePayer, blockhash);
  }
  if ("message" in input) {
    return (feePayer, blockhash) => withFeePayer(input.message.serialize(), feePayer, blockhash);
  }
  const given = "instructions" in input ? input.instructions : Array.isArray(input) ? input : [input];
  if (given.length === 0 || given.some((each) => !isInstruction(each))) {
    throw notSponsorable();
  }
  const instructions = (given as readonly AnyInstruction[]).map(toInstruction);
  return (feePayer, blockhash, signer) => compileMessage(feePayer, blockhash, signer, instructions);
}
