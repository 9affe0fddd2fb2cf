import { isFinal, type PreparedRelay, type Relay } from "../api/types.ts";
import type { Core } from "../core.ts";
import { GaslessError, toGaslessError } from "../errors.ts";
import { addressOf } from "../state.ts";
import { askWallet, connectAloud } from "../wallets/failures.ts";
import type { SponsorInput } from "./input.ts";
import { planSolana } from "./solana.ts";

/** How far a sponsored transaction is, for whoever shows it. */
export type SponsorStep =
  | { readonly step: "preparing" }
  | { readonly step: "approving"; readonly isAgain: boolean }
  | { readonly step: "sending"; readonly hasWalletChangedIt: boolean }
  | { readonly step: "following"; readonly relay: Relay };

const WAIT_SECONDS = 20;
const FOLLOW_FOR_MS = 10 * 60_000;
/** With its pauses a minute or more: after that the blockhash is dead, and nothing that was not accepted can land. */
const SEND_TRIES = 10;
const MAX_PAUSE_SECONDS = 8;
/** A blockhash lives for about a minute; a wallet that is left open can outlive a second one, but then it is a person's turn. */
const PREPARE_TRIES = 2;

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const pauseAfter = (error: GaslessError, failures: number): Promise<void> =>
  pause(error.retryAfterSeconds ?? Math.min(2 ** (failures - 1), MAX_PAUSE_SECONDS));

/** What the same request may outlive. */
const isTransient = ({ code }: GaslessError): boolean =>
  /^(?:network|store|upstream)\./.test(code) || code === "idempotency.in_progress" || code === "internal.unexpected";

/**
 * Prepares, asks the wallet, and relays. Aborting ends it as long as the wallet has not signed.
 * @throws GaslessError; `relay.unfinished` when it is not known whether it was accepted
 */
export async function accept(
  core: Core,
  input: SponsorInput,
  signal: AbortSignal,
  onStep: (step: SponsorStep) => void,
): Promise<Relay> {
  const { session } = core.state;
  if (!session) throw new GaslessError("auth.token_missing", "Nobody is signed in.");
  const signer = addressOf(session);
  for (let attempt = 1; ; attempt++) {
    onStep({ step: "preparing" });
    const driver = await core.requireDriver((found) => connectAloud(found, signal));
    const { family } = driver;
    const plan = family ? family.plan(input) : planSolana(input, driver);
    const network = await core.resolveNetwork(family?.name);
    const body = { network, ...plan.request };
    const prepared = await core.session.call<PreparedRelay>("POST", "/v1/relays/prepare", { body, signal });
    onStep({ step: "approving", isAgain: attempt > 1 });
    const signed = await askWallet(driver.name, signal, () => plan.sign(prepared, signer));
    onStep({ step: "sending", hasWalletChangedIt: signed.hasWalletChangedIt });
    try {
      return await send(core, { network, ...signed.body }, signed.hasWalletChangedIt);
    } catch (error) {
      const hasDied = error instanceof GaslessError && error.code === "transaction.expired";
      // Nobody looks any more: who does not see a second request cannot answer it.
      if (!hasDied || attempt === PREPARE_TRIES || signal.aborted) throw error;
    }
  }
}

/**
 * Always the same bytes under the same key, so that an answer that was lost costs nothing. What is signed goes on even
 * when nobody looks any more.
 */
async function send(core: Core, body: object, hasWalletChangedIt: boolean): Promise<Relay> {
  const idempotencyKey = crypto.randomUUID();
  let mayBeAccepted = false;
  for (let attempt = 1; ; attempt++) {
    try {
      const relay = await core.session.call<Relay>("POST", "/v1/relays", { body, idempotencyKey });
      core.reportRelay(relay);
      return relay;
    } catch (thrown) {
      const error = toGaslessError(thrown);
      const { relayId } = error.context;
      if (error.code === "transaction.already_relayed" && typeof relayId === "string") {
        return readRelay(core, relayId);
      }
      // A fault may come after the sponsor has signed; what a node says never does.
      mayBeAccepted ||= isTransient(error) && !error.code.startsWith("upstream.");
      if (isTransient(error) && attempt < SEND_TRIES) await pauseAfter(error, attempt);
      else if (mayBeAccepted && error.code !== "transaction.expired") throw unfinished(error);
      else throw hasWalletChangedIt ? explainChange(error) : error;
    }
  }
}

/** What was relayed before under another key; it is there, whether or not it can be read. */
async function readRelay(core: Core, relayId: string): Promise<Relay> {
  try {
    return await core.session.call<Relay>("GET", `/v1/relays/${encodeURIComponent(relayId)}`);
  } catch (cause) {
    throw unfinished(toGaslessError(cause));
  }
}

/** It may have landed, or may yet: trying it again could pay twice, so a person has to look first. */
function unfinished(cause: GaslessError, relay?: Relay): GaslessError {
  const detail = `It is not known yet what became of the transaction: ${cause.message}`;
  const context = { code: cause.code, ...(relay && { relayId: relay.id, state: relay.state }) };
  return new GaslessError("relay.unfinished", detail, { cause, context, requestId: cause.requestId });
}

/** A refusal of what the wallet made of the transaction is not the dapp's doing. */
function explainChange(error: GaslessError): GaslessError {
  // That it came too late has nothing to do with it, and is mended by asking again.
  const isOfContent = error.code.startsWith("policy.") || error.code.startsWith("transaction.");
  if (!isOfContent || error.code === "transaction.expired") return error;
  const { code, message, requestId, context } = error;
  const detail = `The wallet changed the transaction before signing it, and what it became was refused: ${message}`;
  return new GaslessError("wallet.transaction_changed", detail, {
    requestId,
    context: { ...context, code },
    cause: error,
  });
}

/**
 * Follows a relay that was accepted, whatever happens to this page's connection meanwhile.
 * @throws GaslessError with the code of the relay's failure, or `relay.unfinished`
 */
export async function follow(core: Core, accepted: Relay, onStep: (step: SponsorStep) => void): Promise<Relay> {
  let relay = accepted;
  onStep({ step: "following", relay });
  const untilMs = performance.now() + FOLLOW_FOR_MS;
  for (let failures = 0; !isFinal(relay);) {
    if (performance.now() > untilMs) throw unfinished(new GaslessError("relay.unfinished", "it takes too long"), relay);
    try {
      const path = `/v1/relays/${relay.id}?wait=${WAIT_SECONDS}&after=${relay.state}`;
      const next = await core.session.call<Relay>("GET", path, { timeoutMs: (WAIT_SECONDS + 10) * 1000 });
      failures = 0;
      if (next.state === relay.state) continue;
      relay = next;
      core.reportRelay(relay);
      onStep({ step: "following", relay });
    } catch (thrown) {
      const error = toGaslessError(thrown);
      if (!isTransient(error) && error.code !== "rate.limited") throw unfinished(error, relay);
      failures += 1;
      await pauseAfter(error, failures);
    }
  }
  if (relay.state === "finalized") return relay;
  const { code, detail, context } = relay.failure ?? {};
  throw new GaslessError(code ?? `relay.${relay.state}`, detail ?? `The transaction ${relay.state}.`, {
    context: { ...context, relayId: relay.id },
  });
}
