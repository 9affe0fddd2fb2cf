import { base64 } from "@scure/base";
import type { SuggestedParams } from "algosdk";

/** A wallet as the chain has it. */
export interface Account {
  readonly microalgos: bigint;
  /** What of it cannot be spent. */
  readonly minBalance: bigint;
  /** Of the demo asset; undefined while the wallet does not accept it. */
  readonly stamps: bigint | undefined;
}

/** A transaction in a block, as far as this page looks. */
export interface LandedTransaction {
  readonly round: number;
  readonly sender: string;
  readonly fee: bigint;
  /** Microalgos that it moved, and to whom. */
  readonly payment: { readonly receiver: string; readonly amount: bigint } | undefined;
  /** Units of an asset that it moved. */
  readonly assetAmount: bigint | undefined;
}

export interface Algod {
  readAccount(address: string): Promise<Account>;
  readParams(): Promise<SuggestedParams>;
  /** Undefined while no block has it. */
  readTransaction(id: string): Promise<LandedTransaction | undefined>;
}

const DEADLINE_MS = 10_000;

interface AccountAnswer {
  readonly amount: number;
  readonly "min-balance": number;
  readonly assets?: readonly { readonly "asset-id": number; readonly amount: number }[];
}

interface ParamsAnswer {
  readonly "genesis-hash": string;
  readonly "genesis-id": string;
  readonly "last-round": number;
  readonly fee: number;
  readonly "min-fee": number;
}

interface PendingAnswer {
  readonly "confirmed-round"?: number;
  readonly txn: {
    readonly txn: {
      readonly type: string;
      readonly snd: string;
      readonly fee?: number;
      readonly rcv?: string;
      readonly amt?: number;
      readonly aamt?: number;
    };
  };
}

/** How long a transaction stays valid when nobody says otherwise; the sponsor asks for less. */
const VALID_ROUNDS = 1_000;

/** Reads an Algorand node by its REST interface. */
export function createAlgod(url: string, assetId: bigint): Algod {
  async function get<Answer>(path: string): Promise<Answer | undefined> {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(DEADLINE_MS) });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error("the Algorand node does not answer");
    return (await response.json()) as Answer;
  }

  return {
    async readAccount(address) {
      const answer = await get<AccountAnswer>(`/v2/accounts/${address}`);
      const held = answer?.assets?.find((asset) => BigInt(asset["asset-id"]) === assetId);
      return {
        microalgos: BigInt(answer?.amount ?? 0),
        minBalance: BigInt(answer?.["min-balance"] ?? 0),
        stamps: held && BigInt(held.amount),
      };
    },
    async readParams() {
      const answer = await get<ParamsAnswer>("/v2/transactions/params");
      if (answer === undefined) throw new Error("the Algorand node does not answer");
      const firstValid = BigInt(answer["last-round"]);
      return {
        fee: BigInt(answer.fee),
        minFee: BigInt(answer["min-fee"]),
        firstValid,
        lastValid: firstValid + BigInt(VALID_ROUNDS),
        genesisID: answer["genesis-id"],
        genesisHash: base64.decode(answer["genesis-hash"]),
      };
    },
    async readTransaction(id) {
      const answer = await get<PendingAnswer>(`/v2/transactions/pending/${id}?format=json`);
      const round = answer?.["confirmed-round"];
      if (answer === undefined || round === undefined) return undefined;
      const { type, snd, fee = 0, rcv = "", amt = 0, aamt = 0 } = answer.txn.txn;
      return {
        round,
        sender: snd,
        fee: BigInt(fee),
        payment: type === "pay" ? { receiver: rcv, amount: BigInt(amt) } : undefined,
        assetAmount: type === "axfer" ? BigInt(aamt) : undefined,
      };
    },
  };
}
