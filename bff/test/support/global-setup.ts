import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@gasless/db/migrate";
import { createDatabase } from "@gasless/localnet/postgres/databases";
import { startPostgres } from "@gasless/localnet/postgres/server";
import { TEMPLATE } from "@gasless/localnet/testing/stack";
import type { TestProject } from "vitest/node";
import { build } from "../../../tools/build.ts";
import { buildPages } from "../../../tools/build-pages.ts";

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

let stop = async (): Promise<void> => undefined;

/** One PostgreSQL for all files, with a migrated template that each of them clones; and the bundle that they test. */
export async function setup(project: TestProject): Promise<void> {
  build();
  await buildPages();
  const dataFolder = mkdtempSync(join(tmpdir(), "gasless-test-"));
  const postgres = await startPostgres({ dataFolder, durable: false });
  stop = async () => {
    await postgres.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
  await migrateDatabase(await createDatabase(postgres.url, TEMPLATE));
  project.provide("postgresUrl", postgres.url);
}

export const teardown = (): Promise<void> => stop();
