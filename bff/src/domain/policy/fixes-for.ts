import type { SolanaPolicy } from "../../contract/policy.ts";
import type { PolicyChange } from "../chain-transaction.ts";
import { allowCall } from "./allow-calls.ts";
import { type Amendment, type Fixer, proposeFor, type Repair, together } from "./amendment.ts";
import { compilePolicy } from "./compile.ts";
import { FORM_RULES, POLICY_RULES } from "./evaluate.ts";
import type { Rule, RuleInput } from "./rule.ts";
import { instructionsAreAllowed } from "./rules/instructions-are-allowed.ts";
import { lookupTablesAreAllowed } from "./rules/lookup-tables-are-allowed.ts";
import { rentIsSponsored } from "./rules/rent-is-sponsored.ts";
import { signersHaveSigned } from "./rules/signers-have-signed.ts";
import { sponsorIsIsolated } from "./rules/sponsor-is-isolated.ts";
import { raiseRent, turnOnRoles } from "./turn-on-roles.ts";

type SolanaFixer = Fixer<RuleInput, SolanaPolicy>;

const allowTables: SolanaFixer = ({ transaction }) => ({
  description: "Allow the lookup tables of this transaction.",
  apply: (document) => {
    const known = Array.isArray(document.lookupTables) ? document.lookupTables : [];
    const tables = transaction.lookupTables.map(({ address }) => address);
    return { ...document, lookupTables: [...new Set([...known, ...tables])] };
  },
});

const allowInstructions: SolanaFixer = (input) => {
  const amendments: Amendment<SolanaPolicy>[] = [];
  // In turn, so that what has been proposed for one call is there for the next.
  let { policy } = input;
  for (const call of input.calls) {
    const [finding] = instructionsAreAllowed.check({ ...input, policy, calls: [call] });
    if (finding?.verdict !== "fail") continue;
    const amendment = allowCall({ ...input, policy }, call);
    if (!amendment) return undefined;
    amendments.push(amendment);
    policy = compilePolicy(amendment.apply(policy.document));
  }
  return together(amendments);
};

/** A bound that is raised to what is seen. */
const raise = (
  what: string,
  read: (cost: RuleInput["cost"]) => bigint,
  set: (limit: bigint) => Partial<SolanaPolicy>,
): SolanaFixer => {
  return ({ cost }) => ({
    description: `Raise the bound of the ${what} to ${read(cost)}.`,
    apply: (document) => ({ ...document, ...set(read(cost)) }),
  });
};

const raiseSignatures = raise(
  "signatures",
  ({ signatures }) => signatures,
  (limit) => ({ maxSignatures: Number(limit) }),
);
const raiseUnits = raise(
  "compute units",
  ({ computeUnits = 0n }) => computeUnits,
  (limit) => ({ maxComputeUnits: Number(limit) }),
);
const raisePrice = raise(
  "compute unit price in micro-lamports",
  ({ computeUnitPrice }) => computeUnitPrice,
  (limit) => ({ maxComputeUnitPrice: limit.toString() }),
);
const raiseFee = raise(
  "fee in lamports",
  ({ fee }) => fee,
  (limit) => ({ maxFee: limit.toString() }),
);
const raiseMaxRent: SolanaFixer = ({ cost }) => ({
  description: `Pay up to ${cost.rent} lamports of rent a transaction.`,
  apply: (document) => raiseRent(document, cost.rent),
});

/** By rule; what is not here, no policy may mend. */
const FIXERS: ReadonlyMap<string, SolanaFixer> = new Map([
  [lookupTablesAreAllowed.name, allowTables],
  [sponsorIsIsolated.name, turnOnRoles],
  // Of the simulation: what it has seen a program do with the sponsor that a role lets it do.
  ["inner-calls-keep-to-roles", turnOnRoles],
  [instructionsAreAllowed.name, allowInstructions],
  ["signatures-within-limit", raiseSignatures],
  ["compute-units-within-limit", raiseUnits],
  ["compute-unit-price-within-limit", raisePrice],
  ["fee-within-limit", raiseFee],
  [rentIsSponsored.name, raiseMaxRent],
]);

/** A role brings its rent along. */
const fixerOf: Repair<RuleInput, SolanaPolicy>["fixerOf"] = (rule, failing) =>
  rule === rentIsSponsored.name && failing.includes(sponsorIsIsolated.name) ? turnOnRoles : FIXERS.get(rule);

/** Somebody still has to sign: that is nothing against the policy. */
const RULES: readonly Rule[] = [...FORM_RULES.filter(({ name }) => name !== signersHaveSigned.name), ...POLICY_RULES];

/** `outcomeRules`: what a simulation has shown, where there was one. */
export const proposeChanges = (input: RuleInput, outcomeRules: readonly Rule[] = []): readonly PolicyChange[] =>
  proposeFor(
    {
      rules: [...RULES, ...outcomeRules],
      fixerOf,
      documentOf: ({ policy }) => policy.document,
      withDocument: (own, document) => ({ ...own, policy: compilePolicy(document) }),
    },
    input,
  );
