import { base58, base64 } from "@scure/base";
import { type DecodedTransaction, loadedCount } from "../../../domain/policy/decoded-transaction.ts";
import { refuse } from "../../../domain/refusal.ts";
import { failure, success } from "../../../domain/result.ts";
import type { TransactionStatus } from "../../../domain/relay.ts";
import type { Simulation } from "../../../domain/simulation.ts";
import type { ChainPort } from "../../../ports.ts";
import { type BlockhashView, judgeAbsence } from "./absence.ts";
import {
  balancesAnswer,
  BlockhashAnswer,
  BlockhashValidityAnswer,
  EpochInfoAnswer,
  SendAnswer,
  SimulationAnswer,
  statusesAnswer,
  TransactionAnswer,
} from "./answers.ts";
import { attachFeePayerSignature, decodeTransaction } from "./decode.ts";
import { verifyEd25519 } from "./ed25519.ts";
import { RpcError } from "./exchange.ts";
import { findAgreed, judgeLanding, type LandingRecord } from "./landing.ts";
import type { Commitment } from "./provider.ts";
import { postRpc } from "./rpc.ts";
import { writeMemoTransaction } from "./sign-in/memo-transaction.ts";
import { verifySignIn } from "./sign-in/verify-sign-in.ts";
import { type Ask, createRpcPool, type RpcPool, type RpcPoolOptions } from "./rpc-pool.ts";

const KEY_BYTES = 32;
const SYSTEM_PROGRAM = "11111111111111111111111111111111";
const INVALID_PARAMS = -32_602;
/** Asked about at once: two questions each, to every provider, have to fit into the deadline. The others' turn comes. */
const MAX_BLOCKHASHES = 8;

export type SolanaChainOptions = Omit<RpcPoolOptions, "post">;

/** Where a node stood that answers with a context. */
const standingAt =
  (commitment: Commitment) =>
  ({ context }: { readonly context: { readonly slot: bigint } }) => ({ commitment, slot: context.slot });

const epochInfoAt = (commitment: Commitment) => ({
  method: "getEpochInfo",
  params: [{ commitment }],
  answer: EpochInfoAnswer,
  standing: ({ absoluteSlot }: { readonly absoluteSlot: bigint }) => ({ commitment, slot: absoluteSlot }),
});

const validityOf = (blockhash: string, commitment: Commitment) => ({
  method: "isBlockhashValid",
  params: [blockhash, { commitment }],
  answer: BlockhashValidityAnswer,
  standing: standingAt(commitment),
});

async function viewBlockhash(ask: Ask, blockhash: string): Promise<BlockhashView> {
  const [finalized, newest] = await Promise.all([
    ask(validityOf(blockhash, "finalized")),
    ask(validityOf(blockhash, "processed")),
  ]);
  return {
    isValid: finalized.value || newest.value,
    finalizedSlot: finalized.context.slot,
    newestSlot: newest.context.slot,
  };
}

const recordOf = (transactionId: string) => ({
  method: "getTransaction",
  params: [transactionId, { encoding: "base64", commitment: "finalized", maxSupportedTransactionVersion: 1 }],
  answer: TransactionAnswer.transform((transaction): LandingRecord | undefined => {
    if (!transaction) return undefined;
    const { slot, meta } = transaction;
    const feePayerLoss = (meta.preBalances[0] ?? 0n) - (meta.postBalances[0] ?? 0n);
    return { slot, error: meta.err, fee: meta.fee, feePayerLoss };
  }),
});

const statusesOf = (transactionIds: readonly string[], searchTransactionHistory: boolean) => ({
  method: "getSignatureStatuses",
  params: [transactionIds, { searchTransactionHistory }],
  answer: statusesAnswer(transactionIds.length).transform(({ context, value }) => ({
    context,
    statuses: value.map((status) =>
      status ? { commitment: status.confirmationStatus, slot: status.slot } : undefined,
    ),
  })),
  standing: standingAt("processed"),
});

function parseAddress(text: string): string | undefined {
  try {
    return base58.decode(text).length === KEY_BYTES ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The fee payer's slot is empty: nobody sees a signature before it is in SQL. One provider may be many
 * nodes: where the height is of an earlier slot, the most that can have been added since is added, because the end of
 * the transaction's life is counted from here.
 */
async function simulate(rpc: RpcPool, transaction: DecodedTransaction): Promise<Simulation> {
  const wire = attachFeePayerSignature(transaction, new Uint8Array(64));
  const options = {
    encoding: "base64",
    commitment: "processed",
    sigVerify: false,
    replaceRecentBlockhash: false,
    innerInstructions: true,
    accounts: { encoding: "base64", addresses: [transaction.accounts[0]] },
  };
  const [{ context, value }, epoch] = await rpc.converse("simulateTransaction", (ask) =>
    Promise.all([
      ask({
        method: "simulateTransaction",
        params: [base64.encode(wire), options],
        answer: SimulationAnswer.refine(
          ({ value }) => value.err !== null || value.loadedAddresses.length === loadedCount(transaction),
          "loadedAddresses are not those that the transaction names",
        ),
        standing: standingAt("processed"),
        finalErrors: [INVALID_PARAMS],
      }),
      ask(epochInfoAt("processed")),
    ]),
  );
  const [feePayer] = value.accounts ?? [];
  const slotsSince = context.slot > epoch.absoluteSlot ? context.slot - epoch.absoluteSlot : 0n;
  return {
    error: value.err,
    logs: value.logs ?? [],
    feePayerBefore: value.preBalances[0] ?? 0n,
    feePayerAfter: value.postBalances[0] ?? 0n,
    feePayerOwner: feePayer?.owner ?? SYSTEM_PROGRAM,
    feePayerDataLength: feePayer?.data[0].length ?? 0,
    tokenBalancesBefore: value.preTokenBalances,
    tokenBalancesAfter: value.postTokenBalances,
    innerCalls: value.innerInstructions.map(({ index, instructions }) => ({ instruction: index, calls: instructions })),
    loaded: value.loadedAddresses,
    blockHeight: epoch.blockHeight + slotsSince,
  };
}

/** As many as that, beginning anywhere, so that nobody's turn never comes. */
function pickSome<Item>(items: readonly Item[], count: number, unit: number): readonly Item[] {
  const start = Math.floor(unit * items.length);
  return [...items.slice(start), ...items.slice(0, start)].slice(0, count);
}

const NOTHING_PROVEN = { absent: new Set<string>(), found: new Map<string, TransactionStatus>(), silent: [] };

/** A Solana network through its providers. Every call has a deadline of 2.5 s. */
export function createSolanaChain(options: SolanaChainOptions): ChainPort {
  const rpc = createRpcPool({ ...options, post: postRpc });
  const { randomUnit } = options;
  const configured = options.providers.length;
  return {
    parseAddress,
    decode: decodeTransaction,
    verifySignature: (address, message, signature) => verifyEd25519(base58.decode(address), message, signature),
    verifySignIn,
    signInPayload: async (challenge, address) =>
      challenge.method === "memo-transaction" ? writeMemoTransaction(challenge, address) : undefined,
    async latestLifetime() {
      const { value } = await rpc.read({
        method: "getLatestBlockhash",
        params: [{ commitment: "confirmed" }],
        answer: BlockhashAnswer,
        standing: standingAt("confirmed"),
      });
      return value;
    },
    async simulate(transaction) {
      try {
        return success(await simulate(rpc, transaction));
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        return failure(
          transaction.version === 1
            ? refuse("transaction.version_unsupported", "The network does not run version 1 transactions yet.")
            : refuse("transaction.malformed", "The network's node cannot read the transaction."),
        );
      }
    },
    attachSignature: (transaction, signature) => ({
      wire: attachFeePayerSignature(transaction, signature),
      transactionId: base58.encode(signature),
    }),
    async send(wire) {
      const how = { encoding: "base64", skipPreflight: true, preflightCommitment: "processed", maxRetries: 0 };
      await rpc.write({ method: "sendTransaction", params: [base64.encode(wire), how], answer: SendAnswer });
    },
    async statuses(transactionIds) {
      const { statuses } = await rpc.read(statusesOf(transactionIds, false));
      return statuses;
    },
    async proveAbsent(transactions) {
      const newest = await rpc.read(epochInfoAt("finalized"));
      const ended = transactions.filter(({ lifetimeEndHeight }) => newest.blockHeight > lifetimeEndHeight);
      if (ended.length === 0) return NOTHING_PROVEN;
      const ids = ended.map(({ transactionId }) => transactionId);
      const blockhashes = pickSome(
        [...new Set(ended.map(({ blockhash }) => blockhash))],
        MAX_BLOCKHASHES,
        randomUnit(),
      );
      const { heard, silent } = await rpc.hearAll("getSignatureStatuses", async (ask) => {
        const [tip, { context, statuses }, views] = await Promise.all([
          ask(epochInfoAt("finalized")),
          ask(statusesOf(ids, true)),
          Promise.all(blockhashes.map(async (blockhash) => [blockhash, await viewBlockhash(ask, blockhash)] as const)),
        ]);
        const viewOf = new Map(views);
        return {
          tip: { slot: tip.absoluteSlot, blockHeight: tip.blockHeight },
          slot: context.slot,
          statuses,
          blockhashes: ended.map(({ blockhash }) => viewOf.get(blockhash)),
        };
      });
      const { absent, found, deniers } = judgeAbsence(ended, heard, configured);
      for (const provider of deniers) rpc.accuse(provider, "denied_landed");
      return { absent: silent.length === 0 ? absent : NOTHING_PROVEN.absent, found, silent };
    },
    async landed(transactionId) {
      const told = (answers: readonly (LandingRecord | undefined)[]) =>
        answers.filter((answer) => answer !== undefined);
      const answers = await rpc.hearUntil(recordOf(transactionId), (heard) => findAgreed(told(heard)) !== undefined);
      return judgeLanding(told(answers), configured === 1);
    },
    async balances(addresses) {
      // Then it is known who is where the others are not: a slot that never comes would hide every later balance.
      if (configured > 2) await rpc.hearAll("getEpochInfo", (ask) => ask(epochInfoAt("finalized")));
      const { context, value } = await rpc.read({
        method: "getMultipleAccounts",
        params: [addresses, { commitment: "finalized", encoding: "base64", dataSlice: { offset: 0, length: 0 } }],
        answer: balancesAnswer(addresses.length),
        standing: standingAt("finalized"),
      });
      return { slot: context.slot, balances: value.map((account) => account?.lamports ?? 0n) };
    },
    health: rpc.health,
    ping: rpc.ping,
  };
}
