import { base64 } from "@scure/base";
import type { PreparedRelay, PrepareRequest } from "../../contract/index.ts";
import type { Project } from "../../domain/project.ts";
import { chooseSponsor } from "../../domain/sponsor-choice.ts";
import { AppError, toAppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { requireSession } from "../auth/sessions.ts";
import { requireNetwork } from "../projects/require-network.ts";
import { listAddresses } from "./read-transaction.ts";

/**
 * What a client needs to build a transaction that will be sponsored; where relays are groups, the whole group. Nothing is
 * held for it. @throws policy.not_published, sponsor.unavailable, auth.session_revoked, and what the chain refuses
 */
export async function prepareRelay(
  ports: Ports,
  project: Project,
  claims: AccessClaims,
  { network, transactions }: PrepareRequest,
): Promise<PreparedRelay> {
  const { chain, settings } = requireNetwork(ports, project, network);
  const { policy, sponsorPool, acceptedSponsors } = settings;
  if (!policy) {
    throw new AppError("policy.not_published", "This project sponsors nothing on this network yet.");
  }
  if (chain.takesGroups !== (transactions !== undefined)) {
    throw new AppError("request.invalid", "What is to be prepared does not fit the network.", {
      errors: [{ pointer: "/transactions", detail: chain.takesGroups ? "is required" : "does not belong here" }],
    });
  }
  const unit = (ports.random.bytes(1)[0] ?? 0) / 256;
  const sponsor = chooseSponsor(settings.sponsors, ports.signers.canSign, unit);
  if (!sponsor) {
    throw new AppError("sponsor.unavailable", "No sponsor is available at the moment.", { retryAfterSeconds: 5 });
  }
  const { projectId, userId, wallet } = claims;
  const preparing = chain.prepare({
    sponsor: sponsor.address,
    transactions: (transactions ?? []).map((text) => base64.decode(text)),
    policy: policy.compiled,
    sponsorPool,
    acceptedSponsors,
    sessionAddress: wallet.slice(wallet.indexOf(":") + 1),
    listLinkedAddresses: () => listAddresses(ports.store, { projectId, userId, network }),
    listGiven: (allotments) => ports.store.listAllotments({ projectId, network, userId, wallet }, allotments),
  });
  const [prepared] = await Promise.all([preparing, requireSession(ports, claims)]);
  if (!prepared.ok) throw toAppError(prepared.reason);
  const { lifetime, quote, transactions: group } = prepared.value;
  return {
    network,
    feePayer: sponsor.address,
    lifetime,
    quote: { fee: quote.fee.toString(), rent: quote.rent.toString() },
    ...(group && { transactions: group.map((bytes) => base64.encode(bytes)) }),
  };
}
