import {
  makeAssetConfigTxnWithSuggestedParamsFromObject,
  makeAssetCreateTxnWithSuggestedParamsFromObject,
  makeAssetDestroyTxnWithSuggestedParamsFromObject,
  makeAssetFreezeTxnWithSuggestedParamsFromObject,
} from "algosdk";
import type { Transaction } from "algosdk";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isEmpty, minBalanceOf, readAccount } from "./ledger-state.ts";
import type { Account, State } from "./ledger-state.ts";
import { createWallet, openScene, pay, signGroup, transfer } from "./test-support.ts";
import type { Scene, Wallet } from "./test-support.ts";
import { readWireTransaction } from "./wire-transaction.ts";

const SUPPLY = 10_000_000_000_000_000n;
const PLAYERS = 5;

const KINDS = [
  "pay",
  "close",
  "rekey",
  "create",
  "optIn",
  "give",
  "optOut",
  "clawBack",
  "freeze",
  "configure",
  "destroy",
] as const;
const player = fc.nat({ max: PLAYERS - 1 });
const action = fc.record({
  kind: fc.constantFrom(...KINDS),
  from: player,
  to: player,
  amount: fc.oneof({ weight: 9, arbitrary: fc.bigInt({ min: 0n, max: 500_000n }) }, fc.constant(2n ** 63n)),
  fee: fc.constantFrom(1000n, 1000n, 2000n, 0n),
});
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

test("whatever is sent, algos and assets move and neither appear nor vanish, and nobody is below the minimum", async () => {
  await using scene = await openScene();
  const { chain } = scene.net;
  let [sent, landed] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(fc.array(action, { minLength: 1, maxLength: 3 }), { minLength: 6, maxLength: 16 }),
      (groups) => {
        const wallets = openPlayers(scene);
        for (const actions of groups) {
          const parts = actions.map((chosen): [Transaction, Wallet] => build(scene, wallets, chosen));
          const refusal = chain.submit(signGroup(...parts).map(readWireTransaction));
          sent += 1;
          if (refusal === null) landed += 1;
          chain.tick();
          expectBooksToBalance(chain.state);
        }
      },
    ),
    { numRuns: 25 },
  );
  // What never happens proves nothing.
  expect(landed / sent).toBeGreaterThan(0.1);
});

/** Wallets with an asset of which every other one holds some, and one of their own; the last one has money alone. */
function openPlayers(scene: Scene): Wallet[] {
  const { chain } = scene.net;
  const wallets = Array.from({ length: PLAYERS }, () => scene.fund(5_000_000n));
  const land = (parts: readonly (readonly [Transaction, Wallet])[]): void => {
    expect(chain.submit(signGroup(...parts).map(readWireTransaction))).toBeNull();
    chain.tick();
  };
  const creators = wallets.slice(0, -1);
  land(creators.map((wallet) => [create(scene, wallet, 1_000_000n), wallet]));
  land(creators.map((wallet) => [create(scene, wallet, 7n), wallet]));
  for (const creator of creators) {
    const [asset = 0n] = readAccount(chain.state, creator.address).created;
    const others = creators.filter((wallet) => wallet !== creator);
    land(others.map((wallet) => [transfer(scene, wallet, wallet.address, asset), wallet]));
    land(others.map(({ address }) => [transfer(scene, creator, address, asset, { amount: 1000n }), creator]));
  }
  return wallets;
}

function create(scene: Scene, { address }: Wallet, total: bigint): Transaction {
  return makeAssetCreateTxnWithSuggestedParamsFromObject({
    sender: address,
    manager: address,
    freeze: address,
    clawback: address,
    total,
    decimals: 0,
    defaultFrozen: total % 5n === 1n,
    suggestedParams: scene.params(),
  });
}

function build(
  scene: Scene,
  wallets: readonly Wallet[],
  { kind, from, to, amount, fee }: Action,
): [Transaction, Wallet] {
  const sender = wallets[from] ?? createWallet();
  const { address: receiver } = wallets[to] ?? createWallet();
  const { state } = scene.net.chain;
  const { holdings, created } = readAccount(state, sender.address);
  const newest = [...state.assets.written().keys()].at(-1) ?? 1n;
  const [spread = newest] = created;
  const own = [...created].at(-1) ?? newest;
  const held = [...holdings.keys()][Number(amount) % Math.max(1, holdings.size)] ?? newest;
  const suggestedParams = scene.params(fee);
  const ofOwn = { sender: sender.address, assetIndex: own, suggestedParams };
  const move = (asset: bigint, fields: object): Transaction =>
    transfer(scene, sender, receiver, asset, { suggestedParams, ...fields });
  const heir = from === to ? createWallet().address : receiver;
  const roles = { manager: sender.address, freeze: sender.address, clawback: sender.address };
  const builders: Readonly<Record<Action["kind"], () => Transaction>> = {
    pay: () => pay(scene, sender, receiver, amount, { suggestedParams }),
    close: () => pay(scene, sender, receiver, 1n, { suggestedParams, closeRemainderTo: heir }),
    rekey: () => pay(scene, sender, sender.address, 0n, { suggestedParams, rekeyTo: receiver }),
    create: () => create(scene, sender, amount),
    optIn: () => transfer(scene, sender, sender.address, newest, { suggestedParams }),
    give: () => move(held, { amount: amount % 100n }),
    optOut: () => move(held, { closeRemainderTo: state.assets.get(held)?.creator ?? receiver }),
    clawBack: () => move(spread, { amount: amount % 10n, assetSender: wallets[(to + 1) % PLAYERS]?.address }),
    freeze: () =>
      makeAssetFreezeTxnWithSuggestedParamsFromObject({ ...ofOwn, freezeTarget: receiver, frozen: amount % 2n === 0n }),
    configure: () => makeAssetConfigTxnWithSuggestedParamsFromObject({ ...ofOwn, ...roles, reserve: receiver }),
    destroy: () => makeAssetDestroyTxnWithSuggestedParamsFromObject(ofOwn),
  };
  const authAddress = readAccount(state, sender.address).authAddress ?? sender.address;
  return [builders[kind](), wallets.find(({ address }) => address === authAddress) ?? sender];
}

function expectBooksToBalance(state: State): void {
  const accounts = [...state.accounts.written().values()].filter(
    (account): account is Account => account !== undefined,
  );
  expect(accounts.reduce((sum, { microAlgos }) => sum + microAlgos, 0n)).toBe(SUPPLY);
  const poor = accounts.filter((account) => !isEmpty(account) && account.microAlgos < minBalanceOf(account));
  expect(poor).toEqual([]);
  for (const [id, asset] of state.assets.written()) {
    const held = accounts.reduce((sum, { holdings }) => sum + (holdings.get(id)?.amount ?? 0n), 0n);
    expect(held).toBe(asset?.total ?? 0n);
  }
}
