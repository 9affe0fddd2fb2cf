import type { ManageExplanation } from "../../../contract/manage/policies.ts";
import { isServed, type NetworkName } from "../../../domain/network.ts";
import { AppError } from "../../../errors.ts";
import type { ManageStore } from "../../../manage-ports.ts";
import type { Ports } from "../../../ports.ts";
import { partsOf } from "../../relays/read-transaction.ts";
import { normalizeWallet } from "../wallets.ts";

/** What an explanation may be asked of: a transaction, or one that was decided about. */
export interface Question {
  readonly network?: NetworkName | undefined;
  readonly transaction?: string | undefined;
  readonly transactions?: string[] | undefined;
  readonly wallet?: string | undefined;
  readonly decisionId?: string | undefined;
}

/** The transaction, whose it is, and what was decided then. */
export interface ReadQuestion {
  readonly network: NetworkName;
  readonly parts: readonly Uint8Array[];
  /** Undefined: whoever signs it first, as a new user. */
  readonly user: { readonly userId: string; readonly wallet: string } | undefined;
  readonly decided: ManageExplanation["decided"];
}

function invalid(pointer: string, detail: string): AppError {
  return new AppError("request.invalid", "The request does not fit its schema.", { errors: [{ pointer, detail }] });
}

async function readPast(store: ManageStore, projectId: string, decisionId: string): Promise<ReadQuestion> {
  const past = await store.readDecision(projectId, decisionId);
  if (!past || !isServed(past.network)) {
    throw new AppError("request.not_found", "No such decision is kept: they are for 30 days.");
  }
  const { network, userId, wallet, transaction, decidedAt, verdict, code, policyVersion } = past;
  return {
    network,
    // A group is kept as one: one transaction behind the other.
    parts: [transaction],
    user: { userId, wallet },
    decided: { at: decidedAt.toISOString(), verdict, code, policyVersion },
  };
}

/** @throws request.invalid, request.not_found, project.network_not_enabled */
export async function readQuestion(
  ports: Pick<Ports, "chains" | "networks">,
  store: ManageStore,
  projectId: string,
  { network, transaction, transactions, wallet, decisionId }: Question,
): Promise<ReadQuestion> {
  const isGiven = transaction !== undefined || transactions !== undefined;
  if (decisionId !== undefined) {
    if (isGiven || network !== undefined || wallet !== undefined) {
      throw invalid("/decisionId", "stands alone: the decision has its own transaction, wallet and network");
    }
    return readPast(store, projectId, decisionId);
  }
  if (!isGiven) throw invalid("/transaction", "is required, or a decisionId");
  if (network === undefined) throw invalid("/network", "is required with a transaction");
  if (transaction !== undefined && transactions !== undefined) {
    throw invalid("/transaction", "is one transaction; for a group give transactions instead, never both");
  }
  const chain = ports.chains(network);
  if (!chain) {
    throw new AppError("project.network_not_enabled", `This deployment does not serve ${network}.`, {
      context: { network },
    });
  }
  const parts = partsOf(chain, {
    network,
    ...(transaction !== undefined && { transaction }),
    ...(transactions !== undefined && { transactions }),
  });
  if (wallet === undefined) return { network, parts, user: undefined, decided: null };
  const address = normalizeWallet(ports, wallet, "/wallet");
  // A wallet that never signed in has used nothing of its budgets.
  const userId = (await store.findUserOf(projectId, address)) ?? "";
  return { network, parts, user: { userId, wallet: address }, decided: null };
}
