import type { MortalTransaction, TransactionStatus } from "../../../../domain/relay.ts";
import { failure, type Result, success } from "../../../../domain/result.ts";
import type { ChainView } from "../../rpc/absence.ts";
import type { Ask } from "../../rpc/rpc-pool.ts";
import { costOfGroup } from "../group/cost.ts";
import { decodeGroup } from "../group/decode-group.ts";
import { blockTxidsCall, pendingCall, statusCall } from "./ask.ts";

/** A sponsored group, as its own bytes tell: it costs this when it lands, and nothing when it does not. */
export interface SentGroup {
  readonly transactionId: string;
  readonly firstValid: bigint;
  readonly lastValid: bigint;
  readonly fee: bigint;
  readonly rent: bigint;
}

/** Undefined: not bytes of ours. */
export function readSentGroup({
  transactionId,
  wire,
}: Pick<MortalTransaction, "transactionId" | "wire">): SentGroup | undefined {
  const decoded = decodeGroup(wire);
  const [sponsored] = decoded.ok ? decoded.value.entries : [];
  if (!decoded.ok || !sponsored) return undefined;
  const { firstValid, lastValid } = sponsored.transaction;
  return { transactionId, firstValid, lastValid, ...costOfGroup(decoded.value) };
}

/** The rounds in which a group can land: at most 21. */
function roundsOf({ firstValid, lastValid }: SentGroup): readonly bigint[] {
  return Array.from({ length: Number(lastValid - firstValid) + 1 }, (_, index) => firstValid + BigInt(index));
}

type Blocks = ReadonlyMap<bigint, ReadonlySet<string> | undefined>;

/** Which transactions stand in these blocks of a node, each block asked for once; undefined: it does not have the block. */
async function askBlocks(ask: Ask, rounds: readonly bigint[]): Promise<Blocks> {
  const unique = [...new Set(rounds)];
  return new Map(await Promise.all(unique.map(async (round) => [round, await ask(blockTxidsCall(round))] as const)));
}

const findRound = (blocks: Blocks, group: SentGroup): bigint | undefined =>
  roundsOf(group).find((round) => blocks.get(round)?.has(group.transactionId) === true);

/**
 * What one node says of groups whose rounds are over, in the order of the question: what its blocks say. What it remembers
 * of single transactions proves nothing: it forgets, and what fell out of its pool once is to it not landed for ever. Of a
 * group whose blocks it does not all have it says nothing.
 */
export async function viewGroups(ask: Ask, groups: readonly SentGroup[]): Promise<ChainView> {
  const [told, blocks] = await Promise.all([ask(statusCall), askBlocks(ask, groups.flatMap(roundsOf))]);
  // A provider may be many nodes: one that has a block is at least that far.
  const seen = [...blocks].flatMap(([round, ids]) => (ids ? [round] : []));
  const tip = seen.reduce((most, round) => (round > most ? round : most), told);
  const over = { isValid: false, finalizedSlot: tip, newestSlot: tip };
  return {
    // A block of the last round is there: the life of what it was asked about is over.
    tip: { slot: tip, blockHeight: tip + 1n },
    slot: tip,
    statuses: groups.map((group): TransactionStatus | undefined => {
      const slot = findRound(blocks, group);
      return slot === undefined ? undefined : { commitment: "finalized", slot };
    }),
    blockhashes: groups.map((group) => (roundsOf(group).every((round) => blocks.get(round)) ? over : undefined)),
  };
}

/** The round in which a node has it: as it remembers, or as its blocks say. */
export async function viewLanding(ask: Ask, group: SentGroup): Promise<Result<bigint, "unknown">> {
  const rounds = roundsOf(group);
  const pending = await ask(pendingCall(group.transactionId));
  if (pending?.round && rounds.includes(pending.round)) return success(pending.round);
  const round = findRound(await askBlocks(ask, rounds), group);
  return round === undefined ? failure("unknown") : success(round);
}
