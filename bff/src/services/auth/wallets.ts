import type { LinkedWallet, SessionRequest, WalletList } from "../../contract/index.ts";
import { AppError, toAppError } from "../../errors.ts";
import { walletOf } from "../../domain/network.ts";
import type { Project } from "../../domain/project.ts";
import type { Ports } from "../../ports.ts";
import type { StoreRefusal } from "../../domain/reservation.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { requireSession } from "./sessions.ts";
import { challengeInvalid, type ProofCaller, verifyProof } from "./verify-proof.ts";

/** Methods whose proof is weaker than a wallet's usual signature. */
const LOW_ASSURANCE: ReadonlySet<string> = new Set(["memo-transaction"]);
/** What could be one; anything else is nobody's, and never reaches SQL. */
const WALLET = /^[a-z0-9]{1,16}:[A-Za-z0-9._-]{1,64}$/;

/** Or a weak proof would become a strong one, by a wallet of the thief's that stays. @throws auth.assurance_low */
function assertMayChangeWallets({ amr }: AccessClaims): void {
  if (!amr.some((method) => LOW_ASSURANCE.has(method))) return;
  throw new AppError("auth.assurance_low", "Sign in by a signed message to change which wallets are yours.", {
    context: { amr },
  });
}

function refusalOf(reason: StoreRefusal): AppError {
  return reason.kind === "refused" ? toAppError(reason.refusal) : challengeInvalid();
}

const noSuchWallet = (): AppError => new AppError("request.not_found", "The user has no such wallet.");

/** As it is kept, whichever spelling of its address was sent; a wallet of a network that the project has no more is kept so too. */
function inOneSpelling({ chains }: Pick<Ports, "chains">, { networks }: Project, given: string): string {
  const network = networks.find((one) => given.startsWith(walletOf(one.network, "")))?.network;
  if (network === undefined) return given;
  const address = chains(network)?.parseAddress(given.slice(walletOf(network, "").length));
  return address === undefined ? given : walletOf(network, address);
}

/** @throws auth.session_revoked */
export async function listWallets(ports: Ports, claims: AccessClaims): Promise<WalletList> {
  const { wallets } = await requireSession(ports, claims);
  return { data: [...wallets] };
}

/**
 * One more wallet for a user who is signed in; it can sign in as this user from then on. Linking it again changes nothing.
 * @throws what verifyProof throws; auth.assurance_low, auth.session_revoked, auth.wallet_taken, auth.wallet_limit_reached
 */
export async function linkWallet(
  ports: Ports,
  caller: ProofCaller & { readonly claims: AccessClaims },
  body: SessionRequest,
): Promise<LinkedWallet> {
  const { projectId, userId, sessionId } = caller.claims;
  assertMayChangeWallets(caller.claims);
  const { nonce, expiresAtSeconds, wallet } = await verifyProof(ports, caller, body);
  const challengeExpiresAtMs = expiresAtSeconds * 1000;
  const linked = await ports.store.linkWallet({ projectId, userId, sessionId, nonce, challengeExpiresAtMs, wallet });
  if (!linked.ok) throw refusalOf(linked.reason);
  ports.background(ports.limiter.markNonceUsed(nonce));
  return linked.value;
}

/**
 * Takes a wallet from its user and ends the sessions that it opened. Whoever signs in with it later is another user; budgets
 * that were the wallet's own stay so.
 * @throws auth.assurance_low, auth.session_revoked, auth.wallet_last, request.not_found
 */
export async function unlinkWallet(ports: Ports, project: Project, claims: AccessClaims, given: string): Promise<void> {
  assertMayChangeWallets(claims);
  await requireSession(ports, claims);
  if (!WALLET.test(given)) throw noSuchWallet();
  const wallet = inOneSpelling(ports, project, given);
  const unlinked = await ports.store.unlinkWallet(claims, wallet);
  if (!unlinked.ok) throw refusalOf(unlinked.reason);
  if (!unlinked.value) throw noSuchWallet();
}
