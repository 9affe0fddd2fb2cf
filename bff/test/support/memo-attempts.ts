import { toBase64 } from "@gasless/localnet/api-client";
import type { LocalWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import type { PlainInstruction } from "./assemble.ts";
import { MEMO } from "./instructions.ts";
import { encodeMessage, joinSignatures, type MessageModel, type MessagePlan, planMessage } from "./message.ts";
import { impossibleBlockhash } from "./method-proofs.ts";
import type { Proof } from "./proofs.ts";
import { type Attempt, encodeText, textOfAttempt } from "./sign-in-attempts.ts";

/** What a sign-in transaction is to be instead; everything that is absent is genuine. */
export interface MemoChanges extends Partial<MessagePlan> {
  /** Who signs besides the wallet. */
  readonly others?: readonly LocalWallet[];
  /** A last change to the message before it is signed. */
  readonly change?: (model: MessageModel) => MessageModel;
  /** A change to the wire bytes after everybody has signed. */
  readonly spoil?: (wire: Buffer) => Uint8Array;
}

/** The one memo that holds the whole text. */
export const memoOfText = (attempt: Attempt, program: string = MEMO): PlainInstruction => ({
  program,
  data: encodeText(textOfAttempt(attempt)),
});

/** Who has to sign a message, in their order. */
const signersOf = ({ accounts, requiredSignatures }: MessageModel): readonly string[] =>
  accounts.slice(0, requiredSignatures);

/** A transaction that is honestly signed by everybody who must, with the wallet's own signature beside it. */
export async function proveTransaction(attempt: Attempt, changes: MemoChanges = {}): Promise<Proof> {
  const { target, wallet, challenge } = attempt;
  const { others = [], change = (model) => model, spoil = (wire) => wire, ...plan } = changes;
  const { challengeId } = challenge;
  const genuine: MessagePlan = {
    version: 0,
    feePayer: wallet.address,
    blockhash: impossibleBlockhash(challengeId),
    instructions: [memoOfText(attempt)],
  };
  const model = change(planMessage({ ...genuine, ...plan }));
  const message = encodeMessage(model);
  const keys = [wallet, ...others];
  const signatures = await Promise.all(
    signersOf(model).map(
      async (signer) => keys.find(({ address }) => address === signer)?.sign(message) ?? new Uint8Array(64),
    ),
  );
  const wire = spoil(Buffer.from(joinSignatures(model.version, message, signatures)));
  const signature = toBase64(signatures[signersOf(model).indexOf(wallet.address)] ?? signatures[0] ?? message);
  const proof = {
    challengeId,
    network: target.network,
    address: wallet.address,
    method: "memo-transaction",
    signature,
  };
  return { ...proof, transaction: toBase64(wire) };
}

export const randomAddress = (): string => base58.encode(crypto.getRandomValues(new Uint8Array(32)));
