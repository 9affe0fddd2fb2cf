import { callApi, toBase64 } from "@gasless/localnet/api-client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { memo, transferSol } from "../support/instructions.ts";
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
import { addressOf } from "../support/wire.ts";

let stack: Stack;
let visitor: Visitor;
let balance: bigint;

beforeAll(async () => {
  stack = await startStack({ sponsors: 2 });
});
afterAll(() => stack.close());
beforeEach(async () => {
  visitor = await visitNewProject(stack);
  balance = await stack.balanceOf(visitor.sponsor);
  stack.solana.faults.resetCalls();
});

const hello = (text = "hello") => [memo([visitor.wallet.address], text)];

async function expectNothingSpent(): Promise<void> {
  expect(stack.solana.faults.calls("sendTransaction")).toBe(0);
  expect(await stack.balanceOf(visitor.sponsor)).toBe(balance);
  expect(await ledgerOf(stack, visitor.target)).toMatchObject({ used: "0", held: "0", openHolds: "0", charged: "0" });
}

describe("a blockhash", () => {
  test("that no block of this chain has is expired, as one of another cluster looks the same", async () => {
    const wire = await wireOf(visitor, hello(), { blockhash: addressOf(90) });
    expectRefusal(await post(visitor, wire), "transaction.expired");
    await expectNothingSpent();
  });

  test("of more than 150 blocks ago is expired", async () => {
    stack.solana.chain.warp(160);
    expectRefusal(await post(visitor, await wireOf(visitor, hello())), "transaction.expired");
    await expectNothingSpent();
  });
});

describe("a transaction that would fail on the chain", () => {
  test.each([
    ["a NUL", "x\u0000y"],
    ["half a character at the cut", "\u{1f525}".repeat(60)],
  ])("is refused as such when its own log lines hold %s, and pins nothing", async (_name, text) => {
    const { address } = visitor.wallet;
    const wire = await wireOf(visitor, [...hello(text), transferSol(address, addressOf(91), 5_000_000)]);
    expectRefusal(await post(visitor, wire), "transaction.simulation_failed");
    expect(await ledgerOf(stack, visitor.target)).toMatchObject({ relays: { rejected: 1 }, held: "0", openHolds: "0" });
  });

  test("is not sent, costs nothing, and says why", async () => {
    const { address } = visitor.wallet;
    const wire = await wireOf(visitor, [...hello(), transferSol(address, addressOf(91), 5_000_000)]);
    const { context } = expectRefusal(await post(visitor, wire), "transaction.simulation_failed");
    expect(context?.["error"]).toEqual({ InstructionError: [1, { Custom: 1 }] });
    expect(JSON.stringify(context?.["logs"])).toContain("insufficient lamports");
    await expectNothingSpent();
    expect(await ledgerOf(stack, visitor.target)).toEqual({ ...EMPTY_LEDGER, relays: { rejected: 1 }, keys: 1 });
  });

  test("gets the same answer under the same key, and another chance under another", async () => {
    const { address } = visitor.wallet;
    const wire = await wireOf(visitor, [transferSol(address, addressOf(92), 1_000_000)]);
    const first = await post(visitor, wire, "key");
    await stack.airdrop(address, 5_000_000n);
    const again = await post(visitor, wire, "key");
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect((await post(visitor, wire, "another-key")).status).toBe(202);
  });
});

test("an account on the denylist is refused wherever the transaction names it", async () => {
  const denied = addressOf(93);
  const { projectId } = visitor.target;
  await stack.database.query(
    "insert into denied_accounts (project_id, network, address) values ($1, 'solana:localnet', $2)",
    [projectId, denied],
  );
  const wire = await wireOf(visitor, [transferSol(visitor.wallet.address, denied, 1)]);
  const body = expectRefusal(await post(visitor, wire), "policy.account_denied");
  expect(body.context).toEqual({ address: denied });
  await expectNothingSpent();
  expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
});

describe("what a project loses counts at the next relay, though another copy of it is cached", () => {
  const change = async (statement: string): Promise<void> => {
    await stack.database.query(statement, [visitor.target.projectId]);
    await stack.database.query("update projects set revision = revision + 1 where id = $1", [visitor.target.projectId]);
  };

  test("its policy", async () => {
    await change("update project_networks set policy_version = null where project_id = $1");
    expectRefusal(await post(visitor, await wireOf(visitor, hello())), "policy.not_published");
    expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  });

  test("its network", async () => {
    await change("delete from project_sponsors where project_id = $1");
    await change("delete from project_networks where project_id = $1");
    expectRefusal(await post(visitor, await wireOf(visitor, hello())), "project.network_not_enabled");
    expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
  });

  test("its instructions", async () => {
    await change(`with next as (insert into policies (project_id, network, version, document)
        select project_id, network, 2, jsonb_set(document, '{allow}', '[]') from policies where project_id = $1)
      update project_networks set policy_version = 2 where project_id = $1`);
    expectRefusal(await post(visitor, await wireOf(visitor, hello())), "policy.program_not_allowed");
  });

  test("its sponsor", async () => {
    const address = stack.sponsors[1]?.address ?? "";
    const fresh = await visitNewProject(stack, { sponsorAddress: address });
    expect(fresh.sponsor).toBe(address);
    const wire = await wireOf(fresh, [memo([fresh.wallet.address], "hello")]);
    await stack.database.query("update sponsors set state = 'retired' where address = $1", [address]);
    expectRefusal(await post(fresh, wire), "transaction.wrong_fee_payer");
    expect(await ledgerOf(stack, fresh.target)).toEqual(EMPTY_LEDGER);
  });
});

describe("a network", () => {
  const postTo = async (network: string) => {
    const transaction = toBase64(await wireOf(visitor, hello()));
    const headers = { "idempotency-key": crypto.randomUUID() };
    return callApi(visitor.target, "POST", "/v1/relays", {
      token: visitor.token,
      body: { network, transaction },
      headers,
    });
  };

  test.each(["solana:devnet", "solana:mainnet", "algorand:localnet", "eip155:1", "near:testnet"])(
    "that the project does not have is refused: %s",
    async (network) => {
      expectRefusal(await postTo(network), "project.network_not_enabled");
      expect(await ledgerOf(stack, visitor.target)).toEqual(EMPTY_LEDGER);
    },
  );

  test.each(["solana:moon", "solana", "", "eip155:0", "SOLANA:LOCALNET"])(
    "that is none is refused: '%s'",
    async (network) => {
      expectRefusal(await postTo(network), "request.invalid");
    },
  );
});

describe("a test project on a mainnet", () => {
  const insert = (environment: string) =>
    stack.database.query(
      "insert into project_networks (project_id, environment, network, policy_version) values ($1, $2, 'solana:mainnet', null)",
      [visitor.target.projectId, environment],
    );

  test("cannot be written, neither as a test project's row nor as a live one's, and is refused if it were", async () => {
    const { database } = stack;
    await database.query("insert into sponsors (id, network, address) values ('spn_main', 'solana:mainnet', $1)", [
      addressOf(94),
    ]);
    await expect(insert("test")).rejects.toThrow("project_networks_test_stays_off_mainnet");
    await expect(insert("live")).rejects.toThrow(/foreign key/);
    await database.query("alter table project_networks drop constraint project_networks_test_stays_off_mainnet");
    await insert("test");
    const fresh = { ...visitor.target };
    await database.query("update projects set revision = revision + 1 where id = $1", [fresh.projectId]);
    const { body } = await callApi<{ networks: { network: string }[] }>(fresh, "GET", "/v1/config");
    expect(body.networks.map(({ network }) => network)).toEqual(["solana:localnet"]);
    const answer = await callApi(fresh, "POST", "/v1/relays/prepare", {
      token: visitor.token,
      body: { network: "solana:mainnet" },
    });
    expect([answer.status, answer.body["code"]]).toEqual([403, "project.network_not_enabled"]);
  });
});
