import { projectNetworks, usageHours, usageRefusals, usageUsers, users } from "@gasless/db";
import { sql } from "drizzle-orm";
import { firstIdAt } from "../../../domain/id-time.ts";
import type { OverviewStore, UsagePoint } from "../../../manage-ports.ts";
import { onlyRow } from "../database.ts";
import type { ActingDatabase } from "./acting.ts";

const MAX_CODES = 50;
/** An id is made by an isolate's clock, the time of a user by the database's. */
const CLOCK_SLACK_MS = 600_000;

type PointRow = Omit<UsagePoint, "atMs" | "fee" | "rent"> & {
  readonly atMs: string;
  readonly fee: string;
  readonly rent: string;
};

const readPoint = ({ atMs, fee, rent, ...row }: PointRow): UsagePoint => ({
  ...row,
  atMs: Number.parseInt(atMs, 10),
  fee: BigInt(fee),
  rent: BigInt(rent),
});

const sumOf = (column: string) =>
  sql`coalesce(sum(${sql.identifier(column)}), 0)::integer as ${sql.identifier(column)}`;
const LAND_TIMES = sql.join(
  Array.from({ length: 8 }, (_, index) => sql`coalesce(sum(land_times[${sql.raw(String(index + 1))}]), 0)::integer`),
  sql`, `,
);

/** What happened, out of the sums of hours: it costs as much whatever the number of relays. */
export function createOverviewQueries({ run }: Pick<ActingDatabase, "run">): OverviewStore {
  return {
    async readUsage(projectId, { fromMs, step }, network) {
      const from = sql`${new Date(fromMs).toISOString()}::timestamptz`;
      const inSpan = sql`project_id = ${projectId} and hour >= ${from}
        ${network === undefined ? sql`` : sql`and network = ${network}`}`;
      const at = sql`date_trunc(${step}::text, hour, 'UTC') as at`;
      const { rows } = await run((db) =>
        db.execute<PointRow & Record<string, unknown>>(sql`
          with summed as (
            select network, ${at}, ${sumOf("relays")}, ${sumOf("finalized")}, ${sumOf("failed")}, ${sumOf("expired")},
              ${sumOf("open")}, sum(fee) as fee, sum(rent) as rent, array[${LAND_TIMES}] as land_times
            from ${usageHours} where ${inSpan} group by 1, 2
          ), refusals as (
            select network, ${at}, ${sumOf("refused")} from ${usageRefusals} where ${inSpan} group by 1, 2
          ), active as (
            select network, ${at}, count(distinct user_id)::integer as users from ${usageUsers} where ${inSpan} group by 1, 2
          )
          select network, (extract(epoch from at) * 1000)::bigint::text as "atMs", coalesce(relays, 0) as relays,
            coalesce(finalized, 0) as finalized, coalesce(failed, 0) as failed, coalesce(expired, 0) as expired,
            coalesce(open, 0) as open, coalesce(refused, 0) as refused, coalesce(users, 0) as users,
            coalesce(fee, 0)::text as fee, coalesce(rent, 0)::text as rent,
            coalesce(land_times, '{}') as "landTimes"
          from summed full join refusals using (network, at) left join active using (network, at) order by network, at`),
      );
      const totals = onlyRow(
        await run((db) =>
          db.execute<{
            networks: string[];
            refusals: { code: string; count: number }[];
            active: number;
            created: number;
          }>(sql`
            select array(select network from ${projectNetworks} where project_id = ${projectId}
                order by added_at, network) as networks,
              (select coalesce(jsonb_agg(jsonb_build_object('code', r.code, 'count', r.count) order by r.count desc, r.code), '[]')
                from (select code, sum(refused)::integer as count from ${usageRefusals} where ${inSpan}
                  group by code order by 2 desc, 1 limit ${MAX_CODES}) r) as refusals,
              (select count(distinct user_id)::integer from ${usageUsers} where ${inSpan}) as active,
              (select count(*)::integer from ${users} where project_id = ${projectId}
                and id >= ${firstIdAt("usr", fromMs - CLOCK_SLACK_MS)} and created_at >= ${from}) as created`),
        ),
      );
      const { networks, refusals, active, created } = totals;
      return { points: rows.map(readPoint), networks, refusals, users: { active, created } };
    },
  };
}
