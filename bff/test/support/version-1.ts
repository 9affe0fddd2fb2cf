import type { LocalWallet } from "@gasless/localnet/wallet";
import type { PlainInstruction } from "./assemble.ts";
import { encodeMessage, joinSignatures, type MessageModel, planMessage } from "./message.ts";
import type { Visitor } from "./visitor.ts";

/** Without these two a runtime grants a version 1 transaction nothing to run with. */
const ENOUGH: MessageModel["config"] = { computeUnits: 100_000, dataSize: 4_000_000 };

export interface WireV1Options {
  /** Values of the message's own config, beside what it needs to run. */
  readonly config?: MessageModel["config"];
  readonly others?: readonly LocalWallet[];
  readonly change?: (model: MessageModel) => MessageModel;
}

/** The wire bytes of these instructions in version 1, paid by the sponsor and signed by the visitor. */
export async function wireV1Of(
  { sponsor, blockhash, wallet }: Visitor,
  instructions: readonly PlainInstruction[],
  { config, others = [], change = (model) => model }: WireV1Options = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const plan = { version: 1, feePayer: sponsor, blockhash, instructions, config: { ...ENOUGH, ...config } } as const;
  const model = change(planMessage(plan));
  const message = encodeMessage(model);
  const wallets = [wallet, ...others];
  const signers = model.accounts.slice(0, model.requiredSignatures);
  const signatures = await Promise.all(
    signers.map(async (signer) => {
      const own = wallets.find(({ address }) => address === signer);
      return own ? own.sign(message) : new Uint8Array(64);
    }),
  );
  return joinSignatures(1, message, signatures);
}
