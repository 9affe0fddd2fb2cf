import { randomBytes } from "node:crypto";
import {
  makeAssetCreateTxnWithSuggestedParamsFromObject,
  makeAssetTransferTxnWithSuggestedParamsFromObject,
  makePaymentTxnWithSuggestedParamsFromObject,
} from "algosdk";
import type { SuggestedParams, Transaction } from "algosdk";
import type { Landed } from "./blocks.ts";
import type { Genesis } from "./genesis.ts";
import { readWireTransaction } from "./wire-transaction.ts";
import type { WireTransaction } from "./wire-transaction.ts";

export interface AssetOptions {
  readonly total: bigint;
  readonly decimals: number;
  readonly unitName: string;
  readonly name: string;
}

/** What the dispenser does for tests and developers, by transactions as everyone else's. */
export interface Dispensary {
  fund(address: string, microAlgos: bigint): string;
  createAsset(options: AssetOptions): bigint;
  giveAsset(assetId: bigint, address: string, amount: bigint): void;
}

export interface DispensaryContext {
  readonly genesis: Genesis;
  readonly minFee: bigint;
  round(): bigint;
  /** @throws Error when it is refused. */
  land(wire: WireTransaction): Landed | undefined;
}

const VALIDITY_ROUNDS = 10n;

export function createDispensary({ genesis, minFee, round, land }: DispensaryContext): Dispensary {
  const { dispenser } = genesis;
  const sender = dispenser.address;

  /** Twice the same is two transactions, by the note. */
  function nextParams(): { suggestedParams: SuggestedParams; note: Uint8Array } {
    const suggestedParams = {
      fee: minFee,
      minFee,
      flatFee: true,
      firstValid: round(),
      lastValid: round() + VALIDITY_ROUNDS,
      genesisID: genesis.id,
      genesisHash: genesis.hash,
    };
    return { suggestedParams, note: randomBytes(8) };
  }

  function send(transaction: Transaction): Landed {
    const landed = land(readWireTransaction(dispenser.sign(transaction)));
    if (landed === undefined) throw new Error("the dispenser's transaction did not land");
    return landed;
  }

  return {
    fund(receiver, amount) {
      return send(makePaymentTxnWithSuggestedParamsFromObject({ sender, receiver, amount, ...nextParams() })).wire.id;
    },
    createAsset({ total, decimals, unitName, name }) {
      const roles = { manager: sender, reserve: sender, freeze: sender, clawback: sender };
      const creation = { sender, total, decimals, unitName, assetName: name, ...roles, ...nextParams() };
      const { effects } = send(makeAssetCreateTxnWithSuggestedParamsFromObject(creation));
      if (effects.assetId === null) throw new Error("the dispenser's transaction made no asset");
      return effects.assetId;
    },
    giveAsset(assetIndex, receiver, amount) {
      send(
        makeAssetTransferTxnWithSuggestedParamsFromObject({ sender, receiver, assetIndex, amount, ...nextParams() }),
      );
    },
  };
}
