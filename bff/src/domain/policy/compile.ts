import type { AllowedInstruction, SolanaPolicy } from "../../contract/policy.ts";
import { KNOWN_PROGRAMS } from "./programs/known-programs.ts";
import type { ProgramShape } from "./programs/shape.ts";
import { switchOf } from "./sponsor-roles.ts";

/** A policy made ready for decisions: what one transaction needs is found without looking at the rest. */
export interface CompiledPolicy {
  readonly family: "solana";
  readonly document: SolanaPolicy;
  /** Every program whose instructions can be told apart: ours and the policy's own. */
  readonly programs: ReadonlyMap<string, ProgramShape>;
  readonly listed: ReadonlySet<string>;
  /** By `<program> <instruction>`. */
  readonly allowed: ReadonlyMap<string, readonly AllowedInstruction[]>;
  /** Switches that are on, as `switchOf` writes them. */
  readonly sponsorRoles: ReadonlySet<string>;
  /** True: any; else only these. */
  readonly lookupTables: true | ReadonlySet<string>;
  readonly maxFee: bigint;
  readonly maxComputeUnitPrice: bigint;
  readonly maxRent: bigint;
}

export const allowedKey = (program: string, instruction: string): string => `${program} ${instruction}`;

function hexBytes(hex: string): number[] {
  return Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16));
}

/** A program that this version knows cannot be described otherwise: its own table wins. */
function ownPrograms({ programs = [] }: SolanaPolicy): ReadonlyMap<string, ProgramShape> {
  if (programs.length === 0) return KNOWN_PROGRAMS;
  const own = programs.map(
    ({ address, name, instructions }) =>
      [
        address,
        {
          address,
          name,
          instructions: instructions.map((instruction) => ({
            name: instruction.name,
            discriminator: hexBytes(instruction.discriminator),
            arguments: instruction.arguments,
            accounts: instruction.accounts,
            ...(instruction.moreAccounts === true && { moreAccounts: "more" }),
          })),
        } satisfies ProgramShape,
      ] as const,
  );
  return new Map<string, ProgramShape>([...own, ...KNOWN_PROGRAMS]);
}

export function compilePolicy(document: SolanaPolicy): CompiledPolicy {
  const allowed = new Map<string, AllowedInstruction[]>();
  for (const entry of document.allow) {
    const key = allowedKey(entry.program, entry.instruction);
    allowed.set(key, [...(allowed.get(key) ?? []), entry]);
  }
  const { lookupTables = false } = document;
  return {
    family: "solana",
    document,
    programs: ownPrograms(document),
    listed: new Set(document.allow.map(({ program }) => program)),
    allowed,
    sponsorRoles: new Set((document.sponsorRoles ?? []).map(switchOf)),
    lookupTables: lookupTables === true || new Set(lookupTables === false ? [] : lookupTables),
    maxFee: BigInt(document.maxFee),
    maxComputeUnitPrice: BigInt(document.maxComputeUnitPrice),
    maxRent: BigInt(document.maxRent ?? "0"),
  };
}
