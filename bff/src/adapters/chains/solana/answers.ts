import { base64 } from "@scure/base";
import * as z from "zod";

/** What Gasless reads of a Solana node's answers; what is not named here is not looked at. Source: Agave 3 JSON-RPC. */
const Integer = z.union([z.int(), z.bigint()]).transform(BigInt);

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

export const BlockhashAnswer = z.object({
  value: z.object({ blockhash: z.string(), lastValidBlockHeight: Integer }),
});

export const HeightAnswer = Integer;

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

const SucceededSimulation = z.object({
  err: z.null(),
  logs: z.array(z.string()).nullish(),
  accounts: z.array(Account.nullable()).length(1),
  preBalances: z.array(Integer).min(1),
  postBalances: z.array(Integer).min(1),
  preTokenBalances: z.array(TokenBalanceAnswer),
  postTokenBalances: z.array(TokenBalanceAnswer),
  innerInstructions: z.array(z.object({ instructions: z.array(InnerInstruction) })),
});

const FailedSimulation = z
  .object({ err: z.union([z.string(), z.record(z.string(), z.unknown())]), logs: z.array(z.string()).nullish() })
  .transform(({ err, logs }) => ({
    err,
    logs,
    accounts: null,
    preBalances: [],
    postBalances: [],
    preTokenBalances: [],
    postTokenBalances: [],
    innerInstructions: [],
  }));

/** Balances are required where the transaction could be run: a node that leaves them out cannot be used. */
export const SimulationAnswer = z.object({ value: z.union([SucceededSimulation, FailedSimulation]) });

export const EpochInfoAnswer = z.object({ absoluteSlot: Integer, blockHeight: Integer });

export const StatusesAnswer = z.object({
  context: z.object({ slot: Integer }),
  value: z.array(
    z.object({ slot: Integer, confirmationStatus: z.enum(["processed", "confirmed", "finalized"]) }).nullable(),
  ),
});

export const TransactionAnswer = z
  .object({
    slot: Integer,
    meta: z.object({
      err: z.unknown(),
      fee: Integer,
      preBalances: z.array(Integer).min(1),
      postBalances: z.array(Integer).min(1),
    }),
  })
  .nullable();
