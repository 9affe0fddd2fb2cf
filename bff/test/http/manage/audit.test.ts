import { createHash } from "node:crypto";
import { expectStatus } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AuditEntry } from "../../../src/contract/manage/audit.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { type Stack, startStack } from "../../support/stack.ts";

interface Entries {
  readonly data: readonly AuditEntry[];
  readonly nextCursor: string | null;
}

let stack: Stack;
let desk: Console;
let organization: Organization;
let owner: Manager;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
  organization = await desk.organization();
  owner = await organization.member("owner");
});
afterAll(() => stack.close());

async function createOwnProject() {
  const project = await stack.createProject();
  await organization.own(project);
  const path = `/projects/${project.projectId}`;
  const list = async (query = "") =>
    expectStatus(await desk.call<Entries>(owner.token, "GET", `${path}/audit${query}`), 200);
  return { project, path, list };
}

/** The lines that an export answers, read as they came. */
async function exportLines(path: string, after: string) {
  const response = await fetch(`${stack.api}/v1/manage${path}/audit/export?after=${after}`, {
    headers: { Authorization: `Bearer ${owner.token}`, Origin: desk.target.origin },
  });
  expect([response.status, response.headers.get("Content-Type")]).toEqual([200, "application/x-ndjson"]);
  return (await response.text())
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { sequence: string; hash: string; entry: string });
}

describe("the audit log of a project", () => {
  test("names who changed what, newest first, page by page without a gap", async () => {
    const { path, list } = await createOwnProject();
    const origin = "https://audited.example";
    expectStatus(await desk.call(owner.token, "POST", `${path}/origins`, { origin }), 201);
    const { data } = await list("?limit=100");
    expect(data[0]).toMatchObject({
      action: "origin.added",
      target: origin,
      actor: { kind: "member", id: owner.userId, name: owner.wallet },
      sequence: null,
      hash: null,
    });
    const pages: AuditEntry[] = [];
    for (let cursor: string | null = ""; cursor !== null;) {
      const page: Entries = await list(`?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      pages.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(pages).toEqual(data);
    expect(pages.length).toBeGreaterThan(4);
  });

  test("is exported as it was sealed: whoever has it can follow each hash from the one before", async () => {
    const { project, path, list } = await createOwnProject();
    expect(await exportLines(path, "0")).toEqual([]);
    await stack.worker().runScheduled();
    const lines = await exportLines(path, "0");
    expect(lines.length).toBeGreaterThan(4);
    let hash = createHash("sha256").update(project.projectId).digest();
    for (const line of lines) {
      hash = createHash("sha256").update(hash).update(line.entry).digest();
      expect(line.hash).toBe(hash.toString("hex"));
    }
    expect(await exportLines(path, "2")).toEqual(lines.slice(2));
    expect(await exportLines(path, lines.at(-1)?.sequence ?? "")).toEqual([]);
    const [newest] = (await list()).data;
    expect(newest).toMatchObject({ sequence: lines.at(-1)?.sequence, hash: lines.at(-1)?.hash });
  });
});

test("the audit log of an organization has its members and invitations, and nothing of its projects", async () => {
  const { project } = await createOwnProject();
  const path = `/organizations/${organization.id}`;
  const invited = { role: "viewer", note: "for a colleague" };
  expectStatus(await desk.call(owner.token, "POST", `${path}/invitations`, invited), 201);
  const { data } = expectStatus(await desk.call<Entries>(owner.token, "GET", `${path}/audit?limit=100`), 200);
  expect(data[0]).toMatchObject({ action: "invitation.added", actor: { kind: "member", id: owner.userId } });
  expect(data.map(({ action }) => action)).toContain("member.added");
  expect(JSON.stringify(data)).not.toContain(project.projectId);
});
