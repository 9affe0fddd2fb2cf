import { Address, UntypedValue, encodeMsgpack, modelsv2 } from "algosdk";
import type { Transaction } from "algosdk";
import { createSigningKey, hashWithTag } from "./ed25519.ts";

/** The one account that the chain begins with money in, and whose key it holds. */
export interface Dispenser {
  readonly address: string;
  /** The signed transaction's bytes. */
  sign(transaction: Transaction): Uint8Array;
}

export interface Genesis {
  readonly id: string;
  readonly hash: Uint8Array;
  readonly document: modelsv2.Genesis;
  readonly dispenser: Dispenser;
  readonly feeSink: string;
  readonly rewardsPool: string;
  readonly timeMs: number;
  /** Balances at round 0, in microalgos. */
  readonly balances: readonly (readonly [address: string, microAlgos: bigint])[];
}

/** What makes one chain differ from another. */
export interface GenesisSeed {
  readonly dispenserSeed: Uint8Array;
  readonly timeMs: number;
}

/** v41: no charge by size, no post-quantum signatures. */
export const CONSENSUS_VERSION =
  "https://github.com/algorandfoundation/specs/tree/953304de35264fc3ef91bcd05c123242015eeaed";
const NETWORK = "localnet";
const SCHEMA = "v1";
/** As on the main network: ten billion algos. */
const SUPPLY_MICRO_ALGOS = 10_000_000_000_000_000n;
const MIN_BALANCE = 100_000n;

export function createGenesis({ dispenserSeed, timeMs }: GenesisSeed): Genesis {
  const key = createSigningKey(dispenserSeed);
  const address = new Address(key.publicKey).toString();
  const feeSink = new Address(hashWithTag("localnet", Buffer.from("fee sink"))).toString();
  const rewardsPool = new Address(hashWithTag("localnet", Buffer.from("rewards pool"))).toString();
  const balances = [
    [feeSink, MIN_BALANCE],
    [rewardsPool, MIN_BALANCE],
    [address, SUPPLY_MICRO_ALGOS - 2n * MIN_BALANCE],
  ] as const;
  const comments = ["FeeSink", "RewardsPool", "Dispenser"];
  const document = new modelsv2.Genesis({
    alloc: balances.map(([addr, microAlgos], index) => {
      const state = new UntypedValue(new Map([["algo", microAlgos]]));
      return new modelsv2.GenesisAllocation({ addr, comment: comments[index] ?? "", state });
    }),
    fees: feeSink,
    id: SCHEMA,
    network: NETWORK,
    proto: CONSENSUS_VERSION,
    rwd: rewardsPool,
    timestamp: Math.floor(timeMs / 1000),
  });
  return {
    id: `${NETWORK}-${SCHEMA}`,
    hash: hashWithTag("GE", encodeMsgpack(document)),
    document,
    dispenser: {
      address,
      sign: (transaction) => transaction.attachSignature(address, key.sign(transaction.bytesToSign())),
    },
    feeSink,
    rewardsPool,
    timeMs,
    balances,
  };
}
