import { Client, escapeIdentifier } from "pg";

/** Makes an empty database and gives its URL. */
export async function createDatabase(url: string, name: string): Promise<string> {
  await run(url, `CREATE DATABASE ${escapeIdentifier(name)}`);
  return databaseUrl(url, name);
}

/** Copies `template`, which nobody may be connected to, and gives the copy's URL. */
export async function cloneDatabase(url: string, template: string, name: string): Promise<string> {
  await run(url, `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)} STRATEGY FILE_COPY`);
  return databaseUrl(url, name);
}

/** Drops a database and ends the connections to it; one that is gone already is fine. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await run(url, `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
}

function databaseUrl(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

async function run(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
