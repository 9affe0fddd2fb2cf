import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";

const MIGRATIONS = fileURLToPath(new URL("migrations", import.meta.url));

/** Brings the database at `url` to the newest schema of a folder. Running it again changes nothing. */
export async function migrateDatabase(url: string, migrationsFolder = MIGRATIONS): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Two starts at once must not both migrate: the second waits here and then finds nothing to do.
    await client.query("select pg_advisory_lock(727001)");
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}
