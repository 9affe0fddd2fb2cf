import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, expect, test } from "vitest";
import { startPostgres } from "../postgres/server.ts";
import { createSecrets } from "../secrets.ts";
import { createCleanup } from "./cleanup.ts";
import { openDatabase } from "./database.ts";

const folder = mkdtempSync(join(tmpdir(), "gasless-demo-project-test-"));
const cleanup = createCleanup(() => undefined);

afterAll(async () => {
  await cleanup.run();
  rmSync(folder, { recursive: true, force: true });
});

async function readOrigins(url: string): Promise<readonly string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ readonly origin: string }>("select origin from project_origins order by 1");
    return rows.map(({ origin }) => origin);
  } finally {
    await client.end();
  }
}

test("a database has the origins of the latest start from its own data folder, and nothing from another one", async () => {
  const server = await startPostgres({ dataFolder: folder, durable: false });
  cleanup.add("PostgreSQL", () => server.stop());
  const [own, other] = [await createSecrets(), await createSecrets()];
  const open = (secrets: typeof own, origin: string) =>
    openDatabase({ databaseUrl: server.url, postgresFolder: "", seed: { origins: [origin], secrets } }, cleanup);

  await open(own, "http://127.0.0.1:1");
  await open(own, "http://127.0.0.1:2");
  await expect(open(other, "http://127.0.0.1:3")).rejects.toThrow("filled from another data folder");
  expect(await readOrigins(server.url)).toEqual(["http://127.0.0.1:2"]);
});

test("a database that does not answer is named by its variable", async () => {
  const seed = { origins: [], secrets: await createSecrets() };
  const opening = openDatabase({ databaseUrl: "postgres://a:b@127.0.0.1:1/c", postgresFolder: "", seed }, cleanup);
  await expect(opening).rejects.toThrow("the database of DATABASE_URL cannot be used: connect ECONNREFUSED");
});
