import { randomBytes } from "node:crypto";
import {
  Address,
  Algodv2,
  assignGroupID,
  makeAssetTransferTxnWithSuggestedParamsFromObject,
  makePaymentTxnWithSuggestedParamsFromObject,
  modelsv2,
} from "algosdk";
import type { SignedTransaction, SuggestedParams, Transaction } from "algosdk";
import { createSigningKey } from "./ed25519.ts";
import { startAlgorandLocalnet } from "./server.ts";
import type { AlgorandLocalnet, AlgorandLocalnetOptions } from "./server.ts";
import { readWireTransaction } from "./wire-transaction.ts";

export interface Wallet {
  readonly address: string;
  /** The signed transaction's bytes; of another sender with `sgnr`, as after a rekey. */
  sign(transaction: Transaction): Uint8Array;
}

export interface Scene extends AsyncDisposable {
  readonly net: AlgorandLocalnet;
  readonly algod: Algodv2;
  /** A new key with that many microalgos; ten algos when absent. */
  fund(microAlgos?: bigint): Wallet;
  /** Valid from the newest round; a fee of 1000 when absent. */
  params(fee?: bigint, validRounds?: bigint): SuggestedParams;
  /** Sends, and gives the first one's id. */
  send(...signed: Uint8Array[]): Promise<string>;
  /** Sends and lands. */
  land(...signed: Uint8Array[]): Promise<string>;
  /** The message of the error that sending gives. */
  refusal(...signed: Uint8Array[]): Promise<string>;
}

const FUNDING = 10_000_000n;

/** A localnet of its own, where only `chain.tick` and `chain.warp` move time, and algosdk's client for it. */
export async function openScene(options: AlgorandLocalnetOptions = {}): Promise<Scene> {
  const net = await startAlgorandLocalnet({ roundMs: 0, ...options });
  const algod = createClient(net);
  const scene: Scene = {
    net,
    algod,
    fund(microAlgos = FUNDING) {
      const wallet = createWallet();
      net.chain.fund(wallet.address, microAlgos);
      return wallet;
    },
    params: (fee = 1000n, validRounds = 20n) => ({
      fee,
      minFee: 1000n,
      flatFee: true,
      firstValid: net.chain.round,
      lastValid: net.chain.round + validRounds,
      genesisID: net.genesisId,
      genesisHash: Uint8Array.from(Buffer.from(net.genesisHash, "base64")),
    }),
    send: async (...signed) => (await algod.sendRawTransaction(signed).do()).txid,
    async land(...signed) {
      const id = await scene.send(...signed);
      net.chain.tick();
      return id;
    },
    refusal: async (...signed) => await messageOf(scene.send(...signed)),
    [Symbol.asyncDispose]: () => net.close(),
  };
  return scene;
}

export function createClient({ url }: Pick<AlgorandLocalnet, "url">): Algodv2 {
  return new Algodv2("", url, new URL(url).port);
}

export function createWallet(): Wallet {
  const key = createSigningKey(randomBytes(32));
  const address = new Address(key.publicKey).toString();
  return { address, sign: (transaction) => transaction.attachSignature(address, key.sign(transaction.bytesToSign())) };
}

/** The error's message, without what algosdk puts before algod's. */
export async function messageOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => new Error("it was accepted"),
    (caught: unknown) => caught,
  );
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^Network request error\. Received status 400 \([^)]*\): /, "");
}

type PaymentFields = Partial<Parameters<typeof makePaymentTxnWithSuggestedParamsFromObject>[0]>;

export function pay(
  scene: Scene,
  sender: Wallet,
  receiver: string,
  amount: bigint,
  fields: PaymentFields = {},
): Transaction {
  return makePaymentTxnWithSuggestedParamsFromObject({
    sender: sender.address,
    receiver,
    amount,
    suggestedParams: scene.params(),
    ...fields,
  });
}

type TransferFields = Partial<Parameters<typeof makeAssetTransferTxnWithSuggestedParamsFromObject>[0]>;

export function transfer(
  scene: Scene,
  sender: Wallet,
  receiver: string,
  assetIndex: bigint,
  fields: TransferFields = {},
): Transaction {
  return makeAssetTransferTxnWithSuggestedParamsFromObject({
    sender: sender.address,
    receiver,
    assetIndex,
    amount: 0n,
    suggestedParams: scene.params(),
    ...fields,
  });
}

export function optIn(scene: Scene, wallet: Wallet, assetIndex: bigint, fields: TransferFields = {}): Transaction {
  return transfer(scene, wallet, wallet.address, assetIndex, fields);
}

/** Grouped, then signed: one signer for each. */
export function signGroup(...parts: readonly (readonly [Transaction, Wallet])[]): Uint8Array[] {
  assignGroupID(parts.map(([transaction]) => transaction));
  return parts.map(([transaction, wallet]) => wallet.sign(transaction));
}

export function createTestAsset(scene: Scene, total = 1000n): bigint {
  return scene.net.chain.createAsset({ total, decimals: 2, unitName: "TST", name: "Test" });
}

export interface SimulateFlags {
  readonly allowEmptySignatures?: boolean;
  readonly fixSigners?: boolean;
}

export function simulation(signed: readonly SignedTransaction[], flags: SimulateFlags = {}): modelsv2.SimulateRequest {
  const txnGroups = [new modelsv2.SimulateRequestTransactionGroup({ txns: [...signed] })];
  return new modelsv2.SimulateRequest({ txnGroups, ...flags });
}

export function decode(bytes: Uint8Array): SignedTransaction {
  return readWireTransaction(bytes).signed;
}

/** What the only group of a simulation came to. */
export async function simulate(
  { algod }: Scene,
  signed: readonly SignedTransaction[],
  flags: SimulateFlags = {},
): Promise<modelsv2.SimulateTransactionGroupResult> {
  const [group] = (await algod.simulateTransactions(simulation(signed, flags)).do()).txnGroups;
  if (group === undefined) throw new Error("the simulation has no group");
  return group;
}
