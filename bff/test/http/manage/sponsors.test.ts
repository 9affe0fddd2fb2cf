import {
  buildTransaction,
  expectStatus,
  followRelay,
  memoBy,
  postRelay,
  prepareRelay,
  signIn,
} from "@gasless/localnet/api-client";
import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ManagedSponsor } from "../../../src/contract/manage/projects.ts";
import { type Console, createConsole, type Manager, type Organization } from "../../support/manage.ts";
import { expectProblem } from "../../support/problems.ts";
import { NETWORK, type Stack, startStack } from "../../support/stack.ts";

interface Sponsors {
  readonly data: readonly ManagedSponsor[];
}

let stack: Stack;
let desk: Console;
let organization: Organization;
let admin: Manager;
/** Ids of the organization's two sponsors, and of one that another organization has. */
let [first, second, foreign] = ["", "", ""];
beforeAll(async () => {
  stack = await startStack({ sponsors: 3 });
  desk = createConsole(stack);
  organization = await desk.organization();
  admin = await organization.member("admin");
  const other = await desk.organization("Another organization");
  const owners = [organization, organization, other];
  const ids = stack.sponsors.map(async ({ address: sponsorAddress }, index) => {
    const project = await stack.createProject({ sponsorAddress });
    await owners[index]?.own(project);
    return project.sponsorId;
  });
  [first = "", second = "", foreign = ""] = await Promise.all(ids);
});
afterAll(() => stack.close());

/** A project that the first sponsor pays for, with a user. */
async function createScene() {
  const project = await stack.createProject({ limits: [] });
  await organization.own(project);
  const wallet = await createWallet();
  const { accessToken: token } = await signIn(project, wallet);
  const path = `/projects/${project.projectId}/sponsors`;
  const call = (method: string, rest = "", body?: unknown) =>
    desk.call<Sponsors>(admin.token, method, `${path}${rest}`, body);
  const members = async () =>
    expectStatus(await call("GET"), 200)
      .data.filter(({ isMember }) => isMember)
      .map(({ id }) => id);
  const prepare = () => prepareRelay(project, token);
  const send = async (prepared: Awaited<ReturnType<typeof prepare>>) => {
    const memo = await buildTransaction(prepared, [memoBy(wallet, crypto.randomUUID())], [wallet]);
    return postRelay(project, token, memo);
  };
  return { project, token, call, members, prepare, send };
}

describe("sponsors", () => {
  test("are the project's and the organization's others, and nobody else's", async () => {
    const { call } = await createScene();
    const { data } = expectStatus(await call("GET"), 200);
    expect(new Map(data.map(({ id, isMember }) => [id, isMember]))).toEqual(
      new Map([
        [first, true],
        [second, false],
      ]),
    );
    const path = `/organizations/${organization.id}/sponsors`;
    const all = expectStatus(await desk.call<Sponsors>(admin.token, "GET", path), 200);
    expect(all.data.map(({ id }) => id).toSorted()).toEqual([first, second].toSorted());
  });

  test("say what they spend a day, and how long their balance lasts at that pace", async () => {
    const { project, token, call, prepare, send } = await createScene();
    const relay = await followRelay(project, token, expectStatus(await send(await prepare()), 202).id);
    expect(relay.state).toBe("finalized");
    await stack.worker().runScheduled();
    const known = (id: string) => async () =>
      expectStatus(await call("GET"), 200).data.find((sponsor) => sponsor.id === id);
    const { rows } = await stack.database.query<{ spent: string; balance: string }>(
      `select (select sum(charged_fee + charged_rent) from relays where sponsor = $1)::text as spent, balance::text
        from sponsor_balances b join sponsors s on s.id = b.sponsor_id where s.address = $1`,
      [stack.sponsors[0]?.address],
    );
    const perDay = BigInt(rows[0]?.spent ?? "0") / 7n;
    expect(perDay).toBeGreaterThan(0n);
    const sponsor = await known(first)();
    const balance = BigInt(rows[0]?.balance ?? "0");
    expect(sponsor).toMatchObject({
      network: NETWORK,
      state: "active",
      canSign: true,
      balance: balance.toString(),
      spentPerDay: perDay.toString(),
    });
    expect(Number(sponsor?.runwayDays)).toBeCloseTo(Number((balance - 5_000_000n) / perDay), -1);
    expect(await known(second)()).toMatchObject({ spentPerDay: "0", runwayDays: null });
  });

  test("are added as often as one likes, and drained: they are offered no more, and what they have promised holds", async () => {
    const { project, token, call, members, prepare, send } = await createScene();
    for (const _again of [1, 2]) expectStatus(await call("PUT", `/${second}`), 200);
    expect((await members()).toSorted()).toEqual([first, second].toSorted());
    expectStatus(await call("DELETE", `/${second}`), 200);
    const promised = await prepare();
    expect(promised.feePayer).toBe(stack.sponsors[0]?.address);
    expectStatus(await call("PUT", `/${second}`), 200);
    expectStatus(await call("DELETE", `/${first}`), 200);
    expect(await members()).toEqual([second]);
    expect((await prepare()).feePayer).toBe(stack.sponsors[1]?.address);
    await followRelay(project, token, expectStatus(await send(promised), 202).id);
    expectProblem(await call("DELETE", `/${first}`), 409, "manage.conflict");
  });

  test("are rotated under traffic without a refused relay", async () => {
    const { project, token, call, members, prepare, send } = await createScene();
    const traffic = Array.from({ length: 4 }, async () => {
      const prepared = await prepare();
      return { payer: prepared.feePayer, answer: await send(prepared) };
    });
    const promised = await prepare();
    const rotated = await call("POST", `/${first}/rotate`, { to: second });
    expectStatus(rotated, 200);
    const later = Array.from({ length: 4 }, async () => {
      const prepared = await prepare();
      return { payer: prepared.feePayer, answer: await send(prepared) };
    });
    const answers = [
      { payer: promised.feePayer, answer: await send(promised) },
      ...(await Promise.all([...traffic, ...later])),
    ];
    expect(answers.map(({ answer }) => answer.status)).toEqual(answers.map(() => 202));
    expect(await members()).toEqual([second]);
    expect((await prepare()).feePayer).toBe(stack.sponsors[1]?.address);
    for (const { answer } of answers) await followRelay(project, token, expectStatus(answer, 202).id);
  });

  test("of another organization are not there, and none of them is ever put into a pool", async () => {
    const { call, members } = await createScene();
    for (const [method, rest, body] of [
      ["PUT", `/${foreign}`],
      ["DELETE", `/${foreign}`],
      ["POST", `/${first}/rotate`, { to: foreign }],
      ["POST", `/${foreign}/rotate`, { to: second }],
      ["PUT", `/spn_${"0".repeat(26)}`],
    ] as const)
      expectProblem(await call(method, rest, body), 404, "request.not_found");
    expect(await members()).toEqual([first]);
  });

  test("that cannot pay do not take over, and the one before stays", async () => {
    const { call, members } = await createScene();
    const { address } = await createWallet();
    const keyless = `spn_${"z".repeat(26)}`;
    await stack.database.query("insert into sponsors (id, organization_id, network, address) values ($1, $2, $3, $4)", [
      keyless,
      organization.id,
      NETWORK,
      address,
    ]);
    const rotate = (to: string) => call("POST", `/${first}/rotate`, { to });
    expectProblem(await rotate(keyless), 409, "manage.conflict");
    expectProblem(await call("PUT", `/${keyless}`), 409, "manage.conflict");
    expectProblem(await rotate(first), 409, "manage.conflict");
    await stack.database.query("update sponsors set state = 'draining' where id = $1", [second]);
    expectProblem(await rotate(second), 409, "manage.conflict");
    await stack.database.query("update sponsors set state = 'active' where id = $1", [second]);
    expect(await members()).toEqual([first]);
  });

  test("are at most a hundred that are not retired, also when two come at once, and each of them can be chosen", async () => {
    const own = await desk.organization("With many sponsors");
    const { token } = await own.member("admin");
    const project = await stack.createProject();
    await own.own({ projectId: project.projectId });
    // Retired ones are listed first by their ids: they must not take the place of those that pay.
    await stack.database.query(
      `insert into sponsors (id, organization_id, network, address, state)
        select 'spn_0' || lpad(n::text, 25, '0'), $1, $2, 'many ' || n, case when n <= 160 then 'retired' else 'active' end
          from generate_series(1, 259) n`,
      [own.id, NETWORK],
    );
    const add = (client: Pick<Stack["database"], "query">, id: string) =>
      client.query("insert into sponsors (id, organization_id, network, address) values ($1, $2, $3, $1)", [
        id,
        own.id,
        NETWORK,
      ]);
    const [last, oneMore] = [`spn_${"y".repeat(26)}`, `spn_${"x".repeat(26)}`];
    const first = await stack.database.connect();
    try {
      await first.query("begin");
      await add(first, last);
      const second = expect(add(stack.database, oneMore)).rejects.toMatchObject({ code: "GL023" });
      const waiting =
        "select from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into sponsors%'";
      await expect.poll(async () => (await stack.database.query(waiting)).rowCount).toBe(1);
      await first.query("commit");
      await second;
    } finally {
      first.release(true);
    }
    const path = `/projects/${project.projectId}/sponsors`;
    const listed = expectStatus(await desk.call<Sponsors>(token, "GET", path), 200).data.map(({ id }) => id);
    expect(listed).toEqual(expect.arrayContaining([project.sponsorId, last]));
    // It is found: only its key is not here.
    expect(expectProblem(await desk.call(token, "PUT", `${path}/${last}`), 409, "manage.conflict").detail).toContain(
      "key",
    );
    await expect(
      stack.database.query("update sponsors set state = 'active' where address = 'many 1'"),
    ).rejects.toMatchObject({ code: "GL023" });
  });
});
