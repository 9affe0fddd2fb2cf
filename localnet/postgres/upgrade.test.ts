import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { migrateDatabase } from "@gasless/db/migrate";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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

const NETWORK = "solana:localnet";
const SPONSOR = "sponsor";
const LEASE = "00000000-0000-4000-8000-000000000001";

/** Written out: whatever makes projects today may know columns that were not there yet. */
const SIGNED_IN = `
  insert into sponsors (id, network, address) values ('spn_1', '${NETWORK}', '${SPONSOR}');
  insert into projects (id, name, environment, statement) values ('prj_1', 'Shop', 'test', 'Sign in.');
  insert into project_keys (id, project_id, key_hash, last_four) values ('key_1', 'prj_1', 'hash', '1234');
  insert into policies (project_id, network, version, document) values ('prj_1', '${NETWORK}', 1, '{}');
  insert into project_networks (project_id, environment, network, policy_version)
    values ('prj_1', 'test', '${NETWORK}', 1);
  insert into project_sponsors (project_id, network, sponsor_id) values ('prj_1', '${NETWORK}', 'spn_1');
  insert into limits (id, project_id, network, subject_kind, "window", unit, amount)
    values ('lim_1', 'prj_1', '${NETWORK}', 'user', 'lifetime', 'fee', 100000);
  insert into users (id, project_id) values ('usr_1', 'prj_1');
  insert into wallets (project_id, wallet, user_id, budget_subject) values ('prj_1', 'solana:A', 'usr_1', 'usr_1');
  insert into sessions (id, project_id, user_id, wallet, network, origin, amr, key_id, idle_expires_at, expires_at)
    values ('ses_1', 'prj_1', 'usr_1', 'solana:A', '${NETWORK}', 'https://a.example', '{}', 'key_1',
      now() + interval '1 day', now() + interval '1 day')`;

/** Somebody who is signed in to a project, and the calls of a worker from before groups: with so many arguments. */
async function signInBeforeGroups(client: Client) {
  await client.query(SIGNED_IN);
  const { rows } = await client.query<{ revision: string }>("select revision from projects");
  const one = async (name: string, values: readonly unknown[]): Promise<unknown> => {
    const places = values.map((_, index) => `$${index + 1}`).join(", ");
    return (await client.query<Record<string, unknown>>(`select * from ${name}(${places})`, [...values])).rows[0];
  };
  return {
    reserve: (relayId: string) => {
      const whose = [relayId, "prj_1", rows[0]?.revision, "usr_1", "ses_1", NETWORK, 1, SPONSOR];
      const what = ["POST /v1/relays", `key of ${relayId}`, Buffer.from("print"), Buffer.from(relayId)];
      return one("reserve_relay", [...whose, ...what, Buffer.from("wire"), ["A"], 10_000, 0, LEASE, 20, 86_400]);
    },
    markSigned: (relayId: string) => {
      const signed = [Buffer.from("signed"), `id of ${relayId}`, 150, 1_000];
      return one("mark_signed", [relayId, LEASE, `req of ${relayId}`, "solana:A", ["A"], ...signed]);
    },
    preview: () => one("preview_relay", ["prj_1", NETWORK, "usr_1", 1, SPONSOR, ["A"]]),
    /** All that is known of relays, holds and decisions, under the names that it had. */
    async readBooks(): Promise<unknown> {
      const { rows: books } = await client.query(
        `select to_jsonb(r) - 'group_id' - 'transaction_ids' as relay,
            (select jsonb_agg(to_jsonb(h) order by h.limit_id) from relay_holds h where h.relay_id = r.id) as holds,
            (select jsonb_agg(to_jsonb(d)) from decisions d where d.relay_id = r.id) as decisions,
            (select jsonb_agg(to_jsonb(k)) from idempotency_keys k where k.relay_id = r.id) as keys
          from relays r order by r.id`,
      );
      return books;
    },
  };
}

describe("a database from before relays could be groups", () => {
  let client: Client;
  let worker: Awaited<ReturnType<typeof signInBeforeGroups>>;
  let booksBefore: unknown;
  beforeAll(async () => {
    const url = await createFormer("before-groups", 7);
    client = new Client({ connectionString: url });
    await client.connect();
    worker = await signInBeforeGroups(client);
    await worker.reserve("rly_1");
    await worker.reserve("rly_2");
    await worker.markSigned("rly_1");
    booksBefore = await worker.readBooks();
    await migrateDatabase(url);
  });
  afterAll(() => client.end());

  test("has every relay, hold, decision and key afterwards, and no relay is a group's", async () => {
    expect(booksBefore).toMatchObject([
      { relay: { id: "rly_1", state: "signed", transaction_id: "id of rly_1" }, decisions: [{ verdict: "sponsor" }] },
      { relay: { id: "rly_2", state: "received" }, keys: [{ key: "key of rly_2" }] },
    ]);
    expect(await worker.readBooks()).toEqual(booksBefore);
    const { rows } = await client.query("select distinct group_id, transaction_ids from relays");
    expect(rows).toEqual([{ group_id: null, transaction_ids: null }]);
    expect((await client.query("select from allotments")).rowCount).toBe(0);
  });

  test("goes on with a relay that a former worker had reserved, and takes new ones from it", async () => {
    expect(await worker.markSigned("rly_2")).toMatchObject({ mark_signed: expect.any(Date) as Date });
    expect(await worker.reserve("rly_3")).toMatchObject({ outcome: "reserved", relay_id: "rly_3" });
    expect(await worker.markSigned("rly_3")).toMatchObject({ mark_signed: expect.any(Date) as Date });
    expect(await worker.reserve("rly_3")).toMatchObject({ outcome: "replay", relay_id: "rly_3" });
    const { rows } = await client.query(
      "select id, state, transaction_id, group_id, transaction_ids from relays where id > 'rly_1' order by id",
    );
    const plain = { state: "signed", group_id: null, transaction_ids: null };
    expect(rows).toEqual(["rly_2", "rly_3"].map((id) => ({ id, ...plain, transaction_id: `id of ${id}` })));
  });

  test("tells a former worker what it asks about budgets", async () => {
    const { rowCount } = await client.query("select from relays");
    const held = String(10_000 * (rowCount ?? 0));
    expect(await worker.preview()).toMatchObject({ denied: null, subject: "user", unit: "fee", used: "0", held });
  });
});
