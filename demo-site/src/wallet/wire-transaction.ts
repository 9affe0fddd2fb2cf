import { base58 } from "@scure/base";

export interface WireInstruction {
  readonly program: string;
  readonly accounts: readonly string[];
  readonly data: Uint8Array;
}

/** A transaction's wire bytes, read as far as a wallet needs to. */
export interface WireTransaction {
  /** What is signed. */
  readonly message: Uint8Array;
  readonly feePayer: string;
  readonly instructions: readonly WireInstruction[];
  /** The same bytes with a signature in the slot of `signer`. @throws Error when it has none */
  withSignature(signer: string, signature: Uint8Array): Uint8Array<ArrayBuffer>;
}

const SIGNATURE_BYTES = 64;
const KEY_BYTES = 32;
const VERSION_FLAG = 0x80;

/** Reads a legacy or version 0 transaction. @throws Error when it is none */
export function readTransaction(bytes: Uint8Array): WireTransaction {
  const outer = createReader(bytes);
  const slots = outer.length();
  const slotsAt = outer.position();
  outer.take(slots * SIGNATURE_BYTES);
  const message = bytes.slice(outer.position());

  const inner = createReader(message);
  if (((message[0] ?? 0) & VERSION_FLAG) !== 0 && inner.byte() !== VERSION_FLAG) throw malformed();
  const signers = inner.byte();
  inner.take(2);
  const keys = Array.from({ length: inner.length() }, () => base58.encode(inner.take(KEY_BYTES)));
  inner.take(KEY_BYTES);
  if (signers !== slots || keys.length < signers) throw malformed();
  const keyAt = (index: number) => keys[index] ?? "an address from a lookup table";
  const instructions = Array.from({ length: inner.length() }, () => ({
    program: keyAt(inner.byte()),
    accounts: [...inner.take(inner.length())].map(keyAt),
    data: inner.take(inner.length()),
  }));

  return {
    message,
    feePayer: keyAt(0),
    instructions,
    withSignature(signer, signature) {
      const slot = keys.slice(0, signers).indexOf(signer);
      if (slot < 0) throw new Error("This transaction does not ask for the Demo Wallet's signature.");
      const signed = new Uint8Array(bytes);
      signed.set(signature, slotsAt + slot * SIGNATURE_BYTES);
      return signed;
    },
  };
}

function createReader(bytes: Uint8Array) {
  let at = 0;
  const take = (count: number) => {
    if (at + count > bytes.length) throw malformed();
    at += count;
    return bytes.slice(at - count, at);
  };
  const byte = () => take(1)[0] ?? 0;
  return {
    take,
    byte,
    position: () => at,
    /** Source: Solana's compact-u16: seven bits a byte, lowest first, at most three bytes. */
    length() {
      let value = 0;
      for (const shift of [0, 7, 14]) {
        const next = byte();
        value |= (next & 0x7f) << shift;
        if (next < VERSION_FLAG) return value;
      }
      throw malformed();
    },
  };
}

function malformed(): Error {
  return new Error("This is not a Solana transaction that the Demo Wallet can read.");
}
