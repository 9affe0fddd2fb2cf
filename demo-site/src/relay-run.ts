import { say } from "./dom.ts";
import type { GaslessWallet, Relay, RelayChanged, Sponsorable } from "./gasless-wallet.ts";

/** Its state as a person would put it. */
const STATES: Readonly<Record<string, string>> = {
  received: "Sent. The sponsor is looking at it…",
  signed: "The sponsor agreed to pay. Sending…",
  submitted: "On its way to the chain…",
};
const seen = new Set<string>();

/** Something that was paid for. */
export interface Purchase {
  readonly title: string;
  readonly visitor: string;
  readonly relay: Relay;
}

export interface RelayRun {
  /** The chain has it; nothing more is left to wait for but its finality. */
  readonly confirmed: Promise<Relay>;
  /** It cannot go away any more. */
  readonly finalized: Promise<Relay>;
}

/** Has something sponsored, and says in `status` how far it is. One at a time, until the one before is confirmed. */
export function runRelay(wallet: GaslessWallet, input: readonly Sponsorable[], status: HTMLElement): RelayRun {
  const { promise: confirmed, resolve, reject } = Promise.withResolvers<Relay>();
  let own: string | undefined;
  const follow = (event: Event) => {
    const { relay } = event as RelayChanged;
    // An earlier relay may still be on its way to finality: this run's is the first that nobody has seen.
    if (!seen.has(relay.id)) own ??= relay.id;
    seen.add(relay.id);
    if (relay.id !== own) return;
    const text = STATES[relay.state];
    if (text !== undefined) say(status, "busy", text);
    if (relay.state === "confirmed" || relay.state === "finalized") resolve(relay);
  };
  say(status, "busy", "Waiting for your signature…");
  wallet.addEventListener("gasless-relay-changed", follow);
  const finalized = wallet.sponsor(input).finally(() => wallet.removeEventListener("gasless-relay-changed", follow));
  finalized.then(resolve, reject);
  return { confirmed, finalized };
}

/** Why it did not work, in one sentence. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return "That did not work. Try again.";
  if ("code" in error && (error.code === 4001 || String(error.code).includes("rejected"))) {
    return "You said no, so nothing was sent.";
  }
  return error.message;
}
