import type { Lint } from "../lint.ts";
import { LAMPORTS_PER_SIGNATURE } from "../cost.ts";
import { set } from "./fixes.ts";

/** A hundred times what two signatures cost: more is hardly meant. Lamports. */
const DEAR_FEE = 1_000_000n;

const dearFee: Lint = {
  name: "fee-is-dear",
  find: ({ maxFee }) =>
    BigInt(maxFee) <= DEAR_FEE
      ? []
      : [
          {
            severity: "warning",
            pointer: "/maxFee",
            message: `One transaction may cost ${maxFee} lamports; a plain one costs ${2n * LAMPORTS_PER_SIGNATURE}.`,
            fix: {
              description: `Lower it to ${DEAR_FEE} lamports or less.`,
              apply: set({ maxFee: DEAR_FEE.toString() }),
            },
          },
        ],
};

const feeTooLow: Lint = {
  name: "fee-too-low",
  find: ({ maxFee }) =>
    BigInt(maxFee) >= 2n * LAMPORTS_PER_SIGNATURE
      ? []
      : [
          {
            severity: "error",
            pointer: "/maxFee",
            message: "The sponsor and the wallet both sign, which costs 10000 lamports: every transaction is refused.",
            fix: {
              description: "Raise it to 10000 or more.",
              apply: set({ maxFee: (2n * LAMPORTS_PER_SIGNATURE).toString() }),
            },
          },
        ],
};

const tooFewSignatures: Lint = {
  name: "signatures-too-few",
  find: ({ maxSignatures }) =>
    maxSignatures >= 2
      ? []
      : [
          {
            severity: "error",
            pointer: "/maxSignatures",
            message: "The sponsor and the wallet both sign: every transaction is refused.",
            fix: { description: "Raise it to 2 or more.", apply: set({ maxSignatures: 2 }) },
          },
        ],
};

const anyTable: Lint = {
  name: "any-lookup-table",
  find: ({ lookupTables }) =>
    lookupTables === true
      ? [
          {
            severity: "warning",
            pointer: "/lookupTables",
            message: "Any lookup table is resolved; its accounts are checked only after the simulation.",
            fix: { description: "List the tables of the dapp.", apply: set({ lookupTables: undefined }) },
          },
        ]
      : [],
};

const unlistedOn: Lint = {
  name: "unlisted-programs-run",
  find: ({ unlistedPrograms }) =>
    unlistedPrograms === true
      ? [
          {
            severity: "warning",
            pointer: "/unlistedPrograms",
            message: "Any program runs at the project's cost, where no sponsor key is among its accounts.",
            fix: { description: "List the programs of the dapp.", apply: set({ unlistedPrograms: undefined }) },
          },
        ]
      : [],
};

const assertionsOff: Lint = {
  name: "wallet-assertions-refused",
  find: ({ walletAssertions, allow }) =>
    walletAssertions === undefined && allow.length > 0
      ? [
          {
            severity: "warning",
            pointer: "/walletAssertions",
            message: "Phantom and Solflare add Lighthouse assertions to what their users sign; those are refused.",
            fix: {
              description: "Set `walletAssertions` to true; false says that it is meant.",
              apply: set({ walletAssertions: true }),
            },
          },
        ]
      : [],
};

/** What about the bounds and switches is a mistake, or wide. */
export const boundLints: readonly Lint[] = [dearFee, feeTooLow, tooFewSignatures, anyTable, unlistedOn, assertionsOff];
