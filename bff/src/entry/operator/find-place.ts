import { projectNetworks, projects } from "@gasless/db";
import { eq, or } from "drizzle-orm";
import type { Database } from "../../adapters/sql/database.ts";
import type { PolicyPlace } from "../../services/policies/check-policy.ts";
import { parseNetwork, UsageError } from "./installation.ts";

/** The only project of this id or name. @throws UsageError */
function requireOne(ids: readonly string[], wanted: string): string {
  const unique = [...new Set(ids)];
  const [projectId] = unique;
  if (projectId === undefined) throw new UsageError(`There is no project ${wanted}.`);
  if (unique.length > 1) {
    throw new UsageError(`Several projects are called ${wanted}: give an id of ${unique.join(", ")}.`);
  }
  return projectId;
}

const isWanted = (wanted: string) => or(eq(projects.id, wanted), eq(projects.name, wanted));

/** A project by its id or name. @throws UsageError */
export async function findProject({ run }: Database, wanted: string): Promise<string> {
  const rows = await run((db) => db.select({ id: projects.id }).from(projects).where(isWanted(wanted)));
  return requireOne(
    rows.map(({ id }) => id),
    wanted,
  );
}

/** The same, and one of its networks: the given one, or the only one. @throws UsageError */
export async function findPlace({ run }: Database, wanted: string, network: string | undefined): Promise<PolicyPlace> {
  const rows = await run((db) =>
    db
      .select({ projectId: projects.id, network: projectNetworks.network })
      .from(projects)
      .leftJoin(projectNetworks, eq(projectNetworks.projectId, projects.id))
      .where(isWanted(wanted)),
  );
  const projectId = requireOne(
    rows.map((row) => row.projectId),
    wanted,
  );
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
