import { demoPolicy } from "@gasless/db/factories";
import { callApi, signIn } from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  Draft,
  PolicyCatalogue,
  PolicyCheck,
  PolicyVersion,
  PolicyVersionDetail,
  Published,
} from "../../../src/contract/manage/policies.ts";
import { memo } from "../../support/instructions.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectInvalid, expectProblem } from "../../support/problems.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";
import { expectRefusal, post, visit, wireOf } from "../../support/visitor.ts";

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

async function createOwnProject() {
  const project = await stack.createProject();
  await organization.own(project);
  const base = `/projects/${project.projectId}/networks/${NETWORK}`;
  const call = <Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    token = developer.token,
  ) => desk.call<Body>(token, method, `${base}${path}`, body);
  return { project, call };
}

const DEMO = { ...demoPolicy, walletAssertions: true };
const dearer = (maxFee: string) => ({ ...DEMO, maxFee });
const UNKNOWN = "Vote111111111111111111111111111111111111111";

function expectOk<Body>({ status, body }: { status: number; body: Body }, expected = 200): Body {
  expect(status, JSON.stringify(body)).toBe(expected);
  return body;
}

describe("the catalogue", () => {
  test("names programs, their instructions and templates, also for a viewer", async () => {
    const { call } = await createOwnProject();
    const viewer = await organization.member("viewer");
    const answer = await call<PolicyCatalogue>("GET", "/policies/catalogue", undefined, viewer.token);
    const { programs, templates } = expectOk(answer);
    expect(programs.find(({ name }) => name === "SPL Token")?.instructions).toContainEqual(
      expect.objectContaining({ name: "transfer", accounts: ["source", "destination", "owner"] }),
    );
    expect(templates.map(({ id }) => id)).toContain("memo");
  });

  test("of a network that the project does not have is not there", async () => {
    const { project } = await createOwnProject();
    const path = `/projects/${project.projectId}/networks/algorand:testnet/policies`;
    expectProblem(await desk.call(developer.token, "GET", `${path}/catalogue`), 404, "request.not_found");
    expectProblem(await desk.call(developer.token, "GET", path), 404, "request.not_found");
  });
});

describe("checking a policy", () => {
  test("tells what lints find, with the document after every fix, and changes nothing", async () => {
    const { call } = await createOwnProject();
    const document = { ...DEMO, maxFee: "5000", allow: [...DEMO.allow, { program: UNKNOWN, instruction: "vote" }] };
    const check = expectOk(await call<PolicyCheck>("POST", "/policies/check", { document }));
    expect(check.currentVersion).toBe(1);
    expect(check.findings.map(({ severity, pointer }) => `${severity} ${pointer}`)).toEqual(
      expect.arrayContaining(["error /maxFee", `error /allow/${DEMO.allow.length}/program`]),
    );
    expect(check.mended).toMatchObject({ maxFee: "10000" });
    expect(check.differences).toContainEqual({ pointer: "/maxFee", before: "25000", after: "5000" });
    const { data } = expectOk(await call<{ data: PolicyVersion[] }>("GET", "/policies"));
    expect(data).toHaveLength(1);
  });

  test("compares with another version when it is asked to", async () => {
    const { call } = await createOwnProject();
    expectOk(await call("POST", "/policies/publish", { document: dearer("30000"), expectedVersion: 1 }), 201);
    const against = expectOk(
      await call<PolicyCheck>("POST", "/policies/check", { document: dearer("30000"), against: 1 }),
    );
    expect(against.differences).toContainEqual({ pointer: "/maxFee", before: "25000", after: "30000" });
    const current = expectOk(await call<PolicyCheck>("POST", "/policies/check", { document: dearer("30000") }));
    expect(current.differences).toEqual([]);
    const missing = await call("POST", "/policies/check", { document: DEMO, against: 99 });
    expectProblem(missing, 404, "request.not_found");
  });

  test("names every place that does not fit the schema", async () => {
    const { call } = await createOwnProject();
    const document = { allow: [{ program: "no address", instruction: "x y" }], maxFee: -1 };
    const { errors = [] } = expectProblem(
      await call("POST", "/policies/check", { document }),
      422,
      "manage.policy_invalid",
    );
    expect(errors.map(({ pointer }) => pointer)).toEqual(
      expect.arrayContaining(["/allow/0/program", "/allow/0/instruction", "/maxFee", "/maxSignatures"]),
    );
  });
});

describe("publishing", () => {
  test("makes a version that holds within five seconds, and names who published it", async () => {
    const { project, call } = await createOwnProject();
    const visitor = await visit(project);
    expect((await post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], "one")]))).status).toBe(202);
    const document = { ...DEMO, allow: DEMO.allow.filter(({ instruction }) => instruction !== "memo") };
    const published = expectOk(
      await call<Published>("POST", "/policies/publish", { document, expectedVersion: 1 }),
      201,
    );
    expect(published).toEqual({ version: 2, isNew: true });
    await expect
      .poll(
        async () =>
          (await post(visitor, await wireOf(visitor, [memo([visitor.wallet.address], crypto.randomUUID())]))).status,
        { timeout: 6_000 },
      )
      .toBe(403);
    const current = expectOk(await call<PolicyVersionDetail>("GET", "/policies/current"));
    expect(current).toMatchObject({
      version: 2,
      isInForce: true,
      document,
      actor: { kind: "member", name: developer.wallet },
    });
    expect(Object.keys(current.actor ?? {})).toEqual(["kind", "name"]);
    const { rows } = await stack.database.query<{ entry: string }>(
      "select entry from audit_entries where chain = $1 order by id",
      [project.projectId],
    );
    const log = rows.map(({ entry }) => entry).join("\n");
    expect(log).toContain("policy.added");
    expect(log).toContain(developer.userId);
  });

  test("of what is in force already makes no new version", async () => {
    const { call } = await createOwnProject();
    const body = { document: dearer("30000"), expectedVersion: 1 };
    expectOk(await call("POST", "/policies/publish", body), 201);
    const again = expectOk(await call("POST", "/policies/publish", { ...body, expectedVersion: 2 }), 201);
    expect(again).toEqual({ version: 2, isNew: false });
  });

  test("of a policy with a lint's error is refused with the place of the error", async () => {
    const { call } = await createOwnProject();
    const document = { ...DEMO, allow: [...DEMO.allow, { program: UNKNOWN, instruction: "vote" }] };
    const { errors = [] } = expectProblem(
      await call("POST", "/policies/publish", { document, expectedVersion: 1 }),
      422,
      "manage.policy_invalid",
    );
    expect(errors.map(({ pointer }) => pointer)).toEqual([`/allow/${DEMO.allow.length}/program`]);
    expect(expectOk(await call<PolicyVersion>("GET", "/policies/current")).version).toBe(1);
  });

  test("after somebody else is a conflict that names the version in force", async () => {
    const { call } = await createOwnProject();
    const answers = await Promise.all(
      ["31000", "32000", "33000", "34000"].map((maxFee) =>
        call("POST", "/policies/publish", { document: dearer(maxFee), expectedVersion: 1 }),
      ),
    );
    const lost = answers.filter(({ status }) => status !== 201);
    expect(lost).toHaveLength(3);
    for (const answer of lost) {
      expect(expectProblem(answer, 409, "manage.conflict").context).toEqual({ currentVersion: 2 });
    }
  });

  test("is not a viewer's, nor a key's that may only read, and a key without the scope reads nothing", async () => {
    const { project, call } = await createOwnProject();
    const body = { document: dearer("30000"), expectedVersion: 1 };
    for (const role of ["viewer", "billing"] as const) {
      const { token } = await organization.member(role);
      expectProblem(await call("POST", "/policies/publish", body, token), 403, "auth.scope_missing");
      expectProblem(await call("POST", "/drafts", { name: "x", document: {} }, token), 403, "auth.scope_missing");
    }
    const reader = await organization.key(project.projectId, ["policies:read"]);
    expectOk(await call("GET", "/policies", undefined, reader));
    expectProblem(await call("POST", "/policies/publish", body, reader), 403, "auth.scope_missing");
    const other = await organization.key(project.projectId, ["traffic:read"]);
    expectProblem(await call("GET", "/policies", undefined, other), 403, "auth.scope_missing");
    const writer = await organization.key(project.projectId, ["policies:write"]);
    expectOk(await call("POST", "/policies/publish", body, writer), 201);
  });

  test("of a text that no store keeps is refused, and says where it stands", async () => {
    const { call } = await createOwnProject();
    const own = { address: UNKNOWN, name: "a\0b", instructions: [] };
    expectInvalid(
      await call("POST", "/policies/publish", { document: { ...DEMO, programs: [own] }, expectedVersion: 1 }),
      ["/document/programs/0/name"],
    );
    expectInvalid(await call("POST", "/drafts", { name: "half", document: { a: ["\ud800"] } }), ["/document/a/0"]);
    // As text: a client of ours could not write it either.
    const deep = `{"name":"deep","document":{"a":${"[".repeat(9_000)}${"]".repeat(9_000)}}}`;
    const { errors = [] } = expectProblem(await call("POST", "/drafts", deep), 422, "request.invalid");
    expect(errors[0]?.detail).toContain("nested");
  });
});

describe("rolling back", () => {
  test("puts an earlier version in force again, and back", async () => {
    const { call } = await createOwnProject();
    expectOk(await call("POST", "/policies/publish", { document: dearer("30000"), expectedVersion: 1 }), 201);
    const back = expectOk(await call<Published>("POST", "/policies/roll-back", { version: 1, expectedVersion: 2 }));
    expect(back).toEqual({ version: 1, isNew: true });
    const { data } = expectOk(await call<{ data: PolicyVersion[] }>("GET", "/policies"));
    expect(data.map(({ version, isInForce }) => [version, isInForce])).toEqual([
      [2, false],
      [1, true],
    ]);
    const again = { version: 1, expectedVersion: 1 };
    expect(expectOk(await call<Published>("POST", "/policies/roll-back", again))).toEqual({ version: 1, isNew: false });
  });

  test("to a version that there is not is refused, and from one that no longer holds a conflict", async () => {
    const { call } = await createOwnProject();
    const missing = { version: 7, expectedVersion: 1 };
    expectProblem(await call("POST", "/policies/roll-back", missing), 404, "request.not_found");
    const stale = { version: 1, expectedVersion: 3 };
    const { context } = expectProblem(await call("POST", "/policies/roll-back", stale), 409, "manage.conflict");
    expect(context).toEqual({ currentVersion: 1 });
  });

  test("to a version whose budget of rent is gone by now is refused: nothing would bound the rent", async () => {
    const { project, call } = await createOwnProject();
    const { maxRent: _, sponsorRoles: __, ...document } = DEMO;
    expectOk(await call("POST", "/policies/publish", { document, expectedVersion: 1 }), 201);
    await stack.database.query("delete from limits where project_id = $1 and unit = 'rent'", [project.projectId]);
    const answer = await call("POST", "/policies/roll-back", { version: 1, expectedVersion: 2 });
    const { errors } = expectProblem(answer, 422, "manage.policy_invalid");
    expect(errors?.map(({ pointer }) => pointer)).toEqual(["/maxRent"]);
    expect(expectOk(await call<PolicyVersion>("GET", "/policies/current")).version).toBe(2);
  });

  test("versions come in pages, newest first, each once", async () => {
    const { call } = await createOwnProject();
    for (const [index, fee] of ["30000", "31000", "32000"].entries()) {
      expectOk(await call("POST", "/policies/publish", { document: dearer(fee), expectedVersion: index + 1 }), 201);
    }
    const first = expectOk(await call<{ data: PolicyVersion[]; nextCursor: string }>("GET", "/policies?limit=3"));
    const rest = expectOk(
      await call<{ data: PolicyVersion[]; nextCursor: string | null }>(
        "GET",
        `/policies?limit=3&cursor=${first.nextCursor}`,
      ),
    );
    expect([...first.data, ...rest.data].map(({ version }) => version)).toEqual([4, 3, 2, 1]);
    expect(rest.nextCursor).toBeNull();
    expectInvalid(await call("GET", "/policies?cursor=nonsense"), ["/cursor"]);
  });
});

describe("a draft", () => {
  const wanted = { name: "Cheaper fees", document: { allow: "not yet right" } };

  test("is kept as it is, changed by whoever read it last, and listed without its document", async () => {
    const { call } = await createOwnProject();
    const draft = expectOk(await call<Draft>("POST", "/drafts", wanted), 201);
    expect(draft).toMatchObject({ ...wanted, baseVersion: 1, version: "1" });
    const change = { version: "1", document: DEMO };
    const changed = expectOk(await call<Draft>("PUT", `/drafts/${draft.id}`, change));
    expect(changed).toMatchObject({ name: wanted.name, document: DEMO, version: "2" });
    const late = expectProblem(await call("PUT", `/drafts/${draft.id}`, change), 409, "manage.conflict");
    expect(late.context).toEqual({ version: "2" });
    const { data } = expectOk(await call<{ data: object[] }>("GET", "/drafts"));
    expect(data).toEqual([
      { id: draft.id, name: wanted.name, baseVersion: 1, version: "2", updatedAt: changed.updatedAt },
    ]);
    expectOk(await call("DELETE", `/drafts/${draft.id}`), 204);
    expectProblem(await call("GET", `/drafts/${draft.id}`), 404, "request.not_found");
  });

  test("ends when it is published, and not when that is refused", async () => {
    const { call } = await createOwnProject();
    const document = dearer("30000");
    const { id: draftId } = expectOk(await call<Draft>("POST", "/drafts", { name: "Dearer", document }), 201);
    const body = { document, draftId };
    expectProblem(await call("POST", "/policies/publish", { ...body, expectedVersion: 9 }), 409, "manage.conflict");
    expectOk(await call("GET", `/drafts/${draftId}`));
    expectOk(await call("POST", "/policies/publish", { ...body, expectedVersion: 1 }), 201);
    expectProblem(await call("GET", `/drafts/${draftId}`), 404, "request.not_found");
  });

  test("that somebody has saved again stays when what it was before is published", async () => {
    const { call } = await createOwnProject();
    const document = dearer("30000");
    const draft = { name: "Dearer", document };
    const { id: draftId, version } = expectOk(await call<Draft>("POST", "/drafts", draft), 201);
    const newer = { version, document: dearer("40000") };
    expectOk(await call("PUT", `/drafts/${draftId}`, newer));
    const body = { document, draftId, expectedVersion: 1 };
    expectOk(await call("POST", "/policies/publish", body), 201);
    expect(expectOk(await call<Draft>("GET", `/drafts/${draftId}`)).document).toEqual(newer.document);
  });

  test("that somebody has saved again stays when what it was before is in force already", async () => {
    const { call } = await createOwnProject();
    const document = dearer("30000");
    expectOk(await call("POST", "/policies/publish", { document, expectedVersion: 1 }), 201);
    const draft = { name: "Dearer", document };
    const { id: draftId, version } = expectOk(await call<Draft>("POST", "/drafts", draft), 201);
    const newer = { version, document: dearer("40000") };
    expectOk(await call("PUT", `/drafts/${draftId}`, newer));
    const body = { document, draftId, expectedVersion: 2 };
    expect(expectOk(await call("POST", "/policies/publish", body), 201)).toEqual({ version: 2, isNew: false });
    const kept = expectOk(await call<Draft>("GET", `/drafts/${draftId}`));
    expect(kept.document).toEqual(newer.document);
    const same = { document: newer.document, draftId, expectedVersion: 2 };
    expectOk(await call("POST", "/policies/publish", same), 201);
    expectProblem(await call("GET", `/drafts/${draftId}`), 404, "request.not_found");
  });

  test("of another project can be neither read, changed, removed, nor published and so ended", async () => {
    const own = await createOwnProject();
    const victim = await createOwnProject();
    const { id } = expectOk(await victim.call<Draft>("POST", "/drafts", wanted), 201);
    const stranger = await (await desk.organization("Strangers")).member("owner");
    const attempts = [
      await own.call("GET", `/drafts/${id}`),
      await own.call("PUT", `/drafts/${id}`, { version: "1", document: {} }),
      await own.call("DELETE", `/drafts/${id}`),
      await own.call("POST", "/policies/publish", { document: dearer("30000"), expectedVersion: 1, draftId: id }),
      await victim.call("GET", `/drafts/${id}`, undefined, stranger.token),
    ];
    for (const answer of attempts) expectProblem(answer, 404, "request.not_found");
    expect(expectOk(await victim.call<Draft>("GET", `/drafts/${id}`)).version).toBe("1");
    // What was not published because of the draft has left no version either.
    expect(expectOk(await own.call<PolicyVersion>("GET", "/policies/current")).version).toBe(1);
  });

  test("is one of at most fifty, also when many are made at once", async () => {
    const { project, call } = await createOwnProject();
    await stack.database.query(
      `insert into policy_drafts (id, project_id, network, name, document)
        select 'pol_' || lpad(n::text, 26, '0'), $1, $2, 'one of many', '{}' from generate_series(1, 48) n`,
      [project.projectId, NETWORK],
    );
    const answers = await Promise.all(Array.from({ length: 6 }, () => call("POST", "/drafts", wanted)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    for (const answer of answers.filter(({ status }) => status !== 201)) expectProblem(answer, 409, "manage.conflict");
  });
});

test("nobody but a member or a key of the project gets at its policies", async () => {
  const { project, call } = await createOwnProject();
  const { accessToken } = await signIn(project, await createWallet());
  expectProblem(await call("GET", "/policies", undefined, accessToken), 401, "auth.token_invalid");
  const other = await createOwnProject();
  const foreign = await organization.key(other.project.projectId, ["policies:read", "policies:write"]);
  expectProblem(await call("GET", "/policies", undefined, foreign), 404, "request.not_found");
  const anonymous = await callApi(
    desk.target,
    "GET",
    `/v1/manage/projects/${project.projectId}/networks/${NETWORK}/policies`,
  );
  expectRefusal(anonymous, "auth.token_missing");
});
