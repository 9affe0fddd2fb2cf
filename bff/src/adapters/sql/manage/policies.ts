import { decisions, limits, policies, projectNetworks, wallets } from "@gasless/db";
import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import type { PolicyVersion } from "../../../contract/manage/policies.ts";
import { AppError } from "../../../errors.ts";
import type { PolicyPlace, PolicyStore } from "../../../manage-ports.ts";
import { onlyRow } from "../database.ts";
import type { ActingDatabase, ActingTransaction } from "./acting.ts";
import { createDraftQueries, endDraftIn } from "./drafts.ts";
import { isPlace, lockNetwork } from "./lock-network.ts";
import { toPage, unknownCursor } from "./page.ts";

const VERSION = {
  version: policies.version,
  createdAt: policies.createdAt,
  actor: policies.actor,
  inForce: projectNetworks.policyVersion,
};
const ofNetwork = and(eq(policies.projectId, projectNetworks.projectId), eq(policies.network, projectNetworks.network));
type VersionRow = Pick<typeof policies.$inferSelect, "version" | "createdAt" | "actor"> & {
  readonly inForce: number | null;
};

const view = ({ version, createdAt, actor, inForce }: VersionRow): PolicyVersion => ({
  version,
  createdAt: createdAt.toISOString(),
  isInForce: version === inForce,
  // The log knows more of who it was than is told here.
  actor: actor && { kind: actor.kind, name: actor.name },
});

/** A cursor of this list is the last version that was shown. @throws request.invalid */
function versionBelow(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (/^[1-9][0-9]{0,8}$/.test(cursor)) return Number(cursor);
  throw unknownCursor();
}

/** Behind the network's lock, which a change of budgets takes as well. @throws manage.conflict */
async function assertRentBudget(tx: ActingTransaction, { projectId, network }: PolicyPlace): Promise<void> {
  const isRent = and(eq(limits.unit, "rent"), isNull(limits.removedAt));
  const found = await tx
    .select({ id: limits.id })
    .from(limits)
    .where(and(eq(limits.projectId, projectId), eq(limits.network, network), isRent))
    .limit(1);
  if (found.length === 0) throw new AppError("manage.conflict", "The budget of rent that this policy needs is gone.");
}

export function createManagedPolicyQueries(database: ActingDatabase): PolicyStore {
  const { run, act } = database;
  return {
    ...createDraftQueries(database),
    async listPolicies(place, { limit, cursor }) {
      const below = versionBelow(cursor);
      const isShown = below === undefined ? ofNetwork : and(ofNetwork, lt(policies.version, below));
      // Beginning at the network: without any version one row says that it is there.
      const rows = await run((db) =>
        db
          .select(VERSION)
          .from(projectNetworks)
          .leftJoin(policies, isShown)
          .where(isPlace(place))
          .orderBy(desc(policies.version))
          .limit(limit + 1),
      );
      if (rows.length === 0) return undefined;
      const versions = rows.flatMap(({ version, createdAt, ...row }) =>
        version === null || createdAt === null ? [] : [{ ...row, version, createdAt }],
      );
      return toPage(versions, limit, view, ({ version }) => version.toString());
    },
    async readPolicy(place, version) {
      const wanted = version === "current" ? projectNetworks.policyVersion : version;
      const [row] = await run((db) =>
        db
          .select({ ...VERSION, document: policies.document })
          .from(projectNetworks)
          .innerJoin(policies, and(ofNetwork, eq(policies.version, wanted)))
          .where(isPlace(place)),
      );
      return row && { ...view(row), document: row.document };
    },
    async readInForce(place, against) {
      const [row] = await run((db) =>
        db
          .select({
            current: projectNetworks.policyVersion,
            document: policies.document,
            hasRentBudget: sql<boolean>`exists (select from ${limits} where ${limits.projectId} = ${place.projectId}
              and ${limits.network} = ${place.network} and ${limits.unit} = 'rent' and ${limits.removedAt} is null)`,
          })
          .from(projectNetworks)
          .leftJoin(policies, and(ofNetwork, eq(policies.version, against ?? projectNetworks.policyVersion)))
          .where(isPlace(place)),
      );
      // A comparison with a version that there is not would call everything new.
      return row && (against === undefined || row.document !== null)
        ? { ...row, document: row.document ?? undefined }
        : undefined;
    },
    publishPolicy: (place, { document, expected, needsRentBudget, draft }) =>
      act(async (tx) => {
        await lockNetwork(tx, place, expected);
        if (needsRentBudget) await assertRentBudget(tx, place);
        if (draft) await endDraftIn(tx, place, draft);
        const { projectId, network } = place;
        const published = await tx.execute<{ version: number }>(
          sql`select publish_policy(${projectId}, ${network}, ${JSON.stringify(document)}, ${expected}) as version`,
        );
        return onlyRow(published).version;
      }),
    rollBackPolicy: (place, version, { expected, needsRentBudget }) =>
      act(async (tx) => {
        await lockNetwork(tx, place, expected);
        if (needsRentBudget) await assertRentBudget(tx, place);
        const { projectId, network } = place;
        const [found] = await tx
          .select({ version: policies.version })
          .from(policies)
          .where(and(eq(policies.projectId, projectId), eq(policies.network, network), eq(policies.version, version)));
        if (!found) throw new AppError("request.not_found", "There is no such version.");
        await tx.execute(sql`select roll_back_policy(${projectId}, ${network}, ${version}, ${expected})`);
      }),
    async readDecision(projectId, decisionId) {
      const [row] = await run((db) =>
        db
          .select()
          .from(decisions)
          .where(and(eq(decisions.projectId, projectId), eq(decisions.id, decisionId))),
      );
      return row;
    },
    async findUserOf(projectId, wallet) {
      const [row] = await run((db) =>
        db
          .select({ userId: wallets.userId })
          .from(wallets)
          .where(and(eq(wallets.projectId, projectId), eq(wallets.wallet, wallet))),
      );
      return row?.userId;
    },
  };
}
