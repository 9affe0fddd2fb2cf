import {
  makeAssetTransferTxnWithSuggestedParamsFromObject,
  makePaymentTxnWithSuggestedParamsFromObject,
  type SuggestedParams,
  type Transaction,
} from "algosdk";
import type { ApiTarget, Tokens } from "@gasless/localnet/api-client";
import { callApi, expectStatus } from "@gasless/localnet/api-client";
import {
  type AlgorandWallet,
  createAlgorandWallet,
  type GroupRelay,
  postGroup,
  prepareGroup,
  signGroup,
  signInAlgorand,
} from "@gasless/localnet/algorand-client";
import type { AlgorandSide } from "@gasless/localnet/testing/stack";

/** What a dapp puts into a transaction before it is prepared; fee, life and group are set by the API. */
function paramsOf({ localnet }: Pick<AlgorandSide, "localnet">): SuggestedParams {
  return {
    fee: 0n,
    minFee: localnet.chain.minFee,
    flatFee: true,
    firstValid: localnet.chain.round,
    lastValid: localnet.chain.round + 20n,
    genesisHash: Uint8Array.from(Buffer.from(localnet.genesisHash, "base64")),
    genesisID: localnet.genesisId,
  };
}

export function payment(
  side: Pick<AlgorandSide, "localnet">,
  sender: string,
  receiver: string,
  amount: bigint,
  note = "",
): Transaction {
  return makePaymentTxnWithSuggestedParamsFromObject({
    sender,
    receiver,
    amount,
    note: new TextEncoder().encode(note),
    suggestedParams: paramsOf(side),
  });
}

export function assetTransfer(
  side: Pick<AlgorandSide, "localnet">,
  sender: string,
  receiver: string,
  assetIndex: bigint,
  amount: bigint,
): Transaction {
  return makeAssetTransferTxnWithSuggestedParamsFromObject({
    sender,
    receiver,
    assetIndex,
    amount,
    suggestedParams: paramsOf(side),
  });
}

export const optIn = (side: Pick<AlgorandSide, "localnet">, address: string, asset: bigint): Transaction =>
  assetTransfer(side, address, address, asset, 0n);

export const createAsset = ({ localnet }: Pick<AlgorandSide, "localnet">): bigint =>
  localnet.chain.createAsset({ total: 1_000_000n, decimals: 0, unitName: "DEMO", name: "Demo" });

/** Somebody who is signed in, with an account that holds nothing. */
export interface AlgorandPerson {
  readonly wallet: AlgorandWallet;
  readonly tokens: Tokens;
  /** Prepares, signs and posts; the answer whatever it is. */
  relay(transactions: readonly Transaction[]): ReturnType<typeof postGroup>;
}

export async function enterAlgorand(
  project: ApiTarget,
  wallet: AlgorandWallet = createAlgorandWallet(),
): Promise<AlgorandPerson> {
  const tokens = await signInAlgorand(project, wallet);
  const { accessToken } = tokens;
  return {
    wallet,
    tokens,
    async relay(transactions) {
      const prepared = await prepareGroup(project, accessToken, transactions);
      return postGroup(project, accessToken, signGroup(prepared.transactions, [wallet]));
    },
  };
}

/** The relay when it has ended, or after 25 s as it is then. */
export async function waitForEnd(project: ApiTarget, token: string, relayId: string): Promise<GroupRelay> {
  let relay = expectStatus(await callApi<GroupRelay>(project, "GET", `/v1/relays/${relayId}`, { token }), 200);
  for (let look = 0; look < 5 && !["finalized", "rejected", "failed", "expired"].includes(relay.state); look += 1) {
    const path = `/v1/relays/${relayId}?wait=5&after=${relay.state}`;
    relay = expectStatus(await callApi<GroupRelay>(project, "GET", path, { token }), 200);
  }
  return relay;
}
