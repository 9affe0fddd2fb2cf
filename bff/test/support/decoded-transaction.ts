import type { DecodedTransaction } from "../../src/domain/policy/decoded-transaction.ts";
import type { RuleInput } from "../../src/domain/policy/rule.ts";
import { costOf } from "../../src/domain/policy/cost.ts";

/** Stand-ins for addresses: pure rules only compare them. */
export const SPONSOR = "sponsor";
export const OTHER_SPONSOR = "other sponsor";
export const USER = "user";

export interface InstructionSketch {
  readonly program: string;
  readonly accounts?: readonly string[];
  readonly data?: readonly number[] | Uint8Array;
}

export interface TransactionSketch {
  readonly feePayer?: string;
  /** Every required signer behind the fee payer. */
  readonly signers?: readonly string[];
  readonly instructions: readonly InstructionSketch[];
  readonly changes?: Partial<DecodedTransaction>;
}

/** A decoded transaction that names its accounts; everybody but the fee payer has signed. */
export function sketchTransaction({
  feePayer = SPONSOR,
  signers = [USER],
  instructions,
  changes,
}: TransactionSketch): DecodedTransaction {
  const named = instructions.flatMap(({ program, accounts = [] }) => [...accounts, program]);
  const accounts = [...new Set([feePayer, ...signers, ...named])];
  return {
    version: 0,
    signatures: [new Uint8Array(64), ...signers.map(() => new Uint8Array(64).fill(7))],
    message: new Uint8Array(),
    requiredSignatures: signers.length + 1,
    accounts,
    blockhash: "blockhash",
    instructions: instructions.map(({ program, accounts: names = [], data = [] }) => ({
      programIndex: accounts.indexOf(program),
      accountIndexes: names.map((name) => accounts.indexOf(name)),
      data: Uint8Array.from(data),
    })),
    lookupTables: [],
    ...changes,
  };
}

const OPEN_POLICY: RuleInput["policy"] = {
  allow: [],
  maxSignatures: 12,
  maxFee: "1000000000000",
  maxComputeUnits: 1_400_000,
  maxComputeUnitPrice: "18446744073709551615",
};

/** What a rule is given for such a transaction; the policy has wide bounds and allows nothing until told. */
export function ruleInput(sketch: TransactionSketch, policy: Partial<RuleInput["policy"]> = {}): RuleInput {
  const transaction = sketchTransaction(sketch);
  return {
    transaction,
    cost: costOf(transaction),
    policy: { ...OPEN_POLICY, ...policy },
    sponsorPool: [
      { address: SPONSOR, state: "active" },
      { address: OTHER_SPONSOR, state: "retired" },
    ],
    acceptedSponsors: [SPONSOR],
    sessionAddress: USER,
  };
}
