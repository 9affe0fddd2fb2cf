import type { SolanaPolicy } from "../../../contract/policy.ts";
import { compilePolicy } from "../compile.ts";
import type { Finding, Lint } from "../lint.ts";
import {
  COMPUTE_BUDGET_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
} from "../programs/known-programs.ts";
import type { InstructionShape } from "../programs/shape.ts";
import { omit, removeEntry, replaceEntry, set } from "./fixes.ts";
import { unfit } from "./unfit.ts";

type Entry = SolanaPolicy["allow"][number];

/** Every form that an entry's instruction has; none: there is no such instruction. Undefined: no such program. */
type FindShapes = (entry: Entry) => readonly InstructionShape[] | undefined;

function eachEntry(find: (entry: Entry, pointer: string, shapesOf: FindShapes) => readonly Finding[]): Lint["find"] {
  return (document) => {
    // Once for all entries: a policy may describe thousands of instructions.
    const { programs } = compilePolicy({ ...document, allow: [] });
    const shapesOf: FindShapes = ({ program, instruction }) =>
      programs.get(program)?.instructions.filter(({ name }) => name === instruction);
    return document.allow.flatMap((entry, index) => find(entry, `/allow/${index}`, shapesOf));
  };
}

const unknownProgram: Lint = {
  name: "program-unknown",
  find: eachEntry((entry, pointer, shapesOf) =>
    shapesOf(entry) === undefined
      ? [
          {
            severity: "error",
            pointer: `${pointer}/program`,
            message: `No table tells the instructions of ${entry.program} apart, so nothing of it can be allowed.`,
            fix: { description: "Describe the program in `programs`, or remove the entry.", apply: removeEntry(entry) },
          },
        ]
      : [],
  ),
};

const unknownInstruction: Lint = {
  name: "instruction-unknown",
  find: eachEntry((entry, pointer, shapesOf) =>
    shapesOf(entry)?.length === 0
      ? [
          {
            severity: "error",
            pointer: `${pointer}/instruction`,
            message: `The program has no instruction ${entry.instruction}.`,
            fix: { description: "Correct the name, or remove the entry.", apply: removeEntry(entry) },
          },
        ]
      : [],
  ),
};

const unknownRole: Lint = {
  name: "account-unknown",
  find: eachEntry((entry, pointer, shapesOf) => {
    const shapes = shapesOf(entry) ?? [];
    if (shapes.length === 0) return [];
    const isUnknown = (role: string): boolean => shapes.every(({ accounts }) => !accounts.includes(role));
    const roles = [...(entry.sessionWalletIs ?? []), ...Object.keys(entry.accounts ?? {})].filter(isUnknown);
    return roles.map((role): Finding => {
      const known = [...new Set(shapes.flatMap(({ accounts }) => accounts))].join(", ");
      return {
        severity: "error",
        pointer,
        message: `${entry.instruction} has no account ${role}; it has ${known || "none"}.`,
        // A constraint that is dropped would allow more than its author meant.
        fix: { description: "Correct the name, or remove the entry.", apply: removeEntry(entry) },
      };
    });
  }),
};

const unfitPredicate: Lint = {
  name: "predicate-unfit",
  find: eachEntry((entry, pointer, shapesOf) => {
    const shapes = shapesOf(entry) ?? [];
    const types = new Map(shapes.flatMap((shape) => shape.arguments.map(({ name, type }) => [name, type] as const)));
    if (shapes.length === 0) return [];
    const problems = [
      ...Object.entries(entry.arguments ?? {}).map(([name, predicate]) => {
        const type = types.get(name);
        const known = [...types.keys()].join(", ") || "none";
        return [
          `arguments/${name}`,
          type ? unfit(predicate, type) : `there is no such argument; it has ${known}`,
        ] as const;
      }),
      ...Object.entries(entry.accounts ?? {}).map(
        ([name, predicate]) => [`accounts/${name}`, unfit(predicate, "account")] as const,
      ),
    ];
    return problems.flatMap(([path, reason]): Finding[] =>
      reason === undefined
        ? []
        : [
            {
              severity: "error",
              pointer: `${pointer}/${path}`,
              message: `This never holds: ${reason}.`,
              fix: { description: "Correct the predicate, or remove the entry.", apply: removeEntry(entry) },
            },
          ],
    );
  }),
};

const isOpen = (entry: Entry): boolean =>
  (entry.sessionWalletIs ?? []).length + Object.keys({ ...entry.accounts, ...entry.arguments }).length === 0;

const shadowed: Lint = {
  name: "entry-without-effect",
  find: (document) =>
    document.allow.flatMap((entry, index): Finding[] => {
      const isSame = (other: Entry): boolean =>
        other.program === entry.program && other.instruction === entry.instruction;
      const wider = document.allow.findIndex(
        (other, position) =>
          position !== index && isSame(other) && isOpen(other) && (!isOpen(entry) || position < index),
      );
      if (wider < 0) return [];
      return [
        {
          severity: "warning",
          pointer: `/allow/${index}`,
          message: `/allow/${wider} allows ${entry.instruction} without conditions, so this entry changes nothing.`,
          fix: { description: "Remove this entry, or give the other one conditions.", apply: removeEntry(entry) },
        },
      ];
    }),
};

const MOVES: Readonly<Record<string, string>> = {
  [`${SYSTEM_PROGRAM} transfer`]: "source",
  [`${TOKEN_PROGRAM} transfer`]: "owner",
  [`${TOKEN_PROGRAM} transferChecked`]: "owner",
  [`${TOKEN_2022_PROGRAM} transfer`]: "owner",
  [`${TOKEN_2022_PROGRAM} transferChecked`]: "owner",
};

const unboundTransfer: Lint = {
  name: "transfer-of-anybody",
  find: eachEntry((entry, pointer) => {
    const role = MOVES[`${entry.program} ${entry.instruction}`];
    if (role === undefined || entry.sessionWalletIs?.includes(role) || entry.accounts?.[role]) return [];
    return [
      {
        severity: "warning",
        pointer,
        message: `Transfers of other signers than the signed-in wallet are sponsored as well.`,
        fix: {
          description: `Set "sessionWalletIs": ["${role}"].`,
          apply: replaceEntry(entry, (old) => ({ ...old, sessionWalletIs: [...(old.sessionWalletIs ?? []), role] })),
        },
      },
    ];
  }),
};

const nothingAllowed: Lint = {
  name: "nothing-allowed",
  find: ({ allow, unlistedPrograms }) =>
    allow.length > 0 || unlistedPrograms === true
      ? []
      : [
          {
            severity: "warning",
            pointer: "/allow",
            message: "Nothing is allowed, so every transaction is refused.",
            fix: {
              description: "Allow at least the compute limit, and the instructions of the dapp.",
              apply: set({ allow: [{ program: COMPUTE_BUDGET_PROGRAM, instruction: "setComputeUnitLimit" }] }),
            },
          },
        ],
};

const computeBudgetMissing: Lint = {
  name: "compute-budget-missing",
  find: ({ allow, unlistedPrograms }) => {
    const missing = ["setComputeUnitLimit", "setComputeUnitPrice"].filter(
      (name) => !allow.some(({ program, instruction }) => program === COMPUTE_BUDGET_PROGRAM && instruction === name),
    );
    if (allow.length === 0 || unlistedPrograms === true) return [];
    return missing.map((instruction) => ({
      severity: "warning" as const,
      pointer: "/allow",
      message: `Wallets add ${instruction} by themselves; their users are refused.`,
      fix: {
        description: `Allow ComputeBudget ${instruction}: the bounds of the policy hold for it.`,
        apply: (document: SolanaPolicy) => ({
          ...document,
          allow: [...document.allow, { program: COMPUTE_BUDGET_PROGRAM, instruction }],
        }),
      },
    }));
  },
};

const emptyConditions: Lint = {
  name: "condition-empty",
  find: eachEntry((entry, pointer) => {
    const isEmpty = entry.sessionWalletIs?.length === 0;
    if (!isEmpty) return [];
    return [
      {
        severity: "warning",
        pointer: `${pointer}/sessionWalletIs`,
        message: "An empty list demands nothing.",
        fix: {
          description: "Remove the list, or name a role.",
          apply: replaceEntry(entry, (old) => omit(old, "sessionWalletIs")),
        },
      },
    ];
  }),
};

/** What about the allowlist is a mistake. */
export const allowlistLints: readonly Lint[] = [
  unknownProgram,
  unknownInstruction,
  unknownRole,
  unfitPredicate,
  shadowed,
  unboundTransfer,
  nothingAllowed,
  computeBudgetMissing,
  emptyConditions,
];
