import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { Possession, ProvenCall } from "../../domain/possession.ts";

/** One code for everything that is wrong with a proof: who holds the key can tell from its own side. */
export const proofInvalid = (detail: string): AppError =>
  new AppError("auth.proof_invalid", `${detail} Make a new proof for each call, by the clock of the answer's Date.`);

const REASONS: Readonly<
  Record<Extract<Awaited<ReturnType<Ports["possession"]["verify"]>>, { ok: false }>["reason"], string>
> = {
  malformed: "The DPoP proof is not one: a signed dpop+jwt with its public P-256 key is needed.",
  of_another_call: "The DPoP proof was made for another method or URL.",
  of_another_token: "The DPoP proof was made for another access token.",
  untimely: "The DPoP proof is more than a minute early or late.",
};

/** The proof of a key that came with a call. @throws auth.proof_invalid */
export async function verifyPossession(
  { possession, clock }: Pick<Ports, "possession" | "clock">,
  proof: string,
  call: ProvenCall,
): Promise<Possession> {
  const verified = await possession.verify(proof, call, clock.nowMs());
  if (!verified.ok) throw proofInvalid(REASONS[verified.reason]);
  return verified.value;
}
