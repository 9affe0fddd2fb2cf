import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** What a layer may not know, and what it may: one line of code each. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  "bff/src/contract/x.ts": ['import "hono";', 'import "@scure/base";', 'import "../domain/result.ts";'],
  "bff/src/contract/manage/x.ts": ['import "hono";', 'import "../../domain/result.ts";', 'import "../../errors.ts";'],
  "bff/src/domain/x.ts": [
    'import "zod";',
    'import "hono";',
    'import "@gasless/db";',
    'import "../ports.ts";',
    'import "../errors.ts";',
    'import "../../../db/schema/index.ts";',
    'import { Base64 } from "../contract/values.ts"; export const x = Base64;',
    "export const x = Date.now();",
    "export const x = globalThis.Date.now();",
    "export const x = Math.random();",
    "export const x = crypto.randomUUID();",
  ],
  "bff/src/ports.ts": [
    'import "hono";',
    'import "./errors.ts";',
    'import "./adapters/ids.ts";',
    'import "../../db/x.ts";',
  ],
  "bff/src/services/auth/x.ts": [
    'import "hono";',
    'import "drizzle-orm";',
    'import "@upstash/redis";',
    'import "@gasless/db";',
    'import "../../adapters/ids.ts";',
    'import "../../http/app.ts";',
    'import "../../../../localnet/wallet.ts";',
    "export const x = Date.now();",
    'export const x = fetch("x");',
  ],
  "bff/src/http/routes/x.ts": [
    'import "jose";',
    'import "@gasless/db";',
    'import "../../domain/bytes.ts";',
    'import "../../adapters/ids.ts";',
    'import "../../wire.ts";',
    'import "../../../../tools/build.ts";',
  ],
  "bff/src/jobs/x.ts": ['import "hono";', 'import "../http/app.ts";', 'import "../adapters/ids.ts";'],
  "bff/src/adapters/sql/x.ts": ['import "hono";', 'import "../../services/concurrency.ts";', 'import "../../wire.ts";'],
  "db/schema/x.ts": ['import "hono";', 'import "zod";', 'import "../../bff/src/errors.ts";'],
  "localnet/x.ts": ['import "../bff/src/errors.ts";', 'import "../tools/build.ts";'],
  "e2e/drills/x.ts": ['import "../../bff/src/errors.ts";'],
  "widget/src/x.ts": [
    'import "../../bff/src/errors.ts";',
    'import "@gasless/db";',
    'import { isVersionedTransaction } from "@solana/wallet-adapter-base"; export const x = isVersionedTransaction;',
    'import "zod";',
    'import "jose";',
  ],
  "dashboard/src/x.ts": [
    'import "../../widget/src/errors.ts";',
    'import "../../bff/src/errors.ts";',
    'import { Role } from "../../bff/src/contract/manage/values.ts"; export const x = Role;',
    'import "zod";',
  ],
  "demo-site/src/x.ts": ['import "../../widget/src/errors.ts";', 'import "@solana/kit";', 'import "lit";'],
  "tools/x.ts": ['import "../bff/src/http/app.ts";', 'import "../localnet/wallet.ts";'],
};

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "bff/src/contract/x.ts": ['import "zod";', 'import "./values.ts";'],
  "bff/src/contract/manage/x.ts": ['import "zod";', 'import "./values.ts";', 'import "../values.ts";'],
  "bff/src/domain/x.ts": [
    'import "@scure/base";',
    'import "./result.ts";',
    'import type { NetworkName } from "../contract/values.ts"; export type X = NetworkName;',
  ],
  "bff/src/ports.ts": ['import type { Result } from "./domain/result.ts"; export type X = Result<1, 1>;'],
  "bff/src/services/auth/x.ts": [
    'import "../../domain/result.ts";',
    'import "../../errors.ts";',
    'import "@scure/base";',
  ],
  "bff/src/http/routes/x.ts": [
    'import "hono";',
    'import "hono/factory";',
    'import "zod";',
    'import "../../errors.ts";',
  ],
  "bff/src/jobs/x.ts": ['import "../services/concurrency.ts";'],
  "bff/src/adapters/sql/x.ts": ['import "pg";', 'import "@gasless/db";', 'import "../../domain/result.ts";'],
  "db/schema/x.ts": [
    'import "drizzle-orm/pg-core";',
    'import "pg";',
    'import "node:crypto";',
    'import "./columns.ts";',
  ],
  "localnet/x.ts": ['import "@gasless/db";', 'import "litesvm";'],
  "e2e/drills/x.ts": ['import "@gasless/localnet/wallet";'],
  "widget/src/x.ts": [
    'import "lit";',
    'import "@wallet-standard/app";',
    'import type { Adapter } from "@solana/wallet-adapter-base"; export type X = Adapter;',
  ],
  "dashboard/src/x.ts": [
    'import "lit";',
    'import "uplot";',
    'import type { Role } from "../../bff/src/contract/manage/values.ts"; export type X = Role;',
  ],
  "demo-site/src/x.ts": [
    'import "@scure/base";',
    'import "@wallet-standard/wallet";',
    'import "algosdk";',
    'import "@perawallet/walletconnect";',
  ],
  "tools/x.ts": ['import "../bff/src/errors.ts";', 'import "../bff/src/contract/routes.ts";'],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gasless-lint-"));
  cpSync(join(ROOT, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The rules that a file with this one line breaks, by their names. */
function lint(file: string, line: string): string[] {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${line}\n`);
  const { stdout } = spawnSync(join(ROOT, "node_modules/.bin/oxlint"), ["--format", "json", file], {
    cwd: folder,
    encoding: "utf8",
  });
  rmSync(path);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
  return diagnostics.map(({ code }) => code).filter((code) => code.includes("no-restricted"));
}

const cases = (table: Readonly<Record<string, readonly string[]>>): [string, string][] =>
  Object.entries(table).flatMap(([file, lines]) => lines.map((line): [string, string] => [file, line]));

describe("the linter enforces who may import what", () => {
  test.each(cases(FORBIDDEN))("%s refuses %s", (file, line) => {
    expect(lint(file, line)).not.toEqual([]);
  });

  test.each(cases(ALLOWED))("%s takes %s", (file, line) => {
    expect(lint(file, line)).toEqual([]);
  });
});
