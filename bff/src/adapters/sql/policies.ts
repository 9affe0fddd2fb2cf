import { limits, policies, projectNetworks } from "@gasless/db";
import { and, desc, eq, sql } from "drizzle-orm";
import type { PolicyStorePort } from "../../ports.ts";
import { type Database, onlyRow, runGuarded } from "./database.ts";

export function createPolicyQueries(database: Database): PolicyStorePort {
  const { run } = database;
  /** Another version is in force by now: nothing was written. */
  const unlessConflict = async (call: ReturnType<typeof sql>): Promise<number | undefined> => {
    const done = await runGuarded(database, async (db) => onlyRow(await db.execute<{ version: number }>(call)).version);
    return done.ok ? done.value : undefined;
  };
  return {
    async readPolicy(projectId, network, version) {
      const ofNetwork = and(eq(policies.projectId, projectId), eq(policies.network, network));
      const [inForce] = await run((db) =>
        db
          .select({
            current: projectNetworks.policyVersion,
            hasRentBudget: sql<boolean>`exists (select from ${limits} where ${limits.projectId} = ${projectId}
              and ${limits.network} = ${network} and ${limits.unit} = 'rent' and ${limits.removedAt} is null)`,
          })
          .from(projectNetworks)
          .where(and(eq(projectNetworks.projectId, projectId), eq(projectNetworks.network, network))),
      );
      const versions = await run((db) =>
        db
          .select({ version: policies.version, createdAt: policies.createdAt })
          .from(policies)
          .where(ofNetwork)
          .orderBy(desc(policies.version))
          .limit(100),
      );
      const wanted = version ?? inForce?.current ?? 0;
      const [found] = await run((db) =>
        db
          .select({ document: policies.document })
          .from(policies)
          .where(and(ofNetwork, eq(policies.version, wanted))),
      );
      return {
        current: inForce?.current ?? null,
        versions,
        document: found?.document,
        hasRentBudget: inForce?.hasRentBudget ?? false,
      };
    },
    publishPolicy: (projectId, network, document, expected) =>
      unlessConflict(
        sql`select publish_policy(${projectId}, ${network}, ${JSON.stringify(document)}, ${expected}) as version`,
      ),
    rollBackPolicy: (projectId, network, version, expected) =>
      unlessConflict(sql`select roll_back_policy(${projectId}, ${network}, ${version}, ${expected}) as version`),
  };
}
