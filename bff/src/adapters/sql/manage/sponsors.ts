import { projectNetworks, projectSponsors, sponsorBalances, sponsors, usageSponsors } from "@gasless/db";
import { and, asc, eq, exists, gte, isNotNull, isNull, ne, or, type SQL, sql } from "drizzle-orm";
import type { NetworkName } from "../../../contract/index.ts";
import type { AccessProject } from "../../../domain/manage.ts";
import { AppError } from "../../../errors.ts";
import type { SponsorStore, StoredSponsor } from "../../../manage-ports.ts";
import type { ActingDatabase, ActingTransaction } from "./acting.ts";

/** What an organization may have that is not retired, as `limit_sponsors()` has it, and as many of the operator's or retired ones. */
const MAX_SPONSORS = 200;
/** The hour that runs is in it, and seven days before. */
const SPENT_SINCE = sql`date_trunc('hour', now() - interval '7 days', 'UTC')`;

type Db = Parameters<Parameters<ActingDatabase["run"]>[0]>[0];
interface Choice {
  readonly isMember: SQL<boolean>;
  readonly isOwn: SQL<boolean>;
  readonly filter: SQL | undefined;
}

function selectSponsors(db: Db, { isMember, isOwn, filter }: Choice): Promise<StoredSponsor[]> {
  const spent = db
    .select({ spent: sql`coalesce(sum(${usageSponsors.spent}), 0)` })
    .from(usageSponsors)
    .where(and(eq(usageSponsors.sponsorId, sponsors.id), gte(usageSponsors.hour, SPENT_SINCE)));
  // Should there be more: those that pay, then those that could. What is retired is history.
  const rank = sql`case when ${eq(sponsors.state, "retired")} then 2 when ${isMember} then 0 else 1 end`;
  return db
    .select({
      id: sponsors.id,
      network: sql<NetworkName>`${sponsors.network}`,
      address: sponsors.address,
      state: sponsors.state,
      isMember,
      isOwn,
      balance: sponsorBalances.balance,
      balanceFloor: sponsors.balanceFloor,
      observedAt: sponsorBalances.observedAt,
      spent: sql<bigint>`(${spent})`.mapWith(sponsors.balanceFloor),
    })
    .from(sponsors)
    .leftJoin(sponsorBalances, eq(sponsorBalances.sponsorId, sponsors.id))
    .where(filter)
    .orderBy(rank, asc(sponsors.id))
    .limit(MAX_SPONSORS);
}

/** Those in the project's pool, and the organization's own that could join it. */
function chooseFor(db: Db, { id, organizationId }: Pick<AccessProject, "id" | "organizationId">): Choice {
  const one = { one: sql`1` };
  const isMember = exists(
    db
      .select(one)
      .from(projectSponsors)
      .where(
        and(
          eq(projectSponsors.projectId, id),
          eq(projectSponsors.sponsorId, sponsors.id),
          isNull(projectSponsors.removedAt),
        ),
      ),
  );
  const hasNetwork = exists(
    db
      .select(one)
      .from(projectNetworks)
      .where(and(eq(projectNetworks.projectId, id), eq(projectNetworks.network, sponsors.network))),
  );
  const isOwn = organizationId === null ? sql`false` : eq(sponsors.organizationId, organizationId);
  return {
    isMember: sql<boolean>`${isMember}`,
    isOwn: sql<boolean>`coalesce(${isOwn}, false)`,
    filter: or(isMember, and(isOwn, hasNetwork, ne(sponsors.state, "retired"))),
  };
}

/** Who pays. */
export function createSponsorQueries({ run, act }: ActingDatabase): SponsorStore {
  return {
    listOrganizationSponsors: (organizationId) =>
      run((db) =>
        selectSponsors(db, {
          isMember: sql`false`,
          isOwn: sql`true`,
          filter: eq(sponsors.organizationId, organizationId),
        }),
      ),
    listSponsors: (project) => run((db) => selectSponsors(db, chooseFor(db, project))),
    changePool: (projectId, network, { added, removed }) =>
      act(async (tx) => {
        if (added !== undefined) await addToPool(tx, projectId, network, added);
        if (removed !== undefined) await removeFromPool(tx, projectId, removed);
      }),
  };
}

async function addToPool(tx: ActingTransaction, projectId: string, network: string, sponsorId: string): Promise<void> {
  const known = await tx
    .select({ network: projectNetworks.network })
    .from(projectNetworks)
    .where(and(eq(projectNetworks.projectId, projectId), eq(projectNetworks.network, network)))
    .for("key share");
  if (known.length === 0) throw new AppError("manage.conflict", `The project does not have ${network}.`);
  await tx
    .insert(projectSponsors)
    .values({ projectId, network, sponsorId })
    .onConflictDoUpdate({
      target: [projectSponsors.projectId, projectSponsors.network, projectSponsors.sponsorId],
      set: { addedAt: sql`now()`, removedAt: null },
      setWhere: isNotNull(projectSponsors.removedAt),
    });
}

async function removeFromPool(tx: ActingTransaction, projectId: string, sponsorId: string): Promise<void> {
  const rows = await tx
    .update(projectSponsors)
    .set({ removedAt: sql`now()` })
    .where(
      and(
        eq(projectSponsors.projectId, projectId),
        eq(projectSponsors.sponsorId, sponsorId),
        isNull(projectSponsors.removedAt),
      ),
    )
    .returning({ id: projectSponsors.sponsorId });
  if (rows.length === 0) throw new AppError("manage.conflict", "This sponsor does not pay for the project any more.");
}
