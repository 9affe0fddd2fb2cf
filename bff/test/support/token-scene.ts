import { base58 } from "@scure/base";
import type { Address } from "@solana/kit";
import { littleEndian } from "./assemble.ts";
import { TOKEN } from "./instructions.ts";
import type { Stack } from "./stack.ts";

/** Rent-exempt with room to spare, whatever the size of a token account or mint. */
const LAMPORTS = 10_000_000n;

const newAddress = (): Address => base58.encode(crypto.getRandomValues(new Uint8Array(32))) as Address;

function write({ solana }: Stack, address: Address, program: string, data: readonly number[]): void {
  const account = { lamports: LAMPORTS, owner: program as Address, executable: false, data: Uint8Array.from(data) };
  solana.chain.setAccount(address, account);
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

/** A mint with two decimals that has been there for long. Source: SPL Token, `Mint`. */
export function placeMint(stack: Stack, program: string = TOKEN): string {
  const address = newAddress();
  write(stack, address, program, [...zeros(36), ...littleEndian(1_000_000, 8), 2, 1, ...zeros(36)]);
  return address;
}

/** A token account with that much in it. Source: SPL Token, `Account`. */
export function placeTokenAccount(
  stack: Stack,
  { mint, owner, amount = 0 }: { mint: string; owner: string; amount?: number },
  program: string = TOKEN,
): string {
  const address = newAddress();
  const keys = [...base58.decode(mint), ...base58.decode(owner)];
  write(stack, address, program, [...keys, ...littleEndian(amount, 8), ...zeros(36), 1, ...zeros(56)]);
  return address;
}

export async function tokensIn({ callRpc }: Stack, account: string): Promise<string> {
  const { value } = await callRpc<{ value: { amount: string } }>("getTokenAccountBalance", [
    account,
    { commitment: "processed" },
  ]);
  return value.amount;
}
