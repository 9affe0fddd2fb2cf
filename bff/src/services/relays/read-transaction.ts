import { base64 } from "@scure/base";
import type { RelayRequest } from "../../contract/index.ts";
import type { ReadTransaction } from "../../domain/chain-transaction.ts";
import { type NetworkName, walletOf } from "../../domain/network.ts";
import type { ProjectNetwork } from "../../domain/project.ts";
import { type Refusal, refuse } from "../../domain/refusal.ts";
import { failure, type Result } from "../../domain/result.ts";
import { AppError } from "../../errors.ts";
import type { ChainPort, StorePort } from "../../ports.ts";

/** The bytes that a request carries, in their order. @throws request.invalid where a group was sent for a transaction, or the other way round */
export function partsOf(
  { takesGroups }: ChainPort,
  { transaction, transactions }: RelayRequest,
): readonly Uint8Array[] {
  const given = takesGroups ? transactions : transaction === undefined ? undefined : [transaction];
  if (given) return given.map((text) => base64.decode(text));
  const [wanted, other] = takesGroups ? ["transactions", "transaction"] : ["transaction", "transactions"];
  throw new AppError("request.invalid", `This network takes ${wanted}, not ${other}.`, {
    errors: [{ pointer: `/${wanted}`, detail: "is required on this network" }],
  });
}

/** Reads for a project's policy. Refusals: policy.not_published, transaction.malformed, .too_large, .version_unsupported */
export function readTransaction(
  chain: ChainPort,
  { policy, sponsorPool, acceptedSponsors }: ProjectNetwork,
  wallet: string,
  parts: readonly Uint8Array[],
): Result<ReadTransaction, Refusal> {
  if (!policy) return failure(refuse("policy.not_published", "This project sponsors nothing on this network yet."));
  const sessionAddress = wallet.slice(wallet.indexOf(":") + 1);
  return chain.read(parts, { policy: policy.compiled, sponsorPool, acceptedSponsors, sessionAddress });
}

interface UserOnNetwork {
  readonly projectId: string;
  readonly userId: string;
  readonly network: NetworkName;
}

/** The user's wallets on a network, without their family. */
export async function listAddresses(
  store: Pick<StorePort, "listWallets">,
  { projectId, userId, network }: UserOnNetwork,
): Promise<readonly string[]> {
  const wallets = await store.listWallets(projectId, userId);
  const prefix = walletOf(network, "");
  return wallets.flatMap(({ wallet }) => (wallet.startsWith(prefix) ? [wallet.slice(prefix.length)] : []));
}

/** The same, with the user's other wallets where the session's own does not sign: they may sign in its place. */
export async function withLinkedWallets(
  store: Pick<StorePort, "listWallets">,
  user: UserOnNetwork,
  read: ReadTransaction,
): Promise<ReadTransaction> {
  return read.isSignedByUser ? read : read.withLinkedWallets(await listAddresses(store, user));
}

/** What the sponsor keeps; one that is not the project's pays for nothing anyway. */
export function floorOf({ sponsor }: ReadTransaction, { sponsors }: ProjectNetwork): bigint {
  return sponsors.find(({ address }) => address === sponsor)?.balanceFloor ?? 0n;
}
