import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Client } from "pg";
import { type ErrorCode } from "../../contract/error-code.ts";
import type { Refusal } from "../../domain/refusal.ts";
import { failure, type Result, success } from "../../domain/result.ts";
import { AppError } from "../../errors.ts";
import type { StoreRefusal } from "../../domain/reservation.ts";

const CONNECT_DEADLINE_MS = 1_500;
/** The server gives up first: then nothing of the statement stays, and the caller knows it. */
const STATEMENT_DEADLINE_MS = 2_500;
const QUERY_DEADLINE_MS = 3_000;
const CLOSE_DEADLINE_MS = 250;

export interface Database {
  /** Runs one statement on this request's connection, which is made when it is first needed. @throws store.unavailable */
  run<Value>(work: (db: NodePgDatabase) => Promise<Value>): Promise<Value>;
  /** Gives the connection back; the next statement makes a new one. */
  close(): Promise<void>;
}

function unavailable(cause: unknown): AppError {
  return new AppError("store.unavailable", "The service cannot reach its database at the moment.", {
    retryAfterSeconds: 1,
    cause,
  });
}

/** PostgreSQL for one request: a client cannot be shared between requests on Workers. */
export function createDatabase(connectionString: string): Database {
  let connected: Promise<{ client: Client; db: NodePgDatabase }> | undefined;

  async function connect() {
    const client = new Client({
      connectionString,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
      statement_timeout: STATEMENT_DEADLINE_MS,
      query_timeout: QUERY_DEADLINE_MS,
    });
    // A connection that breaks between two statements says so here; the next statement then fails by itself.
    client.on("error", () => undefined);
    await client.connect();
    return { client, db: drizzle(client) };
  }

  return {
    async run(work) {
      try {
        connected ??= connect();
        return await work((await connected).db);
      } catch (error) {
        // A refusal of ours within a transaction: nothing of it stays.
        if (error instanceof AppError) throw error;
        // Drizzle wraps what the driver threw.
        const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
        if (isRaised(cause)) throw cause;
        throw unavailable(cause);
      }
    },
    async close() {
      const closing = connected;
      connected = undefined;
      const open = await closing?.catch(() => undefined);
      if (!open) return;
      // A server that hangs does not say goodbye: nobody waits for it.
      const patience = new Promise((resolve) => setTimeout(resolve, CLOSE_DEADLINE_MS));
      await Promise.race([open.client.end().catch(() => undefined), patience]);
    },
  };
}

/** An exception of class GL: one of our own functions refuses. */
interface Raised {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
}

function isRaised(error: unknown): error is Raised {
  return error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("GL");
}

/** SQLSTATE → public code and what to say. Source: db/migrations, class GL. */
const RAISED: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  GL002: ["auth.session_revoked", "The session has ended. Sign in again."],
  GL003: ["auth.token_expired", "The session has expired. Sign in again."],
  GL004: ["project.suspended", "This project is suspended."],
  GL005: ["project.key_invalid", "The project key of this session has been revoked."],
  GL006: ["idempotency.in_progress", "The first request with this idempotency key is still running."],
  GL007: ["idempotency.key_reused", "This idempotency key was used with another body."],
  GL008: ["policy.account_denied", "An account of this transaction is on the project's denylist."],
  GL012: ["sponsor.unavailable", "The sponsor of this transaction has spent its own budget. Prepare it again."],
  GL014: ["auth.wallet_taken", "This wallet belongs to another user of this project."],
  GL015: ["auth.wallet_last", "This is the user's last wallet: without it nobody could sign in again."],
  GL016: ["auth.wallet_limit_reached", "The user has as many wallets as one may have."],
  GL017: [
    "policy.rent_not_sponsored",
    "The user has been given this minimum balance before, and it is given once. Prepare the transactions again.",
  ],
  GL009: ["transaction.already_relayed", "This transaction has already been accepted."],
  GL018: ["manage.last_owner", "This is the organization's last owner: make somebody else one first."],
  GL019: ["request.not_found", "There is no such code, or it is not for you."],
  GL020: ["manage.conflict", "This code has been used, is over, or would change nothing."],
  GL022: ["manage.conflict", "The list has as many entries as one may have: 200,000."],
  GL023: [
    "manage.conflict",
    "An organization has at most 100 sponsors that are not retired: the operator retires some by npm run sponsors.",
  ],
  GL021: ["policy.account_denied", "This wallet is not on the project's allowlist."],
};

const RETRY_AFTER_SECONDS: Readonly<Record<string, number>> = { GL006: 1, GL012: 5 };

/** DETAIL of GL010, as reserve_relay() writes it. */
interface BudgetDetail {
  readonly subject: "user" | "project" | "policy";
  readonly window: "hour" | "day" | "month" | "lifetime";
  readonly unit: string;
  readonly limit: string;
  readonly resetsAt: string | null;
  readonly resetsInSeconds: number | null;
}

function budgetRefusal({ subject, window, unit, limit, resetsAt, resetsInSeconds }: BudgetDetail): Refusal {
  const whose = subject === "user" ? "Your free transactions" : "The free transactions of this project";
  const when = window === "lifetime" ? "are used up" : `of this ${window} are used up`;
  return {
    code:
      window === "lifetime"
        ? "budget.lifetime_exhausted"
        : `budget.${subject === "user" ? "user" : "project"}_exhausted`,
    detail: `${whose} ${when}.`,
    context: { window, unit, limit, resetsAt: resetsAt && new Date(resetsAt).toISOString() },
    ...(resetsInSeconds !== null && { retryAfterSeconds: Math.max(1, Math.ceil(resetsInSeconds)) }),
  };
}

function readRaised({ code, detail }: Raised): StoreRefusal {
  if (code === "GL001") return { kind: "stale" };
  if (code === "GL011") return { kind: "challenge_used" };
  const context: unknown = JSON.parse(detail ?? "{}");
  if (code === "GL010") return { kind: "refused", refusal: budgetRefusal(context as BudgetDetail) };
  const [publicCode, text] = RAISED[code] ?? ["internal.unexpected", "Something unexpected happened."];
  const retryAfterSeconds = RETRY_AFTER_SECONDS[code];
  return {
    kind: "refused",
    refusal: {
      code: publicCode,
      detail: text,
      ...(detail !== undefined && { context: context as Record<string, unknown> }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  };
}

/** Runs a statement that may refuse: then nothing of it stays. */
export async function runGuarded<Value>(
  database: Database,
  work: (db: NodePgDatabase) => Promise<Value>,
): Promise<Result<Value, StoreRefusal>> {
  try {
    return success(await database.run(work));
  } catch (error) {
    if (isRaised(error)) return failure(readRaised(error));
    throw error;
  }
}

/** The only row of an answer. */
export function onlyRow<Row>({ rows }: { rows: readonly Row[] }): Row {
  const [row] = rows;
  if (!row) throw new AppError("internal.unexpected", undefined, { cause: new Error("a statement answered no row") });
  return row;
}
