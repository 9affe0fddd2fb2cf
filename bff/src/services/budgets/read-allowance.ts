import type { Allowance } from "../../contract/index.ts";
import type { NetworkName } from "../../domain/network.ts";
import type { Project } from "../../domain/project.ts";
import type { Ports } from "../../ports.ts";
import type { AccessClaims } from "../../domain/session.ts";
import { requireSession } from "../auth/sessions.ts";
import { requireNetwork } from "../projects/require-network.ts";

/** What the user may still use, by window and unit. */
export async function readAllowance(
  ports: Ports,
  project: Project,
  claims: AccessClaims,
  network: NetworkName,
): Promise<Allowance> {
  requireNetwork(ports, project, network);
  const [limits] = await Promise.all([
    ports.store.readAllowance(project.id, network, claims.userId, claims.wallet),
    requireSession(ports, claims),
  ]);
  return {
    network,
    limits: limits.map(({ window, unit, limit, used, held, resetsAt }) => ({
      window,
      unit,
      limit: limit.toString(),
      used: used.toString(),
      held: held.toString(),
      resetsAt: resetsAt?.toISOString() ?? null,
    })),
  };
}
