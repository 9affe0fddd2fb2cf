import type { AlgorandPolicy } from "../../../../../contract/algorand-policy.ts";
import { MINIMUM_BALANCE } from "../../group/granted-items.ts";
import { type AlgorandFinding, type AlgorandLint, removeEntry, set } from "./lint-entries.ts";

/** The least fee of a transaction when a network is not congested, in microalgos. Source: go-algorand, MinTxnFee. */
const MIN_FEE = 1_000n;
/** The sponsor's transaction, and one of the user's. */
const LEAST_GROUP_FEE = 2n * MIN_FEE;
/** A full group that makes as many inner transactions as it can. */
const DEAREST_GROUP_FEE = (16n + 256n) * MIN_FEE;

const feeTooLow: AlgorandLint = {
  name: "fee-too-low",
  find: ({ maxFee }) =>
    BigInt(maxFee) >= LEAST_GROUP_FEE
      ? []
      : [
          {
            severity: "error",
            pointer: "/maxFee",
            message: `A group of two transactions costs ${LEAST_GROUP_FEE} microalgos: every one is refused.`,
            fix: {
              description: `Raise it to ${LEAST_GROUP_FEE} or more.`,
              apply: set({ maxFee: LEAST_GROUP_FEE.toString() }),
            },
          },
        ],
};

const dearFee: AlgorandLint = {
  name: "fee-is-dear",
  find: ({ maxFee }) =>
    BigInt(maxFee) <= DEAREST_GROUP_FEE
      ? []
      : [
          {
            severity: "warning",
            pointer: "/maxFee",
            message: `One group may cost ${maxFee} microalgos; no group costs more than ${DEAREST_GROUP_FEE} while the network is not congested.`,
            fix: {
              description: `Lower it to ${DEAREST_GROUP_FEE} or less.`,
              apply: set({ maxFee: DEAREST_GROUP_FEE.toString() }),
            },
          },
        ],
};

const hasOptIn = ({ allow }: AlgorandPolicy): boolean =>
  allow.some(({ transaction }) => transaction === "asset-opt-in");
const paysRent = ({ minimumBalance, maxRent = "0" }: AlgorandPolicy): boolean =>
  minimumBalance !== undefined && BigInt(maxRent) > 0n;

/** A finding about what is given that is mended by giving nothing. */
function givingNothing(
  severity: AlgorandFinding["severity"],
  pointer: string,
  message: string,
  description: string,
): readonly AlgorandFinding[] {
  return [
    { severity, pointer, message, fix: { description, apply: set({ minimumBalance: undefined, maxRent: undefined }) } },
  ];
}

const grantWithoutRent: AlgorandLint = {
  name: "minimum-balance-without-rent",
  find: (document) =>
    document.minimumBalance && !paysRent(document)
      ? givingNothing(
          "warning",
          "/minimumBalance",
          "The sponsor may give the minimum balance, but `maxRent` is not set: nothing is given.",
          "Set `maxRent`, or take `minimumBalance` away.",
        )
      : [],
};

const rentWithoutGrant: AlgorandLint = {
  name: "rent-without-minimum-balance",
  find: ({ minimumBalance, maxRent }) =>
    maxRent !== undefined && !minimumBalance
      ? givingNothing(
          "warning",
          "/maxRent",
          "The sponsor may pay rent, but `minimumBalance` does not say for what: nothing is given.",
          "Say in `minimumBalance` what is given, or take `maxRent` away.",
        )
      : [],
};

const grantWithoutOptIn: AlgorandLint = {
  name: "minimum-balance-without-opt-in",
  find: (document) =>
    document.minimumBalance && !hasOptIn(document)
      ? givingNothing(
          "warning",
          "/minimumBalance",
          "The minimum balance is given with an opt-in, and none is allowed: nothing is given.",
          "Allow asset-opt-in, or take `minimumBalance` away.",
        )
      : [],
};

const rentWithoutBudget: AlgorandLint = {
  name: "rent-without-budget",
  find: (document, { hasRentBudget }) =>
    paysRent(document) && !hasRentBudget
      ? givingNothing(
          "error",
          "/maxRent",
          "The minimum balance is given and no budget bounds it: whoever makes wallets takes all of it.",
          "Give the project a budget of rent, or give nothing.",
        )
      : [],
};

const anyAsset: AlgorandLint = {
  name: "any-asset-is-paid-for",
  find: (document) =>
    document.minimumBalance?.assets === true
      ? givingNothing(
          "warning",
          "/minimumBalance/assets",
          "Anybody can make assets, and a user is given the minimum balance of each: as often as they like.",
          "List the assets of the dapp, or give nothing.",
        )
      : [],
};

const rentTooLow: AlgorandLint = {
  name: "rent-too-low",
  find: (document) => {
    const { maxRent = "0", minimumBalance } = document;
    const needed = minimumBalance?.account === true ? 2n * MINIMUM_BALANCE : MINIMUM_BALANCE;
    if (!paysRent(document) || BigInt(maxRent) >= needed) return [];
    return [
      {
        severity: "warning",
        pointer: "/maxRent",
        message: `A user who has nothing lacks ${needed} microalgos for an opt-in: such users are refused.`,
        fix: { description: `Raise it to ${needed} or more.`, apply: set({ maxRent: needed.toString() }) },
      },
    ];
  },
};

const farm: AlgorandLint = {
  name: "rent-can-be-taken-out",
  find: (document) =>
    document.allow.flatMap((entry, index): AlgorandFinding[] => {
      if (!paysRent(document) || entry.transaction !== "asset-opt-out") return [];
      return [
        {
          severity: "warning",
          pointer: `/allow/${index}`,
          message: "Users can opt out again at the project's cost and keep what they were given for the opt-in.",
          fix: { description: "Do not sponsor asset-opt-out.", apply: removeEntry(entry) },
        },
      ];
    }),
};

/** What about the bounds, and what the sponsor gives, is a mistake, or wide. */
export const boundLints: readonly AlgorandLint[] = [
  feeTooLow,
  dearFee,
  grantWithoutRent,
  rentWithoutGrant,
  grantWithoutOptIn,
  rentWithoutBudget,
  anyAsset,
  rentTooLow,
  farm,
];
