import type { DemoConfig } from "./config.ts";
import { say } from "./dom.ts";
import { type GaslessWallet, type Instruction, signedInAddress, STATUS_EVENTS, untilReady } from "./gasless-wallet.ts";
import { markFinalized, showReceipt } from "./receipt.ts";
import { explain, runRelay } from "./relay-run.ts";
import type { Chain } from "./rpc.ts";
import type { Steps } from "./steps.ts";

interface RelayRequest {
  readonly title: string;
  readonly instructions: readonly Instruction[];
  readonly status: HTMLElement;
  readonly button: HTMLButtonElement;
}

/** What the panels share. */
export interface Page {
  readonly config: DemoConfig;
  readonly chain: Chain;
  readonly steps: Steps;
  /** Who is signed in. */
  address(): string | undefined;
  /** Runs what a person asked for, in the name of who is signed in; asks them to sign in otherwise. */
  act(status: HTMLElement, task: (visitor: string) => Promise<void>): void;
  /** Has instructions sponsored and shows the receipt; resolves when the chain has them. */
  relay(request: RelayRequest): Promise<void>;
  onVisitorChanged(listener: (address: string | undefined) => void): void;
}

export function createPage(wallet: GaslessWallet, config: DemoConfig, chain: Chain, steps: Steps): Page {
  const listeners: ((address: string | undefined) => void)[] = [];
  let isBusy = false;
  let waiting: HTMLElement | undefined;

  const tell = () => {
    const visitor = signedInAddress(wallet);
    if (visitor === undefined) steps.reopen("connect");
    else steps.finish("connect");
    for (const listener of listeners) listener(visitor);
    if (visitor !== undefined && waiting !== undefined) {
      say(waiting, "done", "You are connected. Press it once more!");
      waiting = undefined;
    }
  };
  for (const name of STATUS_EVENTS) wallet.addEventListener(name, tell);
  void untilReady().then(tell);

  async function act(status: HTMLElement, task: (visitor: string) => Promise<void>): Promise<void> {
    await untilReady();
    const visitor = signedInAddress(wallet);
    if (visitor === undefined) {
      if (waiting !== undefined) say(waiting, "idle", "");
      waiting = status;
      say(status, "idle", "First connect a wallet. The Demo Wallet is there for you.");
      wallet.open();
      return;
    }
    if (isBusy) {
      if (status.dataset["mood"] !== "busy") say(status, "idle", "One at a time: the last one is still on its way.");
      return;
    }
    isBusy = true;
    try {
      await task(visitor);
    } catch (error) {
      say(status, "failed", explain(error));
    } finally {
      isBusy = false;
    }
  }

  return {
    config,
    chain,
    steps,
    address: () => signedInAddress(wallet),
    act: (status, task) => void act(status, task),
    onVisitorChanged: (listener) => void listeners.push(listener),
    async relay({ title, instructions, status, button }) {
      const visitor = signedInAddress(wallet) ?? "";
      button.disabled = true;
      try {
        const { confirmed, finalized } = runRelay(wallet, instructions, status);
        const { transactionId = "" } = await confirmed;
        // It is on the chain whether or not this page gets to read it back.
        await showReceipt(chain, { title, transactionId, visitor }).catch(() => undefined);
        finalized.then(
          () => markFinalized(transactionId),
          (error: unknown) => say(status, "failed", explain(error)),
        );
      } finally {
        button.disabled = false;
      }
    },
  };
}
