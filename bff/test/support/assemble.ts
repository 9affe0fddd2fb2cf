import { base58 } from "@scure/base";
import type { LocalWallet } from "@gasless/localnet/wallet";

/** s = signer, w = writable. */
export type Role = "ws" | "s" | "w" | "r";

export interface PlainInstruction {
  readonly program: string;
  readonly accounts?: readonly (readonly [address: string, role: Role])[];
  readonly data?: ArrayLike<number>;
}

export interface Assembly {
  readonly feePayer: string;
  readonly blockhash: string;
  readonly instructions: readonly PlainInstruction[];
  readonly version?: "legacy" | 0;
  /** Behind the instructions of version 0: bytes of lookup tables with their count in front. */
  readonly tables?: readonly number[];
}

export interface AssembledMessage {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly signers: readonly string[];
}

const ORDER: readonly Role[] = ["ws", "s", "w", "r"];

function compactU16(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7];
}

/**
 * Message bytes as an attacker's own encoder writes them: unlike kit it has nothing against a fee payer that is a
 * program, nor against any other misuse.
 */
export function assembleMessage({
  feePayer,
  blockhash,
  instructions,
  version = 0,
  tables,
}: Assembly): AssembledMessage {
  const roles = new Map<string, Role>([[feePayer, "ws"]]);
  const demand = (address: string, role: Role): void => {
    const both = `${roles.get(address) ?? ""}${role}`;
    const merged = `${both.includes("w") ? "w" : ""}${both.includes("s") ? "s" : ""}` || "r";
    roles.set(address, merged as Role);
  };
  for (const { program, accounts = [] } of instructions) {
    for (const [address, role] of accounts) demand(address, role);
    demand(program, "r");
  }
  const withRole = (role: Role): string[] => [...roles].flatMap(([address, own]) => (own === role ? [address] : []));
  const accounts = ORDER.flatMap(withRole);
  const signers = [...withRole("ws"), ...withRole("s")];
  const indexOf = (address: string): number => accounts.indexOf(address);
  const bytes = Uint8Array.from([
    ...(version === 0 ? [0x80] : []),
    signers.length,
    withRole("s").length,
    withRole("r").length,
    ...compactU16(accounts.length),
    ...accounts.flatMap((address) => [...base58.decode(address)]),
    ...base58.decode(blockhash),
    ...compactU16(instructions.length),
    ...instructions.flatMap(({ program, accounts: named = [], data = [] }) => [
      indexOf(program),
      ...compactU16(named.length),
      ...named.map(([address]) => indexOf(address)),
      ...compactU16(data.length),
      ...Array.from(data),
    ]),
    ...(version === 0 ? (tables ?? [0]) : []),
  ]);
  return { bytes, signers };
}

/** Wire bytes of a message: who is among the wallets has signed, every other slot is zero. */
export async function signMessage(
  { bytes, signers }: AssembledMessage,
  wallets: readonly LocalWallet[],
): Promise<Uint8Array<ArrayBuffer>> {
  const slots = await Promise.all(
    signers.map(async (signer) => wallets.find(({ address }) => address === signer)?.sign(bytes) ?? new Uint8Array(64)),
  );
  return Uint8Array.from([slots.length, ...slots.flatMap((slot) => [...slot]), ...bytes]);
}

/** Little-endian bytes of a number. */
export function littleEndian(value: bigint | number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, index) => Number((BigInt(value) >> BigInt(8 * index)) & 0xffn));
}
