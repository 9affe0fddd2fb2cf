import { createHash } from "node:crypto";
import { expectStatus } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { base58 } from "@scure/base";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job } from "../../../src/contract/manage/jobs.ts";
import type { ListEntry } from "../../../src/contract/manage/lists.ts";
import { followJob } from "../../support/jobs.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectInvalid, expectProblem } from "../../support/problems.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;
let desk: Console;
let organization: Organization;
let developer: Manager;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
  developer = await organization.member("developer");
});
afterAll(() => stack.close());

interface EntryPage {
  readonly data: readonly ListEntry[];
  readonly nextCursor: string | null;
  readonly total: number;
}

type ListPath = "denylist" | "allowlist";

async function createLists() {
  const project = await stack.createProject();
  await organization.own(project);
  const { projectId } = project;
  const pathOf = (list: ListPath) => `/projects/${projectId}/networks/${encodeURIComponent(NETWORK)}/${list}`;
  return {
    projectId,
    pathOf,
    read: async (list: ListPath, query = "") =>
      expectStatus(await desk.call<EntryPage>(developer.token, "GET", `${pathOf(list)}${query}`), 200),
    add: (list: ListPath, entry: unknown) => desk.call<ListEntry>(developer.token, "POST", pathOf(list), entry),
    startImport: (list: ListPath, csv: string, mode?: "add" | "replace") =>
      desk.call<Job>(developer.token, "POST", `${pathOf(list)}/import`, { csv, ...(mode && { mode }) }),
    async importFile(list: ListPath, csv: string, mode?: "add" | "replace") {
      const { id } = expectStatus(await this.startImport(list, csv, mode), 202);
      return followJob(desk, developer.token, projectId, id);
    },
  };
}
type Lists = Awaited<ReturnType<typeof createLists>>;

const addressesOf = async (lists: Lists, list: ListPath): Promise<readonly string[]> => {
  const { rows } = await stack.database.query<{ address: string }>(
    `select address from ${list === "denylist" ? "denied_accounts" : "allowed_wallets"}
      where project_id = $1 order by address collate "C"`,
    [lists.projectId],
  );
  return rows.map(({ address }) => address);
};
const addressOf = (index: number): string => {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, 1_000_000_000 + index);
  return base58.encode(key);
};
const manyAddresses = (count: number, first = 1): readonly string[] =>
  Array.from({ length: count }, (_, index) => addressOf(first + index));

const auditOf = async ({ projectId }: Lists, action: string) => {
  const { rows } = await stack.database.query<{ entry: { actor: object; details: Record<string, unknown> } }>(
    `select entry::jsonb as entry from audit_entries where chain = $1 and entry::jsonb ->> 'action' = $2 order by id`,
    [projectId, action],
  );
  return rows.map(({ entry }) => entry);
};

describe.each(["denylist", "allowlist"] as const)("the %s", (list) => {
  test("takes an address with a note and an end, changes both, and gives it up", async () => {
    const lists = await createLists();
    const { address } = await createWallet();
    const expiresAt = "2099-01-31T10:00:00.000Z";
    const entry = expectStatus(await lists.add(list, { address, note: "scam", expiresAt }), 201);
    expect(entry).toMatchObject({ address, note: "scam", expiresAt, isExpired: false });
    expectStatus(await lists.add(list, { address: ` solana:${address}`, note: "mended" }), 201);
    const { data, total, nextCursor } = await lists.read(list);
    expect([total, nextCursor]).toEqual([1, null]);
    expect(data).toMatchObject([{ address, note: "mended", expiresAt: null }]);
    const path = `${lists.pathOf(list)}/${address}`;
    expectStatus(await desk.call(developer.token, "DELETE", path), 204);
    expectProblem(await desk.call(developer.token, "DELETE", path), 404, "request.not_found");
    expect((await lists.read(list)).total).toBe(0);

    const thing = list === "denylist" ? "denied_account" : "allowed_wallet";
    const told = { count: 1, first: [address] };
    const scam = { note: "scam", expires_at: expect.stringMatching(/^2099-01-31T/) as string };
    const mended = { note: "mended", expires_at: null };
    for (const [verb, details] of [
      ["added", { ...told, after: scam }],
      ["changed", { ...told, before: scam, after: mended }],
      ["removed", { ...told, before: mended }],
    ] as const) {
      expect((await auditOf(lists, `${thing}.${verb}`)).map((entry) => entry.details)).toEqual([details]);
    }
  });

  test("is read newest first, page by page, each address once", async () => {
    const lists = await createLists();
    const addresses = manyAddresses(5);
    for (const address of addresses) expectStatus(await lists.add(list, { address }), 201);
    await lists.importFile(list, manyAddresses(4, 50).join("\n"));
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "?limit=2" : `?limit=2&cursor=${encodeURIComponent(cursor)}`;
      const page: EntryPage = await lists.read(list, query);
      expect(page.total).toBe(9);
      seen.push(...page.data.map(({ address }) => address));
      cursor = page.nextCursor;
    }
    expect(seen.slice(4)).toEqual(addresses.toReversed());
    expect(new Set(seen)).toEqual(new Set(await addressesOf(lists, list)));
    expect(seen).toHaveLength(9);
  });

  test("finds addresses by their beginning, and a pattern finds nothing", async () => {
    const lists = await createLists();
    const [one = "", other = ""] = manyAddresses(2);
    for (const address of [one, other]) expectStatus(await lists.add(list, { address }), 201);
    expect(await lists.read(list, `?search=${one.slice(0, 20)}`)).toMatchObject({ data: [{ address: one }], total: 1 });
    for (const search of ["%25", "_", "%5C"]) expect((await lists.read(list, `?search=${search}`)).total).toBe(0);
    expectInvalid(await desk.call(developer.token, "GET", `${lists.pathOf(list)}?cursor=nonsense`), ["/cursor"]);
  });

  test("refuses what is no address, an end that is over, and a network that the project does not have", async () => {
    const lists = await createLists();
    const { address } = await createWallet();
    for (const [entry, pointer] of [
      [{ address: "nobody" }, "/address"],
      [{ address, expiresAt: "2020-01-01T00:00:00Z" }, "/expiresAt"],
    ] as const) {
      const answer = await lists.add(list, entry);
      expectProblem(answer, 422, "request.invalid");
      expect((answer.body as unknown as { errors: unknown }).errors).toMatchObject([{ pointer }]);
    }
    const elsewhere = `/projects/${lists.projectId}/networks/solana:devnet/${list}`;
    expectProblem(await desk.call(developer.token, "GET", elsewhere), 404, "request.not_found");
    expectProblem(await desk.call(developer.token, "POST", elsewhere, { address }), 404, "request.not_found");
    const answer = await desk.call(developer.token, "POST", `${elsewhere}/import`, { csv: address });
    expectProblem(answer, 404, "request.not_found");
  });

  test("is closed to a viewer's change, to another organization, and to a key without the scope", async () => {
    const lists = await createLists();
    const { address } = await createWallet();
    const viewer = await organization.member("viewer");
    const stranger = await (await desk.organization("Others")).member("owner");
    const reader = await organization.key(lists.projectId, ["lists:read"]);
    const writer = await organization.key(lists.projectId, ["lists:write"]);
    const path = lists.pathOf(list);
    const calls = [
      ["POST", path, { address }],
      ["POST", `${path}/import`, { csv: address }],
      ["DELETE", `${path}/${address}`, undefined],
    ] as const;
    for (const [method, callPath, body] of calls) {
      for (const token of [viewer.token, reader]) {
        expectProblem(await desk.call(token, method, callPath, body), 403, "auth.scope_missing");
      }
      expectProblem(await desk.call(stranger.token, method, callPath, body), 404, "request.not_found");
    }
    expect(await addressesOf(lists, list)).toEqual([]);
    expectStatus(await desk.call(viewer.token, "GET", path), 200);
    expectStatus(await desk.call(reader, "GET", path), 200);
    expectProblem(await desk.call(writer, "GET", path), 403, "auth.scope_missing");
    expectStatus(await desk.call(writer, "POST", path, { address }), 201);
  });

  test("is filled by a file, which changes what is there and says what it did, in the name of who sent it", async () => {
    const lists = await createLists();
    const [known = "", same = "", ...others] = manyAddresses(40);
    expectStatus(await lists.add(list, { address: known, note: "old" }), 201);
    expectStatus(await lists.add(list, { address: same, note: "same" }), 201);
    const csv = ["note,address", `new,${known}`, `same,${same}`, ...others.map((address) => `=1+1,${address}`)].join(
      "\r\n",
    );
    const job = await lists.importFile(list, csv);
    expect(job).toMatchObject({
      kind: "import",
      state: "succeeded",
      done: 40,
      total: 40,
      error: null,
      network: NETWORK,
    });
    expect(job.result).toEqual({ kind: "import", added: 38, changed: 1, removed: 0 });
    const { data } = await lists.read(list, `?search=${others[0] ?? ""}`);
    expect(data).toMatchObject([{ note: "=1+1" }]);
    const actor = { kind: "member", id: developer.userId, name: developer.wallet };
    const added = await auditOf(lists, list === "denylist" ? "denied_account.added" : "allowed_wallet.added");
    expect(added.at(-1)).toMatchObject({ actor, details: { count: 38 } });
    expect(added.at(-1)?.details).not.toHaveProperty("after");
    const sha256 = createHash("sha256").update(csv).digest("hex");
    expect(await auditOf(lists, "job.added")).toMatchObject([
      { actor, details: { after: { file_sha256: sha256, file_lines: 41 } } },
    ]);
  });

  test("is replaced by a file in parts: what is not in it leaves, what somebody adds meanwhile stays", async () => {
    const lists = await createLists();
    const old = manyAddresses(2_300);
    await lists.importFile(list, old.join("\n"));
    const kept = [...old.slice(0, 10), ...manyAddresses(1_200, 5_000)];
    const job = expectStatus(await lists.startImport(list, kept.join("\n"), "replace"), 202);
    expect(job.total).toBe(kept.length + old.length);
    const { address: late } = await createWallet();
    expectStatus(await lists.add(list, { address: late }), 201);
    const { state, done, total, result } = await followJob(desk, developer.token, lists.projectId, job.id);
    expect([state, done]).toEqual(["succeeded", total]);
    expect(result).toEqual({ kind: "import", added: 1_200, changed: 0, removed: 2_290 });
    expect(new Set(await addressesOf(lists, list))).toEqual(new Set([...kept, late]));
  });

  test("takes one file at a time, and keeps what somebody names anew by hand while it is replaced", async () => {
    const lists = await createLists();
    const [known = "", ...others] = manyAddresses(3);
    await lists.importFile(list, [known, ...others].join("\n"));
    // As if nobody had looked after it yet.
    const job = { id: `job_${"0".repeat(26)}`, input: { list: list === "denylist" ? "denied" : "allowed" } };
    await stack.database.query(
      `insert into jobs (id, project_id, network, kind, label, input, next_run_at)
        values ($1, $2, $3, 'import', 'waits', $4, now() + interval '1 hour') on conflict (id) do update
        set project_id = excluded.project_id, state = 'queued', input = excluded.input`,
      [job.id, lists.projectId, NETWORK, job.input],
    );
    const { context } = expectProblem(await lists.startImport(list, others.join("\n")), 409, "manage.conflict");
    expect(context).toEqual({ jobId: job.id });
    await stack.database.query("update jobs set state = 'discarded', ended_at = now() where id = $1", [job.id]);

    const replaced = expectStatus(await lists.startImport(list, others.join("\n"), "replace"), 202);
    expectStatus(await lists.add(list, { address: known, note: "again" }), 201);
    await followJob(desk, developer.token, lists.projectId, replaced.id);
    const after = await addressesOf(lists, list);
    expect(after.filter((address) => others.includes(address))).toHaveLength(2);
    expect(after).toContain(known);
  });

  test("takes one of two files that come at the same time", async () => {
    const lists = await createLists();
    const client = await stack.database.connect();
    await client.query("begin");
    // Neither can have ended before the other comes.
    await client.query("select pg_advisory_xact_lock(hashtextextended('claim_job', 0))");
    try {
      const answers = await Promise.all(
        [addressOf(1), addressOf(2)].map((csv) => lists.startImport(list, csv, "replace")),
      );
      expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([202, 409]));
    } finally {
      await client.query("rollback");
      client.release();
    }
  });

  test("changes nothing by a file with a bad line, and the answer names each", async () => {
    const lists = await createLists();
    const csv = `address,expires_at\n${addressOf(1)},2099-01-01\nnobody,\n${addressOf(2)},2020-02-30\n`;
    const answer = await lists.startImport(list, csv, "replace");
    expectProblem(answer, 422, "request.invalid");
    expect((answer.body as unknown as { errors: unknown }).errors).toEqual([
      { pointer: "/csv", detail: "line 3: this is no address of the network" },
      { pointer: "/csv", detail: expect.stringContaining("line 4: expires_at must be") as string },
    ]);
    expect(await addressesOf(lists, list)).toEqual([]);
    const { rows } = await stack.database.query("select from jobs where project_id = $1", [lists.projectId]);
    expect(rows).toEqual([]);
  });
});

test("the address that pays for a project cannot be denied there, by hand or by file, and may be allowed", async () => {
  const project = await stack.createProject();
  await organization.own(project);
  const address = stack.secrets.sponsorAddress;
  const base = `/projects/${project.projectId}/networks/${encodeURIComponent(NETWORK)}`;
  for (const [path, body] of [
    ["denylist", { address }],
    ["denylist/import", { csv: `${addressOf(1)}\n${address}` }],
  ] as const) {
    const refused = expectProblem(
      await desk.call(developer.token, "POST", `${base}/${path}`, body),
      409,
      "manage.conflict",
    );
    expect(refused.context).toEqual({ sponsor: address });
  }
  expectStatus(await desk.call(developer.token, "POST", `${base}/allowlist`, { address }), 201);
});

test("a list that is full takes nobody in, by hand or by file, and the others go on", async () => {
  // Two hundred thousand would be long to fill.
  await stack.database.query("create or replace function list_limit() returns integer language sql as 'select 3'");
  const lists = await createLists();
  expect((await lists.importFile("denylist", manyAddresses(3).join("\n"))).state).toBe("succeeded");
  expectProblem(await lists.add("denylist", { address: addressOf(4) }), 409, "manage.conflict");
  const { state, error } = await lists.importFile("denylist", manyAddresses(2, 3).join("\n"));
  expect([state, error]).toEqual(["failed", { detail: expect.stringContaining("200,000") as string }]);
  expect((await lists.read("denylist")).total).toBe(3);
  expectStatus(await lists.add("denylist", { address: addressOf(1), note: "changed" }), 201);
  const replaced = await lists.importFile("denylist", manyAddresses(3, 10).join("\n"), "replace");
  expect(replaced).toMatchObject({ state: "succeeded", result: { added: 3, removed: 3 } });
  expect((await (await createLists()).importFile("denylist", addressOf(1))).state).toBe("succeeded");
});
