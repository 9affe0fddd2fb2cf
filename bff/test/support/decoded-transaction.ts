import type { SolanaPolicy } from "../../src/contract/policy.ts";
import { readCalls } from "../../src/domain/policy/call.ts";
import { compilePolicy } from "../../src/domain/policy/compile.ts";
import { costOf } from "../../src/domain/policy/cost.ts";
import type { DecodedTransaction } from "../../src/domain/policy/decoded-transaction.ts";
import { TOKEN_PROGRAM } from "../../src/domain/policy/programs/known-programs.ts";
import type { RuleInput } from "../../src/domain/policy/rule.ts";
import { type KnownInstruction, sampleData } from "../matrix/known-calls.ts";

/** Stand-ins for addresses: pure rules only compare them. */
export const SPONSOR = "sponsor";
export const OTHER_SPONSOR = "other sponsor";
export const USER = "user";

export interface InstructionSketch {
  readonly program: string;
  readonly accounts?: readonly string[];
  readonly data?: readonly number[] | Uint8Array;
}

/** An instruction of the tables with ordinary arguments; its accounts are called as their roles unless told otherwise. */
export function sketchKnown(
  { program, shape }: KnownInstruction,
  accountIn: (role: string) => string = (role) => role,
): InstructionSketch {
  const accounts = shape.accounts.map((role) => {
    const account = accountIn(role);
    return account === "tokenProgram" ? TOKEN_PROGRAM : account;
  });
  return { program: program.address, accounts, data: sampleData(shape) };
}

export interface TransactionSketch {
  readonly feePayer?: string;
  /** Every required signer behind the fee payer. */
  readonly signers?: readonly string[];
  readonly instructions: readonly InstructionSketch[];
  /** Accounts that a lookup table adds: they have their indexes behind all others, and are not resolved. */
  readonly loaded?: readonly string[];
  readonly changes?: Partial<DecodedTransaction>;
}

/** A decoded transaction that names its accounts; everybody but the fee payer has signed. */
export function sketchTransaction({
  feePayer = SPONSOR,
  signers = [USER],
  instructions,
  loaded = [],
  changes,
}: TransactionSketch): DecodedTransaction {
  const named = instructions.flatMap(({ program, accounts = [] }) => [...accounts, program]);
  const accounts = [...new Set([feePayer, ...signers, ...named])].filter((name) => !loaded.includes(name));
  const places = [...accounts, ...loaded];
  return {
    version: 0,
    signatures: [new Uint8Array(64), ...signers.map(() => new Uint8Array(64).fill(7))],
    message: new Uint8Array(),
    requiredSignatures: signers.length + 1,
    accounts,
    blockhash: "blockhash",
    instructions: instructions.map(({ program, accounts: names = [], data = [] }) => ({
      programIndex: places.indexOf(program),
      accountIndexes: names.map((name) => places.indexOf(name)),
      data: Uint8Array.from(data),
    })),
    lookupTables: loaded.length > 0 ? [{ address: "table", writable: loaded.length, readonly: 0 }] : [],
    ...changes,
  };
}

const OPEN_POLICY: SolanaPolicy = {
  allow: [],
  maxSignatures: 12,
  maxFee: "1000000000000",
  maxComputeUnits: 1_400_000,
  maxComputeUnitPrice: "18446744073709551615",
};

/** What a rule is given for such a transaction; the policy has wide bounds and allows nothing until told. */
export function ruleInput(sketch: TransactionSketch, document: Partial<SolanaPolicy> = {}): RuleInput {
  const transaction = sketchTransaction(sketch);
  const policy = compilePolicy({ ...OPEN_POLICY, ...document });
  const calls = readCalls(transaction, policy.programs);
  return {
    transaction,
    calls,
    cost: costOf(transaction, calls),
    policy,
    sponsorPool: [
      { address: SPONSOR, state: "active" },
      { address: OTHER_SPONSOR, state: "retired" },
    ],
    acceptedSponsors: [SPONSOR],
    sessionAddress: USER,
  };
}
