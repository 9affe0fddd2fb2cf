import { base58 } from "@scure/base";
import type {
  Explainable,
  ReadTransaction,
  SimulatedTransaction,
  SponsoredTransaction,
  TransactionScene,
} from "../../../domain/chain-transaction.ts";
import { keysInData, readCalls } from "../../../domain/policy/call.ts";
import type { CompiledPolicy } from "../../../domain/policy/compile.ts";
import { costOf } from "../../../domain/policy/cost.ts";
import { describeCalls } from "../../../domain/policy/describe-calls.ts";
import { type DecodedTransaction, resolveTables } from "../../../domain/policy/decoded-transaction.ts";
import {
  ACCOUNT_RULES,
  evaluateAccounts,
  evaluateForm,
  evaluatePolicy,
  FORM_RULES,
  POLICY_RULES,
} from "../../../domain/policy/evaluate.ts";
import { proposeChanges } from "../../../domain/policy/fixes-for.ts";
import type { Rule, RuleInput } from "../../../domain/policy/rule.ts";
import { isSignedByUser, signersHaveSigned } from "../../../domain/policy/rules/signers-have-signed.ts";
import { failRule, skipRules, traceRules, type TraceEntry } from "../../../domain/policy/trace.ts";
import type { FamilyPolicy } from "../../../domain/project.ts";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { failure, type Result, success } from "../../../domain/result.ts";
import {
  innerCallsKeepToRoles,
  judgeSimulation,
  type Simulation,
  SIMULATION_RULES,
} from "../../../domain/simulation.ts";
import { attachFeePayerSignature, decodeTransaction } from "./decode.ts";
import { verifyEd25519 } from "../ed25519.ts";

/** Blocks for which a blockhash can be used. Source: Agave, MAX_PROCESSING_AGE. */
const BLOCKHASH_LIFE = 150n;
const UNREAD = "The transaction cannot be read, so nothing more is known of it.";

const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)];
const isSolana = (policy: FamilyPolicy): policy is CompiledPolicy => policy.family === "solana";

export type Simulate = (transaction: DecodedTransaction) => Promise<Result<Simulation, Refusal>>;

function inputOf(
  transaction: DecodedTransaction,
  scene: Pick<RuleInput, "policy" | "sponsorPool" | "acceptedSponsors" | "sessionAddress">,
): RuleInput {
  const { policy, sponsorPool, acceptedSponsors, sessionAddress } = scene;
  const calls = readCalls(transaction, policy.programs);
  return {
    transaction,
    calls,
    cost: costOf(transaction, calls),
    policy,
    sponsorPool,
    acceptedSponsors,
    sessionAddress,
  };
}

/** Signatures that are there and do not fit; those that are missing are another rule's. */
async function findForgery({ signatures, accounts, message }: DecodedTransaction): Promise<Refusal | undefined> {
  const verdicts = await Promise.all(
    signatures.map(async (signature, index) => {
      const isOurs = index === 0 || signature.every((byte) => byte === 0);
      return isOurs || verifyEd25519(base58.decode(accounts[index] ?? ""), message, signature);
    }),
  );
  return verdicts.every(Boolean)
    ? undefined
    : refuse("transaction.signature_invalid", "A signature does not fit the transaction and its signer.");
}

/** A transaction that nobody has signed yet can be asked about as well. */
async function traceForm(input: RuleInput): Promise<readonly TraceEntry[]> {
  const form = traceRules(FORM_RULES, input).map((entry): TraceEntry => {
    const isUnsigned = entry.rule === signersHaveSigned.name && entry.verdict === "fail";
    return isUnsigned ? { rule: entry.rule, verdict: "skip", hint: "Somebody still has to sign." } : entry;
  });
  const forgery = await findForgery(input.transaction);
  const rule = "signatures-are-valid";
  const hint = "Sign the exact bytes of this message; a changed transaction needs new signatures.";
  return [...form, forgery ? failRule(rule, forgery, hint) : { rule, verdict: "pass" }];
}

function traceUnsimulated(why: string | Refusal): readonly TraceEntry[] {
  if (typeof why === "string") return skipRules(SIMULATION_RULES, why);
  const [succeeds] = SIMULATION_RULES;
  return succeeds ? [failRule(succeeds.name, why, "The node cannot read it: encode it again.")] : [];
}

const explainable = (input: RuleInput, outcomeRules: readonly Rule[] = []): Explainable => ({
  describe: () => describeCalls(input.calls),
  proposeChanges: () => proposeChanges(input, outcomeRules),
});

/**
 * The transaction as a simulation shows it: with the accounts of its lookup tables, and with those among its keys who own
 * the tokens that it moves, so that a denied wallet cannot hide behind its token account.
 */
function createSimulated(input: RuleInput, known: readonly string[], simulation: Simulation): SimulatedTransaction {
  const { loaded, tokenBalancesBefore, tokenBalancesAfter, error } = simulation;
  const owners = [...tokenBalancesBefore, ...tokenBalancesAfter].map(({ owner }) => owner);
  const hasTables = input.transaction.lookupTables.length > 0;
  // What programs do by themselves depends on the policy as well; what the sponsor must keep plays no part in it.
  const innerCalls: Rule = {
    name: innerCallsKeepToRoles.name,
    check: (own) => innerCallsKeepToRoles.check({ ...own, simulation, balanceFloor: 0n }),
  };
  const resolved = hasTables ? { ...input, ...inputOf(resolveTables(input.transaction, loaded), input) } : input;
  return {
    keys: unique([...known, ...loaded, ...owners]),
    lifetimeEnd: simulation.blockHeight + BLOCKHASH_LIFE,
    judge: (balanceFloor) =>
      judgeSimulation({ ...resolved, simulation, balanceFloor }) ??
      (hasTables && error === null ? evaluateAccounts(resolved) : undefined),
    ...explainable(resolved, error === null ? [innerCalls] : []),
    trace(balanceFloor) {
      const [succeeds, ...others] = SIMULATION_RULES;
      const outcome = { ...resolved, simulation, balanceFloor };
      if (!succeeds) return [];
      const first = traceRules([succeeds], outcome);
      if (error !== null) return [...first, ...skipRules(others, "The simulation failed before it could tell.")];
      // With its tables resolved, the accounts have to fit once more.
      return [...first, ...traceRules(others, outcome), ...(hasTables ? traceRules(ACCOUNT_RULES, resolved) : [])];
    },
  };
}

function attachSignature(transaction: DecodedTransaction, signature: Uint8Array): SponsoredTransaction {
  const wire = attachFeePayerSignature(transaction, signature);
  return { wire, transactionId: base58.encode(signature), group: null };
}

function createRead(input: RuleInput, wire: Uint8Array, simulate: Simulate): ReadTransaction {
  const { transaction, cost, sessionAddress } = input;
  const { accounts, lookupTables, message } = transaction;
  // The session's wallet too, which a linked one may sign for: who is denied is denied behind it as well.
  const tables = lookupTables.map(({ address }) => address);
  const keys = unique([sessionAddress, ...accounts, ...tables, ...keysInData(input.calls)]);
  return {
    wire,
    identity: message,
    sponsor: accounts[0] ?? "",
    signers: accounts.slice(1, transaction.requiredSignatures),
    cost,
    keys,
    allotments: [],
    isSignedByUser: isSignedByUser(input),
    withLinkedWallets: (linkedAddresses) => createRead({ ...input, linkedAddresses }, wire, simulate),
    judge: async () => evaluateForm(input) ?? (await findForgery(transaction)) ?? evaluatePolicy(input),
    judgeByRules: () => evaluateForm(input) ?? evaluatePolicy(input),
    trace: async () => ({ form: await traceForm(input), policy: traceRules(POLICY_RULES, input) }),
    async simulate() {
      const simulated = await simulate(transaction);
      return simulated.ok ? success(createSimulated(input, keys, simulated.value)) : simulated;
    },
    traceUnsimulated,
    ...explainable(input),
    sponsorMessage: message,
    attachSignature: (signature) => attachSignature(transaction, signature),
  };
}

/** Refusals: transaction.malformed, .too_large, .version_unsupported */
export function readTransaction(
  parts: readonly Uint8Array[],
  { policy, ...scene }: TransactionScene,
  simulate: Simulate,
): Result<ReadTransaction, Refusal> {
  if (!isSolana(policy))
    return failure(refuse("policy.not_published", "This project sponsors nothing on this network."));
  const [wire = new Uint8Array(), ...others] = parts;
  if (others.length > 0) return failure(refuse("transaction.malformed", "One transaction is sponsored at a time."));
  const decoded = decodeTransaction(wire);
  return decoded.ok ? success(createRead(inputOf(decoded.value, { ...scene, policy }), wire, simulate)) : decoded;
}

export function traceUnread(refusal: Refusal): readonly TraceEntry[] {
  return [
    failRule("transaction-is-readable", refusal, "Send the canonical wire bytes of the transaction in base64."),
    ...skipRules([...FORM_RULES, ...POLICY_RULES], UNREAD),
    ...skipRules(SIMULATION_RULES, UNREAD),
  ];
}
