import { base64 } from "@scure/base";
import { keysInData, readCalls } from "../../domain/policy/call.ts";
import { costOf } from "../../domain/policy/cost.ts";
import { type DecodedTransaction, resolveTables } from "../../domain/policy/decoded-transaction.ts";
import { evaluateAccounts, evaluateForm, evaluatePolicy } from "../../domain/policy/evaluate.ts";
import type { RuleInput } from "../../domain/policy/rule.ts";
import { isSignedByUser } from "../../domain/policy/rules/signers-have-signed.ts";
import { type NetworkName, walletOf } from "../../domain/network.ts";
import type { ProjectNetwork } from "../../domain/project.ts";
import { type Refusal, refuse } from "../../domain/refusal.ts";
import { failure, type Result, success } from "../../domain/result.ts";
import { judgeSimulation, type Simulation } from "../../domain/simulation.ts";
import type { ChainPort, StorePort } from "../../ports.ts";

/** A transaction that could be read, and what rules are asked about it. */
export interface ReadTransaction extends RuleInput {
  /** The bytes as they came. */
  readonly wire: Uint8Array;
  readonly policyVersion: number;
  /** Base58 address of the sponsor that is to pay. */
  readonly sponsor: string;
  /** Every key that it names, those in instruction data too. */
  readonly keys: readonly string[];
}

const unique = (keys: readonly string[]): readonly string[] => [...new Set(keys)];

function inputOf(
  transaction: DecodedTransaction,
  { policy, sponsorPool, acceptedSponsors }: Pick<RuleInput, "policy" | "sponsorPool" | "acceptedSponsors">,
  sessionAddress: string,
): RuleInput {
  const calls = readCalls(transaction, policy.programs);
  return {
    transaction,
    calls,
    cost: costOf(transaction, calls),
    policy,
    sponsorPool,
    acceptedSponsors,
    sessionAddress,
  };
}

/** Decodes for a project's policy. Refusals: policy.not_published, transaction.malformed, .too_large, .version_unsupported */
export function readTransaction(
  chain: ChainPort,
  { policy, sponsorPool, acceptedSponsors }: ProjectNetwork,
  wallet: string,
  wireBase64: string,
): Result<ReadTransaction, Refusal> {
  if (!policy) return failure(refuse("policy.not_published", "This project sponsors nothing on this network yet."));
  const wire = base64.decode(wireBase64);
  const decoded = chain.decode(wire);
  if (!decoded.ok) return decoded;
  const sessionAddress = wallet.slice(wallet.indexOf(":") + 1);
  const input = inputOf(decoded.value, { policy: policy.compiled, sponsorPool, acceptedSponsors }, sessionAddress);
  return success({
    ...input,
    wire,
    policyVersion: policy.version,
    sponsor: decoded.value.accounts[0] ?? "",
    // The session's wallet too, which a linked one may sign for: who is denied is denied behind it as well.
    keys: unique([
      sessionAddress,
      ...decoded.value.accounts,
      ...decoded.value.lookupTables.map(({ address }) => address),
      ...keysInData(input.calls),
    ]),
  });
}

/** The same, with the user's other wallets where the session's own does not sign: they may sign in its place. */
export async function withLinkedWallets(
  store: Pick<StorePort, "listWallets">,
  user: { readonly projectId: string; readonly userId: string; readonly network: NetworkName },
  read: ReadTransaction,
): Promise<ReadTransaction> {
  if (isSignedByUser(read)) return read;
  const wallets = await store.listWallets(user.projectId, user.userId);
  const prefix = walletOf(user.network, "");
  return {
    ...read,
    linkedAddresses: wallets.flatMap(({ wallet }) => (wallet.startsWith(prefix) ? [wallet.slice(prefix.length)] : [])),
  };
}

/** Signatures that are there and do not fit; those that are missing are another rule's. */
export async function findForgery(
  chain: ChainPort,
  { signatures, accounts, message }: DecodedTransaction,
): Promise<Refusal | undefined> {
  const verdicts = await Promise.all(
    signatures.map(async (signature, index) => {
      const isOurs = index === 0 || signature.every((byte) => byte === 0);
      return isOurs || chain.verifySignature(accounts[index] ?? "", message, signature);
    }),
  );
  return verdicts.every(Boolean)
    ? undefined
    : refuse("transaction.signature_invalid", "A signature does not fit the transaction and its signer.");
}

/** The first line of defence: what the bytes say, before anything is asked of anybody. */
export async function judgeTransaction(chain: ChainPort, read: ReadTransaction): Promise<Refusal | undefined> {
  return evaluateForm(read) ?? (await findForgery(chain, read.transaction)) ?? evaluatePolicy(read);
}

/**
 * The transaction as a simulation shows it: with the accounts of its lookup tables, and with those among its keys who own
 * the tokens that it moves, so that a denied wallet cannot hide behind its token account.
 */
export function resolveOutcome(read: ReadTransaction, simulation: Simulation): ReadTransaction {
  const { loaded, tokenBalancesBefore, tokenBalancesAfter } = simulation;
  const owners = [...tokenBalancesBefore, ...tokenBalancesAfter].map(({ owner }) => owner);
  const keys = unique([...read.keys, ...loaded, ...owners]);
  if (read.transaction.lookupTables.length === 0) return { ...read, keys };
  const transaction = resolveTables(read.transaction, loaded);
  return { ...read, ...inputOf(transaction, read, read.sessionAddress), keys };
}

/** What the sponsor keeps; one that is not the project's pays for nothing anyway. */
export function floorOf(read: ReadTransaction, { sponsors }: ProjectNetwork): bigint {
  return sponsors.find(({ address }) => address === read.sponsor)?.balanceFloor ?? 0n;
}

/**
 * The second line of defence: what the transaction would do, and the rules about accounts once more now that lookup
 * tables are resolved.
 */
export function judgeOutcome(
  read: ReadTransaction,
  simulation: Simulation,
  settings: ProjectNetwork,
): { readonly refusal: Refusal | undefined; readonly resolved: ReadTransaction } {
  const resolved = resolveOutcome(read, simulation);
  const hasTables = read.transaction.lookupTables.length > 0 && simulation.error === null;
  const refusal =
    judgeSimulation({ ...resolved, simulation, balanceFloor: floorOf(read, settings) }) ??
    (hasTables ? evaluateAccounts(resolved) : undefined);
  return { refusal, resolved };
}
