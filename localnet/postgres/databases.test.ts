import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cloneDatabase, createDatabase, dropDatabase } from "./databases.ts";
import { startPostgres } from "./server.ts";
import type { Postgres } from "./server.ts";

const dataFolder = mkdtempSync(join(tmpdir(), "gasless-postgres-test-"));
let postgres: Postgres;

beforeAll(async () => {
  postgres = await startPostgres({ dataFolder, durable: false });
});

afterAll(async () => {
  await postgres.stop();
  rmSync(dataFolder, { recursive: true, force: true });
});

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function run(url: string, statement: string): Promise<unknown[]> {
  const client = await connect(url);
  try {
    return (await client.query<{ value: unknown }>(statement)).rows.map((row) => row.value);
  } finally {
    await client.end();
  }
}

describe("databases", () => {
  test("a clone has the template's rows, and neither sees the other's changes", async () => {
    const template = await createDatabase(postgres.url, "template-1");
    await run(template, "create table numbers as select 1 as value");
    const clone = await cloneDatabase(postgres.url, "template-1", 'clone "1"');
    await run(clone, "insert into numbers values (2)");
    expect(await run(clone, "select value from numbers order by value")).toEqual([1, 2]);
    expect(await run(template, "select value from numbers")).toEqual([1]);
  });

  test("several clones of one template may be made at once", async () => {
    await createDatabase(postgres.url, "template-2");
    const names = ["a", "b", "c", "d"].map((letter) => `copy-${letter}`);
    const urls = await Promise.all(names.map((name) => cloneDatabase(postgres.url, "template-2", name)));
    expect(urls.map((url) => decodeURIComponent(new URL(url).pathname.slice(1)))).toEqual(names);
  });

  test("a database is dropped under an open connection, and dropping it again is fine", async () => {
    const url = await createDatabase(postgres.url, "dropped");
    const client = await connect(url);
    await dropDatabase(postgres.url, "dropped");
    await dropDatabase(postgres.url, "dropped");
    await expect(client.query("select 1")).rejects.toThrow();
    await expect(run(url, "select 1")).rejects.toThrow("does not exist");
  });
});
