import type { Finding, Lint } from "../lint.ts";
import { KNOWN_PROGRAMS } from "../programs/known-programs.ts";
import { set } from "./fixes.ts";

const redefinesKnown: Lint = {
  name: "program-is-built-in",
  find: ({ programs = [] }) =>
    programs.flatMap(({ address }, index): Finding[] => {
      const known = KNOWN_PROGRAMS.get(address);
      if (!known) return [];
      return [
        {
          severity: "error",
          pointer: `/programs/${index}`,
          message: `${known.name} is built in; its own table is used and this description is not.`,
          fix: {
            description: "Remove the description.",
            apply: (document) =>
              set({ programs: document.programs?.filter((program) => program.address !== address) })(document),
          },
        },
      ];
    }),
};

/** One instruction whose first bytes begin another's could be read as either. */
const discriminatorsClash: Lint = {
  name: "discriminators-clash",
  find: ({ programs = [] }) =>
    programs.flatMap(({ address, instructions }, program) =>
      instructions.flatMap(({ name, discriminator }, index): Finding[] => {
        const earlier = instructions
          .slice(0, index)
          .find(
            (other) => discriminator.startsWith(other.discriminator) || other.discriminator.startsWith(discriminator),
          );
        if (!earlier) return [];
        return [
          {
            severity: "error",
            pointer: `/programs/${program}/instructions/${index}/discriminator`,
            message: `${name} cannot be told from ${earlier.name} by its first bytes.`,
            fix: {
              description: "Give the whole discriminator of both, or remove one of them.",
              apply: (document) =>
                set({
                  programs: document.programs?.map((own) =>
                    own.address === address
                      ? { ...own, instructions: own.instructions.filter((candidate) => candidate.name !== name) }
                      : own,
                  ),
                })(document),
            },
          },
        ];
      }),
    ),
};

export const ownProgramLints: readonly Lint[] = [redefinesKnown, discriminatorsClash];
