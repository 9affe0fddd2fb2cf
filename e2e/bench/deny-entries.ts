import { randomBytes } from "node:crypto";
import {
  type ApiTarget,
  buildTransaction,
  expectStatus,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
  type Tokens,
} from "@gasless/localnet/api-client";
import { type Measure, measureSideBySide, type SideBySide } from "@gasless/localnet/testing/side-by-side";
import { NETWORK, type Stack } from "@gasless/localnet/testing/stack";
import { createWallet, type LocalWallet } from "@gasless/localnet/wallet";
import type { PoolClient } from "pg";
import { exactCpuUsOf } from "./cpu.ts";

export const DENY_ENTRIES = 10_000;
const UNLIMITED = 10_000_000;
/** Sponsor, wallet, recipient, both token accounts, mint and programs of a transfer that makes an account; none is denied. */
const KEYS_IN_TRANSACTION = 12;

/** A project whose signed-in user may relay as much as it likes. */
export interface BenchProject {
  readonly target: ApiTarget & { readonly projectId: string };
  readonly wallet: LocalWallet;
  readonly tokens: Tokens;
  readonly revision: string;
}

export async function createBenchProject(stack: Stack, denyEntries: number): Promise<BenchProject> {
  const target = await stack.createProject({
    limits: [{ subjectKind: "user", window: "day", unit: "relays", amount: 100_000n }],
    userRelaysPerMinute: UNLIMITED,
    addressRequestsPerMinute: UNLIMITED,
  });
  await stack.database.query(
    `insert into denied_accounts (project_id, network, address)
      select $1, $2, translate(encode(sha256(n::text::bytea), 'base64'), '+/=0OIl', '') from generate_series(1, $3::int) n`,
    [target.projectId, NETWORK, denyEntries],
  );
  await stack.database.query("analyze denied_accounts");
  const { rows } = await stack.database.query<{ revision: string }>("select revision from projects where id = $1", [
    target.projectId,
  ]);
  const wallet = await createWallet();
  return { target, wallet, tokens: await signIn(target, wallet), revision: rows[0]?.revision ?? "" };
}

const randomKey = (): string => randomBytes(33).toString("base64").replaceAll(/[+/=]/g, "z");

/** Whatever `work` writes, nothing stays. */
export async function inForgottenTransaction<Value>(client: PoolClient, work: () => Promise<Value>): Promise<Value> {
  await client.query("begin");
  try {
    return await work();
  } finally {
    await client.query("rollback");
  }
}

/** Reserves a new relay, as a request would. */
export async function reserve(
  client: PoolClient,
  { target, tokens, revision }: BenchProject,
  sponsor: string,
): Promise<void> {
  const keys = Array.from({ length: KEYS_IN_TRANSACTION }, randomKey);
  const id = `rly_${randomBytes(13).toString("hex")}`;
  await client.query(
    `select outcome from reserve_relay($1, $2, $3, $4, $5, $6, 1, $7, 'bench', $1, '\\x00', sha256($8::bytea), '\\x00',
      $9, 10000, 0, gen_random_uuid(), 20, 60)`,
    [id, target.projectId, revision, tokens.user.id, tokens.session.id, NETWORK, sponsor, id, keys],
  );
}

/** What reserve_relay() takes of PostgreSQL's CPU in a project with 10,000 deny entries, next to one without any. */
export async function compareReservations(stack: Stack, full: BenchProject, empty: BenchProject): Promise<SideBySide> {
  const client = await stack.database.connect();
  try {
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    const pid = rows[0]?.pid ?? 0;
    const measure =
      (project: BenchProject): Measure =>
      () =>
        inForgottenTransaction(client, async () => {
          const beforeUs = exactCpuUsOf(pid);
          await reserve(client, project, stack.secrets.sponsorAddress);
          return exactCpuUsOf(pid) - beforeUs;
        });
    const rounds = { rounds: 21, turnsPerRound: 40, warmUpRounds: 3 };
    return await measureSideBySide(measure(full), measure(empty), rounds);
  } finally {
    client.release();
  }
}

/** How long POST /v1/relays takes in either, one after the other. In milliseconds. */
export async function compareRelays(full: BenchProject, empty: BenchProject): Promise<SideBySide> {
  const measure =
    ({ target, wallet, tokens: { accessToken } }: BenchProject): Measure =>
    async () => {
      const prepared = await prepareRelay(target, accessToken);
      const wire = await buildTransaction(prepared, [memoBy(wallet, crypto.randomUUID())], [wallet]);
      const startedAtMs = performance.now();
      expectStatus(await postRelay(target, accessToken, wire), 202);
      return performance.now() - startedAtMs;
    };
  return measureSideBySide(measure(full), measure(empty), { rounds: 21, turnsPerRound: 8, warmUpRounds: 2 });
}
