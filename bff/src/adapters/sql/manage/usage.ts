import { sql } from "drizzle-orm";
import type { UsagePort } from "../../../ports.ts";
import { type Database, onlyRow } from "../database.ts";

const PURGE_ROWS = 1_000;

/** The sums of hours, which are made anew while relays may still change. */
export function createUsageQueries({ run }: Pick<Database, "run">): UsagePort {
  return {
    async listDueHours() {
      const { rows } = await run((db) =>
        db.execute<{ hour: string }>(sql`select hour::text from due_usage_hours() as due(hour)`),
      );
      return rows.map(({ hour }) => hour);
    },
    async refresh(hour) {
      await run((db) => db.execute(sql`select refresh_usage(${hour}::timestamptz)`));
    },
    purge: async () =>
      onlyRow(await run((db) => db.execute<{ purged: number }>(sql`select purge_usage(${PURGE_ROWS}) as purged`)))
        .purged,
  };
}
