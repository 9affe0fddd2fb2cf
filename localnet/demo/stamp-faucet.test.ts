import { Address, encodeMsgpack, makeAssetTransferTxnWithSuggestedParamsFromObject, SignedTransaction } from "algosdk";
import { afterEach, expect, test } from "vitest";
import { type AlgorandLocalnet, startAlgorandLocalnet } from "../algorand/server.ts";
import { readWireTransaction } from "../algorand/wire-transaction.ts";
import { type AlgorandWallet, createAlgorandWallet } from "../algorand-client.ts";
import { openStampFaucet } from "./stamp-faucet.ts";

let net: AlgorandLocalnet | undefined;

afterEach(() => net?.close());

async function open(): Promise<AlgorandLocalnet["chain"]> {
  net = await startAlgorandLocalnet({ roundMs: 0 });
  return net.chain;
}

function send(
  chain: AlgorandLocalnet["chain"],
  key: AlgorandWallet,
  assetIndex: bigint,
  receiver: string,
  amount: bigint,
) {
  const { genesis, minFee, round } = chain;
  const lifetime = { firstValid: round, lastValid: round + 10n, genesisHash: genesis.hash, genesisID: genesis.id };
  const suggestedParams = { ...lifetime, fee: minFee, minFee, flatFee: true };
  const txn = makeAssetTransferTxnWithSuggestedParamsFromObject({
    sender: key.address,
    receiver,
    amount,
    assetIndex,
    suggestedParams,
  });
  const signed = encodeMsgpack(new SignedTransaction({ txn, sig: key.sign(txn.bytesToSign()) }));
  expect(chain.submit([readWireTransaction(signed)])).toBeNull();
  chain.tick();
}

test("who has opted in is filled up to ten stamps, and nobody else is given any", async () => {
  const chain = await open();
  const faucet = openStampFaucet(chain);
  const key = createAlgorandWallet();
  expect(() => faucet.give(key.address)).toThrow("opt in first");
  chain.fund(key.address, 1_000_000n);
  expect(() => faucet.give(key.address)).toThrow("opt in first");
  send(chain, key, faucet.assetId, key.address, 0n);
  expect(faucet.give(key.address)).toEqual({ amount: "10" });
  expect(faucet.give(key.address)).toEqual({ amount: "0" });
  send(chain, key, faucet.assetId, faucet.counter, 3n);
  expect(faucet.give(key.address)).toEqual({ amount: "3" });
  expect(() => faucet.give(new Address(new Uint8Array(32)).toString())).toThrow("opt in first");
});

test("a restart on the same chain finds the same stamp", async () => {
  const chain = await open();
  const first = openStampFaucet(chain);
  chain.createAsset({ total: 1n, decimals: 0, unitName: "OTHER", name: "Another" });
  expect(openStampFaucet(chain).assetId).toBe(first.assetId);
});
