import { sql } from "drizzle-orm";
import type { AlertKind, DueAlert } from "../../domain/alerts.ts";
import type { NetworkName } from "../../domain/network.ts";
import type { OperationFacts } from "../../domain/operations.ts";
import type { AlertChange, WatchPort } from "../../ports.ts";
import { type Database, onlyRow } from "./database.ts";

/** Of one network; the rest shows as balances that nobody knows. */
const MAX_SPONSORS = 500;
const JUDGED_ROWS = 1_000;
const PURGE_ROWS = 1_000;
/** In one run, so that a receiver that hangs holds nobody up for long. */
const DUE_ALERTS = 10;

/** As operation_facts() writes them: amounts are decimal strings, JSON's numbers would round them. */
interface StoredFacts extends Pick<OperationFacts, "heartbeats" | "openAlerts" | "unsealed"> {
  readonly networks: readonly (Omit<OperationFacts["networks"][number], "held"> & {
    readonly heldRelays: string;
    readonly heldFee: string;
    readonly heldRent: string;
  })[];
  readonly sponsors: readonly (Omit<OperationFacts["sponsors"][number], "balance" | "balanceFloor" | "lostLately"> & {
    readonly balance: string | null;
    readonly balanceFloor: string;
    readonly lostLately: string;
  })[];
}

interface DueRow extends Record<string, unknown> {
  readonly id: string;
  readonly kind: AlertKind;
  readonly subject: string;
  readonly summary: string;
  readonly context: Record<string, unknown>;
  readonly state: DueAlert["state"];
  readonly opened_at: string;
  readonly resolved_at: string | null;
  readonly notified_at: string | null;
}

const timeOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

function readFacts({ networks, sponsors, ...facts }: StoredFacts): Omit<OperationFacts, "jobs" | "isWatched"> {
  return {
    ...facts,
    networks: networks.map(({ heldRelays, heldFee, heldRent, ...network }) => ({
      ...network,
      held: { relays: BigInt(heldRelays), fee: BigInt(heldFee), rent: BigInt(heldRent) },
    })),
    sponsors: sponsors.map(({ balance, balanceFloor, lostLately, ...sponsor }) => ({
      ...sponsor,
      balance: balance === null ? null : BigInt(balance),
      balanceFloor: BigInt(balanceFloor),
      lostLately: BigInt(lostLately),
    })),
  };
}

export function createWatchQueries({ run }: Database): WatchPort {
  return {
    async beat(listener) {
      await run((db) => db.execute(sql`select beat(${listener})`));
    },

    async readListeners(networks) {
      const { rows } = await run((db) =>
        db.execute<{ network: NetworkName; beat_age_seconds: number | null; oldest_open_seconds: number | null }>(
          sql`select * from listeners(${sql.param(networks)})`,
        ),
      );
      return rows.map((row) => ({
        network: row.network,
        beatAgeSeconds: row.beat_age_seconds,
        oldestOpenSeconds: row.oldest_open_seconds,
      }));
    },

    async readFacts(networks) {
      const { facts } = await run(async (db) =>
        onlyRow(await db.execute<{ facts: StoredFacts }>(sql`select operation_facts(${sql.param(networks)}) as facts`)),
      );
      const { isWatched, ...jobs } = await run(async (db) =>
        onlyRow(
          await db.execute<OperationFacts["jobs"] & Pick<OperationFacts, "isWatched"> & Record<string, unknown>>(sql`
            select exists (select from heartbeats where name = 'watchdog' and beat_at > now() - interval '10 minutes')
                as "isWatched", d.dead, d."deadLately",
              greatest(0, coalesce((select extract(epoch from now() - min(greatest(next_run_at, lease_until)))
                from jobs where state in ('queued', 'running')), 0))::float8 as "oldestDueSeconds"
              from (select count(*)::integer as dead,
                  (count(*) filter (where ended_at > now() - interval '1 day'))::integer as "deadLately"
                from jobs where ended_at is not null and state = 'dead') d`),
        ),
      );
      return { ...readFacts(facts), jobs, isWatched };
    },

    async listSponsors(network) {
      const { rows } = await run((db) =>
        db.execute<{ id: string; address: string }>(sql`select id, address from sponsors
          where network = ${network} and state <> 'retired' order by id limit ${MAX_SPONSORS}`),
      );
      return rows;
    },

    async recordBalances(network, slot, balances) {
      const rows = balances.map(({ sponsorId, balance }) => ({ sponsorId, balance: balance.toString() }));
      await run((db) => db.execute(sql`select record_balances(${network}, ${slot}, ${JSON.stringify(rows)})`));
    },

    async countFetchErrors(sponsorIds) {
      await run((db) => db.execute(sql`select count_fetch_errors(${sql.param(sponsorIds)})`));
    },

    async judgeBalances(network) {
      const { judged } = await run(async (db) =>
        onlyRow(await db.execute<{ judged: number }>(sql`select judge_balances(${network}, ${JUDGED_ROWS}) as judged`)),
      );
      return judged;
    },

    async keepAlerts(conditions) {
      const { rows } = await run((db) =>
        db.execute<AlertChange & Record<string, unknown>>(
          sql`select * from keep_alerts(${JSON.stringify(conditions)})`,
        ),
      );
      return rows;
    },

    async listDueAlerts() {
      const { rows } = await run((db) => db.execute<DueRow>(sql`select * from due_alerts(${DUE_ALERTS})`));
      return rows.map(({ opened_at, resolved_at, notified_at, ...row }) => ({
        ...row,
        openedAt: new Date(opened_at),
        resolvedAt: timeOf(resolved_at),
        notifiedAt: timeOf(notified_at),
      }));
    },

    async markAlert({ id, kind, subject, state }, wasTaken) {
      await run((db) => db.execute(sql`select mark_alert(${id}, ${kind}, ${subject}, ${state}, ${wasTaken})`));
    },

    async purge() {
      const { purged } = await run(async (db) =>
        onlyRow(await db.execute<{ purged: number }>(sql`select purge_watch(${PURGE_ROWS}) as purged`)),
      );
      return purged;
    },
  };
}
