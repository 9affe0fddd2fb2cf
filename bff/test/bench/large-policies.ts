import { demoPolicy } from "@gasless/db/factories";
import type { SolanaPolicy } from "../../src/contract/policy.ts";
import { TOKEN } from "../support/instructions.ts";
import { addressOf } from "../support/wire.ts";

/** As many as a policy may have. */
export const MAX_ENTRIES = 200;
const MAX_INSTRUCTIONS_PER_PROGRAM = 100;

/** The demo project's, as a policy that is read from SQL. */
export const DEMO_POLICY: SolanaPolicy = structuredClone<unknown>(demoPolicy) as SolanaPolicy;

const ADDED = MAX_ENTRIES - DEMO_POLICY.allow.length;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Behind instructions of the integrator's own programs, each with something to look at. */
export function createManyInstructions(): SolanaPolicy {
  const entries = numbers(ADDED).map((index) => ({
    program: addressOf(100 + Math.floor(index / MAX_INSTRUCTIONS_PER_PROGRAM)) as string,
    instruction: `play${index}`,
    sessionWalletIs: ["player"],
    arguments: { stake: { lte: "1000000" } },
  }));
  const programs = [...new Set(entries.map(({ program }) => program))].map((address) => ({
    address,
    name: "Own",
    instructions: entries.flatMap(({ program, instruction }, index) =>
      program === address
        ? [
            {
              name: instruction,
              discriminator: index.toString(16).padStart(16, "0"),
              arguments: [{ name: "stake", type: "u64" as const }],
              accounts: ["player", "table"],
            },
          ]
        : [],
    ),
  }));
  return { ...DEMO_POLICY, programs, allow: [...entries, ...DEMO_POLICY.allow] };
}

/** Behind entries for the very same instruction, each for another mint: all but the last are asked in vain. */
export function createManyMints(): SolanaPolicy {
  const entries = numbers(ADDED).map((index) => ({
    program: TOKEN,
    instruction: "transferChecked",
    sessionWalletIs: ["owner"],
    accounts: { mint: { eq: addressOf(index) } },
  }));
  return { ...DEMO_POLICY, allow: [...entries, ...DEMO_POLICY.allow] };
}
