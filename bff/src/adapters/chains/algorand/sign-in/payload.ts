import type { SignInMethod } from "../../../../contract/values.ts";
import { failure, type Result, success } from "../../../../domain/result.ts";
import type { SignInChallenge, SignInPayload } from "../../../../domain/sign-in.ts";
import { domainHashOf, writeSiwaData } from "./siwa.ts";
import { writeZeroTransaction } from "./zero-transaction.ts";

export const SIGN_IN_METHODS = ["arc60", "mx", "zero-transaction"] as const satisfies readonly SignInMethod[];

/** What a method signs instead of the text, or undefined when it signs the text. */
export async function signInPayload(
  genesisHash: string,
  { method, fields, text }: SignInChallenge,
  address: string,
): Promise<Result<SignInPayload | undefined, "too_long">> {
  if (method === "arc60") {
    const authenticatorData = await domainHashOf(fields);
    return success({ data: writeSiwaData(fields, address), authenticatorData });
  }
  if (method !== "zero-transaction") return success(undefined);
  const transaction = writeZeroTransaction(address, genesisHash, text);
  return transaction ? success({ transaction }) : failure("too_long");
}
