import { sql } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { AppError, toAppError } from "../../../errors.ts";
import { type Database, runGuarded } from "../database.ts";

export type ActingTransaction = Parameters<Parameters<NodePgDatabase["transaction"]>[0]>[0];

/** Reads by `run`; changes by `act`, in one transaction in which the audit log learns who makes them. */
export interface ActingDatabase extends Pick<Database, "run"> {
  /** All or nothing. @throws manage.conflict when it is there already, and what our own functions refuse */
  act<Value>(work: (tx: ActingTransaction) => Promise<Value>): Promise<Value>;
}

/** SQLSTATE of a row that is there already. */
const UNIQUE_VIOLATION = "23505";

const isDouble = (error: unknown): boolean =>
  error instanceof AppError &&
  error.options.cause instanceof Error &&
  "code" in error.options.cause &&
  error.options.cause.code === UNIQUE_VIOLATION;

export function actingAs(database: Database, actor: object): ActingDatabase {
  return {
    run: database.run,
    async act(work) {
      const done = await runGuarded(database, (db) =>
        db.transaction(async (tx) => {
          // In this transaction alone: a pool may give the connection to somebody else after it.
          await tx.execute(sql`select set_config('gasless.actor', ${JSON.stringify(actor)}, true)`);
          return work(tx);
        }),
      ).catch((error: unknown) => {
        throw isDouble(error) ? new AppError("manage.conflict", "It is there already.") : error;
      });
      if (done.ok) return done.value;
      throw done.reason.kind === "refused" ? toAppError(done.reason.refusal) : new AppError("manage.conflict");
    },
  };
}
