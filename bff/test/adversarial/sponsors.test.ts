import { followRelay, prepareRelay } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memo, transferSol } from "../support/instructions.ts";
import { type Stack, startStack } from "../support/stack.ts";
import {
  EMPTY_LEDGER,
  expectRefusal,
  ledgerOf,
  post,
  visit,
  type Visitor,
  visitNewProject,
  wireOf,
} from "../support/visitor.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sponsors: 8 });
});
afterAll(() => stack.close());

const hello = ({ wallet }: Visitor) => [memo([wallet.address], "hello")];

/** Reserves for a visitor past every rule of the worker's: only SQL is left to refuse. */
const reserveInSql = ({ target, userId }: Visitor, sponsor: string) =>
  stack.database.query(
    `select outcome from projects p
      join sessions s on s.project_id = p.id and s.user_id = $2,
      reserve_relay('rly_' || left(md5(random()::text), 26), p.id, p.revision, $2, s.id, $3, 1, $4, 'test', gen_random_uuid()::text,
        '\\x00', sha256(gen_random_uuid()::text::bytea), '\\x00', '{}', 10000, 0, gen_random_uuid(), 20, 60)
      where p.id = $1`,
    [target.projectId, userId, target.network, sponsor],
  );

describe("a sponsor pays for its own projects alone", () => {
  test("another project's user cannot make it pay, whatever its state", async () => {
    const address = sponsorAt(1);
    const balance = await stack.balanceOf(address);
    const owner = await visitNewProject(stack, { sponsorAddress: address });
    const stranger = await visitNewProject(stack);
    for (const state of ["active", "draining", "retired"]) {
      await stack.database.query("update sponsors set state = $1 where address = $2", [state, address]);
      const wire = await wireOf(stranger, hello(stranger), { feePayer: address });
      expectRefusal(await post(stranger, wire), "transaction.wrong_fee_payer");
      await expect(reserveInSql(stranger, address)).rejects.toMatchObject({ code: "GL001", message: "stale" });
    }
    expect(await ledgerOf(stack, stranger.target)).toEqual(EMPTY_LEDGER);
    expect(await stack.balanceOf(address)).toBe(balance);
    expect(owner.sponsor).toBe(address);
  });

  test("SQL accepts what the rule accepts: the project's own sponsor", async () => {
    const visitor = await visitNewProject(stack);
    expect((await reserveInSql(visitor, visitor.sponsor)).rows).toEqual([{ outcome: "reserved" }]);
  });
});

const sponsorAt = (index: number): string => stack.sponsors[index]?.address ?? "";

/** Puts one more of the deployment's sponsors into a project's pool. */
async function join({ projectId, network }: Visitor["target"], address: string): Promise<void> {
  await stack.database.query(
    "insert into sponsors (id, network, address) values ($1, $2, $3) on conflict (address) do nothing",
    [`spn_${address}`, network, address],
  );
  await stack.database.query(
    `insert into project_sponsors (project_id, network, sponsor_id)
      select $1, $2, id from sponsors where network = $2 and address = $3`,
    [projectId, network, address],
  );
}

const leave = ({ projectId }: Visitor["target"], address: string, secondsAgo: number) =>
  stack.database.query(
    `update project_sponsors set removed_at = now() - make_interval(secs => $3)
      where project_id = $1 and sponsor_id in (select id from sponsors where address = $2)`,
    [projectId, address, secondsAgo],
  );

/** Whom so many transactions would name: enough that none of a pool is left out by chance. */
async function prepared({ target, token }: Visitor): Promise<ReadonlySet<string>> {
  const feePayers = new Set<string>();
  for (let count = 0; count < 24; count++) feePayers.add((await prepareRelay(target, token)).feePayer);
  return feePayers;
}

describe("a project that takes a sponsor out of its pool", () => {
  const change = async (visitor: Visitor, secondsAgo: number) => {
    await join(visitor.target, sponsorAt(2));
    await leave(visitor.target, visitor.sponsor, secondsAgo);
  };

  test("still accepts for five minutes what was prepared with it", async () => {
    const visitor = await visitNewProject(stack);
    await change(visitor, 290);
    expect((await post(visitor, await wireOf(visitor, hello(visitor)))).status).toBe(202);
  });

  test("accepts it no longer after five minutes", async () => {
    const visitor = await visitNewProject(stack);
    await change(visitor, 301);
    expectRefusal(await post(visitor, await wireOf(visitor, hello(visitor))), "transaction.wrong_fee_payer");
    expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  });

  test("prepares nothing with it any more", async () => {
    const target = await stack.createProject();
    await join(target, sponsorAt(2));
    await leave(target, sponsorAt(0), 0);
    expect(await prepared(await visit(target))).toEqual(new Set([sponsorAt(2)]));
  });
});

describe("a pool of several sponsors", () => {
  test("shares the load, and each of them pays for what names it", async () => {
    const target = await stack.createProject();
    await join(target, sponsorAt(2));
    const visitor = await visit(target);
    const pool = [sponsorAt(0), sponsorAt(2)];
    expect(await prepared(visitor)).toEqual(new Set(pool));
    for (const sponsor of pool) {
      const before = await stack.balanceOf(sponsor);
      const { status, body } = await post(visitor, await wireOf(visitor, hello(visitor), { feePayer: sponsor }));
      expect(status, JSON.stringify(body)).toBe(202);
      expect((await followRelay(target, visitor.token, body.id)).state).toBe("finalized");
      expect(before - (await stack.balanceOf(sponsor))).toBe(10_000n);
    }
  });

  test("names none that is being drained, and lets it pay for what is under way", async () => {
    const target = await stack.createProject();
    await join(target, sponsorAt(3));
    await stack.database.query("update sponsors set state = 'draining' where address = $1", [sponsorAt(3)]);
    const visitor = await visit(target);
    expect(await prepared(visitor)).toEqual(new Set([sponsorAt(0)]));
    const wire = await wireOf(visitor, hello(visitor), { feePayer: sponsorAt(3) });
    expect((await post(visitor, wire)).status).toBe(202);
  });

  test("lets none of its members be an account of what another one pays", async () => {
    const target = await stack.createProject();
    await join(target, sponsorAt(2));
    const visitor = await visit(target);
    const toAnother = transferSol(visitor.wallet.address, sponsorAt(2), 0);
    const wire = await wireOf(visitor, [toAnother], { feePayer: sponsorAt(0) });
    expectRefusal(await post(visitor, wire), "policy.fee_payer_misused");
    expect(await ledgerOf(stack, target)).toEqual(EMPTY_LEDGER);
  });
});

describe("a sponsor's own budget, across the projects that it pays for,", () => {
  const limitTo = (address: string, amount: number) =>
    stack.database.query(
      `insert into limits (id, sponsor_id, network, subject_kind, "window", unit, amount)
        select 'lim_' || address, id, network, 'sponsor', 'day', 'fee', $2 from sponsors where address = $1`,
      [address, amount],
    );

  test("when spent refuses the next relay without a word about its size, and holds nothing", async () => {
    const address = sponsorAt(4);
    const first = await visitNewProject(stack, { sponsorAddress: address });
    const second = await visitNewProject(stack, { sponsorAddress: address });
    await limitTo(address, 19_999);
    expect((await post(first, await wireOf(first, hello(first)))).status).toBe(202);
    const refused = await post(second, await wireOf(second, hello(second)));
    const body = expectRefusal(refused, "sponsor.unavailable");
    expect([refused.headers.get("retry-after"), body.context]).toEqual(["5", undefined]);
    expect(JSON.stringify(body)).not.toMatch(/19999|10000/);
    expect(await ledgerOf(stack, second.target)).toEqual(EMPTY_LEDGER);

    await stack.database.query("update limits set amount = 20000 where id = 'lim_' || $1", [address]);
    expect((await post(second, await wireOf(second, hello(second)))).status).toBe(202);
  });

  test("when spent lets other sponsors of the pool be named", async () => {
    const address = sponsorAt(5);
    const target = await stack.createProject({ sponsorAddress: address });
    await limitTo(address, 10_000);
    const spender = await visitNewProject(stack, { sponsorAddress: address });
    expect((await post(spender, await wireOf(spender, hello(spender)))).status).toBe(202);
    await join(target, sponsorAt(0));
    expect(await prepared(await visit(target))).toEqual(new Set([sponsorAt(0)]));
  });
});

test("a sponsor keeps its floor: what would go below it is refused, and the key stays free", async () => {
  const address = sponsorAt(6);
  const visitor = await visitNewProject(stack, { sponsorAddress: address });
  const balance = await stack.balanceOf(address);
  const setFloor = (floor: bigint) =>
    stack.database.query("update sponsors set balance_floor = $2 where address = $1", [address, String(floor)]);
  await setFloor(balance - 9_999n);
  const wire = await wireOf(visitor, hello(visitor));
  expectRefusal(await post(visitor, wire, "key"), "sponsor.underfunded");
  expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  expect(await stack.balanceOf(address)).toBe(balance);
  await setFloor(balance - 10_000n);
  expect((await post(visitor, wire, "key")).status).toBe(202);
});

test("a sponsor keeps its floor also for what was prepared before it left the pool", async () => {
  const address = sponsorAt(7);
  const visitor = await visitNewProject(stack, { sponsorAddress: address });
  await join(visitor.target, sponsorAt(2));
  await leave(visitor.target, address, 10);
  const floor = await stack.balanceOf(address);
  await stack.database.query("update sponsors set balance_floor = $2 where address = $1", [address, String(floor)]);
  expectRefusal(await post(visitor, await wireOf(visitor, hello(visitor))), "sponsor.underfunded");
  expect(await stack.balanceOf(address)).toBe(floor);
});

test("one key cannot pay on two networks: a message does not say for which it was signed", async () => {
  await stack.createProject();
  const insert = stack.database.query(
    "insert into sponsors (id, network, address) values ('spn_elsewhere', 'solana:devnet', $1)",
    [stack.secrets.sponsorAddress],
  );
  await expect(insert).rejects.toThrow(/sponsors_address/);
});

describe("a version of a policy", () => {
  test.each([
    ["changed", "update policies set document = '{}' where project_id = $1"],
    ["renumbered", "update policies set version = 9 where project_id = $1"],
    ["removed", "delete from policies where project_id = $1"],
  ])("cannot be %s, so that what a decision was made by can be read for ever", async (_, statement) => {
    const { target } = await visitNewProject(stack);
    await expect(stack.database.query(statement, [target.projectId])).rejects.toThrow(/immutable/);
  });
});

describe("what an isolate has cached of a project", () => {
  test.each([
    ["an origin", "insert into project_origins (project_id, origin) values ($1, 'https://new.example')"],
    ["a key", "update project_keys set last_four = 'abcd' where project_id = $1"],
    ["a network", "update project_networks set explorer = 'https://explorer.example' where project_id = $1"],
    ["the project", "update projects set locale = 'de' where id = $1"],
    ["its pool", "update project_sponsors set removed_at = now() where project_id = $1"],
    [
      "its sponsor",
      "update sponsors set state = state where id in (select sponsor_id from project_sponsors where project_id = $1)",
    ],
  ])("is known to be old when somebody changes %s", async (_name, statement) => {
    const { target } = await visitNewProject(stack);
    const revisionOf = async () =>
      (await stack.database.query("select revision::integer from projects where id = $1", [target.projectId])).rows[0];
    const { revision: before } = await revisionOf();
    await stack.database.query(statement, [target.projectId]);
    expect((await revisionOf()).revision).toBe(before + 1);
  });

  test("gives an origin that was taken off the list no more relays", async () => {
    const visitor = await visitNewProject(stack);
    await stack.database.query("delete from project_origins where project_id = $1", [visitor.target.projectId]);
    expectRefusal(await post(visitor, await wireOf(visitor, hello(visitor))), "project.origin_not_allowed");
    expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  });
});
