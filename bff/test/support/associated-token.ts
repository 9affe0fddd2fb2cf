import { type Address, getAddressEncoder, getProgramDerivedAddress } from "@solana/kit";
import type { PlainInstruction } from "./assemble.ts";
import { ASSOCIATED_TOKEN, SYSTEM, TOKEN } from "./instructions.ts";

/** The one right address of somebody's token account for a mint. */
async function associatedAccount(owner: string, mint: string, program: string = TOKEN): Promise<string> {
  const encode = getAddressEncoder().encode;
  const [account] = await getProgramDerivedAddress({
    programAddress: ASSOCIATED_TOKEN as Address,
    seeds: [owner, program, mint].map((seed) => encode(seed as Address)),
  });
  return account;
}

/** Makes somebody's token account; the program does it by calls of its own, with the payer's lamports. */
export async function createAssociatedAccount(
  { payer, owner, mint }: Readonly<Record<"payer" | "owner" | "mint", string>>,
  { program = TOKEN, isIdempotent = true } = {},
): Promise<PlainInstruction> {
  return {
    program: ASSOCIATED_TOKEN,
    accounts: [
      [payer, "ws"],
      [await associatedAccount(owner, mint, program), "w"],
      [owner, "r"],
      [mint, "r"],
      [SYSTEM, "r"],
      [program, "r"],
    ],
    data: [isIdempotent ? 1 : 0],
  };
}
