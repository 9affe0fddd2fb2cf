import type { PreparedRelay } from "../../contract/index.ts";
import type { NetworkName } from "../../domain/network.ts";
import { LAMPORTS_PER_SIGNATURE } from "../../domain/policy/cost.ts";
import type { Project } from "../../domain/project.ts";
import { chooseSponsor } from "../../domain/sponsor-choice.ts";
import { AppError } from "../../errors.ts";
import type { Ports } from "../../ports.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { requireSession } from "../auth/sessions.ts";
import { requireNetwork } from "../projects/require-network.ts";

/** The sponsor's signature and the user's. */
const USUAL_SIGNATURES = 2n;

/** What a client needs to build a transaction that will be sponsored. */
export async function prepareRelay(
  ports: Ports,
  project: Project,
  claims: AccessClaims,
  network: NetworkName,
): Promise<PreparedRelay> {
  const { chain, settings } = requireNetwork(ports, project, network);
  if (!settings.policy) {
    throw new AppError("policy.not_published", "This project sponsors nothing on this network yet.");
  }
  const unit = (ports.random.bytes(1)[0] ?? 0) / 256;
  const sponsor = chooseSponsor(settings.sponsors, ports.signers.canSign, unit);
  if (!sponsor) {
    throw new AppError("sponsor.unavailable", "No sponsor is available at the moment.", { retryAfterSeconds: 5 });
  }
  const [{ blockhash, lastValidBlockHeight }] = await Promise.all([
    chain.latestLifetime(),
    requireSession(ports, claims),
  ]);
  return {
    network,
    feePayer: sponsor.address,
    lifetime: { blockhash, lastValidBlockHeight: Number(lastValidBlockHeight) },
    quote: { fee: (USUAL_SIGNATURES * LAMPORTS_PER_SIGNATURE).toString(), rent: "0" },
  };
}
