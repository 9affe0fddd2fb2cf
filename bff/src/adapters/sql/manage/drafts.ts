import { policyDrafts, projectNetworks } from "@gasless/db";
import { and, count, desc, eq, lt, sql } from "drizzle-orm";
import type { Draft } from "../../../contract/manage/policies.ts";
import { AppError } from "../../../errors.ts";
import type { PolicyPlace, PolicyStore, Publication } from "../../../manage-ports.ts";
import { onlyRow } from "../database.ts";
import type { ActingDatabase, ActingTransaction } from "./acting.ts";
import { isPlace, lockNetwork } from "./lock-network.ts";
import { toPage } from "./page.ts";

const MAX_DRAFTS = 50;

const DRAFT = {
  id: policyDrafts.id,
  name: policyDrafts.name,
  baseVersion: policyDrafts.baseVersion,
  revision: policyDrafts.revision,
  updatedAt: policyDrafts.updatedAt,
};
const WHOLE = { ...DRAFT, document: policyDrafts.document };

type DraftRow = Pick<typeof policyDrafts.$inferSelect, keyof typeof DRAFT>;

const view = ({ revision, updatedAt, ...row }: DraftRow): Omit<Draft, "document"> => ({
  ...row,
  version: revision.toString(),
  updatedAt: updatedAt.toISOString(),
});

const viewWhole = ({ document, ...row }: DraftRow & { readonly document: unknown }): Draft => ({
  ...view(row),
  // Only objects are ever written.
  document: document as Draft["document"],
});

const isDraft = ({ projectId, network }: PolicyPlace, draftId?: string) =>
  and(
    eq(policyDrafts.projectId, projectId),
    eq(policyDrafts.network, network),
    draftId === undefined ? undefined : eq(policyDrafts.id, draftId),
  );

const noDraft = (): AppError => new AppError("request.not_found", "There is no such draft.");

type DraftQueries = Pick<
  PolicyStore,
  "listDrafts" | "createDraft" | "readDraft" | "changeDraft" | "removeDraft" | "endDraft"
>;
type EndedDraft = NonNullable<Publication["draft"]>;

const removeIn = async (tx: ActingTransaction, place: PolicyPlace, draftId: string): Promise<boolean> => {
  const gone = await tx.delete(policyDrafts).where(isDraft(place, draftId)).returning({ id: policyDrafts.id });
  return gone.length > 0;
};

/** Within the transaction that publishes it. @throws request.not_found */
export async function endDraftIn(
  tx: ActingTransaction,
  place: PolicyPlace,
  { id, document }: EndedDraft,
): Promise<void> {
  const [found] = await tx
    .select({ isSame: sql<boolean>`${policyDrafts.document} = ${JSON.stringify(document)}::jsonb` })
    .from(policyDrafts)
    .where(isDraft(place, id))
    .for("update");
  if (!found) throw noDraft();
  if (found.isSame) await removeIn(tx, place, id);
}

export function createDraftQueries({ run, act }: ActingDatabase): DraftQueries {
  return {
    async listDrafts(place, { limit, cursor }) {
      const isShown = and(
        eq(policyDrafts.projectId, projectNetworks.projectId),
        eq(policyDrafts.network, projectNetworks.network),
        cursor === undefined ? undefined : lt(policyDrafts.id, cursor),
      );
      const rows = await run((db) =>
        db
          .select({ draft: DRAFT })
          .from(projectNetworks)
          .leftJoin(policyDrafts, isShown)
          .where(isPlace(place))
          .orderBy(desc(policyDrafts.id))
          .limit(limit + 1),
      );
      if (rows.length === 0) return undefined;
      const found = rows.flatMap(({ draft }) => (draft === null ? [] : [draft]));
      return toPage(found, limit, view, ({ id }) => id);
    },
    createDraft: (place, draft) =>
      act(async (tx) => {
        const baseVersion = await lockNetwork(tx, place);
        const [kept] = await tx.select({ drafts: count() }).from(policyDrafts).where(isDraft(place));
        if ((kept?.drafts ?? 0) >= MAX_DRAFTS) {
          throw new AppError("manage.conflict", `A network has at most ${MAX_DRAFTS} drafts: remove one first.`);
        }
        const { projectId, network } = place;
        const rows = await tx
          .insert(policyDrafts)
          .values({ ...draft, projectId, network, baseVersion })
          .returning(WHOLE);
        return viewWhole(onlyRow({ rows }));
      }),
    async readDraft(place, draftId) {
      const [row] = await run((db) => db.select(WHOLE).from(policyDrafts).where(isDraft(place, draftId)));
      return row && viewWhole(row);
    },
    changeDraft: (place, draftId, { version, name, document }) =>
      act(async (tx) => {
        const [found] = await tx
          .select({ revision: policyDrafts.revision })
          .from(policyDrafts)
          .where(isDraft(place, draftId))
          .for("update");
        if (!found) throw noDraft();
        if (found.revision.toString() !== version) {
          throw new AppError("manage.conflict", "Somebody else has changed this draft.", {
            context: { version: found.revision.toString() },
          });
        }
        const rows = await tx
          .update(policyDrafts)
          .set({
            ...(name !== undefined && { name }),
            document,
            revision: sql`${policyDrafts.revision} + 1`,
            updatedAt: sql`now()`,
          })
          .where(isDraft(place, draftId))
          .returning(WHOLE);
        return viewWhole(onlyRow({ rows }));
      }),
    removeDraft: (place, draftId) => act((tx) => removeIn(tx, place, draftId)),
    endDraft: (place, draft) => act((tx) => endDraftIn(tx, place, draft)),
  };
}
