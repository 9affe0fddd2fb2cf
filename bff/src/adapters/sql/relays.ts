import { idempotencyKeys, projects, relays } from "@gasless/db";
import { and, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { NetworkName } from "../../domain/network.ts";
import type { RelayRecord, RelayState } from "../../domain/relay.ts";
import { equalBytes } from "../../domain/bytes.ts";
import type { StorePort } from "../../ports.ts";
import type { LimitUsage } from "../../domain/limits.ts";
import type { RefusalStatus, RelayPreview, ReservationOutcome } from "../../domain/reservation.ts";
import { type Database, onlyRow, runGuarded } from "./database.ts";

/** A request has this long to sign what it reserved. */
const RESERVATION_SECONDS = 20;
const CLAIM_SECONDS = 15;
const CLAIM_ROWS = 256;
const IDEMPOTENCY_SECONDS = 24 * 3_600;
/** The request sends at once; the sweeper looks a moment later. */
const FIRST_CHECK_MS = 1_000;
const ROUTE = "POST /v1/relays";
const PURGE_ROWS = 1_000;
/** Of one project, and of one of its users: who is refused more often than that fills no table. */
const REFUSALS_A_MINUTE = 600;
const REFUSALS_OF_A_USER = 60;

type RelayQueries = Pick<
  StorePort,
  | "listAllotments"
  | "previewRelay"
  | "recordRefusal"
  | "reserveRelay"
  | "findKey"
  | "markSigned"
  | "markSubmitted"
  | "rejectRelay"
  | "abandonRelay"
  | "readRelay"
  | "listRelays"
  | "claimRelays"
  | "settleRelays"
  | "hasOpenRelays"
  | "readAllowance"
  | "purgeExpired"
  | "release"
  | "ping"
>;

/** What a relay is read by. */
export const RELAY_COLUMNS = {
  id: relays.id,
  network: sql<NetworkName>`${relays.network}`,
  state: relays.state,
  transactionId: relays.transactionId,
  groupId: relays.groupId,
  transactionIds: relays.transactionIds,
  quotedFee: relays.quotedFee,
  quotedRent: relays.quotedRent,
  chargedFee: relays.chargedFee,
  chargedRent: relays.chargedRent,
  failure: relays.failure,
  slot: relays.slot,
  createdAt: relays.createdAt,
  updatedAt: relays.updatedAt,
};

export interface RelayRow extends Omit<RelayRecord, "names"> {
  readonly transactionId: string | null;
  readonly groupId: string | null;
  readonly transactionIds: string[] | null;
}

export function readRelayRecord({ transactionId, groupId, transactionIds, ...record }: RelayRow): RelayRecord {
  const group = groupId === null || transactionIds === null ? null : { groupId, transactionIds };
  return { ...record, names: transactionId === null ? null : { transactionId, group } };
}

const cleanText = (text: string): string => text.toWellFormed().replaceAll("\0", "\u{fffd}");

/** JSON that PostgreSQL can store: texts and names of the chain's may hold NUL or half characters, which jsonb refuses. */
function toJsonb(value: unknown): string {
  const clean = (_name: string, member: unknown): unknown => {
    if (typeof member === "string") return cleanText(member);
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).map(([name, inner]) => [cleanText(name), inner]));
  };
  return JSON.stringify(value, clean);
}

interface ReservationRow extends Record<string, unknown> {
  readonly outcome: "reserved" | "abandoned" | "replay";
  readonly relay_id: string;
  readonly created_at: string;
  readonly refusal_status: RefusalStatus | null;
  readonly refusal_body: string | null;
}

function readReservation(row: ReservationRow): ReservationOutcome {
  if (row.outcome === "reserved") return { outcome: "reserved", createdAt: new Date(row.created_at) };
  if (row.outcome === "abandoned") return { outcome: "abandoned", relayId: row.relay_id };
  const { relay_id: relayId, refusal_status: status, refusal_body: body } = row;
  return { outcome: "replay", relayId, ...(status !== null && body !== null && { refusal: { status, body } }) };
}

interface ClaimedRow extends Record<string, unknown> {
  readonly id: string;
  readonly state: RelayState;
  readonly transaction: Uint8Array;
  readonly transaction_id: string | null;
  readonly lifetime_end_height: string | null;
  readonly quoted_fee: string;
  readonly quoted_rent: string;
  readonly checks: number;
}

interface UsageRow extends Record<string, unknown> {
  readonly window: LimitUsage["window"];
  readonly unit: LimitUsage["unit"];
  readonly limit: string;
  readonly used: string;
  readonly held: string;
  readonly resets_at: string | null;
}

function readUsage(row: UsageRow): LimitUsage {
  return {
    window: row.window,
    unit: row.unit,
    limit: BigInt(row.limit),
    used: BigInt(row.used),
    held: BigInt(row.held),
    resetsAt: row.resets_at === null ? null : new Date(row.resets_at),
  };
}

export function createRelayQueries(database: Database): RelayQueries {
  const { run } = database;
  return {
    async listAllotments({ projectId, userId, wallet, network }, allotments) {
      const { rows } = await run((db) =>
        db.execute<{ item: string }>(sql`select item from given_allotments(
          ${projectId}, ${network}, budget_subject(${projectId}, ${userId}, ${wallet}), ${sql.param(allotments)}) item`),
      );
      return new Set(rows.map(({ item }) => item));
    },

    async previewRelay({ projectId, userId, wallet, network, policyVersion, sponsor, accounts, allotments }) {
      const { rows } = await run((db) =>
        db.execute<
          UsageRow & {
            subject: RelayPreview["limits"][number]["subject"];
            denied: string | null;
            given: string | null;
            is_wallet_allowed: boolean;
            revision: string;
          }
        >(sql`
          select * from preview_relay(
            ${projectId}, ${network}, budget_subject(${projectId}, ${userId}, ${wallet}), ${policyVersion}, ${sponsor}, ${sql.param(accounts)},
            ${sql.param(allotments)}, ${wallet})`),
      );
      const [first] = rows;
      return {
        revision: BigInt(first?.revision ?? 0),
        deniedAccount: first?.denied ?? undefined,
        isWalletAllowed: first?.is_wallet_allowed ?? true,
        givenAllotment: first?.given ?? undefined,
        // Without any limit there is one row that says so.
        limits: rows.flatMap((row) =>
          (row.unit as string | null) === null ? [] : [{ ...readUsage(row), subject: row.subject }],
        ),
      };
    },

    async recordRefusal({ refusal, ...decision }) {
      const { kept } = await run(async (db) =>
        onlyRow(
          await db.execute<{ kept: boolean }>(sql`select record_refusal(
            ${decision.requestId}, ${decision.projectId}, ${decision.network}, ${decision.userId}, ${decision.wallet},
            ${decision.policyVersion ?? null}, ${decision.messageHash ?? null}, ${decision.transaction},
            ${sql.param(decision.accounts)}, ${refusal.code}, ${refusal.context ? toJsonb(refusal.context) : null},
            ${decision.fee ?? null}, ${decision.rent ?? null}, ${REFUSALS_A_MINUTE}, ${REFUSALS_OF_A_USER}) as kept`),
        ),
      );
      return kept;
    },

    reserveRelay: (relay) =>
      runGuarded(database, async (db) =>
        readReservation(
          onlyRow(
            await db.execute<ReservationRow>(sql`select * from reserve_relay(
              ${relay.relayId}, ${relay.projectId}, ${relay.revision}, ${relay.userId}, ${relay.sessionId},
              ${relay.network}, ${relay.policyVersion}, ${relay.sponsor}, ${ROUTE}, ${relay.idempotencyKey},
              ${relay.fingerprint}, ${relay.messageHash}, ${relay.transaction}, ${sql.param(relay.accounts)},
              ${relay.fee}, ${relay.rent}, ${relay.leaseToken}, ${RESERVATION_SECONDS}, ${IDEMPOTENCY_SECONDS},
              ${sql.param(relay.allotments)})`),
          ),
        ),
      ),

    async findKey(projectId, userId, key, fingerprint) {
      const [row] = await run((db) =>
        db
          .select({
            revision: projects.revision,
            fingerprint: idempotencyKeys.fingerprint,
            relayId: idempotencyKeys.relayId,
            status: idempotencyKeys.refusalStatus,
            body: idempotencyKeys.refusalBody,
            state: relays.state,
            isRunning: sql<boolean>`${relays.leaseUntil} > clock_timestamp()`,
          })
          .from(projects)
          .leftJoin(
            idempotencyKeys,
            and(
              eq(idempotencyKeys.projectId, projects.id),
              eq(idempotencyKeys.userId, userId),
              eq(idempotencyKeys.route, ROUTE),
              eq(idempotencyKeys.key, key),
              gt(idempotencyKeys.expiresAt, sql`now()`),
            ),
          )
          .leftJoin(relays, eq(relays.id, idempotencyKeys.relayId))
          .where(eq(projects.id, projectId)),
      );
      const revision = row?.revision ?? 0n;
      if (!row?.fingerprint || row.relayId === null) return { revision, known: undefined };
      if (!equalBytes(row.fingerprint, fingerprint)) return { revision, known: { outcome: "reused" } };
      if (row.state === "received") return { revision, known: row.isRunning ? { outcome: "running" } : undefined };
      const { relayId, status, body } = row;
      return {
        revision,
        known: { outcome: "replay", relayId, ...(status !== null && body !== null && { refusal: { status, body } }) },
      };
    },

    markSigned: ({ transaction: { wire, transactionId, group }, ...relay }) =>
      runGuarded(database, async (db) => {
        const { signed_at: signedAt } = onlyRow(
          await db.execute<{ signed_at: string | null }>(sql`select mark_signed(
            ${relay.relayId}, ${relay.leaseToken}, ${relay.requestId}, ${relay.wallet}, ${sql.param(relay.accounts)},
            ${wire}, ${transactionId}, ${relay.lifetimeEnd}, ${FIRST_CHECK_MS},
            ${group?.groupId ?? null}, ${group ? sql.param(group.transactionIds) : null}) as signed_at`),
        );
        return signedAt === null ? undefined : new Date(signedAt);
      }),

    async markSubmitted(relayId) {
      await run((db) =>
        db
          .update(relays)
          .set({ state: "submitted", updatedAt: sql`clock_timestamp()` })
          .where(and(eq(relays.id, relayId), eq(relays.state, "signed"))),
      );
    },

    async rejectRelay(relayId, leaseToken, failure, status, body) {
      const { done } = await run(async (db) =>
        onlyRow(
          await db.execute<{ done: boolean }>(sql`select reject_relay(
            ${relayId}, ${leaseToken}, ${toJsonb(failure)}, ${status}, ${body}) as done`),
        ),
      );
      return done;
    },

    async abandonRelay(relayId, leaseToken) {
      const { done } = await run(async (db) =>
        onlyRow(await db.execute<{ done: boolean }>(sql`select abandon_relay(${relayId}, ${leaseToken}) as done`)),
      );
      return done;
    },

    async readRelay(projectId, userId, relayId) {
      const isOpen = inArray(relays.state, ["received", "signed", "submitted", "confirmed"]);
      const dueInMs = sql<number>`case when ${isOpen}
        then (extract(epoch from ${relays.nextCheckAt} - clock_timestamp()) * 1000)::integer end`;
      const [row] = await run((db) =>
        db
          .select({ relay: RELAY_COLUMNS, dueInMs, signedAt: relays.signedAt })
          .from(relays)
          .where(and(eq(relays.projectId, projectId), eq(relays.userId, userId), eq(relays.id, relayId))),
      );
      return row && { ...row, relay: readRelayRecord(row.relay) };
    },

    async listRelays(projectId, userId, limit, cursor) {
      const rows = await run((db) =>
        db
          .select(RELAY_COLUMNS)
          .from(relays)
          .where(
            and(
              eq(relays.projectId, projectId),
              eq(relays.userId, userId),
              cursor === undefined ? undefined : lt(relays.id, cursor),
            ),
          )
          .orderBy(desc(relays.id))
          .limit(limit),
      );
      return rows.map(readRelayRecord);
    },

    async claimRelays(network, leaseToken, relayId) {
      const { rows } = await run((db) =>
        db.execute<ClaimedRow>(sql`select id, state, transaction, transaction_id, lifetime_end_height,
            quoted_fee, quoted_rent, checks
          from ${
            relayId === undefined
              ? sql`claim_relays(${network}, ${CLAIM_ROWS}, ${leaseToken}, ${CLAIM_SECONDS})`
              : sql`claim_relay(${network}, ${relayId}, ${leaseToken}, ${CLAIM_SECONDS})`
          }`),
      );
      return rows.map((row) => ({
        id: row.id,
        state: row.state,
        transaction: row.transaction,
        transactionId: row.transaction_id,
        lifetimeEnd: row.lifetime_end_height === null ? null : BigInt(row.lifetime_end_height),
        quotedFee: BigInt(row.quoted_fee),
        quotedRent: BigInt(row.quoted_rent),
        checks: row.checks,
      }));
    },

    async settleRelays(leaseToken, changes) {
      const { changed } = await run(async (db) =>
        onlyRow(
          await db.execute<{ changed: string[] }>(
            sql`select settle_relays(${leaseToken}, ${toJsonb(changes)}) as changed`,
          ),
        ),
      );
      return changed;
    },

    async hasOpenRelays(network) {
      const [row] = await run((db) =>
        db
          .select({ id: relays.id })
          .from(relays)
          .where(
            and(eq(relays.network, network), inArray(relays.state, ["received", "signed", "submitted", "confirmed"])),
          )
          .limit(1),
      );
      return row !== undefined;
    },

    async readAllowance(projectId, network, userId, wallet) {
      const { rows } = await run((db) =>
        db.execute<UsageRow>(sql`select * from allowance(
            ${projectId}, ${network}, budget_subject(${projectId}, ${userId}, ${wallet}))`),
      );
      return rows.map(readUsage);
    },

    async purgeExpired() {
      const { purged } = await run(async (db) =>
        onlyRow(await db.execute<{ purged: number }>(sql`select purge_expired(${PURGE_ROWS}) as purged`)),
      );
      return purged;
    },

    release: () => database.close(),

    async ping() {
      await run((db) => db.select({ id: relays.id }).from(relays).limit(1));
    },
  };
}
