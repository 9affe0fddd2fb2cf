import { randomBytes } from "node:crypto";
import {
  Address,
  ApplyData,
  Block,
  BlockHeader,
  ParticipationUpdates,
  RewardState,
  SignedTransaction,
  SignedTxnInBlock,
  SignedTxnWithAD,
  Transaction,
  TxnCommitments,
  UpgradeState,
  UpgradeVote,
  encodeMsgpack,
} from "algosdk";
import { base32nopad } from "@scure/base";
import { hashWithTag } from "./ed25519.ts";
import type { Effects } from "./evaluate-group.ts";
import { CONSENSUS_VERSION } from "./genesis.ts";
import type { Genesis } from "./genesis.ts";
import type { WireTransaction } from "./wire-transaction.ts";

/** A transaction in its block. */
export interface Landed {
  readonly wire: WireTransaction;
  readonly round: bigint;
  readonly effects: Effects;
}

export interface LedgerBlock {
  readonly round: bigint;
  readonly timeMs: number;
  readonly header: BlockHeader;
  readonly hash: Uint8Array;
  readonly transactions: readonly Landed[];
}

/** How long algod remembers; older rounds are forgotten with their transactions. */
export const KEPT_ROUNDS = 1000;

export interface Blocks {
  newest(): LedgerBlock;
  byRound(round: bigint): LedgerBlock | undefined;
  findLanded(transactionId: string): Landed | undefined;
  push(block: LedgerBlock): void;
  all(): readonly LedgerBlock[];
}

export function createBlocks(): Blocks {
  const blocks: LedgerBlock[] = [];
  const landed = new Map<string, Landed>();
  const newest = (): LedgerBlock => {
    const block = blocks.at(-1);
    if (block === undefined) throw new Error("the chain has no block yet");
    return block;
  };
  return {
    newest,
    byRound(round) {
      // A long jump leaves a gap, so the place is only a first guess.
      const guess = blocks[blocks.length - 1 - Number(newest().round - round)];
      return guess?.round === round ? guess : blocks.find((block) => block.round === round);
    },
    findLanded: (id) => landed.get(id),
    push(block) {
      blocks.push(block);
      for (const transaction of block.transactions) landed.set(transaction.wire.id, transaction);
      while (blocks.length > 0 && (blocks[0]?.round ?? 0n) < block.round - BigInt(KEPT_ROUNDS)) {
        for (const { wire } of blocks.shift()?.transactions ?? []) landed.delete(wire.id);
      }
    },
    all: () => blocks,
  };
}

export interface BlockContent {
  readonly round: bigint;
  readonly timeMs: number;
  readonly transactions: readonly Landed[];
  readonly transactionCount: bigint;
  readonly previousHash: Uint8Array;
  readonly seed?: Uint8Array;
}

export function createBlock(genesis: Genesis, content: BlockContent): LedgerBlock {
  const { round, timeMs, transactions } = content;
  const fees = transactions.reduce((sum, { wire }) => sum + wire.transaction.fee, 0n);
  const header = new BlockHeader({
    round,
    branch: content.previousHash,
    seed: content.seed ?? randomBytes(32),
    txnCommitments: new TxnCommitments({
      nativeSha512_256Commitment: commitTo(transactions),
      sha256Commitment: new Uint8Array(32),
    }),
    timestamp: BigInt(Math.floor(timeMs / 1000)),
    genesisID: genesis.id,
    genesisHash: genesis.hash,
    proposer: Address.fromString(genesis.dispenser.address),
    feesCollected: fees,
    bonus: 0n,
    proposerPayout: 0n,
    rewardState: new RewardState({
      feeSink: Address.fromString(genesis.feeSink),
      rewardsPool: Address.fromString(genesis.rewardsPool),
      rewardsLevel: 0n,
      rewardsRate: 0n,
      rewardsResidue: 0n,
      rewardsRecalculationRound: 0n,
    }),
    upgradeState: new UpgradeState({
      currentProtocol: CONSENSUS_VERSION,
      nextProtocol: "",
      nextProtocolApprovals: 0n,
      nextProtocolVoteBefore: 0n,
      nextProtocolSwitchOn: 0n,
    }),
    upgradeVote: new UpgradeVote({ upgradePropose: "", upgradeDelay: 0n, upgradeApprove: false }),
    txnCounter: content.transactionCount,
    stateproofTracking: new Map(),
    participationUpdates: new ParticipationUpdates({
      expiredParticipationAccounts: [],
      absentParticipationAccounts: [],
    }),
  });
  return { round, timeMs, header, hash: hashWithTag("BH", encodeMsgpack(header)), transactions };
}

export function toBlock({ header, transactions }: LedgerBlock): Block {
  return new Block({ header, payset: transactions.map(toTransactionInBlock) });
}

/** Not algod's Merkle root, of which nobody here proves anything: it only changes with what is in the block. */
function commitTo(transactions: readonly Landed[]): Uint8Array {
  if (transactions.length === 0) return new Uint8Array(32);
  return hashWithTag("TL", Buffer.concat(transactions.map(({ wire }) => base32nopad.decode(wire.id))));
}

/** As algod stores it: without the genesis id and hash, which every transaction of the chain shares. */
function toTransactionInBlock({ wire, effects }: Landed): SignedTxnInBlock {
  const fields = wire.transaction.toEncodingData();
  fields.delete("gen");
  fields.delete("gh");
  const txn = Transaction.fromEncodingData(fields);
  if (wire.transaction.group !== undefined) txn.group = wire.transaction.group;
  const { sig, sgnr } = wire.signed;
  return new SignedTxnInBlock({
    signedTxn: new SignedTxnWithAD({
      signedTxn: new SignedTransaction({
        txn,
        ...(sig === undefined ? {} : { sig }),
        ...(sgnr === undefined ? {} : { sgnr }),
      }),
      applyData: new ApplyData({
        ...(effects.closingAmount === 0n ? {} : { closingAmount: effects.closingAmount }),
        ...(effects.assetClosingAmount === 0n ? {} : { assetClosingAmount: effects.assetClosingAmount }),
        ...(effects.assetId === null ? {} : { configAsset: effects.assetId }),
      }),
    }),
    hasGenesisID: wire.transaction.genesisID !== undefined,
    hasGenesisHash: false,
  });
}
