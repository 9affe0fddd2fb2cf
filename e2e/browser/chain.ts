import type { Stack } from "@gasless/localnet/testing/stack";

/** After mint and owner, 32 bytes each; the same in Token and Token-2022. */
const AMOUNT_OFFSET = 64;

/** Base units that a token account of either token program holds; zero when there is no such account yet. */
export async function tokenBalanceOf({ callRpc }: Stack, tokenAccount: string): Promise<bigint> {
  const { value } = await callRpc<{ value: { data: [base64: string, encoding: string] } | null }>("getAccountInfo", [
    tokenAccount,
    { commitment: "processed", encoding: "base64" },
  ]);
  return value === null ? 0n : Buffer.from(value.data[0], "base64").readBigUInt64LE(AMOUNT_OFFSET);
}
