import { createClaimCode } from "@gasless/db/claim";
import { migrateDatabase } from "@gasless/db/migrate";
import { Client } from "pg";
import { createDatabase } from "../postgres/databases.ts";
import { startPostgres } from "../postgres/server.ts";
import type { Cleanup } from "./cleanup.ts";
import { seedDemoProject, type DemoSeed } from "./demo-project.ts";

const NAME = "gasless";
const CONNECT_DEADLINE_MS = 5_000;
/** PostgreSQL: a database of that name exists. */
const DUPLICATE_DATABASE = "42P04";

export interface DatabaseOptions {
  /** One that is there already, instead of an own PostgreSQL. */
  readonly databaseUrl: string | undefined;
  readonly postgresFolder: string;
  readonly seed: DemoSeed;
}

/** A database with the newest schema and the demo project; gives its URL. */
export async function openDatabase(options: DatabaseOptions, cleanup: Cleanup): Promise<string> {
  const url = options.databaseUrl ?? (await startOwn(options.postgresFolder, cleanup));
  try {
    await migrateDatabase(url);
  } catch (cause) {
    if (options.databaseUrl === undefined) throw cause;
    throw new Error(`the database of DATABASE_URL cannot be used: ${reasonOf(cause)}`, { cause });
  }
  await seedDemoProject(url, options.seed);
  return url;
}

/** A code for the dashboard of an installation that nobody owns yet. */
export async function offerClaim(databaseUrl: string): Promise<string | undefined> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_DEADLINE_MS });
  await client.connect();
  try {
    return await createClaimCode(client);
  } finally {
    await client.end();
  }
}

async function startOwn(dataFolder: string, cleanup: Cleanup): Promise<string> {
  const server = await startPostgres({ dataFolder });
  cleanup.add("PostgreSQL", () => server.stop());
  try {
    return await createDatabase(server.url, NAME);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === DUPLICATE_DATABASE)) throw error;
    const existing = new URL(server.url);
    existing.pathname = `/${NAME}`;
    return existing.href;
  }
}

/** Node reports "nobody listens there" as several errors without a message of their own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}
