import { base64 } from "@scure/base";
import * as z from "zod";

/**
 * What Gasless reads of a Solana node's answers; what is not named here is not looked at. Numbers are bounded: one that
 * no column holds would stop a whole batch of relays. Source: Agave 3 JSON-RPC.
 */
const MAX_U64 = 2n ** 64n - 1n;
const Lamports = z
  .union([z.int(), z.bigint()])
  .transform(BigInt)
  .refine((amount) => amount >= 0n && amount <= MAX_U64, "must be an unsigned 64-bit integer");

/** A slot or a block height: thousands of years of them fit. */
const Position = z.int().min(0).transform(BigInt);

const TokenBalanceAnswer = z
  .object({
    accountIndex: z.int(),
    mint: z.string(),
    owner: z.string(),
    uiTokenAmount: z.object({ amount: z.string() }),
  })
  .transform(({ accountIndex, mint, owner, uiTokenAmount }) => ({
    accountIndex,
    mint,
    owner,
    amount: uiTokenAmount.amount,
  }));

/** How far the node was. */
const Context = z.object({ slot: Position });

export const BlockhashAnswer = z.object({
  context: Context,
  value: z.object({ blockhash: z.string(), lastValidBlockHeight: Position }),
});

const Bytes = z.string().transform((text, context) => {
  try {
    return base64.decode(text);
  } catch {
    context.addIssue({ code: "custom", message: "must be base64" });
    return z.NEVER;
  }
});

const Account = z.object({ owner: z.string(), data: z.tuple([Bytes, z.literal("base64")]) });

/**
 * Parsed, or with its accounts by name. The compiled form, whose accounts are numbers, is not taken: looking for the
 * sponsor's address in it would find nothing.
 */
const InnerInstruction = z.union([
  z.looseObject({ programId: z.string(), parsed: z.union([z.string(), z.looseObject({})]) }),
  z.looseObject({ programId: z.string(), accounts: z.array(z.string()), data: z.string() }),
]);

/** Far more than Agave's longest; what is told about it is stored, and given to users. */
const MAX_ERROR_TEXT = 2_000;

/**
 * Agave's `TransactionError`, as JSON that can be written again: integers that no double holds are text, and one that
 * is longer than any real one is only told to be so.
 */
function plainError(error: unknown): unknown {
  const text = JSON.stringify(error, (_name, member: unknown) =>
    typeof member === "bigint" ? member.toString() : member,
  );
  return text.length <= MAX_ERROR_TEXT ? JSON.parse(text) : "UnreadableError";
}

const ChainError = z.union([z.string(), z.record(z.string(), z.unknown())]).transform(plainError);

const SucceededSimulation = z.object({
  err: z.null(),
  logs: z.array(z.string()).nullish(),
  accounts: z.array(Account.nullable()).length(1),
  preBalances: z.array(Lamports).min(1),
  postBalances: z.array(Lamports).min(1),
  preTokenBalances: z.array(TokenBalanceAnswer),
  postTokenBalances: z.array(TokenBalanceAnswer),
  innerInstructions: z.array(z.object({ index: z.int(), instructions: z.array(InnerInstruction) })),
  /** What lookup tables hold, in the order in which a message counts it. */
  loadedAddresses: z
    .object({ writable: z.array(z.string()), readonly: z.array(z.string()) })
    .transform(({ writable, readonly }) => [...writable, ...readonly]),
});

const FailedSimulation = z
  .object({ err: ChainError, logs: z.array(z.string()).nullish() })
  .transform(({ err, logs }) => ({
    err,
    logs,
    accounts: null,
    preBalances: [],
    postBalances: [],
    preTokenBalances: [],
    postTokenBalances: [],
    innerInstructions: [],
    loadedAddresses: [],
  }));

/** Balances are required where the transaction could be run: a node that leaves them out cannot be used. */
export const SimulationAnswer = z.object({
  context: Context,
  value: z.union([SucceededSimulation, FailedSimulation]),
});

export const BlockhashValidityAnswer = z.object({ context: Context, value: z.boolean() });

export const EpochInfoAnswer = z.object({ absoluteSlot: Position, blockHeight: Position });

const Status = z.object({ slot: Position, confirmationStatus: z.enum(["processed", "confirmed", "finalized"]) });

/** One for each that was asked for: in a list that is shorter, what is missing would look as if it were not known. */
export const statusesAnswer = (count: number) =>
  z.object({ context: Context, value: z.array(Status.nullable()).length(count) });

export const balancesAnswer = (count: number) =>
  z.object({ context: Context, value: z.array(z.object({ lamports: Lamports }).nullable()).length(count) });

export const SendAnswer = z.string();

export const TransactionAnswer = z
  .object({
    slot: Position,
    meta: z.object({
      err: z.union([z.null(), ChainError]),
      fee: Lamports,
      preBalances: z.array(Lamports).min(1),
      postBalances: z.array(Lamports).min(1),
    }),
  })
  .nullable();
