import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { migrateDatabase } from "@gasless/db/migrate";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase } from "./databases.ts";
import { type Postgres, startPostgres } from "./server.ts";

const MIGRATIONS = fileURLToPath(import.meta.resolve("@gasless/db/migrate")).replace("migrate.ts", "migrations");

let folder: string;
let server: Postgres;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gasless-upgrade-"));
  server = await startPostgres({ dataFolder: join(folder, "data") });
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A database as it was after its first migrations. */
async function createFormer(name: string, count: number): Promise<string> {
  const migrations = join(folder, name);
  cpSync(MIGRATIONS, migrations, { recursive: true });
  const file = join(migrations, "meta", "_journal.json");
  const journal = JSON.parse(readFileSync(file, "utf8")) as { entries: unknown[] };
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, count) }));
  const url = await createDatabase(server.url, name);
  await migrateDatabase(url, migrations);
  return url;
}

test("users, wallets and limits of a database from before sessions had keys are there afterwards", async () => {
  const url = await createFormer("before-keys", 5);
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`
      insert into projects (id, name, environment, statement, address_requests_per_minute)
        values ('prj_1', 'Shop', 'test', 'Sign in.', 900);
      insert into users (id, project_id) values ('usr_1', 'prj_1');
      insert into wallets (project_id, wallet, user_id) values ('prj_1', 'solana:A', 'usr_1')`);
    await migrateDatabase(url);
    const { rows } = await client.query(`
      select w.wallet, w.user_id, w.budget_subject, p.address_sign_ins_per_minute as sign_ins
        from wallets w join projects p on p.id = w.project_id`);
    expect(rows).toEqual([{ wallet: "solana:A", user_id: "usr_1", budget_subject: "usr_1", sign_ins: 900 }]);
  } finally {
    await client.end();
  }
});
