import { base64 } from "@scure/base";
import { publicKeyOf } from "../address.ts";
import { writeTransaction } from "../group/compose-group.ts";

/** Source: go-algorand, MaxTxnNoteBytes. */
const MAX_NOTE_BYTES = 1_024;

/**
 * The text as the note of a transaction that moves nothing and cannot land: it pays no fee, and is valid in the first round
 * alone. Undefined when the text is too long for a note.
 */
export function writeZeroTransaction(address: string, genesisHash: string, text: string): Uint8Array | undefined {
  const key = publicKeyOf(address);
  const note = new TextEncoder().encode(text);
  if (!key || note.length > MAX_NOTE_BYTES) return undefined;
  return writeTransaction({ type: "pay", snd: key, rcv: key, fv: 1n, lv: 1n, gh: base64.decode(genesisHash), note });
}
