import { createHash } from "node:crypto";
import { demoPolicy } from "@gasless/db/factories";
import { workerBindings } from "@gasless/localnet/bindings";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase } from "../../src/adapters/sql/database.ts";
import { runAudit } from "../../src/entry/operator/audit.ts";
import { asOperator, type Command, UsageError } from "../../src/entry/operator/installation.ts";
import { runOrigins } from "../../src/entry/operator/origins.ts";
import { runSponsors } from "../../src/entry/operator/sponsors.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const databaseUrl = () => stack.database.options.connectionString ?? "";

/** Runs a command as `npm run` would, in this process; `secrets`: others than the stack's. */
async function run(command: Command, args: readonly string[], secrets?: string) {
  const { api, rpc, redis, solana } = stack;
  const addresses = { api, solanaRpc: rpc.url, genesisHash: solana.genesisHash, redis: redis.url };
  const variables = { ...workerBindings(addresses, stack.secrets), ...(secrets !== undefined && { SECRETS: secrets }) };
  const database = createDatabase(databaseUrl());
  const lines: string[] = [];
  try {
    const installation = { databaseUrl: databaseUrl(), variables };
    const code = await command(asOperator(database, "alice"), installation, args, (line) => void lines.push(line));
    return { code, lines, out: lines.join("\n") };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, lines, out: error.message };
  } finally {
    await database.close();
  }
}

interface Entry {
  readonly id: string;
  readonly at: string;
  readonly actor: unknown;
  readonly action: string;
  readonly target: string;
  readonly details: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

async function entriesOf(chain: string): Promise<readonly Entry[]> {
  const { rows } = await stack.database.query<{ entry: string }>(
    "select entry from audit_entries where chain = $1 order by id",
    [chain],
  );
  return rows.map(({ entry }) => JSON.parse(entry) as Entry);
}

/** What whoever owns the database can do: triggers do not stop them. */
async function tamper(statement: string, values: readonly unknown[] = []): Promise<void> {
  const client = new Client({ connectionString: databaseUrl() });
  await client.connect();
  try {
    await client.query("set session_replication_role = replica");
    const { rowCount } = await client.query(statement, [...values]);
    expect(rowCount).toBeGreaterThan(0);
  } finally {
    await client.end();
  }
}

/** The forger's work: an entry says something else, and all that follows from it fits. */
async function makeAnew(projectId: string): Promise<void> {
  await tamper("update audit_entries set entry = replace(entry, 'shop-1', 'shap-1') where chain = $1", [projectId]);
  const { rows } = await stack.database.query<{ sequence: string; entry: string }>(
    "select sequence, entry from audit_entries where chain = $1 order by sequence",
    [projectId],
  );
  let hash = createHash("sha256").update(projectId).digest();
  for (const { sequence, entry } of rows) {
    hash = createHash("sha256").update(hash).update(entry).digest();
    const place = [projectId, sequence, hash];
    await tamper("update audit_entries set hash = $3 where chain = $1 and sequence = $2", place);
  }
  await tamper("update audit_heads set hash = $2 where chain = $1", [projectId, hash]);
}

/** A project with a log of its own, sealed by the worker's own job. */
async function sealedProject(changes = 4): Promise<string> {
  const { projectId } = await stack.createProject();
  for (let count = 0; count < changes; count++) {
    await run(runOrigins, ["add", projectId, `https://shop-${count}.example`]);
  }
  await stack.worker().runScheduled();
  expect(await run(runAudit, ["verify", projectId])).toMatchObject({ code: 0 });
  return projectId;
}

describe("what is changed", () => {
  test("is in the log with who did it, what was before and what is now", async () => {
    const { projectId } = await stack.createProject();
    await run(runOrigins, ["add", projectId, "https://new.example"]);
    await run(runOrigins, ["remove", projectId, "https://new.example"]);
    await stack.database.query("update projects set user_relays_per_minute = 7 where id = $1", [projectId]);
    const [added, removed, changed] = (await entriesOf(projectId)).slice(-3);
    const origin = { project_id: projectId, origin: "https://new.example" };
    const actor = { kind: "operator", name: "alice" };
    expect(added).toMatchObject({ actor, action: "origin.added", target: origin.origin, details: { after: origin } });
    expect(removed).toMatchObject({ actor, action: "origin.removed", details: { before: origin } });
    expect(changed).toMatchObject({
      actor: { kind: "database" },
      action: "project.changed",
      details: { before: { user_relays_per_minute: 300 }, after: { user_relays_per_minute: 7 } },
    });
    expect(Object.keys(changed?.details["after"] ?? {})).toEqual(["user_relays_per_minute"]);
  });

  test("of every table that steers what is paid for has an entry, and no entry holds a key or its hash", async () => {
    const { projectId } = await stack.createProject();
    await stack.database.query(
      "update limits set amount = 12345678901234567890 where project_id = $1 and unit = 'relays'",
      [projectId],
    );
    await stack.database.query("select publish_policy($1, 'solana:localnet', $2, 1)", [
      projectId,
      JSON.stringify({ ...demoPolicy, maxFee: "20000" }),
    ]);
    await stack.database.query("update project_keys set revoked_at = now() where project_id = $1", [projectId]);
    const entries = await entriesOf(projectId);
    expect(new Set(entries.map(({ action }) => action))).toEqual(
      new Set([
        ...["project", "origin", "key", "network", "project_sponsor", "policy", "limit"].map((noun) => `${noun}.added`),
        ...["limit", "network", "key"].map((noun) => `${noun}.changed`),
      ]),
    );
    expect(entries.find(({ action }) => action === "network.changed")?.details).toEqual({
      before: { policy_version: 1 },
      after: { policy_version: 2 },
    });
    expect(entries.find(({ action }) => action === "limit.changed")?.details).toEqual({
      of: { network: "solana:localnet", subject_kind: "user", unit: "relays", window: "day" },
      before: { amount: "20" },
      after: { amount: "12345678901234567890" },
    });
    expect(entries.find(({ action }) => action === "key.changed")?.details).toMatchObject({
      of: { kind: "publishable", last_four: expect.stringMatching(/^\w{4}$/) as string },
    });
    expect(JSON.stringify(entries)).not.toMatch(/key_hash|\\\\x|pk_test_/);
  });

  test("about sponsors is in the deployment's log; their keys are nowhere", async () => {
    const address = "7v91N7iZ9mNicL8WfG6cgSCKyRXydQjLh6UYBWwm6y1Q";
    expect(await run(runSponsors, ["add", "solana:localnet", address])).toMatchObject({ code: 0 });
    expect((await entriesOf("deployment")).at(-1)).toMatchObject({
      action: "sponsor.added",
      details: { after: { address } },
    });
  });

  test("by the thousand is one entry", async () => {
    const { projectId } = await stack.createProject();
    await stack.database.query(
      `insert into denied_accounts (project_id, network, address)
        select $1, 'solana:localnet', 'address ' || i from generate_series(1, 10000) i`,
      [projectId],
    );
    const denied = (await entriesOf(projectId)).filter(({ action }) => action.startsWith("denied_account"));
    expect(denied).toHaveLength(1);
    expect(denied[0]).toMatchObject({ action: "denied_account.added", details: { count: 10_000 } });
  });

  test("and then taken back in the same transaction leaves no entry", async () => {
    const { projectId } = await stack.createProject();
    const before = await entriesOf(projectId);
    await stack.database.query("begin; update projects set locale = 'de'; rollback");
    expect(await entriesOf(projectId)).toEqual(before);
  });
});

test.each([
  ["changed", "update audit_entries set entry = '{}'"],
  ["sealed by hand", "update audit_entries set hash = 'x' where sequence is not null"],
  ["removed", "delete from audit_entries"],
  ["emptied", "truncate audit_entries"],
])("the log cannot be %s", async (_name, statement) => {
  await sealedProject(1);
  await expect(stack.database.query(statement)).rejects.toThrow("never changed");
});

describe("npm run audit:verify", () => {
  test("finds nothing in a log that nobody touched, of all projects", async () => {
    const projectId = await sealedProject();
    const { code, out } = await run(runAudit, ["verify"]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining(`${projectId}: `) });
    expect(out).toMatch(/^deployment: \d+ entries to [0-9a-f]{64}, as they were sealed$/m);
  });

  test.each([
    ["text", "update audit_entries set entry = replace(entry, 'shop-1.example', 'shap-1.example') where id = $1"],
    ["hash", "update audit_entries set hash = set_byte(hash, 7, get_byte(hash, 7) # 1) where id = $1"],
    ["id, which its text does not know,", "update audit_entries set id = id || 'x' where id = $1"],
  ])("names the one entry whose %s has another byte", async (_name, statement) => {
    const projectId = await sealedProject();
    const target = (await entriesOf(projectId)).find(({ target: each }) => each === "https://shop-1.example");
    await tamper(statement, [target?.id]);
    const { code, lines } = await run(runAudit, ["verify", projectId]);
    expect(code).toBe(1);
    expect(lines.slice(1)).toEqual([expect.stringMatching(new RegExp(`entry \\d+ \\(${target?.id}x?\\) is not what`))]);
  });

  test("names entries that were taken out of the middle, and those that were taken off the end", async () => {
    const projectId = await sealedProject();
    const { rows } = await stack.database.query<{ last: string }>(
      "select max(sequence) as last from audit_entries where chain = $1",
      [projectId],
    );
    const last = Number(rows[0]?.last);
    await tamper("delete from audit_entries where chain = $1 and sequence = any ($2)", [projectId, [2, 3, last]]);
    const { code, lines } = await run(runAudit, ["verify", projectId]);
    expect(code).toBe(1);
    expect(lines.slice(1)).toEqual([
      "  entries 2 to 3 are missing",
      `  entries ${last} to ${last} are missing`,
      expect.stringContaining(`the signature at entry ${last} is not ours`),
    ]);
  });

  test("is not taken in by a chain that was made anew from the altered entry on", async () => {
    const projectId = await sealedProject();
    await makeAnew(projectId);
    const { code, lines } = await run(runAudit, ["verify", projectId]);
    expect(code).toBe(1);
    expect(lines.slice(1)).toEqual([expect.stringContaining("is not ours, or not of this chain")]);
  });

  test.each([
    ["was put back to an older one", "update audit_heads set sequence = 1 where chain = $1", "its head does not stand"],
    ["is gone", "delete from audit_heads where chain = $1", "its head does not stand"],
    ["lost its signature", "update audit_heads set signed_sequence = 0 where chain = $1", "is not signed yet"],
  ])("tells of a head that %s", async (_name, statement, expected) => {
    const projectId = await sealedProject();
    await tamper(statement, [projectId]);
    expect(await run(runAudit, ["verify", projectId])).toMatchObject({
      code: 1,
      out: expect.stringContaining(expected),
    });
  });

  test("says so when it does not have the secret that signed", async () => {
    const projectId = await sealedProject();
    const other = JSON.stringify({ other: Buffer.alloc(32, 7).toString("base64") });
    const { code, out } = await run(runAudit, ["verify", projectId], other);
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining("which SECRETS do not have") });
  });

  test("is not helped to forget: a chain that was made anew is not signed when the next entry comes", async () => {
    const projectId = await sealedProject();
    await makeAnew(projectId);
    await run(runOrigins, ["add", projectId, "https://later.example"]);
    await stack.worker().runScheduled();
    const { code, out } = await run(runAudit, ["verify", projectId]);
    expect({ code, out }).toMatchObject({ code: 1, out: expect.stringContaining("is not ours, or not of this chain") });
    const { rows } = await stack.database.query(
      "select 1 from audit_heads where chain = $1 and signed_sequence < sequence",
      [projectId],
    );
    expect(rows).toHaveLength(1);
    await tamper("update audit_entries set created_at = now() - interval '11 minutes' where chain = $1", [projectId]);
    await stack.worker().runScheduled();
    const { rows: alerts } = await stack.database.query(
      "select kind from alerts where subject = $1 and resolved_at is null",
      [projectId],
    );
    expect(alerts).toEqual([{ kind: "audit.unsealed" }]);
    expect(stack.log.some((line) => line.includes("audit.tampered") && line.includes(projectId))).toBe(true);
  });

  test("is sealed by the first worker after a while without one, which alerts nobody", async () => {
    const projectId = await sealedProject();
    await run(runOrigins, ["add", projectId, "https://later.example"]);
    await tamper("update audit_entries set created_at = now() - interval '11 minutes' where chain = $1", [projectId]);
    await stack.database.query("update heartbeats set beat_at = now() - interval '11 minutes'");
    await stack.worker().runScheduled();
    const { rows } = await stack.database.query("select kind from alerts where subject = $1", [projectId]);
    expect(rows).toEqual([]);
    expect((await run(runAudit, ["verify", projectId])).out).not.toContain("wait to be sealed");
  });

  test("counts what is not sealed yet, which is no fault", async () => {
    const projectId = await sealedProject();
    await run(runOrigins, ["add", projectId, "https://later.example"]);
    const { code, out } = await run(runAudit, ["verify", projectId]);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ entries wait to be sealed/m) });
  });
});

test("an export is what anybody can check with SHA-256 alone, whatever its entries say", async () => {
  const projectId = await sealedProject();
  await stack.database.query("update projects set name = $2 where id = $1", [projectId, "Kaffee\u{2066} ☕"]);
  await stack.worker().runScheduled();
  const { lines } = await run(runAudit, ["export", projectId]);
  expect(lines.join("")).toMatch(/^[ -~]+$/);
  let hash: Buffer = createHash("sha256").update(projectId).digest();
  for (const [index, line] of lines.entries()) {
    const sealed = JSON.parse(line) as { sequence: number; hash: string; entry: string };
    hash = createHash("sha256").update(hash).update(sealed.entry).digest();
    expect(sealed).toMatchObject({ sequence: index + 1, hash: hash.toString("hex") });
  }
  expect(lines.at(-1)).toContain("Kaffee");
});

test("a list is the newest first, of one project alone", async () => {
  const [one, other] = [await sealedProject(2), await sealedProject(1)];
  const { code, out } = await run(runAudit, ["list", one]);
  expect(code).toBe(0);
  expect(out.indexOf("shop-1.example")).toBeLessThan(out.indexOf("shop-0.example"));
  expect(out).toContain("by operator alice");
  expect(out).not.toContain(other);
});

test("a list shows an entry that was tampered with as it is, and the others all the same", async () => {
  const projectId = await sealedProject(2);
  await tamper("update audit_entries set entry = '{' where chain = $1 and sequence = 2", [projectId]);
  const { code, out } = await run(runAudit, ["list", projectId]);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("is not what was appended") });
  expect(out).toContain("shop-1.example");
});

test.each([
  [[], "Which command?"],
  [["drop"], "There is no command drop: there are list, verify, export."],
  [["list"], "Of which project?"],
  [["list", "prj_nobody"], "There is no project prj_nobody."],
  [["verify", "deployment", "too"], "too is one word too many."],
])("what makes no sense is refused: %j", async (args, expected) => {
  expect(await run(runAudit, args)).toMatchObject({ code: 2, out: expected });
});
