import { base58, base64 } from "@scure/base";
import { LAMPORTS_PER_SIGNATURE } from "../../../domain/policy/cost.ts";
import { type DecodedTransaction, loadedCount } from "../../../domain/policy/decoded-transaction.ts";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { failure, type Result, success } from "../../../domain/result.ts";
import type { TransactionStatus } from "../../../domain/relay.ts";
import type { Simulation } from "../../../domain/simulation.ts";
import type { ChainPort } from "../../../ports.ts";
import { type BlockhashView, judgeAbsence, MAX_LAG_SLOTS } from "../rpc/absence.ts";
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
import { RpcError } from "../rpc/exchange.ts";
import { findAgreed, judgeLanding, type LandingRecord } from "../rpc/landing.ts";
import type { Commitment } from "../rpc/provider.ts";
import { type Ask, createRpcPool, type RpcPool, type RpcPoolOptions } from "../rpc/rpc-pool.ts";
import { solanaPolicies } from "./policy.ts";
import { readTransaction, traceUnread } from "./read-transaction.ts";
import { postRpc } from "./rpc.ts";
import { writeMemoTransaction } from "./sign-in/memo-transaction.ts";
import { verifySignIn } from "./sign-in/verify-sign-in.ts";

const KEY_BYTES = 32;
const SYSTEM_PROGRAM = "11111111111111111111111111111111";
const INVALID_PARAMS = -32_602;
/** Faster than any cluster makes them. */
const FASTEST_SLOT_MS = 50;
/** The sponsor's signature and the user's. */
const USUAL_SIGNATURES = 2n;
/** Asked about at once: two questions each, to every provider, have to fit into the deadline. The others' turn comes. */
const MAX_BLOCKHASHES = 8;

export type SolanaChainOptions = Omit<RpcPoolOptions, "post" | "maxLagSlots" | "fastestSlotMs">;

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

/** The key of an address, or undefined when it is none. */
export function publicKeyOf(address: string): Uint8Array | undefined {
  try {
    const key = base58.decode(address);
    return key.length === KEY_BYTES ? key : undefined;
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

const SIGN_IN_METHODS = ["siws", "message", "offchain", "memo-transaction", "local"] as const;

/** Of bytes that have been read before, when the relay was accepted. */
function blockhashOf(wire: Uint8Array): string | undefined {
  const decoded = decodeTransaction(wire);
  return decoded.ok ? decoded.value.blockhash : undefined;
}

/** A Solana network through its providers. Every call has a deadline of 2.5 s. */
export function createSolanaChain(options: SolanaChainOptions): ChainPort {
  const rpc = createRpcPool({ ...options, maxLagSlots: MAX_LAG_SLOTS, fastestSlotMs: FASTEST_SLOT_MS, post: postRpc });
  const { network, randomUnit } = options;
  const configured = options.providers.length;
  async function simulateOn(transaction: DecodedTransaction): Promise<Result<Simulation, Refusal>> {
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
  }
  return {
    policies: solanaPolicies,
    signIn: {
      methods: SIGN_IN_METHODS,
      accountOf: "Solana",
      // As Wallet Standard names it.
      chainId: network === "solana:localnet" ? "localnet" : network,
      addressForm: "must be 32 bytes in base58",
    },
    baseUnit: "lamports",
    takesGroups: false,
    parseAddress: (text) => publicKeyOf(text) && text,
    verifySignIn,
    async signInPayload(challenge, address) {
      if (challenge.method !== "memo-transaction") return success(undefined);
      const transaction = await writeMemoTransaction(challenge, address);
      return transaction ? success({ transaction }) : failure("too_long");
    },
    read: (parts, scene) => readTransaction(parts, scene, simulateOn),
    traceUnread,
    async prepare() {
      const { value } = await rpc.read({
        method: "getLatestBlockhash",
        params: [{ commitment: "confirmed" }],
        answer: BlockhashAnswer,
        standing: standingAt("confirmed"),
      });
      const { blockhash, lastValidBlockHeight } = value;
      return success({
        lifetime: { blockhash, lastValidBlockHeight: Number(lastValidBlockHeight) },
        quote: { fee: USUAL_SIGNATURES * LAMPORTS_PER_SIGNATURE, rent: 0n },
      });
    },
    async send(wire) {
      const how = { encoding: "base64", skipPreflight: true, preflightCommitment: "processed", maxRetries: 0 };
      await rpc.write({ method: "sendTransaction", params: [base64.encode(wire), how], answer: SendAnswer });
    },
    async statuses(transactionIds) {
      const { statuses } = await rpc.read(statusesOf(transactionIds, false));
      return statuses;
    },
    async proveAbsent(relays) {
      const transactions = relays.flatMap(({ wire, ...relay }) => {
        const blockhash = blockhashOf(wire);
        return blockhash === undefined ? [] : [{ ...relay, blockhash }];
      });
      if (transactions.length === 0) return NOTHING_PROVEN;
      const newest = await rpc.read(epochInfoAt("finalized"));
      const ended = transactions.filter(({ lifetimeEnd }) => newest.blockHeight > lifetimeEnd);
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
    async landed({ transactionId }) {
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
