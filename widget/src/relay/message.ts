import { GaslessError } from "../errors.ts";
import { decodeKey, encodeKey } from "../solana-key.ts";

/** What one instruction says. `role` as in `@solana/kit`: 0 read, 1 write, 2 signs, 3 signs and writes. */
export interface Instruction {
  /** Base58. */
  readonly programAddress: string;
  readonly accounts?: readonly { readonly address: string; readonly role: number }[] | undefined;
  readonly data?: ArrayLike<number> | undefined;
}

const WRITES = 1;
const SIGNS = 2;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const VERSION_0 = 0x80;

/** Solana's compact-u16. Source: Agave, short_vec. */
function shortVec(length: number): number[] {
  const bytes: number[] = [];
  let rest = length;
  for (; rest > 0x7f; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

/** The message (version 0) of a transaction whose fee `feePayer` pays and which `signer` signs in any case. */
export function compileMessage(
  feePayer: string,
  blockhash: string,
  signer: string,
  instructions: readonly Instruction[],
): Uint8Array<ArrayBuffer> {
  const roles = new Map<string, number>();
  const add = (address: string, role: number) => roles.set(address, (roles.get(address) ?? 0) | role);
  add(feePayer, WRITES | SIGNS);
  add(signer, SIGNS);
  for (const { programAddress, accounts = [] } of instructions) {
    add(programAddress, 0);
    for (const { address, role } of accounts) add(address, role);
  }
  // The fee payer first, then signers before the others, and among each what is written before what is read.
  const order = [SIGNS | WRITES, SIGNS, WRITES, 0].flatMap((wanted) =>
    [...roles].filter(([, role]) => role === wanted).map(([address]) => address),
  );
  const count = (test: (role: number) => boolean) => [...roles.values()].filter(test).length;
  const bytes = [
    VERSION_0,
    count((role) => (role & SIGNS) !== 0),
    count((role) => role === SIGNS),
    count((role) => role === 0),
    ...shortVec(order.length),
    ...order.flatMap((address) => [...decodeKey(address)]),
    ...decodeKey(blockhash),
    ...shortVec(instructions.length),
  ];
  for (const { programAddress, accounts = [], data = [] } of instructions) {
    const indexes = accounts.map(({ address }) => order.indexOf(address));
    bytes.push(order.indexOf(programAddress), ...shortVec(indexes.length), ...indexes);
    bytes.push(...shortVec(data.length), ...Array.from(data));
  }
  return new Uint8Array([...bytes, 0]);
}

/** A message in its parts; `at` are offsets in bytes. */
interface MessageShape {
  readonly isVersioned: boolean;
  readonly accounts: readonly string[];
  readonly requiredSignatures: number;
  readonly keysAt: number;
  readonly blockhashAt: number;
}

function readShortVec(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let index = 0; index < 3; index++) {
    const byte = bytes[at + index] ?? 0;
    value |= (byte & 0x7f) << (7 * index);
    if ((byte & 0x80) === 0) return [value, at + index + 1];
  }
  throw new GaslessError("transaction.malformed", "These bytes are no Solana transaction.");
}

/** @throws transaction.malformed, transaction.version_unsupported */
export function readMessage(message: Uint8Array): MessageShape {
  const isVersioned = ((message[0] ?? 0) & 0x80) !== 0;
  if (isVersioned && message[0] !== VERSION_0) {
    throw new GaslessError("transaction.version_unsupported", "Only legacy and version 0 transactions are sponsored.");
  }
  const headerAt = isVersioned ? 1 : 0;
  const [length, keysAt] = readShortVec(message, headerAt + 3);
  const blockhashAt = keysAt + length * KEY_BYTES;
  if (blockhashAt + KEY_BYTES >= message.length || length === 0) {
    throw new GaslessError("transaction.malformed", "These bytes are no Solana transaction.");
  }
  const accounts = Array.from({ length }, (_, index) =>
    encodeKey(message.subarray(keysAt + index * KEY_BYTES, keysAt + (index + 1) * KEY_BYTES)),
  );
  return { isVersioned, accounts, requiredSignatures: message[headerAt] ?? 0, keysAt, blockhashAt };
}

/** The same message with `feePayer` in front as the one who pays, and with another blockhash. Lookup tables stay. */
export function withFeePayer(message: Uint8Array, feePayer: string, blockhash: string): Uint8Array<ArrayBuffer> {
  const { isVersioned, accounts, keysAt, blockhashAt } = readMessage(message);
  const fresh = decodeKey(blockhash);
  if (accounts[0] === feePayer) {
    const same = message.slice();
    same.set(fresh, blockhashAt);
    return same;
  }
  if (accounts.includes(feePayer)) {
    throw new GaslessError("policy.fee_payer_misused", "The sponsor may appear as the fee payer alone.");
  }
  const headerAt = isVersioned ? 1 : 0;
  const header = message.slice(0, headerAt + 3);
  header[headerAt] = (header[headerAt] ?? 0) + 1;
  const bytes = [
    ...header,
    ...shortVec(accounts.length + 1),
    ...decodeKey(feePayer),
    ...message.subarray(keysAt, blockhashAt),
    ...fresh,
  ];
  // Every account has moved by one, those of lookup tables too: they follow after the message's own.
  let at = blockhashAt + KEY_BYTES;
  const [instructions, first] = readShortVec(message, at);
  bytes.push(...message.subarray(at, first));
  at = first;
  for (let left = instructions; left > 0; left--) {
    const [length, indexesAt] = readShortVec(message, at + 1);
    const [dataLength, dataAt] = readShortVec(message, indexesAt + length);
    bytes.push((message[at] ?? 0) + 1, ...message.subarray(at + 1, indexesAt));
    bytes.push(...Array.from(message.subarray(indexesAt, indexesAt + length), (index) => index + 1));
    bytes.push(...message.subarray(indexesAt + length, dataAt + dataLength));
    at = dataAt + dataLength;
  }
  return new Uint8Array([...bytes, ...message.subarray(at)]);
}

/** What each instruction of a message calls, with what; accounts as indexes, those of lookup tables too. */
export function readInstructions(message: Uint8Array): {
  readonly programAddress: string | undefined;
  readonly accounts: Uint8Array;
  readonly data: Uint8Array;
}[] {
  const { accounts, blockhashAt } = readMessage(message);
  const [count, first] = readShortVec(message, blockhashAt + KEY_BYTES);
  let at = first;
  return Array.from({ length: count }, () => {
    const programAddress = accounts[message[at] ?? 0];
    const [indexes, indexesAt] = readShortVec(message, at + 1);
    const [length, dataAt] = readShortVec(message, indexesAt + indexes);
    at = dataAt + length;
    return {
      programAddress,
      accounts: message.subarray(indexesAt, indexesAt + indexes),
      data: message.subarray(dataAt, at),
    };
  });
}

/** Wire bytes with every signature's slot still zero. */
export function unsignedTransaction(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const { requiredSignatures } = readMessage(message);
  const prefix = shortVec(requiredSignatures);
  const wire = new Uint8Array(prefix.length + requiredSignatures * SIGNATURE_BYTES + message.length);
  wire.set(prefix);
  wire.set(message, wire.length - message.length);
  return wire;
}

/** The message inside wire bytes. */
export function messageOf(wire: Uint8Array): Uint8Array {
  const [signatures, at] = readShortVec(wire, 0);
  return wire.subarray(at + signatures * SIGNATURE_BYTES);
}
