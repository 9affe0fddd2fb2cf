import { projectNetworks, projectOrigins, projects, projectSponsors, sponsors } from "@gasless/db";
import { and, asc, desc, eq, inArray, isNull, lt, sql } from "drizzle-orm";
import type { ManagedProject } from "../../../contract/manage/projects.ts";
import { AppError } from "../../../errors.ts";
import type { ProjectStore } from "../../../manage-ports.ts";
import type { ActingDatabase } from "./acting.ts";
import { toPage } from "./page.ts";

const MAX_ORIGINS = 100;

// Within a statement of one table, bare columns of a template lose their table: conditions keep it.
const networksOf = sql<string[]>`array(select network from ${projectNetworks}
  where ${eq(projectNetworks.projectId, projects.id)} order by added_at, network)`;

const isPaying = and(
  eq(projectSponsors.projectId, projectNetworks.projectId),
  eq(projectSponsors.network, projectNetworks.network),
  isNull(projectSponsors.removedAt),
);

type Row = { readonly project: typeof projects.$inferSelect; readonly networks: string[] };

const view = ({ project: { revision, createdAt, organizationId, ...project }, networks }: Row): ManagedProject => ({
  ...project,
  organizationId: organizationId ?? "",
  version: revision.toString(),
  networks,
  createdAt: createdAt.toISOString(),
});

export function createProjectSettingsQueries({ run, act }: ActingDatabase): ProjectStore {
  type Transaction = Parameters<Parameters<ActingDatabase["act"]>[0]>[0];

  /** What the organization has to pay with there pays from now on. */
  async function addNetworks(
    tx: Transaction,
    { id, environment, organizationId }: Pick<typeof projects.$inferSelect, "id" | "environment" | "organizationId">,
    networks: readonly string[],
  ): Promise<void> {
    const added = await tx
      .insert(projectNetworks)
      .values(networks.map((network) => ({ projectId: id, environment, network, policyVersion: null })))
      .onConflictDoNothing()
      .returning({ network: projectNetworks.network });
    if (added.length === 0 || organizationId === null) return;
    const own = await tx
      .select({ sponsorId: sponsors.id, network: sponsors.network })
      .from(sponsors)
      .where(
        and(
          eq(sponsors.organizationId, organizationId),
          eq(sponsors.state, "active"),
          inArray(
            sponsors.network,
            added.map(({ network }) => network),
          ),
        ),
      );
    if (own.length === 0) return;
    await tx
      .insert(projectSponsors)
      .values(own.map((sponsor) => ({ ...sponsor, projectId: id })))
      .onConflictDoUpdate({
        target: [projectSponsors.projectId, projectSponsors.network, projectSponsors.sponsorId],
        set: { removedAt: null },
      });
  }

  return {
    async listProjects(organizationId, environment, { limit, cursor }) {
      const rows = await run((db) =>
        db
          .select({ project: projects, networks: networksOf })
          .from(projects)
          .where(
            and(
              eq(projects.organizationId, organizationId),
              environment === undefined ? undefined : eq(projects.environment, environment),
              cursor === undefined ? undefined : lt(projects.id, cursor),
            ),
          )
          .orderBy(desc(projects.id))
          .limit(limit + 1),
      );
      return toPage(rows, limit, view, ({ project }) => project.id);
    },
    async readProject(projectId) {
      const [row] = await run((db) =>
        db.select({ project: projects, networks: networksOf }).from(projects).where(eq(projects.id, projectId)),
      );
      return row && view(row);
    },
    async createProject({ networks, ...project }) {
      await act(async (tx) => {
        await tx.insert(projects).values(project);
        if (networks.length > 0) await addNetworks(tx, project, networks);
      });
    },
    async changeProject(projectId, { version, ...change }) {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const [row] = await act(async (tx) => {
        const changed = await tx
          .update(projects)
          // An empty change still says whether the version holds.
          .set({ ...given, revision: sql`${projects.revision}` })
          .where(and(eq(projects.id, projectId), eq(projects.revision, BigInt(version))))
          .returning({ id: projects.id });
        if (changed.length === 0) throw new AppError("manage.conflict", "The project was changed meanwhile.");
        return tx.select({ project: projects, networks: networksOf }).from(projects).where(eq(projects.id, projectId));
      });
      if (!row) throw new AppError("request.not_found", "There is no such project.");
      return view(row);
    },
    async listOrigins(projectId) {
      const rows = await run((db) =>
        db
          .select({ origin: projectOrigins.origin })
          .from(projectOrigins)
          .where(eq(projectOrigins.projectId, projectId))
          .orderBy(asc(projectOrigins.origin))
          .limit(MAX_ORIGINS),
      );
      return rows.map(({ origin }) => origin);
    },
    async addOrigin(projectId, origin) {
      await act(async (tx) => {
        // One at a time, so that the count holds.
        await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)).for("no key update");
        const known = await tx.$count(projectOrigins, eq(projectOrigins.projectId, projectId));
        if (known >= MAX_ORIGINS) {
          throw new AppError("manage.conflict", `A project has at most ${MAX_ORIGINS} origins.`);
        }
        await tx.insert(projectOrigins).values({ projectId, origin }).onConflictDoNothing();
      });
    },
    async removeOrigin(projectId, origin) {
      const rows = await act((tx) =>
        tx
          .delete(projectOrigins)
          .where(and(eq(projectOrigins.projectId, projectId), eq(projectOrigins.origin, origin)))
          .returning({ origin: projectOrigins.origin }),
      );
      return rows.length > 0;
    },
    listNetworks: (projectId) =>
      run((db) =>
        db
          .select({
            network: projectNetworks.network,
            policyVersion: projectNetworks.policyVersion,
            allowlistOnly: projectNetworks.allowlistOnly,
            explorer: projectNetworks.explorer,
            sponsors: sql<number>`(select count(*)::integer from ${projectSponsors} where ${isPaying})`,
          })
          .from(projectNetworks)
          .where(eq(projectNetworks.projectId, projectId))
          .orderBy(asc(projectNetworks.addedAt), asc(projectNetworks.network)),
      ),
    async putNetwork(project, network, { allowlistOnly, explorer }) {
      await act(async (tx) => {
        await addNetworks(tx, project, [network]);
        const change = {
          ...(allowlistOnly !== undefined && { allowlistOnly }),
          ...(explorer !== undefined && { explorer }),
        };
        if (Object.keys(change).length === 0) return;
        await tx
          .update(projectNetworks)
          .set(change)
          .where(and(eq(projectNetworks.projectId, project.id), eq(projectNetworks.network, network)));
      });
    },
    removeNetwork: (projectId, network) =>
      act(async (tx) => {
        // The network before the project, as whoever publishes or sets budgets does: taking a sponsor away moves the project.
        const held = await tx
          .select({ network: projectNetworks.network })
          .from(projectNetworks)
          .where(and(eq(projectNetworks.projectId, projectId), eq(projectNetworks.network, network)))
          .for("update");
        if (held.length === 0) return false;
        const [foreign] = await tx
          .select({ id: sponsors.id })
          .from(projectSponsors)
          .innerJoin(sponsors, eq(sponsors.id, projectSponsors.sponsorId))
          .innerJoin(projects, eq(projects.id, projectSponsors.projectId))
          .where(
            and(
              eq(projectSponsors.projectId, projectId),
              eq(projectSponsors.network, network),
              isNull(projectSponsors.removedAt),
              sql`${sponsors.organizationId} is distinct from ${projects.organizationId}`,
            ),
          )
          .limit(1);
        if (foreign) {
          throw new AppError(
            "manage.conflict",
            "A sponsor of the operator's pays here: ask them to take it away first.",
          );
        }
        await tx
          .delete(projectSponsors)
          .where(and(eq(projectSponsors.projectId, projectId), eq(projectSponsors.network, network)));
        const rows = await tx
          .delete(projectNetworks)
          .where(and(eq(projectNetworks.projectId, projectId), eq(projectNetworks.network, network)))
          .returning({ network: projectNetworks.network });
        return rows.length > 0;
      }),
  };
}
