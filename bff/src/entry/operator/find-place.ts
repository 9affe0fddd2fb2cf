import { projectNetworks, projects } from "@gasless/db";
import { eq, or } from "drizzle-orm";
import type { Database } from "../../adapters/sql/database.ts";
import type { PolicyPlace } from "../../services/policies/check-policy.ts";
import { parseNetwork, UsageError } from "./installation.ts";

/** A project by its id or name, and one of its networks: the given one, or the only one. @throws UsageError */
export async function findPlace({ run }: Database, wanted: string, network: string | undefined): Promise<PolicyPlace> {
  const rows = await run((db) =>
    db
      .select({ projectId: projects.id, network: projectNetworks.network })
      .from(projects)
      .leftJoin(projectNetworks, eq(projectNetworks.projectId, projects.id))
      .where(or(eq(projects.id, wanted), eq(projects.name, wanted))),
  );
  const ids = [...new Set(rows.map(({ projectId }) => projectId))];
  const [projectId] = ids;
  if (projectId === undefined) throw new UsageError(`There is no project ${wanted}.`);
  if (ids.length > 1) throw new UsageError(`Several projects are called ${wanted}: give an id of ${ids.join(", ")}.`);
  const networks = rows.flatMap((row) => row.network ?? []);
  const [only] = networks;
  if (network !== undefined) {
    if (!networks.includes(network)) throw new UsageError(`The project does not have the network ${network}.`);
    return { projectId, network: parseNetwork(network) };
  }
  if (only === undefined) throw new UsageError("The project has no network.");
  if (networks.length > 1) throw new UsageError(`Say which network: --network ${networks.join(" | ")}.`);
  return { projectId, network: parseNetwork(only) };
}
