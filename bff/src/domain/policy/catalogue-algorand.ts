import type { AlgorandPolicy } from "../../contract/algorand-policy.ts";
import type { PolicyCatalogue } from "../../contract/manage/policies.ts";
import { ALGORAND_TEMPLATES } from "./templates-algorand.ts";

type Kind = AlgorandPolicy["allow"][number]["transaction"];

const EVERY = { sender: "address", note: "bytes", rekeyTo: "option<address>" };
const TRANSFER = { ...EVERY, receiver: "address", amount: "uint64" };

/** What a call says beside its method: read by the method's types. */
const CALL_ARGUMENTS = Object.fromEntries(
  Array.from({ length: 16 }, (_, place) => [`argument${place}`, place === 0 ? "selector" : "by the method"]),
);

/** The kinds of transaction, each with what conditions can be about, and how the values are written. */
const KINDS: Readonly<Record<Kind, readonly [name: string, values: Readonly<Record<string, string>>]>> = {
  payment: ["Payment", { ...TRANSFER, closeRemainderTo: "option<address>" }],
  "asset-transfer": ["Asset transfer", { ...TRANSFER, asset: "uint64", closeTo: "option<address>" }],
  "asset-opt-in": ["Asset opt-in", { ...EVERY, asset: "uint64" }],
  "asset-opt-out": ["Asset opt-out", { ...EVERY, receiver: "address", asset: "uint64", closeTo: "option<address>" }],
  "application-call": ["Application call", { ...EVERY, ...CALL_ARGUMENTS }],
};

/** What the editor of Algorand policies can offer: the kinds stand where programs and instructions stand elsewhere. */
export const ALGORAND_CATALOGUE: PolicyCatalogue = {
  programs: Object.entries(KINDS).map(([kind, [name, values]]) => ({
    address: kind,
    name,
    instructions: [
      {
        name: kind,
        arguments: Object.entries(values).map(([argument, type]) => ({ name: argument, type })),
        accounts: [],
        sponsorRoles: [],
      },
    ],
  })),
  templates: [...ALGORAND_TEMPLATES],
};
