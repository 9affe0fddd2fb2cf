import type { SolanaPolicy } from "../../src/contract/policy.ts";
import { KNOWN_PROGRAMS } from "../../src/domain/policy/programs/known-programs.ts";

/** Every instruction that this version knows, once, whatever its layouts. */
const EVERY_INSTRUCTION = [...KNOWN_PROGRAMS].flatMap(([program, { instructions }]) =>
  [...new Set(instructions.map(({ name }) => name))].map((instruction) => ({ program, instruction })),
);

/** Allows whatever this version knows, with anybody in any role: what is refused under it, isolation or the simulation guard refuse. */
export const ALLOWS_EVERYTHING: SolanaPolicy = {
  allow: EVERY_INSTRUCTION,
  maxSignatures: 12,
  maxFee: "200000",
  maxComputeUnits: 1_400_000,
  maxComputeUnitPrice: "1000000",
};
