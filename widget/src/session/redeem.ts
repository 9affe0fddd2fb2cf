import type { SessionTokens } from "../api/types.ts";
import type { Core } from "../core.ts";
import { GaslessError } from "../errors.ts";
import { addressOf } from "../state.ts";
import type { BoundChallenge } from "./challenges.ts";

/** What a wallet gave, base64, and by which method. */
type WalletProof = Readonly<Record<string, string>>;

/** For a tap that came before the prefetched challenge did. */
export async function fetchChallenge(core: Core, spareMs?: number): Promise<BoundChallenge> {
  const fetched = await core.challenges.prefetch(spareMs);
  core.challenges.take();
  return fetched;
}

/** Opens the session that a wallet has proved, bound to the key that its challenge was bound to. */
export async function redeem(
  core: Core,
  walletName: string,
  { challenge, key }: BoundChallenge,
  address: string,
  proof: WalletProof,
  family?: string,
): Promise<void> {
  core.update({ status: "signing-in", address });
  const body = { challengeId: challenge.challengeId, network: await core.resolveNetwork(family), address, ...proof };
  const tokens = await core.callApi<SessionTokens>("POST", "/v1/sessions", { body, key });
  if (addressOf(tokens.session) !== address) {
    throw new GaslessError("auth.signature_invalid", "The server opened a session of another wallet.");
  }
  // A session that needs no key would be worth stealing.
  if (tokens.tokenType !== "DPoP") {
    throw new GaslessError("auth.proof_invalid", "The server did not bind the session to this browser's key.");
  }
  await core.session.keep(tokens, key, walletName);
}
