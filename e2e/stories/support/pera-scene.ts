import { createAlgorandWallet } from "@gasless/localnet/algorand-client";
import type { AlgorandSide } from "@gasless/localnet/testing/stack";
import { type Bridge, startBridge } from "@gasless/localnet/walletconnect/bridge";
import {
  createScriptedPera,
  type ScriptedPera,
  type ScriptedPeraOptions,
} from "@gasless/localnet/walletconnect/scripted-pera";
import {
  Algodv2,
  encodeMsgpack,
  makeAssetTransferTxnWithSuggestedParamsFromObject,
  makePaymentTxnWithSuggestedParamsFromObject,
  SignedTransaction,
  type SuggestedParams,
  type Transaction,
  waitForConfirmation,
} from "algosdk";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import {
  addressOf,
  dialog,
  dialogButton,
  type Outcome,
  openScene,
  type Scene,
  trigger,
  untilStatus,
  type Visit,
  type VisitOptions,
} from "./scene.ts";

/** A deployment with an Algorand network, a browser, and a bridge on which pages and phones meet. */
export interface PeraScene {
  readonly scene: Scene;
  readonly bridge: Bridge;
  readonly algorand: AlgorandSide;
  /** A dapp's page, and a phone with a wallet of its own. */
  visit(options?: PeraVisitOptions): Promise<PeraVisit>;
  /** An asset of somebody else's. */
  createAsset(): bigint;
  close(): Promise<void>;
}

interface PeraVisitOptions extends VisitOptions {
  readonly phone?: ScriptedPeraOptions;
}

export interface PeraVisit extends Visit {
  readonly pera: ScriptedPera;
}

export const PERA = /^Pera Wallet/;

export async function openPeraScene(): Promise<PeraScene> {
  const [scene, bridge] = await Promise.all([openScene({ hasAlgorand: true }), startBridge()]);
  const { algorand } = scene.stack;
  if (!algorand) throw new Error("the stack has no Algorand network");
  const phones: ScriptedPera[] = [];
  return {
    scene,
    bridge,
    algorand,
    async visit({ phone, ...options } = {}) {
      const pera = createScriptedPera(phone);
      phones.push(pera);
      const visit = await scene.visit({
        families: ["algorand"],
        announce: "none",
        connect: [bridge.websocketUrl],
        ...options,
        context: { permissions: ["clipboard-read", "clipboard-write"], ...options.context },
        attributes: `pera-bridge="${bridge.url}" ${options.attributes ?? ""}`,
      });
      return { ...visit, pera };
    },
    createAsset: () =>
      algorand.localnet.chain.createAsset({ total: 1_000n, decimals: 0, unitName: "TEA", name: "Tea" }),
    async close() {
      for (const pera of phones) pera.close();
      await scene.close();
      await bridge.close();
    },
  };
}

/** The address that the code on the page stands for, as a person copies it. */
export async function readLink(page: Page): Promise<string> {
  await dialogButton(page, "Copy the link instead").click();
  await dialogButton(page, "Copied").waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Chooses Pera in the open dialog, and has the phone scan the code. */
export async function scanCode({ page, pera }: PeraVisit): Promise<void> {
  await dialogButton(page, PERA).click();
  await pera.open(await readLink(page));
}

/** From the button to a session: the phone is paired and signs. */
export async function signInByPera(visit: PeraVisit): Promise<string> {
  const { page } = visit;
  await trigger(page).click();
  await scanCode(visit);
  await untilStatus(page, "signed-in");
  await dialog(page).waitFor({ state: "hidden" });
  return addressOf(page);
}

function openAlgod({ localnet }: AlgorandSide): Algodv2 {
  const { origin, port } = new URL(localnet.url);
  return new Algodv2("", origin, port);
}

/** What a dapp has built itself, with the network's own parameters. */
export async function makeTransfer(
  { algorand }: PeraScene,
  sender: string,
  assetIndex: bigint,
  { receiver = sender, amount = 0n } = {},
): Promise<Transaction> {
  const suggestedParams: SuggestedParams = await openAlgod(algorand).getTransactionParams().do();
  return makeAssetTransferTxnWithSuggestedParamsFromObject({ sender, receiver, amount, assetIndex, suggestedParams });
}

/** Has another key sign for an account from now on, as its owner does it. */
export async function rekey({ algorand }: PeraScene, seed: Uint8Array, authAddress: string): Promise<void> {
  const owner = createAlgorandWallet(seed);
  const algod = openAlgod(algorand);
  const txn = makePaymentTxnWithSuggestedParamsFromObject({
    sender: owner.address,
    receiver: owner.address,
    amount: 0n,
    rekeyTo: authAddress,
    suggestedParams: await algod.getTransactionParams().do(),
  });
  const sig = owner.sign(txn.bytesToSign());
  await algod.sendRawTransaction(encodeMsgpack(new SignedTransaction({ txn, sig }))).do();
  await waitForConfirmation(algod, txn.txID(), 10);
}

export interface GroupOutcome extends Outcome {
  readonly groupId?: string;
  readonly transactionIds?: readonly string[];
}

/** Has a group sponsored by the page's element; what came of it is asked for later. */
export async function startGroup(
  page: Page,
  transactions: readonly Transaction[],
): Promise<() => Promise<GroupOutcome>> {
  const name = `outcome ${crypto.randomUUID()}`;
  await page.locator("gasless-wallet").evaluate(
    (element, { wires, name }) => {
      const wallet = element as unknown as { sponsor(input: unknown): Promise<object> };
      const outcome = wallet
        .sponsor(wires.map((wire) => Uint8Array.from(wire)))
        .catch(({ code, message }: { code: string; message: string }) => ({ code, message }));
      Object.assign(window, { [name]: outcome });
    },
    { wires: transactions.map((each) => [...each.toByte()]), name },
  );
  return () =>
    page.evaluate((key) => (window as unknown as Record<string, Promise<object>>)[key] as Promise<object>, name);
}

/** What an account has of an asset; undefined when it has not opted in. */
export async function holdingOf(
  { algorand }: PeraScene,
  address: string,
  assetId: bigint,
): Promise<bigint | undefined> {
  const { assets = [] } = await openAlgod(algorand).accountInformation(address).do();
  return assets.find((each) => each.assetId === assetId)?.amount;
}

/** Who paid: the user owns the minimum balance that was given and nothing else, and the group's fee came from the sponsor. */
export async function expectSponsored(scene: PeraScene, user: string, given: bigint): Promise<void> {
  expect(scene.algorand.localnet.chain.balanceOf(user)).toBe(given);
}
