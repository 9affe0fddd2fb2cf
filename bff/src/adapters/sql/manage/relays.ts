import { decisions, projectNetworks, relays, sessions, wallets } from "@gasless/db";
import { and, arrayContains, desc, eq, gte, lt, or, sql } from "drizzle-orm";
import { firstIdAt } from "../../../domain/id-time.ts";
import type { FoundRelay, RelayFilter, TrafficStore } from "../../../manage-ports.ts";
import { readRelayRecord, RELAY_COLUMNS, type RelayRow } from "../relays.ts";
import type { ActingDatabase } from "./acting.ts";
import { toPage } from "./page.ts";

const FOUND = {
  record: RELAY_COLUMNS,
  userId: relays.userId,
  wallet: sessions.wallet,
  policyVersion: relays.policyVersion,
};

const view = ({ record, ...row }: Omit<FoundRelay, "record"> & { readonly record: RelayRow }): FoundRelay => ({
  ...row,
  record: readRelayRecord(record),
});

/** An id is made by an isolate's clock, the time of a relay by the database's: they may differ by this much. */
const CLOCK_SLACK_MS = 600_000;
const idAt = (instant: string, slackMs: number): string => firstIdAt("rly", Date.parse(instant) + slackMs);

function matching(projectId: string, { from, to, network, state, wallet, transactionId }: RelayFilter) {
  const isWallet = and(eq(wallets.projectId, projectId), eq(wallets.wallet, wallet ?? ""));
  const ofWallet = sql`${relays.userId} = (select user_id from ${wallets} where ${isWallet})`;
  return and(
    // Ids bound what is read, the time itself what is shown.
    from === undefined
      ? undefined
      : and(gte(relays.id, idAt(from, -CLOCK_SLACK_MS)), sql`${relays.createdAt} >= ${from}::timestamptz`),
    to === undefined
      ? undefined
      : and(lt(relays.id, idAt(to, CLOCK_SLACK_MS)), sql`${relays.createdAt} < ${to}::timestamptz`),
    network === undefined ? undefined : eq(relays.network, network),
    state === undefined ? undefined : eq(relays.state, state),
    wallet === undefined ? undefined : ofWallet,
    transactionId === undefined
      ? undefined
      : or(
          eq(relays.transactionId, transactionId),
          eq(relays.groupId, transactionId),
          and(sql`${relays.transactionIds} is not null`, arrayContains(relays.transactionIds, [transactionId])),
        ),
  );
}

export function createManagedRelayQueries({
  run,
}: Pick<ActingDatabase, "run">): Pick<TrafficStore, "searchRelays" | "readRelayDetail"> {
  return {
    async searchRelays(projectId, filter, { limit, cursor }) {
      const rows = await run((db) =>
        db
          .select(FOUND)
          .from(relays)
          .innerJoin(sessions, eq(sessions.id, relays.sessionId))
          .where(
            and(
              eq(relays.projectId, projectId),
              matching(projectId, filter),
              cursor === undefined ? undefined : lt(relays.id, cursor),
            ),
          )
          .orderBy(desc(relays.id))
          .limit(limit + 1),
      );
      return toPage(rows, limit, view, ({ record }) => record.id);
    },
    async readRelayDetail(projectId, relayId) {
      const [row] = await run((db) =>
        db
          .select({
            ...FOUND,
            sponsor: relays.sponsor,
            signedAt: relays.signedAt,
            explorer: projectNetworks.explorer,
            transaction: relays.transaction,
            decisionId: decisions.id,
            accounts: decisions.accounts,
          })
          .from(relays)
          .innerJoin(sessions, eq(sessions.id, relays.sessionId))
          .leftJoin(
            projectNetworks,
            and(eq(projectNetworks.projectId, relays.projectId), eq(projectNetworks.network, relays.network)),
          )
          .leftJoin(decisions, and(eq(decisions.relayId, relays.id), eq(decisions.projectId, relays.projectId)))
          .where(and(eq(relays.projectId, projectId), eq(relays.id, relayId)))
          .limit(1),
      );
      if (!row) return undefined;
      const { record, userId, wallet, policyVersion, ...detail } = row;
      return { ...view({ record, userId, wallet, policyVersion }), ...detail };
    },
  };
}
