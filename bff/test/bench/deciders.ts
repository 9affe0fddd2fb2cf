import { base64 } from "@scure/base";
import { decodeTransaction } from "../../src/adapters/chains/solana/decode.ts";
import { readTransaction as readSolanaTransaction } from "../../src/adapters/chains/solana/read-transaction.ts";
import type { SolanaPolicy } from "../../src/contract/policy.ts";
import { walletOf } from "../../src/domain/network.ts";
import { compilePolicy } from "../../src/domain/policy/compile.ts";
import { readCalls } from "../../src/domain/policy/call.ts";
import { costOf } from "../../src/domain/policy/cost.ts";
import { evaluateForm, evaluatePolicy } from "../../src/domain/policy/evaluate.ts";
import type { ProjectNetwork } from "../../src/domain/project.ts";
import type { ChainPort } from "../../src/ports.ts";
import { partsOf, readTransaction } from "../../src/services/relays/read-transaction.ts";
import type { Payment } from "./payments.ts";

/** The part of the port that asks nobody: anything else is no function, and fails. */
const OFFLINE_CHAIN = {
  takesGroups: false,
  read: (parts, scene) => readSolanaTransaction(parts, scene, () => Promise.reject(new Error("no node is asked here"))),
} satisfies Partial<ChainPort> as unknown as ChainPort;

function networkOf(policy: SolanaPolicy, sponsor: string): ProjectNetwork {
  return {
    network: "solana:localnet",
    sponsors: [],
    acceptedSponsors: [sponsor],
    sponsorPool: [{ address: sponsor, state: "active" }],
    explorer: null,
    policy: { version: 1, compiled: compilePolicy(policy) },
  };
}

/** What a relay decides before it asks anybody: from base64 to the verdict, signatures included. The refusal's code, or nothing. */
export function createDecision(policy: SolanaPolicy, sponsor: string) {
  const network = networkOf(policy, sponsor);
  return async ({ payer, wire }: Payment): Promise<string | undefined> => {
    const parts = partsOf(OFFLINE_CHAIN, { network: network.network, transaction: wire });
    const read = readTransaction(OFFLINE_CHAIN, network, walletOf(network.network, payer), parts);
    return read.ok ? (await read.value.judge())?.code : read.reason.code;
  };
}

/** The rules alone, on payments that are decoded already: what of a decision could depend on the policy's size. */
export function createRulesWork(policy: SolanaPolicy, sponsor: string, payments: readonly Payment[]): () => void {
  const compiled = compilePolicy(policy);
  const { sponsorPool, acceptedSponsors } = networkOf(policy, sponsor);
  const decoded = payments.map(({ payer, wire }) => {
    const transaction = decodeTransaction(base64.decode(wire));
    if (!transaction.ok) throw new Error(transaction.reason.detail);
    return { transaction: transaction.value, sessionAddress: payer };
  });
  return () => {
    for (const { transaction, sessionAddress } of decoded) {
      const calls = readCalls(transaction, compiled.programs);
      const cost = costOf(transaction, calls);
      const input = { transaction, calls, cost, policy: compiled, sponsorPool, acceptedSponsors, sessionAddress };
      const refusal = evaluateForm(input) ?? evaluatePolicy(input);
      if (refusal) throw new Error(refusal.detail);
    }
  };
}
