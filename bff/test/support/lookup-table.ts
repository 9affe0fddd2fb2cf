import { base58 } from "@scure/base";
import {
  type Address,
  appendTransactionMessageInstructions,
  type Blockhash,
  compileTransaction,
  compressTransactionMessageUsingAddressLookupTables,
  createTransactionMessage,
  getTransactionEncoder,
  type Instruction,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  type SignatureBytes,
} from "@solana/kit";
import { littleEndian } from "./assemble.ts";
import type { Stack } from "./stack.ts";
import type { Visitor } from "./visitor.ts";

const LOOKUP_TABLE_PROGRAM = "AddressLookupTab1e1111111111111111111111111" as Address;
const NEVER = 0xffff_ffff_ffff_ffffn;
const ROLES = { r: 0, w: 1, s: 2, ws: 3 } as const;

/** A table that has been there for long. Source: Agave, `AddressLookupTable`: 56 bytes, then the addresses. */
export function placeLookupTable({ solana }: Stack, addresses: readonly string[]): Address {
  const address = base58.encode(crypto.getRandomValues(new Uint8Array(32))) as Address;
  const head = [...littleEndian(1, 4), ...littleEndian(NEVER, 8), ...littleEndian(0, 8), 0, 0];
  const padding = Array.from({ length: 56 - head.length }, () => 0);
  const data = Uint8Array.from([...head, ...padding, ...addresses.flatMap((entry) => [...base58.decode(entry)])]);
  solana.chain.setAccount(address, { lamports: 50_000_000n, owner: LOOKUP_TABLE_PROGRAM, executable: false, data });
  return address;
}

export interface TableInstruction {
  readonly program: string;
  readonly accounts: readonly (readonly [address: string, role: keyof typeof ROLES])[];
  readonly data: ArrayLike<number>;
}

/** Wire bytes that take from the table whatever it holds, signed by the visitor. */
export async function wireWithTable(
  { sponsor, blockhash, wallet }: Visitor,
  instructions: readonly TableInstruction[],
  table: Address,
  addresses: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const built = instructions.map(({ program, accounts, data }): Instruction => ({
    programAddress: program as Address,
    accounts: accounts.map(([address, role]) => ({ address: address as Address, role: ROLES[role] })),
    data: Uint8Array.from(data),
  }));
  const lifetime = { blockhash: blockhash as Blockhash, lastValidBlockHeight: 1_000_000n };
  const compiled = compileTransaction(
    pipe(
      createTransactionMessage({ version: 0 }),
      (message) => setTransactionMessageFeePayer(sponsor as Address, message),
      (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
      (message) => appendTransactionMessageInstructions(built, message),
      (message) =>
        compressTransactionMessageUsingAddressLookupTables(message, { [table]: [...addresses] as Address[] }),
    ),
  );
  const signature = (await wallet.sign(new Uint8Array(compiled.messageBytes))) as SignatureBytes;
  const signatures = { ...compiled.signatures, [wallet.address]: signature };
  return new Uint8Array(getTransactionEncoder().encode({ ...compiled, signatures }));
}
