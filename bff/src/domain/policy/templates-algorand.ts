import type { AlgorandPolicy } from "../../contract/algorand-policy.ts";
import type { PolicyCatalogue } from "../../contract/manage/policies.ts";

type Template = PolicyCatalogue["templates"][number] & { readonly document: AlgorandPolicy };

/** Stands for the dapp's own numbers until its author puts them in. */
const ASSET = "1001";
const APPLICATION = "1002";

/** Where a new Algorand policy can begin. The linter finds nothing in any of them. */
export const ALGORAND_TEMPLATES: readonly Template[] = [
  {
    id: "payments",
    name: "Small payments",
    description: "Payments of the signed-in wallet up to one Algo, in groups of at most two.",
    document: {
      allow: [{ transaction: "payment", arguments: { amount: { lte: "1000000" } } }],
      maxFee: "3000",
      maxTransactions: 2,
    },
  },
  {
    id: "asset-transfers",
    name: "Transfers of one asset",
    description: "Transfers of your asset by the signed-in wallet. Put in its number.",
    document: {
      allow: [{ transaction: "asset-transfer", arguments: { asset: { eq: ASSET } } }],
      maxFee: "4000",
      maxTransactions: 3,
    },
  },
  {
    id: "asset-opt-in",
    name: "Opt-in with its minimum balance",
    description:
      "Users without an Algo opt in to your asset and use it: the sponsor gives each the minimum balance once. Needs a budget of rent. Put in the asset's number.",
    document: {
      allow: [
        { transaction: "asset-opt-in", arguments: { asset: { eq: ASSET } } },
        { transaction: "asset-transfer", arguments: { asset: { eq: ASSET } } },
      ],
      maxFee: "5000",
      maxTransactions: 4,
      minimumBalance: { account: true, assets: [ASSET] },
      maxRent: "200000",
    },
  },
  {
    id: "application-calls",
    name: "Calls of your application",
    description: "The methods of your application that are named. Put in its number and their ARC-4 signatures.",
    document: {
      allow: [
        {
          transaction: "application-call",
          application: APPLICATION,
          methods: ["add(uint64,uint64)uint64", "say(string)void"],
        },
      ],
      maxFee: "6000",
      maxTransactions: 4,
    },
  },
  {
    id: "application-join",
    name: "Join an application and use it",
    description: "Opts the user in to your application, calls its methods, and leaves it again.",
    document: {
      allow: [
        {
          transaction: "application-call",
          application: APPLICATION,
          bare: true,
          onComplete: ["opt-in", "close-out"],
        },
        { transaction: "application-call", application: APPLICATION, methods: ["play(uint64)void"] },
      ],
      maxFee: "6000",
      maxTransactions: 4,
    },
  },
];
