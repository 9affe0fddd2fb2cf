import { createClaimCode } from "@gasless/db/claim";
import { callApi, expectStatus, signIn } from "@gasless/localnet/api-client";
import { createProofKey } from "@gasless/localnet/proof-key";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  CreatedInvitation,
  ManageSession,
  Me,
  Member,
  Membership,
} from "../../../src/contract/manage/organizations.ts";
import { type Console, createConsole, type Organization } from "../../support/manage.ts";
import { expectProblem } from "../../support/problems.ts";
import { type Stack, startStack } from "../../support/stack.ts";

let stack: Stack;
let desk: Console;
beforeAll(async () => {
  stack = await startStack();
  desk = createConsole(stack);
});
afterAll(() => stack.close());

const membersOf = async (organization: Organization, token: string): Promise<readonly Member[]> =>
  expectStatus(await desk.call<{ data: Member[] }>(token, "GET", `/organizations/${organization.id}/members`), 200)
    .data;

// First: an installation is claimed only once.
describe("claiming a fresh installation", () => {
  test("with more sponsors than an organization may have says what to do first, and the code stays good", async () => {
    await stack.database.query(`insert into sponsors (id, network, address)
      select 'spn_spare' || n, 'solana:localnet', 'spare ' || n from generate_series(1, 101) n`);
    const code = (await createClaimCode(stack.database)) ?? "";
    const { token } = await desk.signIn();
    const claim = () => desk.call(token, "POST", "/claim", { code, organization: "Acme" });
    for (let turn = 0; turn < 2; turn++) {
      expect(expectProblem(await claim(), 409, "manage.conflict").detail).toContain("100 sponsors");
    }
    const { rows } = await stack.database.query("select id from sponsors where organization_id is not null");
    expect(rows).toEqual([]);
    await stack.database.query("delete from sponsors where id like 'spn_spare%'");
  });

  test("makes exactly one of many who have the code the owner, of everything that belongs to nobody", async () => {
    const project = await stack.createProject();
    const code = (await createClaimCode(stack.database)) ?? "";
    const people = await Promise.all(Array.from({ length: 6 }, () => desk.signIn()));
    const claims = await Promise.all(
      people.map(({ token, consoleToken }, index) =>
        desk.call<Membership>(index % 2 === 0 ? token : consoleToken, "POST", "/claim", { code, organization: "Acme" }),
      ),
    );
    const won = claims.findIndex(({ status }) => status === 201);
    expect(claims.filter(({ status }) => status === 201)).toHaveLength(1);
    claims.filter((_, index) => index !== won).forEach((claim) => expectProblem(claim, 409, "manage.conflict"));
    expect(claims[won]?.body).toMatchObject({ organization: { name: "Acme", version: "1" }, role: "owner" });
    const { token = "" } = people[won] ?? {};
    expectStatus(await desk.call(token, "GET", `/projects/${project.projectId}`), 200);
    expect(expectStatus(await desk.call<Me>(token, "GET", "/me"), 200)).toMatchObject({ isClaimed: true });
    expect(await createClaimCode(stack.database)).toBeUndefined();
  });

  test("by a code that nobody was given opens nothing, and says how to get one", async () => {
    const { token } = await desk.signIn();
    const claim = (code: string) => desk.call(token, "POST", "/claim", { code });
    const unknown = expectProblem(await claim("guessed-guessed-guessed-gu"), 404, "request.not_found");
    const malformed = expectProblem(await claim("what was it"), 422, "request.invalid");
    for (const said of [unknown.detail, malformed.errors?.[0]?.detail]) expect(said).toContain("npm run claim");
  });
});

describe("a management session", () => {
  test("is made of a console session that is bound to a key, and ends with it", async () => {
    const key = await createProofKey();
    const { accessToken } = await signIn(desk.target, await createWallet(), "message", key);
    const path = "/v1/manage/sessions";
    const opened = expectStatus(
      await callApi<ManageSession>(desk.target, "POST", path, { token: accessToken, key, body: {} }),
      201,
    );
    expect(opened).toMatchObject({ tokenType: "Bearer", expiresIn: 300, organizations: [] });
    expectProblem(await desk.call(accessToken, "POST", "/sessions", {}), 401, "auth.proof_invalid");
    const proof = await key.prove({ method: "POST", url: `${desk.target.api}${path}`, accessToken });
    const send = () =>
      callApi(desk.target, "POST", path, { headers: { authorization: `DPoP ${accessToken}`, dpop: proof }, body: {} });
    expectStatus(await send(), 201);
    expectProblem(await send(), 401, "auth.proof_invalid");
    expectStatus(await desk.call(opened.accessToken, "GET", "/me"), 200);
    expectStatus(await callApi(desk.target, "DELETE", "/v1/sessions/current", { token: accessToken, key }), 204);
    expectProblem(await desk.call(opened.accessToken, "GET", "/me"), 401, "auth.session_revoked");
  });

  test("is not made of another project's session, nor opened from another page", async () => {
    const project = await stack.createProject();
    const { accessToken } = await signIn(project, await createWallet());
    const stolen = await callApi(project, "POST", "/v1/manage/sessions", { token: accessToken, body: {} });
    expectProblem(stolen, 401, "auth.token_invalid");
    const { token } = await desk.signIn();
    const elsewhere = await callApi({ ...desk.target, origin: "https://evil.example" }, "GET", "/v1/manage/me", {
      token,
    });
    expectProblem(elsewhere, 403, "project.origin_not_allowed");
  });

  test("opens nothing of the public API", async () => {
    const { token } = await desk.signIn();
    expectProblem(await callApi(desk.target, "GET", "/v1/sessions/current", { token }), 401, "auth.token_invalid");
  });

  test("the console's project names every network that is served, and sponsors nothing", async () => {
    const config = expectStatus(await callApi(desk.target, "GET", "/v1/config"), 200);
    expect(config).toMatchObject({ project: { id: "prj_console" }, networks: [{ network: "solana:localnet" }] });
    const { consoleToken } = await desk.signIn();
    const body = { network: "solana:localnet" };
    const answer = await callApi(desk.target, "POST", "/v1/relays/prepare", { token: consoleToken, body });
    expectProblem(answer, 403, "policy.not_published");
  });

  test("an origin other than the API's own cannot sign in to the console", async () => {
    const foreign = { ...desk.target, origin: "https://dapp.example" };
    const body = { network: "solana:localnet" };
    expectProblem(await callApi(foreign, "POST", "/v1/challenges", { body }), 403, "project.origin_not_allowed");
  });
});

describe("members", () => {
  test("the last owner cannot leave, step down, or be removed, not even when two do it at once", async () => {
    const organization = await desk.organization();
    const one = await organization.member("owner");
    const founder = (await membersOf(organization, one.token)).find(({ userId }) => userId !== one.userId);
    const path = (userId = "") => `/organizations/${organization.id}/members/${userId}`;
    const both = await Promise.all([
      desk.call(one.token, "DELETE", path(founder?.userId)),
      desk.call(one.token, "DELETE", path(one.userId)),
    ]);
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(
      (await stack.database.query("select from members where organization_id = $1", [organization.id])).rowCount,
    ).toBe(1);
  });

  test("are listed with their own wallets, and nobody else's", async () => {
    const organization = await desk.organization();
    const [admin, viewer] = [await organization.member("admin"), await organization.member("viewer")];
    const listed = await membersOf(organization, admin.token);
    expect(listed).toHaveLength(3);
    for (const { userId, wallet } of [admin, viewer]) {
      expect(listed.find((member) => member.userId === userId)?.wallets).toEqual([wallet]);
    }
  });

  test("the last owner stays", async () => {
    const organization = await desk.organization();
    const admin = await organization.member("admin");
    const owner = (await membersOf(organization, admin.token)).find(({ role }) => role === "owner");
    const path = `/organizations/${organization.id}/members/${owner?.userId}`;
    expectProblem(await desk.call(admin.token, "DELETE", path), 403, "auth.scope_missing");
    const second = await organization.member("owner");
    expectStatus(await desk.call(second.token, "DELETE", path), 204);
    const own = `/organizations/${organization.id}/members/${second.userId}`;
    expectProblem(await desk.call(second.token, "DELETE", own), 409, "manage.last_owner");
    expectProblem(await desk.call(second.token, "PATCH", own, { role: "viewer" }), 409, "manage.last_owner");
  });

  test("nobody gives, takes or changes a role above their own", async () => {
    const organization = await desk.organization();
    const admin = await organization.member("admin");
    const viewer = await organization.member("viewer");
    const path = `/organizations/${organization.id}/members`;
    expectProblem(
      await desk.call(admin.token, "PATCH", `${path}/${viewer.userId}`, { role: "owner" }),
      403,
      "auth.scope_missing",
    );
    expectStatus(await desk.call(admin.token, "PATCH", `${path}/${viewer.userId}`, { role: "developer" }), 200);
    expectProblem(await desk.call(viewer.token, "DELETE", `${path}/${admin.userId}`), 403, "auth.scope_missing");
    expectStatus(await desk.call(viewer.token, "DELETE", `${path}/${viewer.userId}`), 204);
    expectProblem(await desk.call(viewer.token, "GET", path), 404, "request.not_found");
    const invitation = { role: "owner" };
    const invited = await desk.call(admin.token, "POST", `/organizations/${organization.id}/invitations`, invitation);
    expectProblem(invited, 403, "auth.scope_missing");
  });
});

describe("an invitation", () => {
  test("opens once, with its role, and its code cannot be read again", async () => {
    const organization = await desk.organization();
    const admin = await organization.member("admin");
    const path = `/organizations/${organization.id}/invitations`;
    const { code } = expectStatus(
      await desk.call<CreatedInvitation>(admin.token, "POST", path, { role: "developer", note: "Dana" }),
      201,
    );
    const listed = await desk.call(admin.token, "GET", path);
    expect(JSON.stringify(listed.body)).not.toContain(code);
    const people = await Promise.all([desk.signIn(), desk.signIn(), desk.signIn()]);
    const accepted = await Promise.all(
      people.map(({ token }) => desk.call<Membership>(token, "POST", "/invitations/accept", { code })),
    );
    expect(accepted.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([201, 409, 409]);
    expect(accepted.find(({ status }) => status === 201)?.body).toMatchObject({
      organization: { id: organization.id },
      role: "developer",
    });
  });

  test("of somebody who was removed, or whose role is less by now, opens for nobody: least of all for them", async () => {
    const organization = await desk.organization();
    const owner = await organization.member("owner");
    const path = `/organizations/${organization.id}`;
    for (const fate of ["removed", "demoted"]) {
      const admin = await organization.member("admin");
      const { code } = expectStatus(
        await desk.call<CreatedInvitation>(admin.token, "POST", `${path}/invitations`, { role: "admin" }),
        201,
      );
      const member = `${path}/members/${admin.userId}`;
      if (fate === "removed") expectStatus(await desk.call(owner.token, "DELETE", member), 204);
      else expectStatus(await desk.call(owner.token, "PATCH", member, { role: "developer" }), 200);
      const { token } = await desk.signIn();
      for (const who of [token, admin.token]) {
        const accepted = await desk.call(who, "POST", "/invitations/accept", { code });
        expectProblem(accepted, 409, "manage.conflict");
      }
    }
  });

  test("for a wallet opens for that wallet alone; one that was taken back or is over for nobody", async () => {
    const organization = await desk.organization();
    const admin = await organization.member("admin");
    const path = `/organizations/${organization.id}/invitations`;
    const [invited, thief] = await Promise.all([desk.signIn(), desk.signIn()]);
    const make = async (more: object) =>
      expectStatus(await desk.call<CreatedInvitation>(admin.token, "POST", path, { role: "viewer", ...more }), 201);
    const accept = (token: string, code: string) => desk.call(token, "POST", "/invitations/accept", { code });
    const own = await make({ wallet: invited.wallet });
    expectProblem(await accept(thief.token, own.code), 404, "request.not_found");
    const revoked = await make({});
    expectStatus(await desk.call(admin.token, "DELETE", `${path}/${revoked.id}`), 204);
    expectProblem(await accept(thief.token, revoked.code), 409, "manage.conflict");
    const over = await make({});
    await stack.database.query("update invitations set expires_at = now() where id = $1", [over.id]);
    expectProblem(await accept(thief.token, over.code), 409, "manage.conflict");
    expectStatus(await accept(invited.token, own.code), 201);
  });
});

describe("an organization more", () => {
  const make = (token: string) => desk.call(token, "POST", "/organizations", { name: "One more" });

  test("is made by members alone, and by nobody who owns twenty, not even when many are asked for at once", async () => {
    const newcomer = await desk.signIn();
    expectProblem(await make(newcomer.token), 403, "auth.scope_missing");
    const { userId, token } = await (await desk.organization()).member("owner");
    await stack.database.query(
      `with made as (insert into organizations (id, name) select 'org_' || $1 || n, 'One of many'
          from generate_series(2, 19) n returning id)
        insert into members (organization_id, user_id, role) select id, $1, 'owner' from made`,
      [userId],
    );
    const answers = await Promise.all(Array.from({ length: 8 }, () => make(token)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expect(expectProblem(answer, 409, "manage.conflict").detail).toContain("leave one");
    }
    const owned = "select from members where user_id = $1 and role = 'owner'";
    expect((await stack.database.query(owned, [userId])).rowCount).toBe(20);
  });
});

describe("changes", () => {
  test("name their author in the organization's own chain of the audit log", async () => {
    const organization = await desk.organization("Before");
    const admin = await organization.member("admin");
    const change = { version: "1", name: "After" };
    expectStatus(await desk.call(admin.token, "PATCH", `/organizations/${organization.id}`, change), 200);
    const again = await desk.call(admin.token, "PATCH", `/organizations/${organization.id}`, change);
    expectProblem(again, 409, "manage.conflict");
    const { rows } = await stack.database.query<{ entry: string }>(
      "select entry from audit_entries where chain = $1 order by id desc limit 1",
      [organization.id],
    );
    expect(JSON.parse(rows[0]?.entry ?? "")).toMatchObject({
      action: "organization.changed",
      actor: { kind: "member", id: admin.userId, name: admin.wallet },
      details: { before: { name: "Before" }, after: { name: "After" } },
    });
  });
});
