import { allowedWallets, deniedAccounts, projectNetworks } from "@gasless/db";
import { and, desc, eq, sql } from "drizzle-orm";
import type { ListEntry } from "../../../contract/manage/lists.ts";
import type { ListName, ListStore } from "../../../manage-ports.ts";
import { onlyRow } from "../database.ts";
import type { ActingDatabase } from "./acting.ts";
import { toPage, unknownCursor } from "./page.ts";

/** Both have the same columns. */
const TABLES: Readonly<Record<ListName, typeof deniedAccounts | typeof allowedWallets>> = {
  denied: deniedAccounts,
  allowed: allowedWallets,
};

interface EntryRow {
  readonly address: string;
  readonly note: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly isExpired: boolean;
}

const view = ({ createdAt, expiresAt, ...row }: EntryRow): ListEntry => ({
  ...row,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
});

const columnsOf = ({ address, note, createdAt, expiresAt }: typeof deniedAccounts | typeof allowedWallets) => ({
  address,
  note,
  createdAt,
  expiresAt,
  isExpired: sql<boolean>`coalesce(${expiresAt} <= now(), false)`,
});

/** Addresses hold neither `%` nor `_` nor `\`; what somebody looks for may. */
const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);

/** `<microseconds since 1970>~<address>`. @throws request.invalid for what no page gave */
function readCursor(cursor: string): { readonly micros: string; readonly address: string } {
  const [, micros, address] = /^([0-9]{1,16})~(.{1,120})$/.exec(cursor) ?? [];
  if (micros === undefined || address === undefined) throw unknownCursor();
  return { micros, address };
}

/** The denylist and the allowlist of a project's network. */
export function createListQueries({ run, act }: ActingDatabase): ListStore {
  return {
    async listEntries(list, { projectId, network }, search, { limit, cursor }) {
      const table = TABLES[list];
      const wanted = and(
        eq(table.projectId, projectId),
        eq(table.network, network),
        search === undefined ? undefined : sql`${table.address} like ${`${escapeLike(search)}%`}`,
      );
      const [counted] = await run((db) =>
        db
          .select({ total: sql<number>`(select count(*)::integer from ${table} where ${wanted})` })
          .from(projectNetworks)
          .where(and(eq(projectNetworks.projectId, projectId), eq(projectNetworks.network, network))),
      );
      if (!counted) return undefined;
      const place = cursor === undefined ? undefined : readCursor(cursor);
      const rows = await run((db) =>
        db
          .select({
            ...columnsOf(table),
            micros: sql<string>`(extract(epoch from ${table.createdAt}) * 1000000)::bigint::text`,
          })
          .from(table)
          .where(
            and(
              wanted,
              place &&
                sql`(${table.createdAt}, ${table.address}) <
                  ('epoch'::timestamptz + ${place.micros}::bigint * interval '1 microsecond', ${place.address})`,
            ),
          )
          .orderBy(desc(table.createdAt), desc(table.address))
          .limit(limit + 1),
      );
      const page = toPage(
        rows,
        limit,
        ({ micros: _micros, ...row }) => view(row),
        ({ micros, address }) => `${micros}~${address}`,
      );
      return { ...page, ...counted };
    },
    putEntry: (list, place, { address, note, expiresAt }) =>
      act(async (tx) => {
        const table = TABLES[list];
        const end = expiresAt === null ? null : new Date(expiresAt);
        const rows = await tx
          .insert(table)
          .values({ ...place, address, note, expiresAt: end })
          .onConflictDoUpdate({
            target: [table.projectId, table.network, table.address],
            // Newer than whatever import was begun before: none takes it out again.
            set: { note, expiresAt: end, createdAt: sql`now()` },
          })
          .returning(columnsOf(table));
        return view(onlyRow({ rows }));
      }),
    async removeEntry(list, { projectId, network }, address) {
      const table = TABLES[list];
      const rows = await act((tx) =>
        tx
          .delete(table)
          .where(and(eq(table.projectId, projectId), eq(table.network, network), eq(table.address, address)))
          .returning({ address: table.address }),
      );
      return rows.length > 0;
    },
  };
}
