import { say } from "./dom.ts";
import { type GaslessWallet, signedInAddress, type Sponsorable, STATUS_EVENTS, untilReady } from "./gasless-wallet.ts";
import { explain, type Purchase, runRelay } from "./relay-run.ts";
import type { Steps } from "./steps.ts";

interface RelayRequest {
  readonly title: string;
  readonly input: readonly Sponsorable[];
  readonly status: HTMLElement;
  readonly button: HTMLButtonElement;
}

/** What the panels of a page share. */
export interface Page {
  /** Who is signed in. */
  address(): string | undefined;
  /** Runs what a person asked for, in the name of who is signed in; asks them to sign in otherwise. */
  act(status: HTMLElement, task: (visitor: string) => Promise<void>): void;
  /** Has something sponsored and shows the receipt; resolves when the chain has it. */
  relay(request: RelayRequest): Promise<void>;
  onVisitorChanged(listener: (address: string | undefined) => void): void;
}

export interface PageParts {
  readonly wallet: GaslessWallet;
  /** Such as `solana:localnet`; who is signed in on another one is nobody here. */
  readonly network: string;
  readonly steps: Steps<never>;
  /** Said to who presses something before connecting. */
  readonly invitation: string;
  readonly showReceipt: (purchase: Purchase) => Promise<void>;
  readonly markFinalized: (purchase: Purchase) => void;
}

const OTHER_NETWORK = "You are signed in on another network. Switch to a wallet of this one.";

export function createPage(parts: PageParts): Page {
  const { wallet, network, steps, invitation, showReceipt, markFinalized } = parts;
  const listeners: ((address: string | undefined) => void)[] = [];
  let isBusy = false;
  let waiting: HTMLElement | undefined;

  const tell = () => {
    const visitor = signedInAddress(wallet, network);
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
    const visitor = signedInAddress(wallet, network);
    if (visitor === undefined) {
      if (waiting !== undefined) say(waiting, "idle", "");
      waiting = status;
      say(status, "idle", wallet.status === "signed-in" ? OTHER_NETWORK : invitation);
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
    address: () => signedInAddress(wallet, network),
    act: (status, task) => void act(status, task),
    onVisitorChanged: (listener) => void listeners.push(listener),
    async relay({ title, input, status, button }) {
      const visitor = signedInAddress(wallet, network) ?? "";
      button.disabled = true;
      try {
        const { confirmed, finalized } = runRelay(wallet, input, status);
        const purchase = { title, visitor, relay: await confirmed };
        // It is on the chain whether or not this page gets to read it back.
        await showReceipt(purchase).catch(() => undefined);
        finalized.then(
          () => markFinalized(purchase),
          (error: unknown) => say(status, "failed", explain(error)),
        );
      } finally {
        button.disabled = false;
      }
    },
  };
}
