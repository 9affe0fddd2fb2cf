import type { SolanaPolicy } from "../../src/contract/policy.ts";
import type { ErrorCode } from "../../src/contract/error-code.ts";
import { LIGHTHOUSE_PROGRAM } from "../../src/domain/policy/programs/known-programs.ts";
import type { Simulation } from "../../src/domain/simulation.ts";
import { littleEndian, type PlainInstruction } from "../support/assemble.ts";
import {
  ASSOCIATED_TOKEN,
  computeLimit,
  computePrice,
  memo,
  MEMO,
  RECENT_BLOCKHASHES,
  SYSTEM,
  TOKEN,
  transferSol,
} from "../support/instructions.ts";
import type { MessagePlan } from "../support/message.ts";
import { type Cast, OTHER_MISUSES, SYSTEM_MISUSES, TOKEN_MISUSES } from "../support/sponsor-misuse.ts";
import { fillerKey } from "./known-calls.ts";

export const SPONSOR = fillerKey(0xa7_0001);
/** Another key of the network's pool. */
export const SPARE = fillerKey(0xa7_0002);
/** The fee payer of a project that is not ours. */
const FOREIGN_SPONSOR = fillerKey(0xa7_0003);
export const WALLET = fillerKey(0xa7_0004);
const TABLE = fillerKey(0xa7_0005);
const FRIEND = fillerKey(0xa7_0006);
const FORWARDER = fillerKey(0xa7_0007);
const HIDDEN = fillerKey(0xa7_0008);
const ACCOUNT = fillerKey(0xa7_0009);
const OTHER_ACCOUNT = fillerKey(0xa7_000a);
const MINT = fillerKey(0xa7_000b);
const ED25519 = "Ed25519SigVerify111111111111111111111111111";

export type Stage = "form" | "policy" | "simulation" | "accounts";

export interface Attack {
  readonly name: string;
  /** The first rule that refuses it. */
  readonly stoppedBy: `${Stage} ${string}`;
  readonly code: ErrorCode;
  /** Instructions behind a memo that the wallet signs. */
  readonly instructions?: readonly PlainInstruction[];
  readonly message?: Partial<MessagePlan>;
  /** Signature slots that hold something, or nothing, where a good client has it otherwise. */
  readonly slots?: Readonly<Record<number, "empty" | "filled">>;
  readonly policy?: Partial<SolanaPolicy>;
  /** What the lookup tables turn out to hold. */
  readonly loaded?: readonly string[];
  readonly simulation?: Partial<Simulation>;
  readonly balanceFloor?: bigint;
}

const cast: Cast = { sponsor: SPONSOR, user: WALLET, account: ACCOUNT, other: OTHER_ACCOUNT, mint: MINT };
const ISOLATED = { stoppedBy: "policy sponsor-is-isolated", code: "policy.fee_payer_misused" } as const;
const forward = (...accounts: NonNullable<PlainInstruction["accounts"]>): PlainInstruction => ({
  program: FORWARDER,
  accounts,
  data: [1],
});
const assertion = (): PlainInstruction => ({ program: LIGHTHOUSE_PROGRAM, accounts: [[WALLET, "r"]], data: [5, 0, 1] });
const createTokenAccount = (data: readonly number[]): PlainInstruction => ({
  program: ASSOCIATED_TOKEN,
  data,
  accounts: [
    [SPONSOR, "ws"],
    [ACCOUNT, "w"],
    [WALLET, "r"],
    [MINT, "r"],
    [SYSTEM, "r"],
    [TOKEN, "r"],
  ],
});
const PAYS_TOKEN_ACCOUNTS = [{ program: ASSOCIATED_TOKEN, role: "payer" }];
const tokens = (owner: string, amount: string) => [{ accountIndex: 2, mint: MINT, owner, amount }];

/** The fee payer as an actor: everything that its signature would move, give away or lock. */
const ACTOR: readonly Attack[] = [
  ...[...SYSTEM_MISUSES, ...TOKEN_MISUSES, ...OTHER_MISUSES].map(({ name, by }): Attack => ({
    name,
    ...ISOLATED,
    instructions: [by(cast)],
  })),
  {
    name: "a token transfer by the sponsor, hidden in a batch",
    ...ISOLATED,
    instructions: [
      {
        program: TOKEN,
        accounts: [
          [ACCOUNT, "w"],
          [OTHER_ACCOUNT, "w"],
          [SPONSOR, "s"],
        ],
        data: [255, 3, 9, 3, ...littleEndian(1, 8)],
      },
    ],
  },
  {
    name: "a Lighthouse assertion about the sponsor",
    ...ISOLATED,
    policy: { walletAssertions: true },
    instructions: [{ ...assertion(), accounts: [[SPONSOR, "r"]] }],
  },
  {
    name: "a program that passes the sponsor's signature on to others",
    ...ISOLATED,
    policy: { unlistedPrograms: true },
    instructions: [forward([SPONSOR, "ws"], [WALLET, "w"])],
  },
  {
    name: "a program that is given another key of the pool",
    ...ISOLATED,
    policy: { unlistedPrograms: true },
    instructions: [forward([SPARE, "w"])],
  },
  {
    name: "a sponsor that another project pays from",
    stoppedBy: "form fee-payer-is-sponsor",
    code: "transaction.wrong_fee_payer",
    message: { feePayer: FOREIGN_SPONSOR },
  },
  {
    name: "the sponsor as a second signer, behind a fee payer of the attacker's",
    stoppedBy: "form fee-payer-is-sponsor",
    code: "transaction.wrong_fee_payer",
    message: { feePayer: WALLET },
    instructions: [transferSol(SPONSOR, WALLET, 1)],
  },
  {
    name: "a signature in the sponsor's place, to be sent on by somebody else",
    stoppedBy: "form sponsor-signs-last",
    code: "transaction.signature_invalid",
    slots: { 0: "filled" },
  },
  {
    name: "a memo that nobody but the sponsor signs",
    stoppedBy: "form wallet-is-signer",
    code: "transaction.signature_missing",
    message: { instructions: [{ program: MEMO, data: [104, 105] }] },
  },
  {
    name: "a transaction of other wallets, posted by a session that takes no part in it",
    stoppedBy: "form wallet-is-signer",
    code: "transaction.signature_missing",
    message: { instructions: [memo([FRIEND], "hello")] },
  },
  {
    name: "a signer whose signature is missing",
    stoppedBy: "form signers-have-signed",
    code: "transaction.signature_missing",
    instructions: [memo([FRIEND], "hello")],
    slots: { 2: "empty" },
  },
  {
    name: "a program that the project does not sponsor",
    stoppedBy: "policy instructions-are-allowed",
    code: "policy.program_not_allowed",
    instructions: [forward([WALLET, "w"])],
  },
  {
    name: "a transfer from a wallet that has not signed in",
    stoppedBy: "policy instructions-are-allowed",
    code: "policy.argument_not_allowed",
    policy: {
      allow: [
        { program: MEMO, instruction: "memo" },
        { program: SYSTEM, instruction: "transfer", sessionWalletIs: ["source"] },
      ],
    },
    instructions: [transferSol(FRIEND, WALLET, 1)],
  },
  {
    name: "a transfer above its bound",
    stoppedBy: "policy instructions-are-allowed",
    code: "policy.value_exceeded",
    policy: {
      allow: [
        { program: MEMO, instruction: "memo" },
        { program: SYSTEM, instruction: "transfer", arguments: { amount: { lte: "1000" } } },
      ],
    },
    instructions: [transferSol(WALLET, FRIEND, 1_001)],
  },
  {
    name: "a transfer with a byte behind it, which the runtime would ignore",
    stoppedBy: "policy instructions-are-allowed",
    code: "policy.instruction_unknown",
    instructions: [{ ...transferSol(WALLET, FRIEND, 1), data: [2, 0, 0, 0, ...littleEndian(1, 8), 0] }],
  },
  {
    name: "a System instruction that only begins like the advance of a nonce",
    stoppedBy: "policy instructions-are-allowed",
    code: "policy.instruction_unknown",
    message: { instructions: [{ program: SYSTEM, accounts: [[WALLET, "s"]], data: [4, 0, 0, 1] }] },
  },
];

/** What it costs. */
const COST: readonly Attack[] = [
  {
    name: "an extreme compute price, on few units",
    stoppedBy: "policy compute-unit-price-within-limit",
    code: "policy.fee_exceeded",
    instructions: [computeLimit(1), computePrice(1_000_001)],
  },
  {
    name: "the largest compute price there is",
    stoppedBy: "policy compute-unit-price-within-limit",
    code: "policy.fee_exceeded",
    instructions: [computePrice(2n ** 64n - 1n)],
  },
  {
    name: "a compute price without a limit",
    stoppedBy: "policy fee-within-limit",
    code: "policy.fee_exceeded",
    instructions: [computePrice(1_000_000)],
  },
  {
    name: "two compute limits, of which the second counts",
    stoppedBy: "policy compute-budget-is-said-once",
    code: "policy.fee_exceeded",
    instructions: [computeLimit(1), computeLimit(2)],
  },
  {
    name: "two compute prices, of which the second counts",
    stoppedBy: "policy compute-budget-is-said-once",
    code: "policy.fee_exceeded",
    instructions: [computePrice(0), computePrice(1)],
  },
  {
    name: "a priority fee in the message of version 1, where no instruction says it",
    stoppedBy: "policy fee-within-limit",
    code: "policy.fee_exceeded",
    message: { version: 1, config: { priorityFee: 1_400_000n } },
  },
  {
    name: "a priority fee in the message of version 1, on few units",
    stoppedBy: "policy compute-unit-price-within-limit",
    code: "policy.fee_exceeded",
    message: { version: 1, config: { priorityFee: 1_000n, computeUnits: 10 } },
  },
  {
    name: "a compute limit in the message of version 1 and another one in an instruction",
    stoppedBy: "policy compute-budget-is-said-once",
    code: "policy.fee_exceeded",
    message: { version: 1, config: { computeUnits: 10 } },
    instructions: [computeLimit(1)],
  },
  {
    name: "a compute limit that only burns units",
    stoppedBy: "policy compute-units-within-limit",
    code: "policy.fee_exceeded",
    policy: { maxComputeUnits: 200_000 },
    instructions: [computeLimit(200_001)],
  },
  {
    name: "many signers, each of whom costs",
    stoppedBy: "policy signatures-within-limit",
    code: "policy.fee_exceeded",
    policy: { maxSignatures: 3 },
    instructions: [memo([FRIEND, ACCOUNT], "all of us")],
  },
  {
    name: "signatures that a precompile counts",
    stoppedBy: "policy signatures-within-limit",
    code: "policy.fee_exceeded",
    policy: { maxSignatures: 3, unlistedPrograms: true },
    instructions: [{ program: ED25519, data: [2] }],
  },
  {
    name: "rent of token accounts, which are closed again",
    stoppedBy: "policy rent-is-sponsored",
    code: "policy.rent_not_sponsored",
    policy: { sponsorRoles: PAYS_TOKEN_ACCOUNTS },
    instructions: [createTokenAccount([0])],
  },
  {
    name: "rent of an account that is there in the simulation, and is not when it lands",
    stoppedBy: "policy rent-is-sponsored",
    code: "policy.rent_not_sponsored",
    policy: { sponsorRoles: PAYS_TOKEN_ACCOUNTS, maxRent: "1000000" },
    instructions: [createTokenAccount([1])],
  },
  {
    name: "three wallet assertions, of which no wallet adds more than two",
    stoppedBy: "policy wallet-assertions-are-few",
    code: "policy.instruction_not_allowed",
    policy: { walletAssertions: true },
    instructions: [assertion(), assertion(), assertion()],
  },
];

const throughTable = (instruction: PlainInstruction): Pick<Attack, "instructions" | "message"> => ({
  instructions: [instruction],
  message: { tables: [{ address: TABLE, entries: [HIDDEN] }] },
});

/** What it hides, and when it lands. */
const HIDING: readonly Attack[] = [
  {
    name: "an account behind a lookup table that nobody named",
    stoppedBy: "form lookup-tables-are-allowed",
    code: "policy.lookup_table_not_allowed",
    ...throughTable(transferSol(WALLET, HIDDEN, 1)),
    loaded: [FRIEND],
  },
  {
    name: "an account behind another table than those that are named",
    stoppedBy: "form lookup-tables-are-allowed",
    code: "policy.lookup_table_not_allowed",
    policy: { lookupTables: [FRIEND] },
    ...throughTable(transferSol(WALLET, HIDDEN, 1)),
    loaded: [FRIEND],
  },
  {
    name: "another key of the pool behind a lookup table",
    stoppedBy: "accounts sponsor-is-isolated",
    code: "policy.fee_payer_misused",
    policy: { lookupTables: true },
    ...throughTable(transferSol(WALLET, HIDDEN, 1)),
    loaded: [SPARE],
  },
  {
    name: "the sponsor behind a lookup table, where a switch lets it stand in the open",
    stoppedBy: "accounts sponsor-is-isolated",
    code: "policy.fee_payer_misused",
    policy: { lookupTables: true, sponsorRoles: [{ program: SYSTEM, role: "recipient" }] },
    ...throughTable(transferSol(WALLET, HIDDEN, 1)),
    loaded: [SPONSOR],
  },
  {
    name: "another receiver behind a lookup table than the policy allows",
    stoppedBy: "accounts instructions-are-allowed",
    code: "policy.argument_not_allowed",
    policy: {
      lookupTables: true,
      allow: [
        { program: MEMO, instruction: "memo" },
        { program: SYSTEM, instruction: "transfer", accounts: { destination: { eq: FRIEND } } },
      ],
    },
    ...throughTable(transferSol(WALLET, HIDDEN, 1)),
    loaded: [OTHER_ACCOUNT],
  },
  {
    name: "a durable nonce, with which a sponsored transaction could be kept for ever",
    stoppedBy: "policy no-durable-nonce",
    code: "policy.durable_nonce_not_allowed",
    message: {
      instructions: [
        {
          program: SYSTEM,
          accounts: [
            [ACCOUNT, "w"],
            [RECENT_BLOCKHASHES, "r"],
            [WALLET, "s"],
          ],
          data: [4, 0, 0, 0],
        },
      ],
    },
  },
];

const failed = (error: unknown): Partial<Simulation> => ({ error });
const inner = (...calls: readonly unknown[]): Partial<Simulation> => ({ innerCalls: [{ instruction: 1, calls }] });
const FORWARDS = {
  policy: { unlistedPrograms: true },
  instructions: [forward([WALLET, "w"])],
} satisfies Partial<Attack>;

/** What only running it shows. */
const OUTCOME: readonly Attack[] = [
  {
    name: "a transaction that fails for certain, for its fee",
    stoppedBy: "simulation simulation-succeeds",
    code: "transaction.simulation_failed",
    simulation: failed({ InstructionError: [1, { Custom: 1 }] }),
  },
  {
    name: "an expired blockhash, or one of another cluster",
    stoppedBy: "simulation simulation-succeeds",
    code: "transaction.expired",
    simulation: failed("BlockhashNotFound"),
  },
  {
    name: "a transaction that has landed already",
    stoppedBy: "simulation simulation-succeeds",
    code: "transaction.already_relayed",
    simulation: failed("AlreadyProcessed"),
  },
  {
    name: "a program that takes the sponsor's lamports",
    stoppedBy: "simulation sponsor-loses-no-more-than-quoted",
    code: "policy.fee_payer_misused",
    ...FORWARDS,
    simulation: { feePayerAfter: 1_000_000_000n - 10_001n },
  },
  {
    name: "a program that makes itself the sponsor's owner",
    stoppedBy: "simulation sponsor-stays-a-wallet",
    code: "policy.fee_payer_misused",
    ...FORWARDS,
    simulation: { feePayerOwner: FORWARDER },
  },
  {
    name: "a program that allocates data in the sponsor, so that it can pay no more",
    stoppedBy: "simulation sponsor-stays-a-wallet",
    code: "policy.fee_payer_misused",
    ...FORWARDS,
    simulation: { feePayerDataLength: 1 },
  },
  {
    name: "a program that moves the sponsor's tokens",
    stoppedBy: "simulation sponsor-keeps-its-tokens",
    code: "policy.fee_payer_misused",
    ...FORWARDS,
    simulation: { tokenBalancesBefore: tokens(SPONSOR, "5"), tokenBalancesAfter: tokens(SPONSOR, "4") },
  },
  {
    name: "a program that gives a token account of another pool key to somebody else",
    stoppedBy: "simulation sponsor-keeps-its-tokens",
    code: "policy.fee_payer_misused",
    ...FORWARDS,
    simulation: { tokenBalancesBefore: tokens(SPARE, "5"), tokenBalancesAfter: tokens(WALLET, "5") },
  },
  {
    name: "a program that approves a delegate for the sponsor by a call of its own",
    stoppedBy: "simulation inner-calls-keep-to-roles",
    code: "policy.fee_payer_misused",
    ...FORWARDS,
    simulation: inner({ programId: TOKEN, accounts: [ACCOUNT, WALLET, SPONSOR], data: "3DdGGhkhJbjm" }),
  },
  {
    name: "a call that nobody can read, and that names the sponsor",
    stoppedBy: "simulation inner-calls-keep-to-roles",
    code: "policy.fee_payer_misused",
    ...FORWARDS,
    simulation: inner({ programId: FORWARDER, parsed: { type: "unheardOf", info: { deep: [{ of: SPONSOR }] } } }),
  },
  {
    name: "draining the sponsor below what it has to keep",
    stoppedBy: "simulation sponsor-keeps-its-floor",
    code: "sponsor.underfunded",
    balanceFloor: 1_000_000_000n,
  },
];

/** The attack list of the design, as far as bytes and one simulation can tell. */
export const ATTACKS: readonly Attack[] = [...ACTOR, ...COST, ...HIDING, ...OUTCOME];

/** A policy that is open in everything that an attack is not about. */
export const OPEN_BOUNDS = {
  maxSignatures: 12,
  maxFee: "100000",
  maxComputeUnits: 1_400_000,
  maxComputeUnitPrice: "1000000",
} as const;
