import type { ReadTransaction, SimulatedTransaction, TransactionScene } from "../../src/domain/chain-transaction.ts";
import { readCalls } from "../../src/domain/policy/call.ts";
import type { CompiledPolicy } from "../../src/domain/policy/compile.ts";
import { costOf } from "../../src/domain/policy/cost.ts";
import { evaluateForm, evaluatePolicy } from "../../src/domain/policy/evaluate.ts";
import type { RuleInput } from "../../src/domain/policy/rule.ts";
import { isSignedByUser } from "../../src/domain/policy/rules/signers-have-signed.ts";
import { success } from "../../src/domain/result.ts";
import { judgeSimulation, type Simulation } from "../../src/domain/simulation.ts";
import { attachSignature, decodeWire, giftsOf, LIFE_BLOCKS, readMessage, transactionIdOf } from "./transactions.ts";

/** What is asked of the world about a transaction: each a moment at which another process may come before it. */
interface World {
  readonly verifySignature: () => Promise<boolean>;
  readonly simulate: (message: Uint8Array) => Promise<Simulation>;
}

function notAsked(): never {
  throw new Error("a relay's life asked for an explanation");
}

function toSimulated(input: RuleInput, keys: readonly string[], simulation: Simulation): SimulatedTransaction {
  return {
    keys,
    lifetimeEnd: simulation.blockHeight + BigInt(LIFE_BLOCKS),
    judge: (balanceFloor) => judgeSimulation({ ...input, simulation, balanceFloor }),
    trace: notAsked,
    describe: notAsked,
    proposeChanges: notAsked,
  };
}

/** The real rules, over a transaction of the model: in the order in which the adapter asks them. */
export function readModelTransaction(
  wire: Uint8Array,
  { policy, ...scene }: TransactionScene,
  { verifySignature, simulate }: World,
): ReadTransaction {
  const transaction = decodeWire(wire);
  const { message, accounts } = transaction;
  // The model's networks have no policies of another family.
  const compiled = policy as CompiledPolicy;
  const calls = readCalls(transaction, compiled.programs);
  const input: RuleInput = { ...scene, transaction, calls, cost: costOf(transaction, calls), policy: compiled };
  const keys = [...new Set([scene.sessionAddress, ...accounts])];
  const read: ReadTransaction = {
    wire,
    identity: message,
    sponsor: accounts[0] ?? "",
    signers: accounts.slice(1, transaction.requiredSignatures),
    cost: input.cost,
    keys,
    allotments: giftsOf(readMessage(message)),
    isSignedByUser: isSignedByUser(input),
    withLinkedWallets: () => read,
    async judge() {
      const form = evaluateForm(input);
      if (form) return form;
      await verifySignature();
      return evaluatePolicy(input);
    },
    judgeByRules: notAsked,
    trace: notAsked,
    describe: notAsked,
    proposeChanges: notAsked,
    simulate: async () => success(toSimulated(input, keys, await simulate(message))),
    traceUnsimulated: notAsked,
    sponsorMessage: message,
    attachSignature: (signature) => ({
      wire: attachSignature(message, signature),
      transactionId: transactionIdOf(message),
      group: null,
    }),
  };
  return read;
}
