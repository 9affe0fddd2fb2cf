import { KNOWN_PROGRAMS } from "../../src/domain/policy/programs.ts";

/** Allows whatever this version knows, with anybody in any role: what is refused under it, isolation or the simulation guard refuse. */
export const ALLOWS_EVERYTHING = {
  allow: [...KNOWN_PROGRAMS].flatMap(([program, { instructions }]) =>
    instructions.map(({ name }) => ({ program, instruction: name })),
  ),
  maxSignatures: 12,
  maxFee: "200000",
  maxComputeUnits: 1_400_000,
  maxComputeUnitPrice: "1000000",
};
