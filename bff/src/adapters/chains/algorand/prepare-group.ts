import { base64 } from "@scure/base";
import { concatBytes } from "../../../domain/bytes.ts";
import type { PreparedTransaction } from "../../../domain/chain-transaction.ts";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { failure, type Result, success } from "../../../domain/result.ts";
import type { ChainPort } from "../../../ports.ts";
import type { RpcPool } from "../rpc/rpc-pool.ts";
import { publicKeyOf } from "./address.ts";
import { composeGroup } from "./group/compose-group.ts";
import { decodeGroup, readUserTransactions } from "./group/decode-group.ts";
import type { DecodedGroup, GroupEntry } from "./group/decoded-group.ts";
import { evaluateGroupPolicy, evaluateUnsigned } from "./group/evaluate.ts";
import { grantableItems, grantedItems, MINIMUM_BALANCE } from "./group/granted-items.ts";
import type { GroupInput } from "./group/group-input.ts";
import { optInsOf } from "./group/opt-ins.ts";
import { neededFee, refuseFailure } from "./group/outcome.ts";
import type { Params } from "./node/answers.ts";
import { accountCall, paramsCall } from "./node/ask.ts";
import { askLacking, minFeeBy } from "./node/simulate-group.ts";
import { inputOf, notPublished, type Simulate } from "./read-group.ts";

/** Long enough to sign on a phone; short, so that nobody hoards what was prepared. About 56 seconds. */
const LIFE_ROUNDS = 20n;

export type PrepareRequest = Parameters<ChainPort["prepare"]>[0];

interface Node {
  readonly rpc: RpcPool;
  readonly simulate: Simulate;
  readonly genesisHash: string;
}

interface Funding {
  readonly receiver: Uint8Array;
  readonly amount: bigint;
}

type LifeParams = Pick<Params, "round" | "genesisId" | "genesisHash">;

function compose(
  { sponsor }: PrepareRequest,
  { round, genesisId, genesisHash }: LifeParams,
  user: readonly GroupEntry[],
  fee: bigint,
  funding: Funding | undefined,
): readonly Uint8Array[] {
  return composeGroup({
    sponsor: publicKeyOf(sponsor) ?? new Uint8Array(32),
    fee,
    funding,
    // The first block of a chain is round 1: none is valid in round 0.
    firstValid: round > 0n ? round : 1n,
    lastValid: round + LIFE_ROUNDS,
    genesisHash: base64.decode(genesisHash),
    genesisId,
    user,
  });
}

/** What the user wants to do, and with which of their wallets. */
interface Wish {
  readonly user: readonly GroupEntry[];
  readonly linkedAddresses: readonly string[];
  /** The first of the user's wallets that sends something; undefined: none does. */
  readonly wallet: string | undefined;
}

async function readWish(
  { sessionAddress, listLinkedAddresses }: PrepareRequest,
  user: readonly GroupEntry[],
): Promise<Wish> {
  const senders = user.map(({ transaction }) => transaction.sender);
  if (senders.includes(sessionAddress)) return { user, linkedAddresses: [], wallet: sessionAddress };
  const linkedAddresses = await listLinkedAddresses();
  return { user, linkedAddresses, wallet: senders.find((sender) => linkedAddresses.includes(sender)) };
}

/** What the node knows before there is a group: its parameters, and what the user's wallet lacks for what it opts in to. */
function look({ rpc, genesisHash }: Node, { user, wallet }: Wish): Promise<{ params: Params; lacking: bigint }> {
  const assets = wallet === undefined ? [] : optInsOf(user, wallet);
  return rpc.converse("params", async (ask) => {
    const lookAtWallet = async (): Promise<bigint> =>
      wallet === undefined || assets.length === 0 ? 0n : askLacking(ask, await ask(accountCall(wallet)), assets);
    const [params, lacking] = await Promise.all([ask(paramsCall(genesisHash)), lookAtWallet()]);
    return { params, lacking };
  });
}

const feeExceeded = (fee: bigint, limit: bigint): Refusal =>
  refuse("policy.fee_exceeded", `The group needs a fee of ${fee}; this project sponsors at most ${limit}.`, {
    observed: fee.toString(),
    limit: limit.toString(),
  });

const notGranted = (lacking: bigint): Refusal =>
  refuse(
    "policy.rent_not_sponsored",
    "The account lacks the minimum balance for this, and the project does not give it, or has given it before.",
    { lacking: lacking.toString(), minimum: MINIMUM_BALANCE.toString() },
  );

/** True when the policy gives that amount, and the user has not been given any part of it before. */
async function isGranted(
  { group, policy, cost: { rent } }: GroupInput,
  wallet: string,
  { listGiven }: PrepareRequest,
): Promise<boolean> {
  const { bound } = grantableItems(group, policy, wallet);
  if (rent > bound || rent > policy.maxRent) return false;
  return (await listGiven(grantedItems(group, policy, wallet, rent))).size === 0;
}

const hasCalls = (user: readonly GroupEntry[]): boolean => user.some(({ transaction }) => transaction.type === "appl");

/** What the programs of a group do, by a simulation that is paid from all that the policy allows. */
async function feeOf({ simulate }: Node, input: GroupInput, params: Params): Promise<Result<bigint, Refusal>> {
  const transactions = input.group.entries.map(({ bytes }) => bytes);
  const nothingInner = { minFeeOf: minFeeBy(params), inner: [] };
  if (!hasCalls(input.group.entries)) return success(neededFee(transactions, nothingInner));
  const simulated = await simulate(input.group);
  if (!simulated.ok) return simulated;
  const refusal = refuseFailure({ group: input.group, outcome: simulated.value });
  return refusal ? failure(refusal) : success(neededFee(transactions, simulated.value));
}

/**
 * The complete group for what the user wants to do: valid for twenty rounds from now, paid by the sponsor, and with the
 * minimum balance that the user's account lacks, where the policy gives that. Refused here already is what the policy would
 * refuse later: nobody is asked to sign in vain.
 */
export async function prepareGroup(node: Node, request: PrepareRequest): Promise<Result<PreparedTransaction, Refusal>> {
  const read = readUserTransactions(request.transactions);
  if (!read.ok) return read;
  const wish = await readWish(request, read.value);
  const draftWith = (params: LifeParams, fee: bigint, funding?: Funding): Result<GroupInput, Refusal> => {
    const decoded = decodeGroup(concatBytes(...compose(request, params, wish.user, fee, funding)));
    if (!decoded.ok) return decoded;
    const input = inputOf(decoded.value, request, node.genesisHash);
    return input ? success({ ...input, linkedAddresses: wish.linkedAddresses }) : failure(notPublished());
  };
  // What the policy refuses however a node answers is refused before one is asked.
  const sketch = draftWith({ round: 0n, genesisId: "", genesisHash: node.genesisHash }, 0n);
  if (!sketch.ok) return sketch;
  const never = evaluateUnsigned(sketch.value) ?? evaluateGroupPolicy(sketch.value);
  if (never) return failure(never);
  const { params, lacking } = await look(node, wish);
  if (lacking > sketch.value.policy.maxRent) return failure(notGranted(lacking));
  const funding = fundingOf(wish, lacking);
  const draft = (fee: bigint) => draftWith(params, fee, funding);
  const first = draft(0n);
  if (!first.ok) return first;
  if (wish.wallet !== undefined && funding && !(await isGranted(first.value, wish.wallet, request))) {
    return failure(notGranted(lacking));
  }
  const paid = draft(first.value.policy.maxFee);
  if (!paid.ok) return paid;
  const unfit = evaluateUnsigned(paid.value) ?? evaluateGroupPolicy(paid.value);
  if (unfit) return failure(unfit);
  const fee = await feeOf(node, paid.value, params);
  if (!fee.ok) return fee;
  if (fee.value > paid.value.policy.maxFee) return failure(feeExceeded(fee.value, paid.value.policy.maxFee));
  const prepared = draft(fee.value);
  if (!prepared.ok) return prepared;
  const refusal = evaluateGroupPolicy(prepared.value);
  if (refusal) return failure(refusal);
  return success(describe(prepared.value.group, fee.value, funding?.amount ?? 0n, node.genesisHash));
}

function fundingOf({ wallet }: Wish, amount: bigint): Funding | undefined {
  const receiver = wallet === undefined ? undefined : publicKeyOf(wallet);
  return amount > 0n && receiver ? { receiver, amount } : undefined;
}

function describe(group: DecodedGroup, fee: bigint, rent: bigint, genesisHash: string): PreparedTransaction {
  const { firstValid = 0n, lastValid = 0n } = group.entries[0]?.transaction ?? {};
  return {
    lifetime: { firstValid: Number(firstValid), lastValid: Number(lastValid), genesisHash },
    quote: { fee, rent },
    transactions: group.entries.map(({ bytes }) => bytes),
  };
}
