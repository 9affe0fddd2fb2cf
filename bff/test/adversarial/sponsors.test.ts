import { createWallet } from "@gasless/localnet/wallet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memo } from "../support/instructions.ts";
import { type Stack, startStack } from "../support/stack.ts";
import {
  EMPTY_LEDGER,
  expectRefusal,
  ledgerOf,
  post,
  type Visitor,
  visitNewProject,
  wireOf,
} from "../support/visitor.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
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
    const { address } = await createWallet();
    await stack.airdrop(address, 1_000_000_000n);
    const owner = await visitNewProject(stack, { sponsorAddress: address });
    const stranger = await visitNewProject(stack);
    for (const state of ["active", "draining", "retired"]) {
      await stack.database.query("update sponsors set state = $1 where address = $2", [state, address]);
      const wire = await wireOf(stranger, hello(stranger), { feePayer: address });
      expectRefusal(await post(stranger, wire), "transaction.wrong_fee_payer");
      await expect(reserveInSql(stranger, address)).rejects.toMatchObject({ code: "GL001", message: "stale" });
    }
    expect(await ledgerOf(stack, stranger.target)).toEqual(EMPTY_LEDGER);
    expect(await stack.balanceOf(address)).toBe(1_000_000_000n);
    expect(owner.sponsor).toBe(address);
  });

  test("SQL accepts what the rule accepts: the project's own sponsor", async () => {
    const visitor = await visitNewProject(stack);
    expect((await reserveInSql(visitor, visitor.sponsor)).rows).toEqual([{ outcome: "reserved" }]);
  });
});

describe("a project that changes its sponsor", () => {
  const change = async (visitor: Visitor) => {
    const { address } = await createWallet();
    await stack.database.query("insert into sponsors (id, network, address) values ($1, $2, $3)", [
      `spn_${address}`,
      visitor.target.network,
      address,
    ]);
    await stack.database.query("update project_networks set sponsor_id = $2 where project_id = $1", [
      visitor.target.projectId,
      `spn_${address}`,
    ]);
  };

  test("still accepts for five minutes what was prepared with the one before", async () => {
    const visitor = await visitNewProject(stack);
    await change(visitor);
    expect((await post(visitor, await wireOf(visitor, hello(visitor)))).status).toBe(202);
  });

  test("accepts it no longer after five minutes", async () => {
    const visitor = await visitNewProject(stack);
    await change(visitor);
    await stack.database.query(
      "update project_networks set sponsor_changed_at = now() - interval '301 seconds' where project_id = $1",
      [visitor.target.projectId],
    );
    expectRefusal(await post(visitor, await wireOf(visitor, hello(visitor))), "transaction.wrong_fee_payer");
  });
});

describe("what an isolate has cached of a project", () => {
  test.each([
    ["an origin", "insert into project_origins (project_id, origin) values ($1, 'https://new.example')"],
    ["a key", "update project_keys set last_four = 'abcd' where project_id = $1"],
    ["a network", "update project_networks set explorer = 'https://explorer.example' where project_id = $1"],
    ["the project", "update projects set locale = 'de' where id = $1"],
    [
      "its sponsor",
      "update sponsors set state = state where id in (select sponsor_id from project_networks where project_id = $1)",
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
